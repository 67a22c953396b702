"""A process that dies at a chosen moment, without a process: a store on memory that outlives its workers."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine
from sqlite_utils import Database

from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore

T = TypeVar("T")

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=10)
#: A turn takes a few dozen.
MOST_RUNS = 500

#: Of a model: the same examples every time, so that a change is to blame for a failure, and not chance.
BOUNDED = settings(
    max_examples=150,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class Died(BaseException):
    """The process is gone."""


class Fragile(Connection):
    """Dies before or after the commit that `doomed` says: so many commits from now, and when."""

    doomed: tuple[int, str] | None = None
    #: Transactions in this turn.
    runs = 0

    async def run(self, work: Callable[[Database], T]) -> T:
        self.runs += 1
        assert self.runs < MOST_RUNS, "a turn that does not end"
        if self.doomed is None:
            return await super().run(work)
        left, when = self.doomed
        self.doomed = (left - 1, when) if left else None
        if left:
            return await super().run(work)

        def unfinished(db: Database) -> T:
            work(db)
            raise Died

        await super().run(unfinished if when == "before" else work)
        raise Died


#: Of a process that is stopped, before its call arrived or before it saw the answer.
FREEZES = ("frozen before", "frozen after")


class Ice:
    """Whether a process is stopped; it goes on when it `thaws`."""

    def __init__(self) -> None:
        self.frozen = asyncio.Event()
        self._thawed = asyncio.Event()
        self._thawed.set()

    async def freeze(self) -> None:
        self._thawed.clear()
        self.frozen.set()
        await self._thawed.wait()

    async def passed(self) -> None:
        await self._thawed.wait()

    def thaw(self) -> None:
        self.frozen.clear()
        self._thawed.set()


class Stoppable(Connection):
    """The way of one process to a database that others use as well; while it is stopped nothing passes."""

    def __init__(self, shared: Connection, ice: Ice) -> None:
        self._shared = shared
        self._ice = ice

    async def run(self, work: Callable[[Database], T]) -> T:
        await self._ice.passed()
        result = await self._shared.run(work)
        await self._ice.passed()
        return result


class World:
    """What outlives the bot: the database and time. The bot's clock may be wrong."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.connection: Fragile = self.run(self._opened())
        self.passed = 0.0
        self.wrong_by = 0.0

    async def _opened(self) -> Fragile:
        opened = await Fragile.open(Path(":memory:"))
        assert isinstance(opened, Fragile)
        return opened

    def now(self) -> datetime:
        """As the bot sees it."""
        return START + timedelta(seconds=self.passed + self.wrong_by)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        if hasattr(self, "connection"):
            self.connection.runs = 0
        return self.loop.run_until_complete(work)

    async def read(self, sql: str) -> list[dict[str, Any]]:
        """Rows of the database; nobody dies of that."""
        return await Connection.run(self.connection, lambda db: list(db.query(sql)))

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return self.run(self.read(sql))

    async def followed(self) -> list[str]:
        """The ids of the tasks that are followed."""
        return [row["restore_task_id"] for row in await self.read("SELECT restore_task_id FROM tasks")]

    async def heir(self, *, quarantine: timedelta) -> SqliteStore:
        """The next worker, after a lease: it has buried all the others."""
        self.connection.doomed = None
        store = SqliteStore(self.connection)
        await self.buried(store, quarantine=quarantine)
        return store

    async def buried(self, store: SqliteStore, *, quarantine: timedelta) -> None:
        """After a lease this worker has buried all others."""
        self.passed += LEASE.total_seconds()
        _, others = await store.beat()
        for worker_id, beat in others.items():
            await store.bury(worker_id, beat, self.now() + quarantine)

    def close(self) -> None:
        self.run(self.connection.close())
        self.loop.close()


class Machine(RuleBasedStateMachine):
    """What all models have in common: a world, a bot in it that may die, and an end at which all is well."""

    store: SqliteStore

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    def start_bot(self) -> None:
        raise NotImplementedError

    def die(self) -> None:
        raise NotImplementedError

    def turn(self) -> None:
        raise NotImplementedError

    def wait(self, seconds: float) -> None:
        raise NotImplementedError

    def come_to_rest(self) -> None:
        """All is well again: whatever was begun comes to its end."""
        raise NotImplementedError

    def check_the_end(self) -> None:
        raise NotImplementedError

    def teardown(self) -> None:
        try:
            if hasattr(self, "store"):
                self.come_to_rest()
                self.check_the_end()
        finally:
            self.world.close()
