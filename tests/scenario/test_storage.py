"""A database that cannot be written for a while, is damaged, or holds what is long over."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.app import RestoreBot, built
from bot.errors import StoreError
from bot.restores import loop as loop_module
from bot.restores import pruning
from bot.restores.models import RequestState
from bot.restores.pruning import Pruner
from bot.store import connection as connection_module
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
from tests import values
from tests.scenario.desk import drafted
from tests.scenario.processes import environment, restorebot
from tests.scenario.stage import Stage
from tests.scenario.threads import assert_one_task_each_and_nothing_told_twice, play_to_the_end


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for the database, nor for the next try."""
    monkeypatch.setattr(connection_module, "BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr(loop_module, "FIRST_RETRY", timedelta(milliseconds=20))


class Disk:
    """What the database of a bot is on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection: Connection | None = None

    async def connect(self, path: Path) -> Connection:
        self.connection = await Connection.open(path)
        return self.connection

    @asynccontextmanager
    async def full(self) -> AsyncIterator[None]:
        """No page more than there are."""
        await self._leave_room(0)
        yield
        await self._leave_room(100_000)

    async def _leave_room(self, pages: int) -> None:
        def work(db: Database) -> None:
            (used,) = db.conn.execute("PRAGMA page_count").fetchone()
            db.conn.execute(f"PRAGMA max_page_count = {used + pages}")

        assert self.connection is not None
        await self.connection.run(work)

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Another process is writing all the time."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    def nonces(self) -> list[str]:
        with closing(sqlite3.connect(self.path)) as db:
            return [nonce for (nonce,) in db.execute("SELECT nonce FROM requests")]


@pytest.fixture
def disk(stage: Stage) -> Disk:
    return Disk(database_path(stage.settings.database_url))


@asynccontextmanager
async def running(stage: Stage, disk: Disk) -> AsyncIterator[RestoreBot]:
    async with built(stage.settings, connect=disk.connect) as bot:
        run = asyncio.create_task(bot.run())
        await stage.workspace.app_connected()
        try:
            yield bot
        finally:
            bot.stop()
            await run


async def submit_until_refused(stage: Stage, bot: RestoreBot) -> None:
    """What is left of the last pages may hold some."""
    for number in range(200):
        try:
            await bot.service.submit(
                drafted(stage.plan("orders-prod"), f"{number:010x}".ljust(32, "0"), start=True)
            )
        except StoreError:
            return
    raise AssertionError("there was always room")


@pytest.mark.parametrize("trouble", ["full", "locked"])
async def test_a_database_that_cannot_be_written_for_a_while_loses_and_doubles_nothing(
    stage: Stage, disk: Disk, trouble: str
) -> None:
    async with running(stage, disk) as bot:
        await bot.service.submit(drafted(stage.plan("orders-prod"), "a" * 32, start=True))
        await stage.until_told("created the task")
        async with getattr(disk, trouble)():
            await submit_until_refused(stage, bot)
            stage.clock.advance(60)
        await bot.service.submit(drafted(stage.plan("orders-prod"), "f" * 32, start=True))
        await play_to_the_end(stage, len(disk.nonces()))
    assert_one_task_each_and_nothing_told_twice(stage, len(disk.nonces()))
    with closing(sqlite3.connect(disk.path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_a_database_of_a_newer_version_ends_the_bot_with_a_sentence(stage: Stage, disk: Disk) -> None:
    await (await Connection.open(disk.path)).close()
    with closing(sqlite3.connect(disk.path)) as db, db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'restorebot', 'm099_from_the_future', '')")
    async with restorebot("run", environment=environment(stage)) as bot:
        assert await bot.ended() == 1
    assert "is of a newer version of restorebot" in bot.printed
    assert "Traceback" not in bot.printed


async def test_check_says_that_the_database_is_damaged(stage: Stage, disk: Disk) -> None:
    connection = await Connection.open(disk.path)
    store = SqliteStore(connection)
    for number in range(50):
        request = values.request(f"{number}", spec=values.spec(task_name=f"task {number}"))
        await store.add_request(request, wanted=lambda: True)
    await connection.close()
    with disk.path.open("r+b") as file:
        file.seek(-8192, 2)
        file.write(b"damage" * 1000)
    async with restorebot("check", environment=environment(stage)) as check:
        assert await check.ended() == 1
    (line,) = [line for line in check.printed.splitlines() if "Database" in line]
    assert line.startswith("FAIL")
    assert "is damaged" in line


async def test_restores_that_ended_are_forgotten_after_a_while_a_few_at_a_time(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    store = SqliteStore(await disk.connect(disk.path))
    for number in range(6):
        state = RequestState.CREATING if number == 0 else RequestState.REFUSED
        spec = values.spec(task_name=f"task {number}")
        await store.add_request(values.request(f"n{number}", spec=spec, state=state), wanted=lambda: True)
    for card in await store.claim(values.NOON):
        await store.sent(card, "1.1", "digest")
    pruner = Pruner(store, keep=timedelta(days=90), now=lambda: values.NOON + timedelta(days=89))
    assert await pruner.prune() > values.NOON
    assert len(disk.nonces()) == 6
    await Pruner(store, keep=timedelta(days=90), now=lambda: values.NOON + timedelta(days=91)).prune()
    assert disk.nonces() == ["n0"]
    assert disk.connection is not None
    await disk.connection.close()
