"""The worker loop."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.restores.loop import Loop


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
