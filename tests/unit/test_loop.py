"""The worker loop."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import StoreError
from bot.restores import loop as loop_module
from bot.restores.loop import Crew, Loop


class Work:
    """Counts its turns and lets a test wait for one."""

    def __init__(self, due_at: datetime | None = None) -> None:
        self.turns = 0
        self.due_at = due_at
        self.done = asyncio.Event()

    async def __call__(self) -> datetime | None:
        self.turns += 1
        self.done.set()
        return self.due_at

    async def turn(self) -> None:
        await self.done.wait()
        self.done.clear()


async def test_a_wake_up_call_ends_the_wait() -> None:
    work = Work()
    loop = Loop(work)
    running = asyncio.create_task(loop.run())
    await work.turn()
    loop.wake()
    await work.turn()
    loop.stop()
    await running


async def test_a_turn_that_is_due_is_taken_by_itself() -> None:
    work = Work(due_at=datetime.now(UTC))
    loop = Loop(work)
    running = asyncio.create_task(loop.run())
    await work.turn()
    await work.turn()
    loop.stop()
    await running


async def test_a_wake_up_call_during_a_turn_is_not_lost() -> None:
    turns = 0

    async def work() -> datetime | None:
        nonlocal turns
        turns += 1
        if turns == 1:
            loop.wake()
        else:
            loop.stop()
        return None

    loop = Loop(work)
    async with asyncio.timeout(5):
        await loop.run()
    assert turns >= 2


async def test_what_came_up_before_the_end_gets_a_last_turn() -> None:
    work = Work()
    loop = Loop(work)
    loop.stop()
    await loop.run()
    assert work.turns == 1


async def test_an_error_of_the_work_ends_the_loop() -> None:
    async def work() -> datetime | None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Loop(work).run()


async def test_promise_9_a_slow_job_holds_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "PATIENCE_SECONDS", 0.01)
    released, rung = asyncio.Event(), asyncio.Event()
    finished: list[str] = []

    async def slow() -> None:
        await released.wait()
        finished.append("slow")

    async def quick() -> None:
        finished.append("quick")

    crew = Crew(rung.set)
    await crew.work({"a": slow, "b": quick})
    assert finished == ["quick"]
    assert crew.busy == {"a"}
    await crew.work({"a": quick, "b": quick})
    assert finished == ["quick", "quick"], "one at a time for each key"
    released.set()
    await rung.wait()
    await crew.wait(None)
    assert finished == ["quick", "quick", "slow"]
    assert not crew.busy


async def test_an_error_of_a_job_reaches_the_worker() -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Crew(lambda: None).work({"a": broken})


async def test_a_store_that_fails_for_a_while_is_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "FIRST_RETRY", timedelta(0))
    turns = 0

    async def work() -> datetime | None:
        nonlocal turns
        turns += 1
        if turns < 3:
            raise StoreError("locked")
        loop.stop()
        return None

    loop = Loop(work)
    async with asyncio.timeout(5):
        await loop.run()
    assert turns >= 3


async def test_the_end_of_a_loop_ends_its_jobs() -> None:
    async def endless() -> None:
        await asyncio.Event().wait()

    async def work() -> datetime | None:
        await loop.crew.work({"a": endless})
        return None

    loop = Loop(work)
    running = asyncio.create_task(loop.run())
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not [task for task in asyncio.all_tasks() if "endless" in str(task.get_coro())]
