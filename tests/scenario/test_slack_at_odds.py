"""Answers of Slack that are odd, or false."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.restores.models import Event, EventKind
from tests.scenario.delivering import Desk, delivering, healthy, once

ABANDONED = Event(kind=EventKind.ABANDONED)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as made:
        yield made


def no_blocks(_method: str, arguments: dict[str, Any]) -> str | None:
    return "msg_blocks_too_long" if arguments.get("blocks") else None


async def test_promise_4_a_thread_whose_blocks_slack_will_not_have_is_told_in_words(desk: Desk) -> None:
    request = await desk.request()
    desk.client.fault = no_blocks
    await desk.deliver()
    await desk.happened(request, 25)
    await desk.told_of(request, ABANDONED, percent=25)
    await desk.deliver(turns=2)
    ((card, data, end),) = desk.threads()
    assert "Running" in card, "it is edited in words as well"
    assert "25 %" in data
    assert "submit again" in end


async def test_blocks_are_shown_again_as_soon_as_slack_has_them(desk: Desk) -> None:
    request = await desk.request()
    desk.client.fault = no_blocks
    await desk.deliver()
    desk.client.fault = healthy
    await desk.happened(request, 25)
    await desk.deliver()
    (card, _) = desk.workspace.thread("#db-oncall", desk.workspace.messages("#db-oncall")[0]["ts"])
    assert card["blocks"]


async def test_promise_9_a_thread_that_slack_lists_without_an_end_is_given_up_for_now(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await desk.request()
    await desk.deliver()
    await desk.happened(request, 25)
    desk.client.fault = once("chat.postMessage", "answer lost")
    await desk.deliver()
    replies = desk.client.conversations_replies
    asked: list[object] = []

    async def endless(**arguments: Any) -> AsyncSlackResponse:
        asked.append(arguments["cursor"])
        answer = await replies(**arguments | {"cursor": None, "limit": 1})
        answer.data["response_metadata"] = {"next_cursor": "again"}  # type: ignore[index]  # it is a dict
        return answer

    with monkeypatch.context() as lying:
        lying.setattr(desk.client, "conversations_replies", endless)
        await desk.deliver()
    assert len(asked) == 2
    await desk.deliver(turns=2)
    assert desk.told() == [25], "what is not known to be absent is not posted again"
