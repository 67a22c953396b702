"""Models of two workers on one database: one is stopped in mid-call, taken for dead, and woken again."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from bot.restores.loop import Loop
from bot.slack.delivery import QUARANTINE, Delivery
from bot.store.sqlite import SqliteStore
from tests.crash.board import Board
from tests.crash.fragile import BOUNDED, FREEZES, Ice, Machine, Stoppable
from tests.crash.ledger import Ledger
from tests.crash.test_model_creation import STORIES, Creation
from tests.crash.test_model_delivery import MOST_THREADS, Deliveries

#: Each takes twice as long as one of a single worker.
FEWER = settings(BOUNDED, max_examples=120)


@dataclass
class Worker:
    """One process, as the machine knows it; `turn` is what it was about when it was stopped."""

    ice: Ice
    loop: Loop
    work: Callable[[], Coroutine[Any, Any, datetime | None]]
    parts: Mapping[str, object]
    turn: asyncio.Task[datetime | None] | None = field(default=None)


class Pair(Machine):
    """Two workers take turns: the acting one does whatever a single one does."""

    outside: Board | Ledger

    def new_worker(self, store: SqliteStore, ice: Ice) -> Worker:
        raise NotImplementedError

    def start_bot(self) -> None:
        """The worker that acts, and another one; who died before is buried."""
        heir = self.world.run(self.world.heir(quarantine=QUARANTINE))
        self.world.run(heir.leave(self.world.now() + QUARANTINE))
        self.stopped: Worker | None = None
        self.other = self.born()
        self.act(self.born())
        self.outside.arrive()

    def born(self) -> Worker:
        ice = Ice()
        return self.new_worker(SqliteStore(Stoppable(self.world.connection, ice)), ice)

    def occasion(self) -> None:
        """Something that calls for a turn."""
        raise NotImplementedError

    def act(self, worker: Worker) -> None:
        self.acting, self.outside.ice = worker, worker.ice
        for name, part in worker.parts.items():
            setattr(self, name, part)

    @precondition(lambda self: self.stopped is None)
    @rule()
    def take_turns(self) -> None:
        worker, self.other = self.other, self.acting
        self.act(worker)

    @precondition(lambda self: self.stopped is None)
    @rule(before=st.integers(0, 1), how=st.sampled_from(FREEZES))
    def stop(self, before: int, how: str) -> None:
        """The acting worker is stopped in one of its calls, and the other one acts."""
        self.outside.fates = [*["done"] * before, how]
        self.world.run(self.until_stopped(self.acting))
        self.outside.fates = []
        if self.acting.ice.frozen.is_set():
            self.stopped = self.acting
            self.act(self.other)

    async def until_stopped(self, worker: Worker) -> None:
        worker.turn = asyncio.create_task(worker.work())
        stopped = asyncio.create_task(worker.ice.frozen.wait())
        await asyncio.wait([worker.turn, stopped], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if worker.turn.done():
            worker.turn.result()

    @precondition(lambda self: self.stopped is not None)
    @rule()
    def bury(self) -> None:
        """The lease of the worker that was stopped is over."""
        self.world.run(self.world.buried(self.store, quarantine=QUARANTINE))

    @precondition(lambda self: self.stopped is not None)
    @rule()
    def wake(self) -> None:
        """The worker that was stopped goes on where it was."""
        worker, acting = self.stopped, self.acting
        assert worker is not None
        self.stopped, self.other = None, worker
        self.outside.ice = worker.ice
        self.world.run(self.to_its_end(worker))
        self.act(acting)

    @precondition(lambda self: self.stopped is None)
    @rule(
        before=st.integers(0, 1),
        how=st.sampled_from(FREEZES),
        turns=st.integers(1, 2),
        seconds=st.sampled_from([1, 12, 61, 120]),
    )
    def overtake(self, before: int, how: str, turns: int, seconds: float) -> None:
        """All of that: rules that are drawn one by one hardly ever come to it."""
        self.occasion()
        self.stop(before, how)
        if self.stopped is None:
            return
        self.bury()
        for _ in range(turns):
            self.turn()
            self.wait(seconds)
        self.turn()
        if self.stopped is not None:
            self.wake()

    async def to_its_end(self, worker: Worker) -> None:
        worker.ice.thaw()
        assert worker.turn is not None
        await worker.turn
        await worker.loop.crew.wait(None)

    def die(self) -> None:
        """Both: a machine that fails takes all its processes with it."""
        if self.stopped is not None:
            self.world.run(self.gone(self.stopped))
        super().die()

    async def gone(self, worker: Worker) -> None:
        assert worker.turn is not None
        worker.turn.cancel()
        await asyncio.wait([worker.turn])
        await worker.loop.crew.cancel()

    def come_to_rest(self) -> None:
        if self.stopped is not None:
            self.wake()
        self.world.run(self.world.buried(self.store, quarantine=QUARANTINE))
        super().come_to_rest()


class DeliveringTogether(Pair, Deliveries):
    """What one of them posts twice is swept, nothing is lost, and all is in order."""

    strict = False

    @initialize()
    def start_bot(self) -> None:
        self.outside = self.board
        super().start_bot()

    def occasion(self) -> None:
        if len(self.decided) < MOST_THREADS:
            self.restore()
        self.decide(max(self.decided), 2, None)

    def new_worker(self, store: SqliteStore, ice: Ice) -> Worker:
        delivery = Delivery(self.board, store, now=self.world.now)
        return Worker(ice, delivery.loop, delivery.deliver, {"store": store, "delivery": delivery})


class CreatingTogether(Pair, Creation):
    """One task, although one of them says that there is none while the other has its call under way."""

    strict = False
    possible = STORIES | {
        ("card", *unsettled, denied, "created", *end)
        for unsettled in ((), ("unsettled",))
        for denied in ("refused", "abandoned")
        for end in ((), ("start_refused",))
    }

    def start_bot(self) -> None:
        self.outside = self.ledger
        super().start_bot()

    def occasion(self) -> None:
        self.submit(start=True, latest=False, alone=False)

    def new_worker(self, store: SqliteStore, ice: Ice) -> Worker:
        settler, service = self.sides(store)
        parts = {"store": store, "settler": settler, "service": service}
        return Worker(ice, settler.loop, settler.settle, parts)


def test_a_model_of_two_workers_that_deliver_holds_whatever_happens(quiet: None) -> None:
    run_state_machine_as_test(DeliveringTogether, settings=FEWER)


def test_a_model_of_two_workers_that_create_holds_whatever_happens(quiet: None) -> None:
    run_state_machine_as_test(CreatingTogether, settings=FEWER)
