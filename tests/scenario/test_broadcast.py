"""The end of a restore is shown in the channel as well, exactly once."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.restores.models import Event, EventKind
from bot.slack.delivery import Delivery
from tests.scenario.delivering import CHANNEL, Desk, delivering, once

FINISHED = Event(kind=EventKind.FINISHED, seconds=600)
FAILED = Event(kind=EventKind.FAILED, text="disk full")
STALLED = Event(kind=EventKind.STALLED, seconds=900)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as made:
        yield made


def loud(desk: Desk, channel: str = CHANNEL) -> list[dict[str, Any]]:
    """Replies that stand in the channel as well."""
    return [each for each in desk.workspace.messages(channel) if each.get("subtype") == "thread_broadcast"]


@pytest.mark.parametrize(("end", "status"), [(FINISHED, "finish"), (FAILED, "stop")])
async def test_the_end_stands_in_the_thread_and_in_the_channel(desk: Desk, end: Event, status: str) -> None:
    request = await desk.request()
    await desk.happened(request, 50)
    await desk.told_of(request, STALLED, end, percent=50, status=status)
    await desk.deliver(turns=4)
    (shown,) = loud(desk)
    assert f"<@{request.user_id}>" in shown["text"]
    (thread,) = desk.threads()
    assert thread[-1] == shown["text"]


async def test_the_end_stays_in_the_thread_where_that_is_wanted(desk: Desk) -> None:
    desk.me.delivery = Delivery(desk.client, desk.store, end_in_channel=False, now=desk.me.now)
    request = await desk.request()
    await desk.told_of(request, FINISHED, percent=100, status="finish")
    await desk.deliver(turns=3)
    assert loud(desk) == []
    assert "finished" in desk.threads()[0][-1]


@pytest.mark.parametrize("fault", ["answer lost", "late", "never sent"])
async def test_promise_3_the_end_is_shown_once_whatever_becomes_of_the_call(desk: Desk, fault: str) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.told_of(request, FINISHED, percent=100, status="finish")
    desk.client.fault = once("chat.postMessage", fault)
    await desk.deliver(turns=4)
    assert len(loud(desk)) == 1
    assert len(desk.threads()[0]) == 2


async def test_in_direct_messages_all_that_needs_the_person_is_shown(desk: Desk) -> None:
    alice = desk.workspace.person("alice").id
    direct = (await desk.client.chat_postMessage(channel=alice, text="hello"))["channel"]
    desk.me.delivery = Delivery(desk.client, desk.store, end_in_channel=False, now=desk.me.now)
    request = await desk.request(direct)
    await desk.told_of(request, Event(kind=EventKind.STARTED), STALLED, FINISHED, percent=9, status="finish")
    await desk.deliver(turns=5)
    answer = await desk.client.conversations_history(channel=direct)
    texts = [each["text"] for each in answer["messages"] if each.get("subtype") == "thread_broadcast"]
    assert len(texts) == 2
    assert "finished" in texts[0]
    assert "Nothing has moved" in texts[1]
