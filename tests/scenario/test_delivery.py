"""Told once, in order: whatever happens between the outbox and Slack."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.slack.delivery import QUARANTINE, TURN
from tests.scenario.delivering import Desk, delivering, every, healthy, once


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as made:
        yield made


async def test_promise_3_events_are_told_in_order_below_their_card(desk: Desk) -> None:
    request = await desk.request()
    await desk.happened(request, 25, 50, 75)
    await desk.deliver()
    assert desk.told() == [25, 50, 75]


@pytest.mark.parametrize("fault", ["never sent", "answer lost"])
async def test_promise_3_a_message_whose_posting_failed_is_told_once_and_before_the_next(
    desk: Desk, fault: str
) -> None:
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.postMessage", fault)
    await desk.happened(request, 25, 50)
    await desk.deliver(turns=3)
    assert desk.told() == [25, 50]


@pytest.mark.parametrize("fault", ["never sent", "answer lost"])
async def test_promise_3_a_card_whose_posting_failed_is_posted_once(desk: Desk, fault: str) -> None:
    desk.client.fault = once("chat.postMessage", fault)
    request = await desk.request()
    await desk.happened(request, 25)
    await desk.deliver(turns=3)
    assert len(desk.threads()) == 1
    assert desk.told() == [25]


async def test_promise_3_a_message_in_doubt_is_not_posted_again_before_it_was_looked_for(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.postMessage", "answer lost")
    await desk.happened(request, 25)
    posted = desk.calls("chat.postMessage")
    await desk.deliver(turns=3)
    assert desk.calls("chat.postMessage") == posted + 1
    assert desk.calls("conversations.replies") == 1


@pytest.mark.parametrize("fault", ["died before", "died after"])
async def test_promise_3_what_was_being_sent_when_the_process_died_is_told_once(
    desk: Desk, fault: str
) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25, 50)
    desk.client.fault = once("chat.postMessage", fault)
    with pytest.raises(asyncio.CancelledError):
        await desk.deliver()
    heir = await desk.worker()
    await heir.bury(desk.me)
    desk.time += QUARANTINE
    await heir.delivery.deliver()
    assert desk.told() == [25, 50]


async def test_promise_5_a_card_found_after_a_doubt_is_brought_up_to_date(desk: Desk) -> None:
    desk.client.fault = once("chat.postMessage", "answer lost")
    request = await desk.request()
    await desk.me.delivery.deliver()
    await desk.happened(request, 75)
    desk.time += QUARANTINE * 2
    await desk.deliver(turns=2)
    (card,) = desk.workspace.messages("#db-oncall")
    assert " 75 %" in str(card["blocks"])


@pytest.mark.parametrize("reason", ["missing_scope", "no_permission"])
async def test_promise_4_a_message_in_doubt_that_may_not_be_looked_for_does_not_hold_up_the_next(
    desk: Desk, reason: str
) -> None:
    request = await desk.request()
    await desk.deliver()
    lost = once("chat.postMessage", "answer lost")
    desk.client.fault = lambda method, arguments: (
        reason if method == "conversations.replies" else lost(method, arguments)
    )
    await desk.happened(request, 25, 50, 75)
    await desk.deliver(turns=3)
    assert desk.told() == [25, 50, 75]


@pytest.mark.parametrize("reason", ["token_revoked", "account_inactive", "missing_scope"])
async def test_promise_4_what_slack_refuses_until_the_app_is_put_right_is_told_afterwards(
    desk: Desk, reason: str
) -> None:
    request = await desk.request()
    desk.client.fault = every("chat.postMessage", reason)
    await desk.happened(request, 25, 50)
    await desk.deliver(turns=2)
    desk.client.fault = healthy
    await desk.deliver(turns=2, pause=timedelta(minutes=2))
    assert desk.told() == [25, 50]


async def test_promise_9_a_channel_that_refuses_does_not_stop_the_others(desk: Desk) -> None:
    lost = await desk.request("C0NONESUCH")
    good = await desk.request()
    await desk.happened(lost, 25)
    await desk.happened(good, 25)
    await desk.deliver(turns=2)
    assert desk.told() == [25]


async def test_promise_4_slack_out_of_reach_for_a_while_loses_nothing(desk: Desk) -> None:
    desk.client.fault = lambda _method, _arguments: "never sent"
    request = await desk.request()
    for percent in (25, 50, 75):
        await desk.happened(request, percent)
        await desk.deliver(turns=2, pause=timedelta(minutes=1))
    desk.client.fault = healthy
    await desk.deliver(turns=2, pause=timedelta(minutes=2))
    assert desk.told() == [25, 50, 75]


async def test_promise_10_a_card_is_edited_only_when_something_visible_changed(desk: Desk) -> None:
    request = await desk.request()
    await desk.happened(request, 25)
    await desk.deliver()
    edits = desk.calls("chat.update")
    await desk.store.save_request(request.evolve(attempts=7), desk.time)
    await desk.deliver()
    assert desk.calls("chat.update") == edits
    await desk.happened(request, 50)
    await desk.deliver()
    assert desk.calls("chat.update") == edits + 1


async def test_promise_5_an_edit_that_failed_is_made_later(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.update", "never sent")
    await desk.happened(request, 50)
    await desk.deliver(turns=3)
    blocks = desk.workspace.messages("#db-oncall")[-1]["blocks"]
    assert " 50 %" in str(blocks)


async def test_promise_9_one_message_too_many_waits_and_other_channels_do_not(desk: Desk) -> None:
    """A 429 counts for its channel, until the second Slack named."""
    slow, quick = await desk.request(), await desk.request("#database-changes")
    await desk.deliver()
    await desk.happened(slow, 25, 50)
    await desk.happened(quick, 25)
    held = desk.channels["#db-oncall"]
    desk.client.fault = lambda method, arguments: (
        "too many" if method == "chat.postMessage" and arguments["channel"] == held else None
    )
    await desk.deliver(pause=timedelta(seconds=29))
    desk.client.fault = healthy
    await desk.deliver(pause=timedelta(seconds=2))
    assert (desk.told(), desk.told("#database-changes")) == ([], [25])
    await desk.deliver()
    assert desk.told() == [25, 50]


async def test_a_hundred_threads_are_told_together(desk: Desk) -> None:
    requests = [await desk.request() for _ in range(100)]
    await asyncio.gather(*(desk.happened(request, 25, 50) for request in requests))
    await desk.deliver(turns=3, pause=timedelta())
    assert [len(thread) for thread in desk.threads()] == [3] * 100


async def test_promise_9_a_pause_slack_wants_is_kept_for_what_comes_up_meanwhile(desk: Desk) -> None:
    first = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.postMessage", "too many")
    await desk.happened(first, 25)
    await desk.deliver(pause=timedelta(seconds=1))
    posted = desk.calls("chat.postMessage")
    await desk.request()
    await desk.deliver(pause=timedelta(seconds=28))
    assert desk.calls("chat.postMessage") == posted
    desk.time += timedelta(seconds=2)
    await desk.deliver()
    assert len(desk.threads()) == 2


async def test_promise_9_edits_wait_as_long_as_slack_says_in_every_channel(desk: Desk) -> None:
    """Slack counts edits over all channels together."""
    requests = [await desk.request(), await desk.request("#database-changes")]
    await desk.deliver()
    for request in requests:
        await desk.happened(request, 25)
    await desk.deliver()
    desk.client.fault = once("chat.update", "too many")
    await desk.happened(requests[0], 50)
    await desk.deliver(pause=timedelta(seconds=29))
    edits = desk.calls("chat.update")
    await desk.happened(requests[1], 50)
    await desk.deliver(pause=timedelta(seconds=2))
    assert desk.calls("chat.update") == edits
    await desk.deliver(pause=timedelta())
    assert desk.calls("chat.update") == edits + 1, "one at a time, as Slack may want another pause"
    await desk.deliver()
    assert desk.calls("chat.update") == edits + 2


async def test_promise_4_a_clock_set_back_holds_nothing_up(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.postMessage", "too many")
    await desk.happened(request, 25)
    await desk.deliver()
    desk.time -= timedelta(days=1)
    await desk.happened(request, 50)
    await desk.deliver(turns=2)
    assert desk.told() == [25, 50]
    assert " 50 %" in desk.card()


async def test_promise_3_a_worker_that_was_frozen_gives_back_what_it_has_not_begun(desk: Desk) -> None:
    """Were it frozen meanwhile, another might hold it by now."""
    requests = [await desk.request() for _ in range(3)]
    await desk.deliver()
    for request in requests:
        await desk.happened(request, 25)
    desk.client.fault = once("chat.postMessage", "frozen")
    posting = asyncio.create_task(desk.me.delivery.deliver())
    await desk.client.frozen.wait()
    heir = await desk.worker()
    await heir.bury(desk.me)
    assert TURN < QUARANTINE
    desk.time += QUARANTINE
    await heir.delivery.deliver()
    posted = desk.calls("chat.postMessage")
    desk.client.thawed.set()
    await posting
    assert desk.calls("chat.postMessage") == posted + 1
    assert [len(thread) for thread in desk.threads()] == [2, 2, 2]
