"""More cards change than Slack lets the bot edit: all have their turn, ends come first, the log is quiet."""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.restores.loop import IDLE_SECONDS
from bot.restores.models import Event, EventKind, PollResult, RestoreRequest, RestoreTask, Stage
from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.rates import TIER_3
from bot.slack.cards import AT_ONCE
from bot.slack.pauses import CALM
from tests.clocks import Now
from tests.scenario.delivering import Desk, delivering

RESTORES = 40
INTERVAL = timedelta(seconds=15)
MINUTE = timedelta(minutes=1)
#: All cards of the channel, each edited once, as fast as Slack lets the bot.
ROUND = MINUTE * RESTORES / TIER_3.per_minute
#: A card is edited a second after the last time, and Slack names whole seconds.
SLACK = timedelta(seconds=5)


class Channel:
    """Restores in one channel, followed as time goes by, on one clock with a Slack that keeps its rates."""

    def __init__(self, desk: Desk, now: Now) -> None:
        self.desk = desk
        self.requests: list[RestoreRequest] = []
        self.edits: list[str] = []
        #: By task: since when its card has been out of date, and how long it was each time.
        self.stale: dict[str, datetime] = {}
        self.waited: dict[str, list[timedelta]] = {}
        self._now = now
        self._counted = 0
        self._looks = 0

    async def fill(self) -> None:
        self.requests = [await self.desk.request() for _ in range(RESTORES)]
        await self.until(self.desk.time + MINUTE)

    async def run(self, span: timedelta) -> None:
        """Half of the restores move every time they are looked at, the others every third time."""
        end = self.desk.time + span
        while self.desk.time < end:
            await self.look(self.requests if self._looks % 3 == 0 else self.requests[::2])
            await self.until(self.desk.time + INTERVAL)

    async def look(self, requests: Sequence[RestoreRequest], *events: Event, status: str = "running") -> None:
        """All of them moved; or this became of them."""
        self._looks += 1
        results = []
        for request in requests:
            task_id = request.restore_task_id or ""
            self.stale.setdefault(task_id, self.desk.time)
            task = RestoreTask(restore_task_id=task_id, status=status, stages={Stage.FULL_DATA: self._looks})
            due_at = self.desk.time
            results.append(PollResult(restore_task_id=task_id, task=task, events=events, next_poll_at=due_at))
        await self.desk.store.save_polls(results, self.desk.time)

    async def until(self, end: datetime) -> None:
        """Every delivery that is due before then."""
        while self.desk.time < end:
            due_at = await self.desk.me.delivery.deliver()
            self._count()
            idle_until = min(end, self.desk.time + timedelta(seconds=IDLE_SECONDS))
            span = max(timedelta(), min(idle_until, due_at or end) - self.desk.time)
            self.desk.time += span
            self._now.time += span.total_seconds()

    def _count(self) -> None:
        for call in self.desk.workspace.journal[self._counted :]:
            if call.status is None:
                break
            self._counted += 1
            if call.name == "chat.update" and call.error is None:
                task_id = _task_id(call.arguments["text"])
                self.edits.append(task_id)
                waited = self.desk.time - self.stale.pop(task_id)
                self.waited.setdefault(task_id, []).append(waited)

    def refused(self, method: str) -> int:
        calls = self.desk.workspace.journal
        return sum(call.name == method and call.error == "ratelimited" for call in calls)


def _task_id(text: str) -> str:
    found = re.search(r"task `(s[0-9]+)`", text)
    assert found
    return found[1]


def told(logs: Sequence[Any], level: str) -> list[tuple[str, str]]:
    return [(line["event"], line["method"]) for line in logs if line["log_level"] == level]


@pytest.fixture
async def channel(tmp_path: Path) -> AsyncIterator[Channel]:
    now = Now()
    async with delivering(tmp_path, LocalWorkspace(now=now, rates=True)) as desk:
        yield Channel(desk, now)


async def test_promise_5_every_card_of_a_busy_channel_has_its_turn(channel: Channel) -> None:
    await channel.fill()
    with capture_logs() as logs:
        await channel.run(10 * MINUTE)
        assert len(channel.edits) > 0.95 * 10 * TIER_3.per_minute
        assert channel.refused("chat.update") < len(channel.edits) + AT_ONCE
        assert told(logs, "warning") == [("slack wants fewer calls", "chat.update")]
        await channel.until(channel.desk.time + ROUND + SLACK)
        assert channel.stale == {}
        await channel.until(channel.desk.time + 2 * CALM)
    longest = {task_id: max(waited) for task_id, waited in channel.waited.items()}
    assert len(longest) == RESTORES
    assert max(longest.values()) <= ROUND + SLACK
    assert len(told(logs, "warning")) == 1
    assert ("slack takes calls as before", "chat.update") in told(logs, "info")


@pytest.mark.parametrize(
    ("kind", "status", "shown"),
    [(EventKind.FINISHED, "finish", "Finished"), (EventKind.PAUSED, "pause", "Paused")],
)
async def test_promise_4_the_end_of_a_restore_is_shown_before_the_progress_of_others(
    channel: Channel, kind: EventKind, status: str, shown: str
) -> None:
    await channel.fill()
    await channel.run(2 * MINUTE)
    latest = next(each for each in channel.requests if each.restore_task_id == channel.edits[-1])
    await channel.look(channel.requests)
    await channel.look([latest], Event(kind=kind), status=status)
    await channel.until(channel.desk.time + SLACK)
    assert len(channel.stale) > RESTORES / 2
    assert latest.restore_task_id not in channel.stale
    (thread,) = [each for each in channel.desk.threads() if f"`{latest.restore_task_id}`" in each[0]]
    assert shown in thread[0]
    assert len(thread) == 2


async def test_promise_3_messages_that_come_faster_than_slack_takes_them_are_told_and_logged_once(
    channel: Channel,
) -> None:
    with capture_logs() as logs:
        await channel.fill()
        await channel.look(channel.requests, Event(kind=EventKind.STARTED))
        await channel.until(channel.desk.time + 3 * MINUTE)
    assert [len(thread) for thread in channel.desk.threads()] == [2] * RESTORES
    assert channel.refused("chat.postMessage") > RESTORES
    assert told(logs, "warning") == [("slack wants fewer calls", "chat.postMessage")]
    assert told(logs, "info") == [("slack takes calls as before", "chat.postMessage")]


async def test_promise_9_an_edit_that_hangs_holds_up_no_other_when_slack_takes_few(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.restores.loop.PATIENCE_SECONDS", 0.02)
    await channel.fill()
    await channel.run(2 * MINUTE)
    following = await channel.desk.store.following("s1")
    assert following is not None
    ts = following.link.thread_ts
    channel.desk.client.fault = lambda _, arguments: "frozen" if arguments.get("ts") == ts else None
    await channel.look(channel.requests)
    await channel.until(channel.desk.time + ROUND + SLACK)
    assert list(channel.stale) == ["s1"]
    channel.desk.client.thawed.set()
    await channel.desk.me.delivery.loop.crew.wait(None)
