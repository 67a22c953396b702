"""A database of an earlier version goes on as it is."""

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.restores.models import DEFAULT_ACCOUNT
from bot.store.connection import Connection
from bot.store.migrations import migrations
from bot.store.rows import epoch, request_row
from bot.store.sqlite import SqliteStore
from tests import values

OLD = values.request("a" * 32, restore_task_id="s1")


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """As the first version left it: a request with its task, its thread and a message to come."""
    path = tmp_path / "bot.db"
    db = Database(sqlite3.connect(path))
    migrations.apply(db, stop_before="m002_accounts_and_passwords")
    assert "passwords" not in db.table_names()
    row = request_row(OLD)
    row["request"] = OLD.model_dump_json(exclude={"credential": True, "spec": {"account": True}})
    db.table("requests").insert(row)
    at = epoch(values.NOON)
    db.table("tasks").insert(
        {"restore_task_id": "s1", "region": "cn-hangzhou", "tracked_since": at, "next_poll_at": at}
    )
    db.table("links").insert(
        {"channel_id": "C1", "nonce": OLD.nonce, "restore_task_id": "s1", "created_at": at, "changed_at": at}
    )
    db.close()
    return path


async def test_tasks_and_requests_of_the_first_version_are_of_the_account_default(earlier: Path) -> None:
    connection = await Connection.open(earlier)
    store = SqliteStore(connection)
    (tracked,) = await store.due_tasks(values.NOON, values.NOON)
    assert (tracked.restore_task_id, tracked.account) == ("s1", DEFAULT_ACCOUNT)
    request = await store.request(OLD.nonce)
    assert request is not None
    assert (request.spec.account, request.credential) == (DEFAULT_ACCOUNT, None)
    assert [each.link.restore_task_id for each in await store.current(values.NOON)] == ["s1"]
    assert await store.password(OLD.nonce) is None
    await connection.close()


async def test_opening_it_again_changes_nothing(earlier: Path) -> None:
    for _ in range(2):
        await (await Connection.open(earlier)).close()
    assert {"passwords", "tasks"} <= set(Database(sqlite3.connect(earlier)).table_names())
