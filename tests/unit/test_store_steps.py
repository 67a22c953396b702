"""Each step of the store happens as a whole or not at all, whichever of its statements fails."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.errors import StoreError
from bot.restores.models import Event, EventKind, PollResult, RequestState
from bot.restores.ports import SealedPassword
from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore
from tests import values

WRITES = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}

Step = Callable[[SqliteStore], Awaitable[object]]

EVENTS = (Event(kind=EventKind.STARTED), Event(kind=EventKind.PAUSED))
OTHER = values.request("b" * 32, spec=values.spec(task_name="another"))


async def add(store: SqliteStore) -> None:
    await store.add_request(OTHER, wanted=lambda: True, password=SealedPassword("token", values.NOON))


async def save(store: SqliteStore) -> None:
    created = values.request(state=RequestState.CREATED, restore_task_id="s2")
    await store.save_request(created, values.NOON, EVENTS)


async def poll(store: SqliteStore) -> None:
    result = PollResult(restore_task_id="s1", task=values.task(), events=EVENTS, next_poll_at=None)
    await store.save_polls([result], values.NOON)


async def post(store: SqliteStore) -> None:
    (card,) = await store.claim(values.NOON)
    assert await store.sent(card, "1.1", "digest")


async def fold(store: SqliteStore) -> None:
    await post(store)
    await poll(store)
    (head,) = await store.claim(values.NOON)
    assert await store.fold(head, await store.behind(head))


async def repost(store: SqliteStore) -> None:
    await post(store)
    following = await store.following("s1")
    assert following is not None
    assert await store.repost_card(following.link, values.NOON)


async def leave(store: SqliteStore) -> None:
    await store.claim(values.NOON)
    await store.leave(values.NOON)


async def prune(store: SqliteStore) -> None:
    await post(store)
    await poll(store)
    while messages := await store.claim(values.NOON):
        await store.sent(messages[0], "1.2")
    await store.save_request(values.request(state=RequestState.STARTED), values.NOON)
    await store.prune(values.NOON.replace(year=2030), 10)


class Full:
    """A disk that is full from one write on; counts the writes that came before."""

    def __init__(self, room: int) -> None:
        self.room = room

    def __call__(self, action: int, *_: object) -> int:
        if action not in WRITES:
            return sqlite3.SQLITE_OK
        self.room -= 1
        return sqlite3.SQLITE_OK if self.room >= 0 else sqlite3.SQLITE_DENY


@pytest.mark.parametrize("step", [add, save, poll, post, fold, repost, leave, prune])
async def test_a_step_that_fails_at_any_of_its_statements_leaves_nothing_behind(
    step: Step, tmp_path: Path
) -> None:
    path = tmp_path / "bot.db"
    connection = await Connection.open(path)
    store = SqliteStore(connection)
    request = values.request(state=RequestState.CREATED, restore_task_id="s1", start=False)
    await store.add_request(request, wanted=lambda: True)
    await store.save_request(request, values.NOON)
    room = 0
    while not await taken(step, connection, path, store, Full(room)):
        room += 1
    assert room > 2
    assert await connection.faults() == []
    await connection.close()


async def taken(step: Step, connection: Connection, path: Path, store: SqliteStore, disk: Full) -> bool:
    """Take the step on that disk. When that fails, what was not committed is as it was before."""
    before = content(path)
    committed = [before]

    async def run(work: Callable[[Database], object]) -> object:
        result = await connection.run(work)
        committed.append(content(path))
        return result

    watched = SqliteStore(connection)
    watched._run = run  # type: ignore[assignment]  # noqa: SLF001 - every transaction passes here
    watched._id = store._id  # noqa: SLF001 - the same worker
    await connection.run(lambda db: db.conn.set_authorizer(disk))
    try:
        await step(watched)
    except StoreError:
        assert content(path) == committed[-1]
        restore(path, before)
        return False
    finally:
        await connection.run(lambda db: db.conn.set_authorizer(None))
    return True


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def restore(path: Path, before: dict[str, list[tuple[object, ...]]]) -> None:
    """Back to the beginning, for the next try."""
    with closing(sqlite3.connect(path)) as db, db:
        for table, rows in before.items():
            db.execute(f"DELETE FROM {table}")
            for row in rows:
                db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
