"""What piled up while nothing could be posted is told as one message; nothing of it is dropped."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.restores.folding import LATE, MOST
from bot.restores.models import Event, EventKind
from bot.sandbox.slack.wire import Json
from bot.slack.delivery import QUARANTINE
from tests.scenario.delivering import CHANNEL, Desk, delivering, every, healthy, once, percents

STARTED = Event(kind=EventKind.STARTED)
FAILED = Event(kind=EventKind.FAILED, text="disk full\non the target")
FINISHED = Event(kind=EventKind.FINISHED, seconds=600)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as made:
        yield made


def thread(desk: Desk) -> list[str]:
    """What the only thread tells below its card."""
    ((_, *told),) = desk.threads()
    return told


async def test_promise_3_what_piled_up_for_a_minute_is_told_as_one_message_in_order(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25, 50, 75)
    desk.time += LATE
    await desk.deliver()
    assert len(thread(desk)) == 1
    assert desk.told() == [25, 50, 75]


async def test_what_is_told_in_time_is_told_message_by_message(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25, 50, 75)
    await desk.deliver()
    assert len(thread(desk)) == 3


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (FAILED, "The restore failed.\n*orders → rm-1*\n```\ndisk full\non the target\n```"),
        (FINISHED, "10 min"),
    ],
)
async def test_promise_4_the_end_is_said_in_full_among_all_that_piled_up(
    desk: Desk, end: Event, words: str
) -> None:
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = every("chat.postMessage", "never sent")
    await desk.told_of(request, STARTED)
    await desk.happened(request, 25, 50)
    await desk.deliver(turns=3)
    await desk.told_of(request, end, percent=50, status="stop")
    desk.client.fault = healthy
    await desk.deliver(pause=timedelta(minutes=2), turns=2)
    (told,) = thread(desk)
    assert words in told
    assert percents([told]) == [25, 50]
    assert f"<@{request.user_id}>" in told


async def test_promise_3_a_message_that_carries_others_and_failed_carries_them_still(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25, 50)
    desk.time += LATE
    desk.client.fault = once("chat.postMessage", "never sent")
    await desk.deliver()
    await desk.happened(request, 75)
    await desk.deliver()
    assert len(thread(desk)) == 1
    assert desk.told() == [25, 50, 75]


@pytest.mark.parametrize("fault", ["answer lost", "late"])
async def test_promise_3_a_message_in_doubt_that_carries_others_is_told_once_and_takes_no_more(
    desk: Desk, fault: str
) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25, 50)
    desk.time += LATE
    desk.client.fault = once("chat.postMessage", fault)
    await desk.deliver()
    await desk.happened(request, 75)
    await desk.deliver()
    assert [percents([text]) for text in thread(desk)] == [[25, 50], [75]]


@pytest.mark.parametrize("fault", ["died before", "died after"])
async def test_promise_3_what_a_dead_worker_folded_is_told_once(desk: Desk, fault: str) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25, 50, 75)
    desk.time += LATE
    desk.client.fault = once("chat.postMessage", fault)
    with pytest.raises(asyncio.CancelledError):
        await desk.deliver()
    heir = await desk.worker()
    await heir.bury(desk.me)
    desk.time += QUARANTINE
    await heir.delivery.deliver()
    assert desk.told() == [25, 50, 75]


async def test_promise_4_more_than_fits_into_one_message_goes_into_the_next(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    seen = list(range(1, 2 * MOST + 3))
    await desk.happened(request, *seen)
    desk.time += LATE
    await desk.deliver()
    assert len(thread(desk)) == 3
    assert desk.told() == seen


async def test_promise_9_each_thread_is_folded_by_itself(desk: Desk) -> None:
    requests = [await desk.request() for _ in range(3)]
    await desk.deliver()
    for request in requests:
        await desk.happened(request, 25, 50)
    desk.time += LATE
    await desk.deliver()
    assert [percents(told) for _, *told in desk.threads()] == [[25, 50]] * 3
    assert all(len(each) == 2 for each in desk.threads())


async def test_what_is_told_together_keeps_the_button_to_try_again(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    events = (Event(kind=EventKind.UNSETTLED), Event(kind=EventKind.ABANDONED))
    await desk.store.save_request(request, desk.time, events)
    desk.time += LATE
    await desk.deliver()
    (card,) = desk.workspace.messages(CHANNEL)
    message: Json = desk.workspace.thread(CHANNEL, card["ts"])[-1]
    assert "Edit and try again" in str(message["blocks"])
