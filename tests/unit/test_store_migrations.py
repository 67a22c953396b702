"""A database of an earlier version goes on as it is; one of a later version is left alone."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.errors import StoreError
from bot.restores.clock import utc_now
from bot.restores.models import DEFAULT_ACCOUNT, Event, EventKind
from bot.store.connection import Connection
from bot.store.migrations import migrations
from bot.store.rows import Row, epoch, request_row
from bot.store.sqlite import SqliteStore
from tests import values

OLD = values.request("a" * 32, restore_task_id="s1")
SEEN = values.task("running")
#: The version after each, and what it brought.
VERSIONS = {"first": "m002_accounts_and_passwords", "second": "m003_workers"}


def made(path: Path, version: str) -> Path:
    """As that version left it: a request with its task, its thread, and messages in every state."""
    with closing(Database(sqlite3.connect(path))) as db:
        migrations.apply(db, stop_before=VERSIONS[version])
        row = request_row(OLD)
        row["request"] = OLD.model_dump_json(exclude={"credential": True, "spec": {"account": True}})
        db.table("requests").insert(row)
        at = epoch(values.NOON)
        task: Row = {
            "restore_task_id": "s1",
            "region": "cn-hangzhou",
            "tracked_since": at,
            "next_poll_at": at,
        }
        db.table("tasks").insert(task | {"status": "running", "snapshot": SEEN.model_dump_json()})
        link: Row = {"channel_id": "C1", "nonce": OLD.nonce, "restore_task_id": "s1", "thread_ts": "1.1"}
        db.table("links").insert(link | {"created_at": at, "changed_at": at, "card_digest": "old"})
        for number, state in enumerate(("sent", "parked", "sending", "new"), start=1):
            event = None if state == "sent" else Event(kind=EventKind.STARTED, text=state).model_dump_json()
            message: Row = {"event_id": f"e{number}", "link_id": 1, "kind": "any", "state": state}
            message |= {"event": event, "due_at": at, "created_at": at, "ts": "1.1", "attempts": number}
            db.table("outbox").insert(message)
        if version != "first":
            db.table("passwords").insert({"nonce": OLD.nonce, "token": "token", "expires_at": at})
    return path


@pytest.fixture(params=VERSIONS)
def earlier(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return made(tmp_path / "bot.db", request.param)


async def test_requests_tasks_and_threads_of_an_earlier_version_go_on(earlier: Path) -> None:
    connection = await Connection.open(earlier)
    store = SqliteStore(connection)
    (tracked,) = await store.due_tasks(values.NOON, values.NOON)
    assert (tracked.restore_task_id, tracked.account) == ("s1", DEFAULT_ACCOUNT)
    assert (tracked.task, tracked.silent) == (SEEN, False)
    (request,) = await store.claim_requests(values.NOON)
    assert (request.spec.account, request.credential) == (DEFAULT_ACCOUNT, None)
    (current,) = await store.current(values.NOON)
    link = current.link
    assert (link.thread_ts, link.restore_task_id, link.parked, link.reposted) == ("1.1", "s1", None, False)
    assert current.card_digest == "old"
    await connection.close()


async def test_messages_of_an_earlier_version_are_told_in_order_and_those_under_way_are_in_doubt(
    earlier: Path,
) -> None:
    connection = await Connection.open(earlier)
    store = SqliteStore(connection)
    told = []
    # The doubt counts from the moment of the migration.
    later = utc_now() + timedelta(minutes=2)
    while messages := await store.claim(later):
        (message,) = messages
        assert message.event is not None
        told.append((message.event.text, message.uncertain, message.taken_over, message.attempts))
        await store.sent(message, "1.2")
    assert told == [("sending", True, True, 3), ("new", False, False, 4)]
    await connection.close()


async def test_a_message_added_later_comes_after_all_of_the_earlier_version(earlier: Path) -> None:
    connection = await Connection.open(earlier)
    await SqliteStore(connection).save_request(OLD, values.NOON, [Event(kind=EventKind.CREATED)])
    await connection.close()
    with closing(sqlite3.connect(earlier)) as db:
        sequences = db.execute("SELECT sequence FROM outbox ORDER BY sequence").fetchall()
        assert sequences == [(1,), (2,), (3,), (4,), (5,)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_a_kept_password_of_the_second_version_is_kept(tmp_path: Path) -> None:
    connection = await Connection.open(made(tmp_path / "bot.db", "second"))
    kept = await SqliteStore(connection).password(OLD.nonce)
    assert kept is not None
    assert kept.token == "token"
    await connection.close()


async def test_every_way_to_this_version_ends_in_the_same_schema(earlier: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.db"
    for path in (earlier, fresh, earlier):
        await (await Connection.open(path)).close()
    assert schema(earlier) == schema(fresh)


def schema(path: Path) -> set[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return set(db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall())


async def test_workers_that_start_at_once_make_the_schema_once(tmp_path: Path, earlier: Path) -> None:
    for path in (earlier, tmp_path / "fresh.db"):
        connections = await asyncio.gather(*(Connection.open(path) for _ in range(4)))
        for connection in connections:
            assert await connection.faults() == []
            await connection.close()


async def test_a_migration_that_fails_leaves_the_earlier_version_as_it_was(earlier: Path) -> None:
    """A table is in the way of the last step."""
    with closing(sqlite3.connect(earlier)) as db:
        db.execute("CREATE TABLE earlier (x)")
        db.commit()
    before = schema(earlier)
    with pytest.raises(StoreError, match="cannot be opened"):
        await Connection.open(earlier)
    assert schema(earlier) == before
    with closing(sqlite3.connect(earlier)) as db:
        db.execute("DROP TABLE earlier")
    await (await Connection.open(earlier)).close()


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    await (await Connection.open(path)).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'restorebot', 'm099_from_the_future', '')")
        db.commit()
    before = schema(path)
    with pytest.raises(StoreError, match="of a newer version") as raised:
        await Connection.open(path)
    assert str(path) in raised.value.sentence
    assert schema(path) == before


async def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    path.write_text("no database " * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        await Connection.open(path)
