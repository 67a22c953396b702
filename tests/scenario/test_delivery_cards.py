"""The card shows what the store holds, whatever comes late and whoever deletes it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.restores.models import Event, EventKind
from bot.slack.cards import LATEST
from bot.slack.delivery import QUARANTINE
from tests.scenario.delivering import CHANNEL, Desk, delivering, every, healthy, once, percents

PAUSED, RESUMED = Event(kind=EventKind.PAUSED), Event(kind=EventKind.RESUMED)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as made:
        yield made


async def test_promise_5_an_edit_that_arrives_late_with_an_old_card_is_followed_by_the_current_one(
    desk: Desk,
) -> None:
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.update", "late")
    await desk.happened(request, 25)
    await desk.deliver(pause=timedelta(seconds=1))
    await desk.happened(request, 75)
    await desk.deliver(pause=LATEST)
    (arrive,) = desk.client.late
    await arrive()
    assert " 25 %" in desk.card()
    await desk.deliver()
    assert " 75 %" in desk.card()


async def test_promise_5_a_late_edit_is_corrected_when_all_is_as_it_was_before(desk: Desk) -> None:
    request = await desk.request()
    await desk.told_of(request, percent=50)
    await desk.deliver()
    desk.client.fault = once("chat.update", "late")
    await desk.told_of(request, PAUSED, percent=50, status="pause")
    await desk.deliver(pause=timedelta(seconds=1))
    await desk.told_of(request, RESUMED, percent=50)
    (arrive,) = desk.client.late
    await arrive()
    assert "Paused" in desk.card()
    await desk.deliver(turns=2)
    assert "Running" in desk.card()


@pytest.mark.parametrize("fault", ["never sent", "answer lost", "fatal_error"])
async def test_a_card_that_cannot_be_edited_for_long_is_logged_once(desk: Desk, fault: str) -> None:
    request = await desk.request()
    await desk.deliver()
    for percent in (25, 75):
        await desk.happened(request, percent)
        desk.client.fault = every("chat.update", fault)
        with capture_logs() as logs:
            await desk.deliver(turns=10)
        assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["card not edited"]
        desk.client.fault = healthy
        await desk.deliver()
        assert f" {percent} %" in desk.card()


async def test_promise_5_a_worker_taken_for_dead_that_edits_late_is_corrected(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25)
    desk.client.fault = once("chat.update", "frozen")
    editing = asyncio.create_task(desk.me.delivery.deliver())
    await desk.client.frozen.wait()
    heir = await desk.worker()
    await heir.bury(desk.me)
    await desk.happened(request, 75)
    await heir.delivery.deliver()
    assert " 75 %" in desk.card()
    desk.client.thawed.set()
    await editing
    assert " 25 %" in desk.card()
    desk.time += timedelta(minutes=1)
    await heir.delivery.deliver()
    await desk.deliver()
    assert " 75 %" in desk.card()
    assert desk.told() == [25, 75]


async def test_promise_5_a_deleted_card_is_posted_anew_and_what_follows_stands_below_it(desk: Desk) -> None:
    request = await desk.request()
    await desk.happened(request, 25)
    await desk.deliver()
    (card,) = desk.workspace.messages(CHANNEL)
    desk.workspace.delete(CHANNEL, card["ts"])
    await desk.happened(request, 50)
    await desk.deliver(turns=2)
    await desk.happened(request, 75)
    await desk.deliver()
    assert " 75 %" in desk.card()
    (thread,) = desk.threads()
    assert percents(thread[1:]) == [75]
    old = [message["text"] for message in desk.workspace.thread(CHANNEL, card["ts"])]
    assert percents(old) == [25, 50]


@pytest.mark.parametrize("fault", [None, "never sent", "answer lost", "late"])
async def test_promise_4_what_belongs_into_a_deleted_thread_is_told_below_a_new_card(
    desk: Desk, fault: str | None
) -> None:
    request = await desk.request()
    await desk.deliver()
    (card,) = desk.workspace.messages(CHANNEL)
    if fault:
        desk.client.fault = once("chat.postMessage", fault)
        await desk.happened(request, 25)
        await desk.deliver(pause=timedelta(milliseconds=1))
    for message in reversed(desk.workspace.thread(CHANNEL, card["ts"])):
        desk.workspace.delete(CHANNEL, message["ts"])
    await desk.happened(request, 50, 75)
    await desk.deliver(turns=3)
    assert desk.told() == ([25] if fault else []) + [50, 75]
    assert " 75 %" in desk.card()


async def test_a_card_that_is_deleted_again_stays_deleted(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    for percent in (25, 50, 75):
        for card in desk.workspace.messages(CHANNEL):
            if card.get("metadata"):
                desk.workspace.delete(CHANNEL, card["ts"])
        await desk.happened(request, percent)
        await desk.deliver(turns=2)
    assert desk.threads() == []
    calls = len(desk.workspace.journal)
    await desk.deliver(turns=3)
    assert len(desk.workspace.journal) == calls


@pytest.mark.parametrize("fault", ["answer lost", "never sent"])
async def test_promise_5_a_new_card_whose_posting_failed_is_posted_once_and_brought_up_to_date(
    desk: Desk, fault: str
) -> None:
    request = await desk.request()
    await desk.told_of(request, percent=25)
    await desk.deliver()
    desk.workspace.delete(CHANNEL, desk.workspace.messages(CHANNEL)[0]["ts"])
    await desk.told_of(request, PAUSED, percent=25, status="pause")
    desk.client.fault = once("chat.postMessage", fault)
    await desk.deliver(pause=timedelta(seconds=1))
    await desk.told_of(request, RESUMED, percent=25)
    await desk.deliver(turns=3)
    assert len(desk.workspace.messages(CHANNEL)) == 1
    assert "Running" in desk.card()


async def test_promise_5_a_card_deleted_in_one_workers_turn_is_posted_anew_by_one_alone(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    other = await desk.worker(ahead=timedelta(hours=1))
    desk.workspace.delete(CHANNEL, desk.workspace.messages(CHANNEL)[0]["ts"])
    await desk.happened(request, 25, 50)
    desk.client.fault = once("chat.postMessage", "frozen")
    posting = asyncio.create_task(desk.me.delivery.deliver())
    await desk.client.frozen.wait()
    await other.delivery.deliver()
    desk.client.thawed.set()
    await posting
    desk.time += QUARANTINE
    await other.delivery.deliver()
    assert desk.told() == [25, 50]
