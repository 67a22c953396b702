"""A day of 500 restores over 20 channels: Slack is called for what happened, and for nothing else."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, cast

import pytest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.restores.models import EventKind
from bot.restores.poller import RestorePoller
from bot.slack.delivery import Delivery
from bot.store.connection import database_path
from tests import values
from tests.crash.board import Board
from tests.crash.fragile import World
from tests.scenario.desk import Desk, drafted

RESTORES, CHANNELS = 500, 20
APART = timedelta(hours=22) / RESTORES
INTERVAL = timedelta(minutes=3)
#: Of ten restores one fails its precheck, two stop on the way, and three pause.
PLANS = ("orders-prod",) * 4 + ("sessions-prod",) * 3 + ("billing-prod",) * 2 + ("inventory-prod",)

#: What a thread may be told, and how often at most.
PROMISED = {
    EventKind.CREATED: 1,
    EventKind.PRECHECK_PASSED: 1,
    EventKind.PRECHECK_FAILED: 1,
    EventKind.START_REFUSED: 1,
    EventKind.STARTED: 1,
    EventKind.DATA_PROGRESS: 3,
    EventKind.STAGE_DONE: 4,
    EventKind.PAUSED: 1,
    EventKind.RESUMED: 1,
    EventKind.FAILED: 1,
    EventKind.FINISHED: 1,
}


class Counted(Board):
    """A Slack that counts its calls, and the edits that change nothing."""

    def __init__(self) -> None:
        super().__init__(cast("World", None))
        self.calls: Counter[str] = Counter()
        self.idle_edits = 0
        self.by_ts: dict[str, dict[str, Any]] = {}

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        self.calls[api_method] += 1
        return await super().api_call(api_method, **options)

    def _post(self, arguments: dict[str, Any]) -> dict[str, Any]:
        posted = super()._post(arguments)
        self.by_ts[posted["ts"]] = self.posts[-1]
        return posted

    def _standing(self, ts: str) -> dict[str, Any]:
        return self.by_ts[ts]

    def _update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        shown = self._standing(arguments["ts"])
        self.idle_edits += shown["blocks"] == arguments["blocks"] and shown["text"] == arguments["text"]
        return super()._update(arguments)


class Day:
    """Settler, poller and delivery take their turns by hand, on one clock with DBS."""

    def __init__(self, desk: Desk, slack: Counted) -> None:
        self.desk = desk
        self.slack = slack
        self.asked = 0
        self.plans: Iterator[str] = cycle(PLANS)
        self.delivery = Delivery(slack, desk.store, now=self.now)
        self.poller = RestorePoller(
            values.accounts(desk.dbs), desk.store, interval=INTERVAL, tell=lambda: None, now=self.now
        )

    def now(self) -> datetime:
        return self.desk.time

    async def ask(self) -> None:
        number = self.asked
        self.asked += 1
        draft = drafted(
            self.desk.stage.plan(next(self.plans)),
            f"{number:05}".ljust(32, "a"),
            start=True,
            channel_id=f"C{number % CHANNELS}",
        )
        await self.desk.service.submit(draft)

    async def turn(self) -> None:
        """Whoever has something to do does it, as long as there is something."""
        await self.desk.settler.settle()
        await self.poller.round()
        await self.delivery.deliver()
        self.pass_time(INTERVAL)

    def pass_time(self, span: timedelta) -> None:
        self.desk.time += span
        self.desk.stage.clock.advance(span.total_seconds())

    def told(self) -> list[tuple[int, EventKind, str]]:
        """Every event of the day: its thread, its kind, and what became of its message."""
        database = database_path(self.desk.stage.settings.database_url)
        with closing(sqlite3.connect(database)) as rows:
            found = rows.execute("SELECT link_id, kind, state FROM outbox WHERE event IS NOT NULL").fetchall()
        return [(link_id, EventKind(kind), state) for link_id, kind, state in found]


@pytest.mark.timeout(240)
async def test_promise_10_a_day_of_500_restores_calls_slack_only_for_what_happened(desk: Desk) -> None:
    slack = Counted()
    day = Day(desk, slack)
    for turn in range(timedelta(hours=24) // INTERVAL):
        while turn * INTERVAL >= day.asked * APART and day.asked < RESTORES:
            await day.ask()
        await day.turn()
    told = day.told()
    ends = Counter(kind for _, kind, _ in told)
    assert ends[EventKind.FINISHED] == RESTORES * 7 // 10
    assert ends[EventKind.FAILED] == RESTORES * 2 // 10
    assert ends[EventKind.PRECHECK_FAILED] == RESTORES // 10
    for (_, kind), times in Counter((link_id, kind) for link_id, kind, _ in told).items():
        assert times <= PROMISED[kind], kind
    assert {state for _, _, state in told} == {"sent"}
    assert slack.calls["chat.postMessage"] == len(slack.posts) == RESTORES + len(told)
    assert slack.idle_edits == 0
    assert set(slack.calls) == {"chat.postMessage", "chat.update"}
