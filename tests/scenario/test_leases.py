"""Two bots on one database: they share the work, and one goes on with what the other left."""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta

import httpx
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.app import RestoreBot, built
from bot.restores import presence
from bot.restores.catalog import Catalog
from bot.restores.clock import utc_now
from bot.restores.credentials import Credentials
from bot.restores.passwords import Passwords
from bot.restores.settling import Settler
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
from tests import values
from tests.scenario.desk import Desk, drafted
from tests.scenario.processes import QUICK, environment, restorebot
from tests.scenario.stage import PATIENCE, Stage
from tests.scenario.threads import (
    assert_one_task_each_and_nothing_told_twice,
    play_to_the_end,
    threads,
    until_created,
)
from tests.scenario.wires import wire_to

HOUR = timedelta(hours=1)
CONNECTED = "connected to Slack"


@asynccontextmanager
async def running(stage: Stage, now: Callable[[], datetime] = utc_now) -> AsyncIterator[RestoreBot]:
    """A bot from start to orderly stop, with a clock of its own."""
    async with built(stage.settings, now=now) as bot:
        run = asyncio.create_task(bot.run())
        await stage.workspace.app_connected()
        try:
            yield bot
        finally:
            bot.stop()
            await run


def ahead() -> datetime:
    return utc_now() + HOUR


async def submit(stage: Stage, bot: RestoreBot, number: int) -> None:
    await bot.service.submit(drafted(stage.plan("orders-prod"), f"{number}" * 32, start=True))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who leaves is noticed soon, and nobody is taken for dead."""
    monkeypatch.setattr(presence, "BEAT", timedelta(milliseconds=50))


@pytest.mark.usefixtures("quick")
async def test_two_bots_whose_clocks_differ_by_an_hour_share_the_work(stage: Stage) -> None:
    async with running(stage) as first, running(stage, ahead) as second:
        for number in range(6):
            await submit(stage, (first, second)[number % 2], number)
        await until_created(stage, 6)
        await play_to_the_end(stage, 6)
    assert_one_task_each_and_nothing_told_twice(stage, 6)


@pytest.mark.usefixtures("quick")
async def test_promise_1_a_form_that_reaches_both_bots_is_one_task(stage: Stage) -> None:
    async with running(stage) as first, running(stage, ahead) as second:
        for number in range(5):
            await asyncio.gather(*(submit(stage, bot, number) for bot in (first, second, first)))
        await until_created(stage, 5)
        await play_to_the_end(stage, 5)
    assert_one_task_each_and_nothing_told_twice(stage, 5)
    tokens = {
        (request.name, request.arguments["ClientToken"])
        for request in stage.dbs.journal
        if request.name in {"CreateRestoreTask", "StartRestoreTask"}
    }
    assert len(tokens) == 10, "one for each creation and one for each start"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("clocks", [(utc_now, ahead), (ahead, utc_now)], ids=["ahead", "behind"])
async def test_when_one_stops_in_order_the_other_goes_on_at_once(
    stage: Stage, clocks: tuple[Callable[[], datetime], Callable[[], datetime]]
) -> None:
    """Sooner than any lease."""
    async with running(stage, clocks[1]):
        async with running(stage, clocks[0]) as first:
            for number in range(3):
                await submit(stage, first, number)
            await until_created(stage, 3)
            await until_seen(stage)
        with capture_logs() as logs:
            await play_to_the_end(stage, 3)
    assert_one_task_each_and_nothing_told_twice(stage, 3)
    assert "dead" not in str(logs)


async def until_seen(stage: Stage) -> None:
    """Until both have beaten since, and seen each other do so."""
    before = beats(stage)
    assert len(before) == 2
    while any(beat < before[worker_id] + 2 for worker_id, beat in beats(stage).items()):
        await stage.looked()


def beats(stage: Stage) -> dict[str, int]:
    with closing(sqlite3.connect(database_path(stage.settings.database_url))) as db:
        return dict(db.execute("SELECT worker_id, beat FROM workers").fetchall())


def owners(stage: Stage) -> list[tuple[str, str]]:
    """Who holds what, of all that can be held."""
    tables = {"requests": "owner", "tasks": "owner", "outbox": "owner", "links": "editor"}
    with closing(sqlite3.connect(database_path(stage.settings.database_url))) as db:
        return [
            (table, owner)
            for table, column in tables.items()
            for (owner,) in db.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")
        ]


async def test_an_orderly_stop_leaves_nothing_held_and_nothing_in_doubt(stage: Stage) -> None:
    async with running(stage) as bot:
        for number in range(3):
            await submit(stage, bot, number)
        await until_created(stage, 3)
        stage.clock.advance(120)
    assert owners(stage) == []
    with closing(sqlite3.connect(database_path(stage.settings.database_url))) as db:
        assert db.execute("SELECT * FROM workers").fetchall() == []
        assert db.execute("SELECT * FROM outbox WHERE state IN ('sending', 'uncertain')").fetchall() == []


async def test_requests_are_settled_before_tasks_are_polled(stage: Stage, desk: Desk) -> None:
    """The bot before left a task to follow and a request with its password."""
    key = Fernet.generate_key()
    desk.restart(key=Fernet(key))
    await desk.service.submit(desk.draft("a" * 32))
    await desk.settle(pause=0)
    await desk.service.submit(desk.draft("b" * 32))
    await desk.store.leave(desk.time)
    before = len(stage.dbs.journal)
    stage.settings = stage.settings.model_copy(update={"restorebot_secret_key": SecretStr(key.decode())})
    async with running(stage):
        await until_created(stage, 2)
        await stage.looked()
    actions = [request.name for request in stage.dbs.journal[before:]]
    assert actions.index("CreateRestoreTask") < actions.index("DescribeRestoreTaskList")


async def test_a_bot_that_is_frozen_past_its_lease_and_wakes_up_loses_and_doubles_nothing(
    stage: Stage,
) -> None:
    """It froze with a message on its way, which arrives when another bot has told the same."""
    async with wire_to(stage.settings.slack_api_url) as (wire, address):
        apart = environment(stage) | {"SLACK_API_URL": address}
        async with restorebot("run", environment=apart, program=QUICK) as frozen:
            await frozen.until_printed(CONNECTED)
            await stage.restore("orders-prod")
            await until_created(stage, 1)
            while sending(stage):
                await stage.looked()
            wire.silent = True
            while b"chat.postMessage" not in wire.withheld:
                stage.clock.advance(30)
                await stage.looked()
            frozen.process.send_signal(signal.SIGSTOP)
            async with restorebot("run", environment=environment(stage), program=QUICK) as other:
                await other.until_printed("a worker is dead")
                await play_to_the_end(stage, 1)
                (told,) = threads(stage)
                wire.release()
                await stage.workspace.until(lambda: len(threads(stage)[0]) > len(told), within=PATIENCE)
                frozen.process.send_signal(signal.SIGCONT)
                await frozen.until_printed("taken for dead")
                await stage.workspace.until(lambda: len(threads(stage)[0]) == len(told), within=PATIENCE)
                await stage.until_card("*Finished*")
                assert await other.end(signal.SIGTERM) == 0
            assert await frozen.end(signal.SIGTERM) == 0
    assert_one_task_each_and_nothing_told_twice(stage, 1)
    assert threads(stage)[0][1:] == told[1:], "and in the same order"


def sending(stage: Stage) -> bool:
    with closing(sqlite3.connect(database_path(stage.settings.database_url))) as db:
        return bool(db.execute("SELECT 1 FROM outbox WHERE state = 'sending'").fetchall())


class Heir:
    """Another worker on the desk's database, which takes over while a call of the first is under way."""

    def __init__(self, desk: Desk, connection: Connection, key: Fernet | None) -> None:
        self.desk = desk
        self.store = SqliteStore(connection)
        accounts = values.accounts(desk.dbs)
        self.settler = Settler(
            accounts,
            Catalog(accounts),
            self.store,
            Passwords(self.store, key=key, now=lambda: desk.time),
            Credentials(),
            tell=lambda: None,
            follow=lambda: None,
            now=lambda: desk.time,
        )

    async def take_over(self) -> None:
        """All the time it needs passes."""
        _, others = await self.store.beat()
        for worker_id, beat in others.items():
            assert await self.store.bury(worker_id, beat, self.desk.time)
        for _ in range(3):
            await self.settler.settle()
            self.desk.time += timedelta(minutes=1)


@pytest.mark.parametrize(
    ("kept", "told"), [(True, ["card", "created"]), (False, ["card", "abandoned", "created"])]
)
async def test_a_call_that_arrives_after_another_worker_went_on_is_one_task_that_is_told(
    stage: Stage, desk: Desk, *, kept: bool, told: list[str]
) -> None:
    """With the password the other sends the same token; without it has given up what is there after all."""
    key = Fernet(Fernet.generate_key()) if kept else None
    connection = await Connection.open(database_path(stage.settings.database_url))
    heir = Heir(desk, connection, key)
    desk.restart(key=key)
    arrives = desk.wire.handle_async_request

    async def late(request: httpx.Request) -> httpx.Response:
        if request.headers["x-acs-action"] == "CreateRestoreTask":
            desk.wire.handle_async_request = arrives  # type: ignore[method-assign]  # the first call alone
            await heir.take_over()
        return await arrives(request)

    desk.wire.handle_async_request = late  # type: ignore[method-assign]  # no fault of the wire lasts so long
    await desk.service.submit(desk.draft(start=True))
    await desk.settle()
    await desk.settle()
    await heir.take_over()
    (task,) = stage.dbs.tasks
    assert task.started_ms is not None
    assert await desk.kinds() == told
    assert len(desk.tokens()) == 1
    assert await heir.store.open_requests() == []
    await connection.close()
