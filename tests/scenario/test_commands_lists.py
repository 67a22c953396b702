"""`/restore list` and `/restore history`."""

import sqlite3
from datetime import timedelta

import pytest

from bot.restores.models import RequestState, Stage, StageTime, Timeline
from tests.scenario.calling import (
    ALICE,
    BEN,
    CHANNEL_ID,
    answer,
    asked,
    buttons,
    kept,
    pressed,
    rows,
    saw,
    turned,
)
from tests.scenario.stage import CHANNEL
from tests.scenario.stage import Stage as Scene
from tests.values import NOON


async def some(stage: Scene) -> None:
    """Alice's runs, Ben's waits, one of Alice's failed and one of Ben's succeeded."""
    async with kept(stage) as store:
        running = await asked(store, 1)
        await saw(store, running, "running", stages={Stage.FULL_DATA: 60})
        waiting = await asked(
            store, 2, plan="billing-prod", user_id=BEN, state=RequestState.CREATED, start=False
        )
        await saw(store, waiting, "check_pass")
        failed = await asked(store, 3)
        await saw(store, failed, "stop", error_message="The target is full.")
        timeline = Timeline(
            stages={
                Stage.STRUCTURE_BEFORE: StageTime(began_at=NOON, done_at=NOON + timedelta(seconds=12)),
                Stage.FULL_DATA: StageTime(began_at=NOON, done_at=NOON + timedelta(minutes=31)),
            }
        )
        finished = await asked(store, 4, plan="billing-prod", user_id=BEN)
        await saw(store, finished, "finish", finished_at=NOON + timedelta(minutes=42), timeline=timeline)


@pytest.mark.parametrize(
    ("typed", "targets"),
    [
        ("list", ["rm-2", "rm-1"]),
        ("List Active", ["rm-2", "rm-1"]),
        ("list mine", ["rm-3", "rm-1"]),
        ("list all", ["rm-4", "rm-3", "rm-2", "rm-1"]),
        ("list plan billing-prod", ["rm-4", "rm-2"]),
        ("list plan `BILLING`", ["rm-4", "rm-2"]),
        ("list active billing", ["rm-2"]),
        ("list orders", ["rm-3", "rm-1"]),
        ("history", ["rm-4", "rm-3"]),
        ("history billing-prod", ["rm-4"]),
    ],
)
async def test_lists_show_what_they_are_asked_for_the_newest_first(
    stage: Scene, typed: str, targets: list[str]
) -> None:
    await some(stage)
    async with stage.bot():
        shown = await answer(stage, f"/restore {typed}")
    assert [row.partition("→ ")[2].partition("*")[0] for row in rows(shown)] == targets
    assert all(target in shown["text"] for target in targets)
    assert f"{len(targets)}" in shown["text"].partition("\n")[0]
    assert stage.ben.ephemerals(CHANNEL) == []


async def test_a_row_says_how_far_who_and_where_and_so_does_the_text(stage: Scene) -> None:
    await some(stage)
    async with stage.bot():
        shown = await answer(stage, "/restore list")
    waiting, running = rows(shown)
    for text in (running, shown["text"]):
        assert "orders-prod → rm-1" in text
        assert "Running" in text
        assert "60 %" in text
        assert f"<@{ALICE}>" in text
        assert "s1made0001" in text
    assert "waits until somebody starts it" in waiting
    assert f"<@{BEN}>" in waiting
    assert buttons(shown)["Status"]["action_id"] == "show_status"


async def test_a_row_leads_to_its_thread(stage: Scene) -> None:
    async with kept(stage) as store:
        await asked(store, 1, channel_id=CHANNEL_ID)
    async with stage.bot():
        await stage.workspace.until(stage.thread)
        (card, *_) = stage.thread()
        address = f"archives/{CHANNEL_ID}/p{card['ts'].replace('.', '')}"
        shown = await answer(stage, "/restore list mine")
    assert address in rows(shown)[0]


async def test_history_tells_how_long_each_stage_took_and_offers_receipts(stage: Scene) -> None:
    await some(stage)
    async with stage.bot():
        shown = await answer(stage, "/restore history")
    finished, failed = rows(shown)
    for text in (finished, shown["text"]):
        assert "Finished" in text
        assert "42 min" in text
        assert "Structure 12 s · data 31 min" in text
    assert "Failed" in failed
    assert "The target is full." in failed
    assert buttons(shown)["Receipt"]["action_id"] == "show_receipt"


async def test_pages_are_turned_in_place_there_and_back(stage: Scene) -> None:
    async with kept(stage) as store:
        for number in range(23):
            await asked(store, number)
    async with stage.bot():
        first = await answer(stage, "/restore list all")
        assert "All restores: 23, 1 to 10" in first["text"]
        assert len(rows(first)) == 10
        assert "Back" not in buttons(first)
        second = await turned(stage, first, "More (13 left)")
        assert "11 to 20" in second["text"]
        third = await turned(stage, second, "More (3 left)")
        assert "21 to 23" in third["text"]
        assert len(rows(third)) == 3
        back = await turned(stage, third, "Back")
        assert "11 to 20" in back["text"]
        other = await turned(stage, back, "Mine")
        assert "Restores you asked for: 23, 1 to 10" in other["text"]
        assert len(stage.alice.ephemerals(CHANNEL)) == 1


async def test_a_page_that_is_gone_meanwhile_shows_the_last_there_is(stage: Scene) -> None:
    async with kept(stage) as store:
        for number in range(11):
            await asked(store, number)
    async with stage.bot():
        first = await answer(stage, "/restore list all")
        with sqlite3.connect(stage.settings.database_url.removeprefix("sqlite:///")) as db:
            db.execute("DELETE FROM outbox WHERE link_id = 11")
            db.execute("DELETE FROM links WHERE link_id = 11")
        db.close()
        again = await turned(stage, first, "More (1 left)")
    assert "All restores: 10" in again["text"]
    assert len(rows(again)) == 10


async def test_nothing_to_show_is_said_with_the_other_lists_to_look_at(stage: Scene) -> None:
    async with stage.bot():
        shown = await answer(stage, "/restore list")
        assert "Restores under way: none" in shown["text"]
        assert {"Mine", "All", "History"} <= buttons(shown).keys()
        assert "Active" not in buttons(shown)
        history = await turned(stage, shown, "History")
        assert "Restores that ended: none" in history["text"]


@pytest.mark.parametrize(
    ("typed", "command"), [("list plan biling-prod", "list plan"), ("history biling-prod", "history")]
)
async def test_a_plan_nearly_spelt_right_is_offered(stage: Scene, typed: str, command: str) -> None:
    await some(stage)
    async with stage.bot():
        shown = await answer(stage, f"/restore {typed}")
        assert "Did you mean `billing-prod`?" in shown["text"]
        right = await turned(stage, shown, "Of billing-prod")
    assert len(rows(right)) == (2 if command == "list plan" else 1)


async def test_a_plan_that_is_not_named_is_asked_for(stage: Scene) -> None:
    await some(stage)
    async with stage.bot():
        shown = await answer(stage, "/restore list plan")
        assert "Restores of which plan?" in shown["text"]
        assert {"billing-prod", "orders-prod"} <= buttons(shown).keys()
        right = await pressed(stage, shown, "orders-prod")
        assert len(rows(right)) == 2


async def test_a_plan_that_is_not_named_where_nothing_was_restored(stage: Scene) -> None:
    async with stage.bot():
        shown = await answer(stage, "/restore list plan")
        assert "Nothing was restored yet" in shown["text"]
        await stage.alice.click(shown, buttons(shown)["Restore a database"]["action_id"])
        await stage.until_block("plan")


async def test_a_misspelt_word_is_set_right_by_a_button(stage: Scene) -> None:
    await some(stage)
    async with stage.bot():
        shown = await answer(stage, "/restore list mien")
        assert "There is no `/restore list mien`. Did you mean `/restore list mine`?" in shown["text"]
        right = await pressed(stage, shown, "/restore list mine")
        assert len(rows(right)) == 2
        of_plan = await pressed(stage, shown, "Of the plan mien")
        assert "Restores of plans like `mien`: none" in of_plan["text"]


async def test_a_plan_called_nearly_like_a_word_of_the_list_is_not_in_the_way_of_itself(stage: Scene) -> None:
    async with kept(stage) as store:
        await asked(store, 1, plan="mines")
    async with stage.bot():
        shown = await answer(stage, "/restore list mines")
    assert len(rows(shown)) == 1
