"""The buttons of a restore: once, twice in a row, by two people at once, outdated, with something down."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bot.app import dbs_client
from bot.restores.clock import utc_now
from bot.sandbox.slack import Person
from bot.slack import buttons
from tests.scenario.calling import answer, made_elsewhere, rows
from tests.scenario.pressing import (
    Buttons,
    adopted,
    answered,
    buttons_of,
    calls,
    forget,
    post_buttons,
    shown,
    unstarted,
)
from tests.scenario.stage import CHANNEL, Stage


@contextmanager
def store_locked(stage: Stage) -> Iterator[None]:
    """Somebody holds the database; nothing can be read or written."""
    path = stage.settings.database_url.removeprefix("sqlite:///")
    locked = sqlite3.connect(path, isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    yield
    locked.execute("ROLLBACK")
    locked.close()


async def at_once(keys: Buttons, action_id: str, *people: Person) -> list[str]:
    """What each of several people is answered who press the same at the same time."""
    before = [len(person.ephemerals(CHANNEL)) for person in people]
    await asyncio.gather(*(keys.press(person, action_id) for person in people))
    shown_to = [
        await answered(keys.stage, person, count) for person, count in zip(people, before, strict=True)
    ]
    return [str(each["text"]) for each in shown_to]


def told(stage: Stage, words: str) -> int:
    return sum(words in text for text in stage.told())


# Starting


async def test_a_task_is_started_from_its_thread_and_everybody_hears_who_did_it(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        assert "Its start is ordered" in await keys.said(stage.ben, buttons.START)
        await stage.until_told(f"<@{stage.ben.id}>")
        await stage.play(until="The restore is running")
        again = await keys.said(stage.alice, buttons.START)
        assert "It was started already" in again
        assert f"<@{stage.ben.id}>" in again
    assert calls(stage, "StartRestoreTask") == 1


async def test_two_people_who_start_it_at_once_start_it_once_and_the_second_hears_of_the_first(
    stage: Stage,
) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        said = await at_once(keys, buttons.START, stage.alice, stage.ben)
        (second,) = [text for text in said if "ordered already by <@" in text]
        (first,) = [text for text in said if text != second]
        assert "Its start is ordered" in first
        await stage.play(until="The restore is running")
        assert told(stage, "ordered the start") == 1
    assert calls(stage, "StartRestoreTask") == 1


async def test_a_task_made_elsewhere_is_started_once_however_often_it_is_ordered(stage: Stage) -> None:
    async with stage.bot():
        await unstarted(stage)
    forget(stage)
    async with stage.bot() as bot:
        keys = await adopted(stage, bot)
        said = await at_once(keys, buttons.START, stage.alice, stage.ben)
        assert sorted("already by <@" in text for text in said) == [False, True]
        assert "already" in await keys.said(stage.alice, buttons.START)
        await stage.play(until="The restore is running")
        assert told(stage, "ordered the start") == 1
    tokens = {each.arguments["ClientToken"] for each in stage.dbs.journal if each.name == "StartRestoreTask"}
    assert tokens == {f"rs-{stage.dbs.tasks[0].task_id}"}


async def test_dbs_refusing_or_missing_at_a_start_is_said_and_the_button_works_again(stage: Stage) -> None:
    async with stage.bot():
        await unstarted(stage)
    forget(stage)
    async with stage.bot() as bot:
        keys = await adopted(stage, bot)
        stage.dbs.faults.add("error", "StartRestoreTask", code="Task.Busy")
        assert "DBS says no" in await keys.said(stage.alice, buttons.START)
        stage.dbs.faults.clear()
        assert "Its start is ordered" in await keys.said(stage.alice, buttons.START)
        await stage.play(until="The restore is running")


# Giving up


async def test_giving_up_asks_first_says_what_it_is_not_and_is_told_in_the_thread(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        asked = await keys.dialog(stage.alice, buttons.GIVE_UP)
        assert "DBS has no call for that, and keeps the task" in asked
        await keys.dialog(stage.ben, buttons.GIVE_UP)
        await asyncio.gather(stage.alice.submit(), stage.ben.submit())
        said = [await shown(stage, stage.alice, "iven up"), await shown(stage, stage.ben, "iven up")]
        assert sum("Given up. DBS keeps the task" in text for text in said) == 1
        assert sum("given up already by <@" in text for text in said) == 1
        await stage.until_told("gave this restore up")
        assert told(stage, "gave this restore up") == 1
        assert "it was given up by <@" in await keys.said(stage.ben, buttons.START)
    assert calls(stage, "StartRestoreTask") == 0


async def test_what_was_given_up_is_history_with_a_receipt_and_a_way_to_ask_again(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        await keys.dialog(stage.ben, buttons.GIVE_UP)
        await stage.ben.submit()
        await stage.until_card("Given up")
        card, *_ = stage.thread()
        assert "menu" not in str([block for block in card["blocks"] if "accessory" in block])
        before = len(stage.alice.ephemerals(CHANNEL))
        await stage.alice.click(card, buttons.RECEIPT)
        assert "gave it up" in (await answered(stage, stage.alice, before))["text"]
        await stage.alice.click(card, buttons.EDIT)
        await stage.until_block("choice")
        await stage.alice.close()
        history = await answer(stage, "/restore history")
        assert "Restores that ended: 1" in history["text"]
        (row,) = rows(history)
        assert f"*Given up* by <@{stage.ben.id}>, <!date^" in row
        assert "Restores under way: none" in (await answer(stage, "/restore list"))["text"]


@pytest.mark.parametrize(
    ("plan", "end", "label"),
    [("orders-prod", "finished", "Restore again"), ("billing-prod", "failed", "Try again")],
)
async def test_what_was_given_up_and_started_in_the_console_is_followed_to_its_end(
    stage: Stage, plan: str, end: str, label: str
) -> None:
    async with stage.bot() as bot:
        await unstarted(stage, plan)
        keys = await buttons_of(stage, bot)
        await keys.dialog(stage.ben, buttons.GIVE_UP)
        await stage.ben.submit()
        await stage.until_card("Given up")
        async with dbs_client(stage.settings) as console:
            region = stage.plan(plan).region
            await console.start_restore_task(keys.task_id, region=region, client_token="console")
        await stage.play(until="The restore is running")
        assert "Restores under way: 1" in (await answer(stage, "/restore list"))["text"]
        assert "Restores that ended: none" in (await answer(stage, "/restore history"))["text"]
        await stage.play(until=end)
        await stage.until_card(end.capitalize())
        (row,) = rows(await answer(stage, "/restore history"))
        assert end.capitalize() in row
        assert "Given up" not in row
        card, *_ = stage.thread()
        assert "Given up" not in card["text"]
        assert label in str(card["blocks"])


async def test_a_task_made_elsewhere_whose_start_was_ordered_cannot_be_given_up(stage: Stage) -> None:
    """DBS starts it when its precheck has passed, which takes time, and that stands still."""
    await made_elsewhere(stage)
    async with stage.bot() as bot:
        keys = await adopted(stage, bot)
        await keys.said(stage.alice, buttons.START)
        assert "no call to take that back" in await keys.said(stage.ben, buttons.GIVE_UP)
        assert (await keys.now()).given_up_by is None


async def test_what_is_ordered_or_runs_or_succeeded_cannot_be_given_up(stage: Stage) -> None:
    async with stage.bot() as bot:
        await stage.restore("orders-prod")
        await stage.looked()
        keys = await buttons_of(stage, bot)
        assert "no call to take that back" in await keys.said(stage.alice, buttons.GIVE_UP)
        await stage.play(until="The restore is running")
        assert "no call to stop a restore" in await keys.said(stage.alice, buttons.GIVE_UP)
        await stage.play(until="finished")
        assert "It succeeded" in await keys.said(stage.alice, buttons.GIVE_UP)
        assert (await keys.now()).given_up_by is None


# Asking


async def test_a_failure_is_explained_in_the_language_of_whoever_asks(stage: Stage) -> None:
    async with stage.bot() as bot:
        await stage.restore("billing-prod")
        await stage.play(until="The restore is running")
        keys = await buttons_of(stage, bot)
        assert "It has not failed" in await keys.said(stage.alice, buttons.EXPLAIN)
        await stage.play(until="The restore failed")
        english, chinese = [await keys.said(each, buttons.EXPLAIN) for each in (stage.alice, stage.ben)]
        failure = stage.plan("billing-prod").script.stop
        assert failure is not None
        assert failure.failure.en in english
        assert failure.failure.cn in chinese
        assert all("DBS's own text" in each and failure.failure.code in each for each in (english, chinese))
        (told_of,) = [text for text in stage.told() if "The restore failed" in text]
        (where,) = [
            line for line in told_of.splitlines() if line.startswith("It stopped at data 60 %, after")
        ]
        assert all(where in each.splitlines() for each in (english, chinese))


async def test_an_explanation_dbs_does_not_give_is_not_made_up(stage: Stage) -> None:
    async with stage.bot() as bot:
        await stage.restore("billing-prod")
        await stage.play(until="The restore failed")
        keys = await buttons_of(stage, bot)
        stage.dbs.faults.add("error", "DescribeJobErrorCode", code="InternalError")
        said = await keys.said(stage.alice, buttons.EXPLAIN)
        assert "DBS's own text" in said
        assert ":satellite_antenna:" in said


async def test_every_item_of_a_failed_precheck_is_shown_to_the_letter(stage: Stage) -> None:
    plan = next(plan for plan in stage.dbs.estate.plans if plan.script.precheck_failure)
    async with stage.bot() as bot:
        await stage.restore(plan.name, database_name="postgres")
        await stage.play(until="Precheck failed")
        keys = await buttons_of(stage, bot)
        for _ in range(2):
            text = await keys.dialog(stage.ben, buttons.PRECHECK)
            assert "java.lang.RuntimeException: Access denied for user" in text
            assert "CHECK_DEST" in text
            await stage.ben.close()


async def test_the_status_and_what_dbs_says_now_are_shown_to_the_person_alone(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        shown_here = await keys.answer(stage.ben, buttons.STATUS)
        assert shown_here["blocks"][0]["type"] == "header"
        assert shown_here["thread_ts"] == keys.message["thread_ts"]
        for _ in range(2):
            assert "DBS says now" in await keys.said(stage.ben, buttons.CHECK_NOW)
        assert stage.alice.ephemerals(CHANNEL) == []


async def test_what_dbs_says_now_is_as_of_now_whenever_it_last_changed(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        asked_at = utc_now()
        changed = (await keys.now()).evolve(changed_at=asked_at - timedelta(days=1), silent=True)
        seen = await bot.register.seen_now(changed)
    assert seen.changed_at >= asked_at
    assert not seen.silent, "it just answered"


async def test_a_dbs_that_does_not_answer_is_said_by_check_now(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        stage.dbs.faults.add("error", "DescribeRestoreTaskList", code="InternalError")
        said = await keys.said(stage.alice, buttons.CHECK_NOW)
    assert "DBS says now" not in said
    assert "again in a moment" in said or "DBS says no" in said


async def test_the_receipt_is_a_message_and_json_by_button(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        assert "Receipt" in await keys.said(stage.ben, buttons.RECEIPT)
        as_json = await keys.said(stage.ben, buttons.RECEIPT_JSON)
        assert as_json.startswith("```")
        assert keys.task_id in as_json
        assert "correct horse" not in as_json


async def test_an_answer_to_a_card_is_given_in_the_channel_where_it_is_seen(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot, in_thread=False)
        shown_here = await keys.answer(stage.ben, buttons.STATUS)
        assert "thread_ts" not in shown_here


# Outdated, unknown, down


async def test_a_button_of_a_restore_that_is_forgotten_says_so(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        following = await (await buttons_of(stage, bot)).now()
        gone = following.evolve(link=following.link.evolve(link_id=4711))
        keys = await post_buttons(stage, bot, gone)
        for action_id in (buttons.START, buttons.EXPLAIN, buttons.RECEIPT, buttons.GIVE_UP, buttons.AGAIN):
            assert "not known here any more" in await keys.said(stage.alice, action_id)
        await keys.press(stage.alice, buttons.EDIT)
        await stage.until_shown("not at hand any more")


async def test_promise_8_with_the_store_out_of_reach_every_button_says_so_and_does_nothing(
    stage: Stage,
) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        with store_locked(stage):
            async with asyncio.timeout(6):
                before = len(stage.alice.ephemerals(CHANNEL))
                await keys.press(stage.alice, buttons.START)
                said = await answered(stage, stage.alice, before)
                assert "My database does not answer" in said["text"]
        assert "Its start is ordered" in await keys.said(stage.alice, buttons.START)


@pytest.mark.parametrize("action_id", [buttons.EXPLAIN, buttons.CHECK_NOW, buttons.START])
async def test_promise_8_a_button_is_acknowledged_while_dbs_hangs(stage: Stage, action_id: str) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        stage.dbs.faults.add("hang", "StartRestoreTask")
        stage.dbs.faults.add("hang", "DescribeRestoreTaskList")
        stage.dbs.faults.add("hang", "DescribeJobErrorCode")
        async with asyncio.timeout(3):
            await keys.press(stage.alice, action_id)


async def test_promise_8_a_dialog_that_cannot_be_saved_says_so_and_can_be_repeated(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        await keys.dialog(stage.alice, buttons.GIVE_UP)
        with store_locked(stage):
            async with asyncio.timeout(3):
                await stage.alice.submit()
            await shown(stage, stage.alice, "My database does not answer")
        await stage.alice.close()
        await keys.dialog(stage.alice, buttons.GIVE_UP)
        await stage.alice.submit()
        await shown(stage, stage.alice, "Given up. DBS keeps the task")


async def test_with_the_store_out_of_reach_a_shortcut_says_so(stage: Stage) -> None:
    async with stage.bot():
        await unstarted(stage)
        card, *_ = stage.thread()
        before = len(stage.alice.ephemerals(CHANNEL))
        with store_locked(stage):
            await stage.alice.message_shortcut("restore_status", card)
            said = await answered(stage, stage.alice, before)
    assert "My database does not answer" in said["text"]
