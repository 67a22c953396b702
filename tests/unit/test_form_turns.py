"""Of several listeners at work on one view, the newest has the last word."""

import asyncio

from handlers.turns import MOST_KEPT, Turns


async def written(turns: Turns, view_id: str, turn: int, into: list[int], *, after: asyncio.Event) -> None:
    async with turns.writing(view_id, turn) as allowed:
        if allowed:
            await after.wait()
            into.append(turn)


async def test_an_earlier_turn_writes_nothing_after_a_later_one() -> None:
    turns, into, now = Turns(), list[int](), asyncio.Event()
    now.set()
    first, second = turns.begin("V1"), turns.begin("V1")
    await written(turns, "V1", second, into, after=now)
    await written(turns, "V1", first, into, after=now)
    assert into == [second]


async def test_a_write_that_is_under_way_comes_before_the_next() -> None:
    turns, into, answered, now = Turns(), list[int](), asyncio.Event(), asyncio.Event()
    now.set()
    first = turns.begin("V1")
    slow = asyncio.create_task(written(turns, "V1", first, into, after=answered))
    await asyncio.sleep(0)
    second = turns.begin("V1")
    newer = asyncio.create_task(written(turns, "V1", second, into, after=now))
    await asyncio.sleep(0)
    assert into == []
    answered.set()
    await asyncio.gather(slow, newer)
    assert into == [first, second]


def test_what_was_done_below_after_a_step_was_put_on_top_is_newer_than_that_step() -> None:
    turns = Turns()
    pushed = turns.begin("root")
    assert turns.untouched("root", pushed)
    turns.begin("root")
    assert not turns.untouched("root", pushed)
    assert turns.untouched("another", pushed)


def test_only_the_latest_views_are_remembered() -> None:
    turns = Turns()
    numbers = [turns.begin(f"V{n}") for n in range(MOST_KEPT + 1)]
    assert turns.is_last("V0", numbers[0] - 1)
    assert not turns.is_last("V1", numbers[1] - 1)
