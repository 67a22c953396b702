"""Much to post at once: little is claimed, nobody is held up, and Slack is not flooded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreError
from bot.restores import loop as loop_module
from bot.restores.models import Outgoing
from bot.slack.cards import AT_ONCE
from bot.slack.delivery import QUARANTINE
from bot.store import outbox
from tests.scenario.delivering import Desk, Fault, delivering
from tests.scenario.stage import PATIENCE

OTHER = "#general"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as made:
        yield made


def after(count: int, method: str, fault: str) -> Fault:
    """The fault strikes every call of the method but the first ones."""
    calls = 0

    def strike(called: str, _: dict[str, Any]) -> str | None:
        nonlocal calls
        calls += called == method
        return fault if called == method and calls > count else None

    return strike


async def test_of_a_channel_that_slack_holds_back_nothing_is_claimed_and_given_back_in_vain(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3 * outbox.MESSAGES_A_CHANNEL):
        await desk.request()
    given_back: list[str] = []
    defer = desk.store.defer

    async def counted(message: Outgoing, *given: Any) -> bool:
        given_back.append(message.event_id)
        return await defer(message, *given)

    monkeypatch.setattr(desk.store, "defer", counted)
    desk.client.fault = after(1, "chat.postMessage", "too many")
    await desk.deliver(pause=timedelta(seconds=1))
    assert len(desk.threads()) == 1
    assert len(given_back) < outbox.MESSAGES_A_CHANNEL
    await desk.deliver(pause=timedelta(seconds=1))
    assert len(given_back) < outbox.MESSAGES_A_CHANNEL, "while Slack wants a pause nothing is touched"
    assert desk.calls("chat.postMessage") == 1
    desk.client.fault = lambda _method, _arguments: None
    desk.time += timedelta(seconds=30)
    await desk.deliver()
    assert len(desk.threads()) == 3 * outbox.MESSAGES_A_CHANNEL


async def test_a_crash_leaves_few_messages_in_doubt_however_many_wait(desk: Desk) -> None:
    for _ in range(2 * outbox.MESSAGES_A_CHANNEL):
        await desk.request()
    assert len(await desk.store.claim(desk.time)) == outbox.MESSAGES_A_CHANNEL


async def test_cards_that_all_changed_are_edited_a_few_at_a_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [await desk.request() for _ in range(3 * AT_ONCE)]
    await desk.deliver()
    for request in requests:
        await desk.told_of(request, percent=25)
    now, most = 0, 0
    update = desk.client.chat_update

    async def counted(**arguments: Any) -> object:
        nonlocal now, most
        now += 1
        most = max(most, now)
        try:
            return await update(**arguments)
        finally:
            now -= 1

    monkeypatch.setattr(desk.client, "chat_update", counted)
    for turns in range(1, 4):
        due_at = await desk.me.delivery.deliver()
        assert desk.calls("chat.update") == turns * AT_ONCE
        assert due_at is not None
        assert (due_at <= desk.time) == (turns < 3), "what is left has its turn at once"
    assert most == AT_ONCE


async def test_promise_3_a_message_that_is_lost_track_of_is_settled_while_another_channel_hangs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_module, "PATIENCE_SECONDS", 0.02)
    hangs = desk.channels[OTHER]
    desk.client.fault = lambda _, arguments: "frozen" if arguments.get("channel") == hangs else None
    await desk.request(OTHER)
    await desk.me.delivery.deliver()
    await desk.client.frozen.wait()
    await desk.request()
    sent, failures = desk.store.sent, iter([StoreError("The disk is full.")])

    async def full_once(*given: Any, **named: Any) -> bool:
        for failure in failures:
            raise failure
        return await sent(*given, **named)

    monkeypatch.setattr(desk.store, "sent", full_once)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(StoreError):
            await for_ever(desk.me.delivery.deliver)
        while await thread_ts(desk, "s2") is None:
            await desk.me.delivery.deliver()
            desk.time += QUARANTINE
    assert len(desk.threads()) == 1
    desk.client.thawed.set()
    await desk.me.delivery.loop.crew.wait(None)
    assert len(desk.threads(OTHER)) == 1


async def for_ever(turn: Callable[[], Awaitable[object]]) -> None:
    while True:
        await turn()


async def thread_ts(desk: Desk, restore_task_id: str) -> str | None:
    following = await desk.store.following(restore_task_id)
    return following.link.thread_ts if following else None
