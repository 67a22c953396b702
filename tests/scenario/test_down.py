"""Slack, DBS or both out of reach for ten minutes: afterwards every thread is complete."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from bot.restores.models import DuplicateConflict, Event
from bot.restores.poller import RestorePoller
from bot.sandbox.slack.wire import Json
from bot.slack.delivery import Delivery
from bot.slack.events import event_message
from bot.store.connection import database_path
from tests import values
from tests.cards import cards
from tests.scenario.delivering import CHANNEL, Client, healthy
from tests.scenario.desk import Desk, drafted, never

STEP = timedelta(seconds=15)
QUIET = timedelta(minutes=1)
DOWN = timedelta(minutes=10)
#: One that finishes, one that pauses, one that fails.
PLANS = ("orders-prod", "sessions-prod", "billing-prod")
SLACK_WAS_DOWN, DBS_WAS_DOWN, DBS_IS_BACK = "I could not post", "DBS has not answered", "DBS answers again"


class House:
    """Everything that takes turns, on one clock; the wires to Slack and DBS can be cut."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.workspace = desk.stage.workspace
        self.slack = Client(desk.stage.settings.slack_api_url.removesuffix("api/"))
        self.restart()

    def restart(self) -> None:
        """What was in memory is gone."""
        self.desk.restart()
        self.poller = RestorePoller(
            values.accounts(self.desk.dbs),
            self.desk.store,
            interval=STEP,
            tell=lambda: None,
            now=lambda: self.desk.time,
        )
        self.delivery = Delivery(self.slack, self.desk.store, now=lambda: self.desk.time)

    async def submit(self, plan_name: str) -> None:
        draft = drafted(self.desk.stage.plan(plan_name), nonce(plan_name), start=True)
        spec = draft.spec.evolve(task_name=plan_name, duplicate_conflict=DuplicateConflict.RENAME)
        await self.desk.service.submit(draft.evolve(spec=spec))

    async def live(self, time: timedelta, *, step: timedelta = STEP) -> None:
        """Let time pass; everyone takes a turn, again and again."""
        for _ in range(time // step):
            self.desk.stage.clock.advance(step.total_seconds())
            self.desk.time += step
            await self.desk.settler.settle()
            await self.poller.round()
            await self.delivery.deliver()

    async def live_to_the_end(self) -> None:
        """Until every card shows the end, and a little longer: something might come twice."""
        for _ in range(100):
            await self.live(QUIET, step=QUIET)
            texts = [card["text"] for card in self.cards()]
            if len(texts) == len(PLANS) and all("*Fin" in text or "*Failed" in text for text in texts):
                break
        await self.live(3 * QUIET, step=QUIET)

    def cut(self, *, slack: str | None = None, dbs: bool = False) -> None:
        self.slack.fault = (lambda _method, _arguments: slack) if slack else healthy
        self.desk.wire.cut = (lambda _action: True) if dbs else never

    def cards(self) -> list[Json]:
        return cards(self.workspace.messages(CHANNEL))

    def told(self, card: Json) -> str:
        """What a thread says below its card."""
        return "\n".join(each["text"] for each in self.workspace.thread(CHANNEL, card["ts"])[1:])

    def happened(self, plan_name: str) -> list[str]:
        """The first line of everything the thread of this plan's restore is to be told, in order."""
        sql = """
            SELECT event, restore_task_id FROM outbox JOIN links USING (link_id)
            WHERE nonce = ? AND event IS NOT NULL ORDER BY sequence
        """
        with closing(sqlite3.connect(database_path(self.desk.stage.settings.database_url))) as db:
            rows = db.execute(sql, [nonce(plan_name)]).fetchall()
        following = values.following(values.request(), values.task(restore_task_id=rows[-1][1]))
        events = [Event.model_validate_json(event) for event, _ in rows]
        return [event_message(event, following).text.partition("\n")[0] for event in events]


def nonce(plan_name: str) -> str:
    return plan_name[0] * 32


@pytest.fixture
def house(desk: Desk) -> House:
    return House(desk)


def in_order(lines: list[str], text: str) -> Iterator[str]:
    """The lines that are not there, each after the one before it."""
    at = 0
    for line in lines:
        found = text.find(line, at)
        if found < 0:
            yield line
        else:
            at = found + len(line)


def check(house: House) -> None:
    """Every thread is complete, nothing is there twice, and the cards are current."""
    cards = {card["text"].partition(" ")[0]: card for card in house.cards()}
    assert len(cards) == len(house.cards()) == len(PLANS)
    for plan, card in cards.items():
        told, lines = house.told(card), house.happened(plan)
        assert list(in_order(lines, told)) == []
        assert told.count("\n:") + 1 == len(lines) + told.count(SLACK_WAS_DOWN)
        end, word = ("failed", "*Failed*") if plan == "billing-prod" else ("finished in", "*Finished*")
        assert told.count(f"The restore {end}") == 1
        assert word in card["text"]
    assert len(house.desk.stage.dbs.tasks) == len(PLANS)


@pytest.mark.parametrize("dbs", [False, True])
@pytest.mark.parametrize("slack", [None, "never sent", "answer lost", "internal_error"])
async def test_promise_4_after_ten_minutes_without_slack_or_dbs_or_both_every_thread_is_complete(
    house: House, slack: str | None, dbs: bool
) -> None:
    for plan in PLANS:
        await house.submit(plan)
    await house.live(timedelta(minutes=3))
    house.cut(slack=slack, dbs=dbs)
    await house.live(DOWN)
    house.cut()
    await house.live_to_the_end()
    check(house)
    for card in house.cards():
        told = house.told(card)
        assert told.count(SLACK_WAS_DOWN) <= (1 if slack else 0)
        assert told.count(DBS_WAS_DOWN) == told.count(DBS_IS_BACK) == (1 if dbs else 0)


async def test_promise_4_restarts_while_both_are_down_change_nothing(house: House) -> None:
    for plan in PLANS:
        await house.submit(plan)
    await house.live(timedelta(minutes=3))
    house.cut(slack="never sent", dbs=True)
    for _ in range(2):
        await house.live(DOWN / 2)
        house.restart()
    house.cut()
    await house.live_to_the_end()
    check(house)
    for card in house.cards():
        told = house.told(card)
        assert told.count(SLACK_WAS_DOWN) <= 1
        assert told.count(DBS_WAS_DOWN) == told.count(DBS_IS_BACK) == 1


@pytest.mark.parametrize("slack", ["never sent", "answer lost", "internal_error"])
async def test_promise_4_what_was_asked_for_while_both_were_down_is_done_and_told(
    house: House, slack: str
) -> None:
    house.cut(slack=slack, dbs=True)
    for plan in PLANS:
        await house.submit(plan)
    await house.live(DOWN)
    house.cut()
    await house.live_to_the_end()
    check(house)


Cut = Callable[[House], Any]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda house: house.cut(slack="never sent"), lambda house: house.cut(dbs=True)),
        (lambda house: house.cut(dbs=True), lambda house: house.cut(slack="never sent")),
    ],
    ids=["Slack, then DBS", "DBS, then Slack"],
)
async def test_promise_4_one_down_after_the_other_is_told_once_each(
    house: House, one: Cut, other: Cut
) -> None:
    for plan in PLANS:
        await house.submit(plan)
    await house.live(timedelta(minutes=1))
    for cut in (one, other):
        cut(house)
        await house.live(DOWN)
    house.cut()
    await house.live_to_the_end()
    check(house)
    for card in house.cards():
        told = house.told(card)
        assert told.count(SLACK_WAS_DOWN) <= 1
        assert told.count(DBS_WAS_DOWN) == told.count(DBS_IS_BACK) <= 1
