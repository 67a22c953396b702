"""Told once, in order: whatever happens between the outbox and Slack."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.slack import LocalWorkspace
from bot.slack.delivery import QUARANTINE
from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore
from tests.scenario.delivering import Client, Desk, once


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    workspace = LocalWorkspace()
    connection = await Connection.open(tmp_path / "bot.db")
    async with workspace.serve(port=0) as url:
        client = Client(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])
        listed = (await client.conversations_list())["channels"]
        channels = {f"#{channel['name']}": channel["id"] for channel in listed}
        made = Desk(workspace, client, SqliteStore(connection), channels)
        yield made
    await connection.close()


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
    desk.delivery = desk.new_delivery()
    await desk.delivery.recover()
    await desk.deliver(turns=2)
    assert desk.told() == [25, 50]


async def test_promise_5_a_card_found_after_a_doubt_is_brought_up_to_date(desk: Desk) -> None:
    desk.client.fault = once("chat.postMessage", "answer lost")
    request = await desk.request()
    await desk.delivery.deliver()
    await desk.happened(request, 75)
    desk.time += QUARANTINE * 2
    await desk.deliver(turns=2)
    (card,) = desk.workspace.messages("#db-oncall")
    assert " 75 %" in str(card["blocks"])


@pytest.mark.parametrize("reason", ["missing_scope", "thread_not_found"])
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


@pytest.mark.parametrize("reason", ["token_revoked", "not_in_channel", "channel_not_found", "missing_scope"])
async def test_promise_4_what_slack_refuses_until_the_app_is_put_right_is_told_afterwards(
    desk: Desk, reason: str
) -> None:
    request = await desk.request()
    desk.client.fault = lambda method, _: reason if method == "chat.postMessage" else None
    await desk.happened(request, 25, 50)
    await desk.deliver(turns=2)
    desk.client.fault = lambda _method, _arguments: None
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
    desk.client.fault = lambda _method, _arguments: None
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
    desk.client.fault = lambda _method, _arguments: None
    await desk.deliver(pause=timedelta(seconds=2))
    assert (desk.told(), desk.told("#database-changes")) == ([], [25])
    await desk.deliver()
    assert desk.told() == [25, 50]


async def test_a_hundred_threads_are_told_together(desk: Desk) -> None:
    requests = [await desk.request() for _ in range(100)]
    await asyncio.gather(*(desk.happened(request, 25, 50) for request in requests))
    await desk.deliver()
    assert len(desk.threads()) == 100
    assert all(len(thread) == 3 for thread in desk.threads())
