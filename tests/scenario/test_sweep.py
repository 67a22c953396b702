"""Nothing is there twice for long: a worker frozen while it posts, and another that takes over."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.slack import sweep
from bot.slack.delivery import QUARANTINE, SWEEP_AFTER
from tests.scenario.delivering import CHANNEL, Desk, Worker, delivering, every, healthy, once


class Frozen:
    """A worker that is frozen while it posts 25 %, and the one that takes over."""

    def __init__(self, desk: Desk, heir: Worker, posting: asyncio.Task[object]) -> None:
        self._desk = desk
        self.heir = heir
        self._posting = posting

    async def wakes(self) -> None:
        self._desk.client.thawed.set()
        await self._posting


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as made:
        yield made


async def frozen(desk: Desk, *, ahead: timedelta = timedelta()) -> Frozen:
    """Whatever is due now is being posted by a worker that was frozen and is taken for dead."""
    desk.client.fault = once("chat.postMessage", "frozen")
    posting = asyncio.create_task(desk.me.delivery.deliver())
    await desk.client.frozen.wait()
    heir = await desk.worker(ahead=ahead)
    await heir.bury(desk.me)
    desk.time += QUARANTINE
    return Frozen(desk, heir, posting)


async def frozen_as_well(desk: Desk, second: Worker, fault: str) -> tuple[Worker, asyncio.Task[object]]:
    """The one that took over is frozen in its turn; a third takes over from it."""
    second.client.fault = once("chat.postMessage", fault)
    posting = asyncio.create_task(second.delivery.deliver())
    await second.client.frozen.wait()
    third = await desk.worker()
    await third.bury(second)
    desk.time += QUARANTINE
    return third, posting


async def thaw(worker: Worker, posting: asyncio.Task[object]) -> None:
    worker.client.thawed.set()
    await posting


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(), timedelta(hours=1)])
async def test_promise_3_a_worker_that_wakes_up_takes_back_what_another_posted_meanwhile(
    desk: Desk, ahead: timedelta
) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25, 50)
    scene = await frozen(desk, ahead=ahead)
    await scene.heir.delivery.deliver()
    assert desk.told() == [25, 50]
    await scene.wakes()
    assert desk.told() == [25, 50]
    assert desk.calls("chat.delete") == 1


async def test_promise_3_a_posting_that_arrives_before_the_other_worker_looks_is_the_one_that_stays(
    desk: Desk,
) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25, 50)
    scene = await frozen(desk)
    await scene.wakes()
    await scene.heir.delivery.deliver()
    desk.time += SWEEP_AFTER
    await scene.heir.delivery.deliver()
    assert desk.told() == [25, 50]
    assert desk.calls("chat.delete") == 0


async def test_promise_3_what_a_dead_worker_posted_late_is_swept(desk: Desk) -> None:
    """Its call arrives, and it does not live to look."""
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25)
    desk.client.fault = once("chat.postMessage", "late")
    await desk.deliver()
    heir = await desk.worker()
    await heir.bury(desk.me)
    desk.time += QUARANTINE
    await heir.delivery.deliver()
    (arrive,) = desk.client.late
    await arrive()
    assert desk.told() == [25, 25]
    desk.time += SWEEP_AFTER
    await heir.delivery.deliver()
    assert desk.told() == [25]


async def test_promise_3_what_arrives_long_after_it_was_posted_again_is_swept(desk: Desk) -> None:
    """One worker alone: its call was on the way for longer than it waited."""
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.postMessage", "late")
    await desk.happened(request, 25)
    await desk.deliver(turns=2)
    (arrive,) = desk.client.late
    await arrive()
    assert desk.told() == [25, 25]
    desk.time += SWEEP_AFTER
    await desk.deliver()
    assert desk.told() == [25]


async def test_promise_3_a_card_posted_by_two_workers_is_there_once_with_all_below_it(desk: Desk) -> None:
    request = await desk.request()
    await desk.happened(request, 25)
    scene = await frozen(desk)
    await scene.heir.delivery.deliver()
    await scene.wakes()
    desk.time += SWEEP_AFTER
    await scene.heir.delivery.deliver()
    assert len(desk.workspace.messages(CHANNEL)) == 1
    assert desk.told() == [25]


@pytest.mark.parametrize("fault", ["frozen", "answer frozen"])
async def test_promise_3_of_three_postings_one_stays(desk: Desk, fault: str) -> None:
    """The second worker is frozen as well, before its call arrives or after."""
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25)
    first = await frozen(desk)
    third, second_posting = await frozen_as_well(desk, first.heir, fault)
    await third.delivery.deliver()
    await asyncio.gather(first.wakes(), thaw(first.heir, second_posting))
    desk.time += SWEEP_AFTER
    await third.delivery.deliver()
    assert desk.told() == [25]


async def test_promise_4_two_workers_that_wake_up_do_not_take_back_both_postings(desk: Desk) -> None:
    """The second looked before the first call arrived; the third found both."""
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25)
    first = await frozen(desk)
    third, second_posting = await frozen_as_well(desk, first.heir, "frozen")
    await asyncio.gather(first.wakes(), thaw(first.heir, second_posting))
    await third.delivery.deliver()
    desk.time += SWEEP_AFTER
    await third.delivery.deliver()
    assert desk.told() == [25]


async def test_promise_3_what_was_found_in_place_of_a_dead_worker_is_swept_as_well(desk: Desk) -> None:
    """The first worker's call is late, the second died after its own, the third finds that one."""
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25)
    desk.client.fault = once("chat.postMessage", "late")
    await desk.deliver()
    second, third = await desk.worker(), await desk.worker()
    await second.bury(desk.me)
    desk.time += QUARANTINE
    second.client.fault = once("chat.postMessage", "died after")
    with pytest.raises(asyncio.CancelledError):
        await second.delivery.deliver()
    await third.bury(second)
    desk.time += QUARANTINE
    await third.delivery.deliver()
    (arrive,) = desk.client.late
    await arrive()
    assert desk.told() == [25, 25]
    desk.time += SWEEP_AFTER
    await third.delivery.deliver()
    assert desk.told() == [25]


async def test_promise_3_of_two_cards_the_first_is_the_one_all_workers_keep(desk: Desk) -> None:
    """A channel is read backwards; what is found first is not what was posted first."""
    request = await desk.request()
    first = await frozen(desk)
    third, second_posting = await frozen_as_well(desk, first.heir, "answer frozen")
    desk.client.fault = every("conversations.history", "frozen")
    desk.client.thawed.set()
    await desk.workspace.until(lambda: len(desk.workspace.messages(CHANNEL)) == 2)
    await desk.client.frozen.wait()
    await third.delivery.deliver()
    await asyncio.gather(first.wakes(), thaw(first.heir, second_posting))
    await desk.happened(request, 25)
    await third.delivery.deliver()
    assert len(desk.workspace.messages(CHANNEL)) == 1
    assert desk.told() == [25]


async def test_promise_3_the_posting_on_record_stays_even_if_another_is_older(desk: Desk) -> None:
    """The other worker looked just before the first call arrived, and posted just after."""
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25)
    scene = await frozen(desk)
    scene.heir.client.fault = once("chat.postMessage", "frozen")
    posting = asyncio.create_task(scene.heir.delivery.deliver())
    await scene.heir.client.frozen.wait()
    await scene.wakes()
    scene.heir.client.thawed.set()
    await posting
    assert desk.told() == [25, 25]
    desk.time += SWEEP_AFTER
    await scene.heir.delivery.deliver()
    assert desk.told() == [25]
    await desk.happened(request, 50)
    await scene.heir.delivery.deliver()
    assert desk.told() == [25, 50]


@pytest.mark.parametrize("reason", ["missing_scope", "not_in_channel", "thread_not_found"])
async def test_a_sweep_slack_refuses_is_over(desk: Desk, reason: str) -> None:
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.postMessage", "late")
    await desk.happened(request, 25)
    await desk.deliver(turns=2)
    looked = desk.calls("conversations.replies")
    desk.client.fault = every("conversations.replies", reason)
    desk.time += SWEEP_AFTER
    await desk.deliver()
    desk.client.fault = healthy
    await desk.deliver(turns=3, pause=sweep.RETRY * 2)
    assert desk.calls("conversations.replies") == looked


@pytest.mark.parametrize("method", ["conversations.replies", "chat.delete"])
@pytest.mark.parametrize("fault", ["never sent", "answer lost", "too many"])
async def test_promise_3_a_sweep_that_failed_is_made_again(desk: Desk, method: str, fault: str) -> None:
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.postMessage", "late")
    await desk.happened(request, 25)
    await desk.deliver(turns=2)
    (arrive,) = desk.client.late
    await arrive()
    desk.client.fault = once(method, fault)
    desk.time += SWEEP_AFTER
    await desk.deliver(turns=2, pause=sweep.RETRY)
    assert desk.told() == [25]


async def test_promise_4_a_sweep_deletes_nothing_when_the_posting_on_record_is_not_there(desk: Desk) -> None:
    """Somebody deleted it, and the late one is all there is."""
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.postMessage", "late")
    await desk.happened(request, 25)
    await desk.deliver(turns=2)
    (arrive,) = desk.client.late
    await arrive()
    (card,) = desk.workspace.messages(CHANNEL)
    _, recorded, _ = desk.workspace.thread(CHANNEL, card["ts"])
    desk.workspace.delete(CHANNEL, recorded["ts"])
    desk.time += SWEEP_AFTER
    await desk.deliver()
    assert desk.told() == [25]
