"""Faults stay local: a row that another version wrote, and this one cannot read, stops none beside it."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.restores.models import PollResult
from bot.store.connection import Connection, database_path
from bot.store.rows import UNREADABLE_FOR
from bot.store.sqlite import SqliteStore
from tests import values
from tests.scenario.delivering import Desk as Delivering
from tests.scenario.delivering import delivering, percents
from tests.scenario.desk import Desk

FIRST = "SELECT MIN(sequence) FROM outbox WHERE state = 'new'"
EVENT = f"UPDATE outbox SET event = replace(event, 'data_progress', 'later') WHERE sequence = ({FIRST})"
KNOWN_AGAIN = "UPDATE outbox SET event = replace(event, 'later', 'data_progress'), due_at = 0"


@pytest.fixture
async def thread(tmp_path: Path) -> AsyncIterator[Delivering]:
    async with delivering(tmp_path) as made:
        yield made


def as_another_version(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        assert db.execute(sql).rowcount == 1
        db.commit()


async def test_promise_9_an_event_of_a_later_version_holds_up_its_own_thread_alone(
    thread: Delivering, tmp_path: Path
) -> None:
    odd, usual = await thread.request(), await thread.request()
    await thread.deliver()
    await thread.happened(odd, 25, 50)
    await thread.happened(usual, 75)
    as_another_version(tmp_path / "bot.db", EVENT)
    with capture_logs() as logs:
        await thread.deliver(turns=3)
    assert [percents(each) for each in thread.threads()] == [[], [75]]
    assert [log["log_level"] for log in logs] == ["warning"], "said once"
    due_at = await thread.store.next_due_at()
    assert due_at is not None
    assert due_at > thread.time, "nobody turns round and round because of it"
    as_another_version(tmp_path / "bot.db", f"{KNOWN_AGAIN} WHERE event LIKE '%later%'")
    await thread.deliver(turns=2)
    assert [percents(each) for each in thread.threads()] == [[25, 50], [75]]


async def test_promise_3_what_cannot_be_read_is_not_passed_over_when_others_are_folded(
    thread: Delivering, tmp_path: Path
) -> None:
    request = await thread.request()
    await thread.deliver()
    await thread.happened(request, 10, 25, 50)
    second = f"SELECT sequence FROM outbox WHERE sequence > ({FIRST}) ORDER BY sequence LIMIT 1"
    as_another_version(tmp_path / "bot.db", EVENT.replace(FIRST, second))
    thread.time += timedelta(minutes=2)
    await thread.deliver(turns=3)
    assert thread.told() == [10]


async def test_promise_9_a_request_of_a_later_version_keeps_no_other_from_being_made(desk: Desk) -> None:
    await desk.service.submit(desk.draft("a" * 32))
    path = database_path(desk.stage.settings.database_url)
    as_another_version(path, "UPDATE requests SET request = replace(request, 'submitted', 'later')")
    other = desk.draft("b" * 32)
    assert await desk.service.submit(other, await desk.service.dangers(other)) == ()
    await desk.settle()
    assert len(desk.stage.dbs.tasks) == 1
    assert await desk.open_states() == []


async def test_promise_9_a_snapshot_of_a_later_version_keeps_no_other_task_from_being_looked_at(
    thread: Delivering, tmp_path: Path
) -> None:
    odd, usual = await thread.request(), await thread.request()
    await thread.told_of(odd, status="running")
    await thread.told_of(usual, status="running")
    as_another_version(
        tmp_path / "bot.db",
        "UPDATE tasks SET snapshot = replace(snapshot, 'full_data', 'later') WHERE restore_task_id = 's1'",
    )
    horizon = thread.time + timedelta(hours=1)
    (task,) = await thread.store.due_tasks(thread.time, horizon)
    assert task.restore_task_id == "s2"
    await thread.store.save_polls(
        [PollResult(restore_task_id="s2", next_poll_at=None)], thread.time, task.owner
    )
    assert await thread.store.next_poll_at() == thread.time + UNREADABLE_FOR


async def test_promise_9_a_card_of_a_later_version_is_left_as_it_is(
    thread: Delivering, tmp_path: Path
) -> None:
    odd, usual = await thread.request(), await thread.request()
    await thread.deliver()
    await thread.told_of(odd, percent=25)
    await thread.told_of(usual, percent=25)
    as_another_version(
        tmp_path / "bot.db",
        "UPDATE tasks SET snapshot = replace(snapshot, 'full_data', 'later') WHERE restore_task_id = 's1'",
    )
    await thread.deliver(turns=2)
    assert thread.calls("chat.update") == 1
    assert " 25 %" in thread.card()


async def test_an_open_request_that_cannot_be_read_is_left_to_who_can(tmp_path: Path) -> None:
    connection = await Connection.open(tmp_path / "bot.db")
    store = SqliteStore(connection)
    await store.add_request(values.request(), wanted=lambda: True)
    await store.leave(values.NOON)
    as_another_version(
        tmp_path / "bot.db", "UPDATE requests SET request = replace(request, 'submitted', 'later')"
    )
    assert await store.claim_requests(values.NOON) == []
    with closing(sqlite3.connect(tmp_path / "bot.db")) as db:
        assert db.execute("SELECT owner FROM requests").fetchall() == [(None,)]
    await connection.close()
