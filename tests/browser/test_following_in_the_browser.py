"""A restore as a person follows it: how far it is, what went wrong, what can be done, who else knows."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.app import dbs_client
from bot.restores.clock import utc_now
from bot.restores.models import Stage as DbsStage
from bot.sandbox.slack import LocalWorkspace
from tests.browser.restoring import (
    TO_THE_END_MS,
    ask,
    card_in,
    fill_in,
    give_password,
    go_on,
    go_to,
    open_thread,
    restore,
    staged_on,
    step,
    told_in_channel,
)
from tests.scenario.calling import asked, kept, made_elsewhere, saw
from tests.scenario.stage import Stage

pytestmark = pytest.mark.browser

OTHER = "database-changes"


@pytest.fixture
async def stage(workspace: LocalWorkspace, url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged_on(workspace, url, tmp_path) as made:
        yield made


@pytest.fixture
async def dbs(stage: Stage) -> AsyncIterator[Stage]:
    """The stage with the bot at work on it."""
    async with stage.bot():
        yield stage


async def test_a_restore_is_followed_to_success_and_leaves_a_receipt(chat: Page, dbs: Stage) -> None:
    await restore(chat, await fill_in(chat, "orders-prod"))
    await dbs.play(until="Data: 50 %")
    card = card_in(chat)
    await expect(card).to_contain_text(re.compile(r"Structure +█+ 100 %.*\n?Data +█+░+ +\d\d %"))
    await expect(card).to_contain_text("Running")
    await expect(card).to_contain_text("Asked by")
    await card.get_by_role("button", name="More options").click()
    await expect(chat.get_by_role("menuitem", name="Check now")).to_be_visible()
    await chat.keyboard.press("Escape")

    await dbs.play(until="The restore finished")
    thread = await open_thread(chat)
    end = thread.get_by_role("article").filter(has_text="The restore finished in 10 min")
    await expect(end).to_contain_text("@Alice Chen")
    await expect(end).to_contain_text("Before anybody relies on it")
    await expect(told_in_channel(chat)).to_contain_text("The restore finished in 10 min")
    await expect(card).to_contain_text("Finished in 10 min", timeout=TO_THE_END_MS)
    await expect(card.get_by_role("button", name="Restore again")).to_be_visible()

    await card.get_by_role("button", name="Receipt").click()
    receipt = chat.get_by_role("article").filter(has_text="Receipt: orders-prod → rm-bp1target0001").last
    await expect(receipt).to_contain_text("What happened")
    await expect(receipt).to_contain_text("DestinationEndpointInstanceID = rm-bp1target0001")
    await expect(receipt).not_to_contain_text("correct horse")
    await receipt.get_by_role("button", name="Receipt as JSON").click()
    written = chat.locator("article.ephemeral pre").filter(has_text='"receipt": 1').last
    assert json.loads(await written.inner_text())["outcome"] == "finished"


async def test_a_failed_precheck_is_edited_and_tried_again_to_success(chat: Page, dbs: Stage) -> None:
    await restore(chat, await fill_in(chat, "inventory-prod"))
    await dbs.play(until="Precheck failed")
    card = card_in(chat)
    await expect(card).to_contain_text("Precheck failed, nothing was restored")
    thread = await open_thread(chat)
    failed = thread.get_by_role("article").filter(has_text="@Alice Chen Precheck failed")
    await expect(failed).to_contain_text("missing privileges")
    await expect(failed).not_to_contain_text("java.lang")
    await failed.get_by_role("button", name="What DBS said").click()
    raw = chat.get_by_role("dialog").filter(has_text="java.lang.RuntimeException")
    await raw.get_by_role("button", name="Close").last.click()

    await failed.get_by_role("button", name="Edit and try again").click()
    what = step(chat, "1/3: what")
    await expect(what.get_by_role("combobox", name="Backup plan")).to_have_value(re.compile("inventory-prod"))
    where = await go_on(chat, "2/3: where")
    await expect(where.get_by_label("Target instance")).to_have_value("rm-bp1target0001")
    await where.get_by_label("Account").fill("restore_admin")
    check = await go_on(chat, "3/3: check")
    await expect(check).to_contain_text("Changed from what @Alice Chen asked for")
    password = check.get_by_label("Password of restore_admin")
    await expect(password).to_have_value("")
    await password.fill("correct horse")
    await restore(chat, check)
    await dbs.play(until="The restore finished")
    await expect(card_in(chat)).to_contain_text("Finished in", timeout=TO_THE_END_MS)
    assert [task.plan.name for task in dbs.dbs.tasks] == ["inventory-prod", "inventory-prod"]


async def test_a_stop_at_60_percent_is_explained_and_the_restore_tried_again(chat: Page, dbs: Stage) -> None:
    await restore(chat, await fill_in(chat, "billing-prod"))
    await dbs.play(until="The restore failed")
    card = card_in(chat)
    await expect(card).to_contain_text("Failed at data 60 %", timeout=TO_THE_END_MS)
    await expect(card).to_contain_text("The destination instance has run out of storage.")
    await expect(told_in_channel(chat)).to_contain_text("It stopped at data 60 %, after")
    await card.get_by_role("button", name="Why?").click()
    why = chat.locator(".ephemeral").filter(has_text="DBS's own text")
    await expect(why).to_contain_text("DBS.Restore.DestinationDiskFull")
    await expect(why.locator("pre")).to_contain_text("The table 'invoice_lines' is full")

    await card.get_by_role("button", name="Try again", exact=True).click()
    again = chat.get_by_role("dialog", name="Restore again")
    await expect(again).to_contain_text("As it was: the same as what @Alice Chen asked for")
    await expect(again.get_by_label("Password of restore_rw")).to_have_value("")
    await give_password(again)
    await again.get_by_label("Type rm-bp1target0001 to go on").fill("yes")
    await again.get_by_role("button", name="Restore", exact=True).click()
    await expect(again.get_by_role("alert")).to_contain_text("Type rm-bp1target0001")
    assert [task.plan.name for task in dbs.dbs.tasks] == ["billing-prod"]
    await restore(chat, again)
    await dbs.until_told("created the task")
    first, second = dbs.dbs.tasks
    same = ("BackupPlanId", "DestinationEndpointInstanceID", "RestoreObjects")
    assert {first.parameters[each] for each in same} == {second.parameters[each] for each in same}


async def test_a_task_made_elsewhere_is_watched_in_two_channels_to_its_end(chat: Page, dbs: Stage) -> None:
    task_id = await made_elsewhere(dbs, "nightly drill")
    for channel in (OTHER, "db-oncall"):
        await go_to(chat, channel)
        said = await ask(chat, f"/restore watch {task_id}", channel)
        await expect(said).to_contain_text("is watched here")
    async with dbs_client(dbs.settings) as client:
        await client.start_restore_task(task_id, region="cn-hangzhou", client_token="from the console")
    await dbs.play(until="The restore finished")
    for channel in ("db-oncall", OTHER):
        await go_to(chat, channel)
        await expect(told_in_channel(chat, channel)).to_contain_text("The restore finished in")
        card = card_in(chat, channel)
        await expect(card).to_contain_text("nightly drill")
        await expect(card).to_contain_text("Watched here by")
        await expect(card).to_contain_text(re.compile("Finished in .*10 min"), timeout=TO_THE_END_MS)
        await expect(await open_thread(chat, channel)).to_contain_text(
            re.compile("The restore finished in .*10 min")
        )
    assert len(dbs.dbs.tasks) == 1


async def test_a_restore_that_was_only_created_is_started_from_its_card(chat: Page, dbs: Stage) -> None:
    check = await fill_in(chat, "orders-prod")
    await check.get_by_role("checkbox", name="Start at once").uncheck()
    await expect(check).to_contain_text("not started")
    await restore(chat, check)
    await dbs.play(until="it waits until somebody starts it")
    card = card_in(chat)
    await expect(card).to_contain_text("Precheck passed, not started", timeout=TO_THE_END_MS)
    sure = chat.get_by_role("dialog", name="Start this restore?")
    await card.get_by_role("button", name="Start", exact=True).click()
    await expect(sure).to_contain_text("DBS begins to write to rm-bp1target0001")
    await sure.get_by_role("button", name="Not yet").click()
    await expect(sure).to_be_hidden()
    assert dbs.dbs.tasks[0].started_ms is None

    await card.get_by_role("button", name="Start", exact=True).click()
    await sure.get_by_role("button", name="Start").click()
    await expect(await open_thread(chat)).to_contain_text("@Alice Chen ordered the start.")
    await dbs.play(until="The restore finished")
    await expect(card).to_contain_text("Finished in", timeout=TO_THE_END_MS)
    await expect(card.get_by_role("button", name="Start", exact=True)).to_be_hidden()


async def test_a_standstill_is_said_once_and_taken_back(chat: Page, stage: Stage) -> None:
    ahead = timedelta()
    async with stage.bot(now=lambda: utc_now() + ahead):
        await restore(chat, await fill_in(chat, "orders-prod"))
        await stage.play(until="The restore is running")
        ahead = timedelta(minutes=16)
        card, thread = card_in(chat), await open_thread(chat)
        still = thread.get_by_role("article").filter(has_text="Nothing has moved for 16 min")
        await expect(still).to_contain_text("DBS still says that it is running")
        await expect(card).to_contain_text("No progress since", timeout=TO_THE_END_MS)
        ahead = timedelta(hours=2)
        await stage.looked()
        stage.clock.advance(60)
        await expect(thread).to_contain_text("It moves again: data")
        await expect(card).not_to_contain_text("No progress since", timeout=TO_THE_END_MS)
        await expect(thread.get_by_role("article").filter(has_text="Nothing has moved")).to_have_count(1)


async def test_lists_are_turned_page_by_page_and_lead_to_what_there_is_to_know(
    chat: Page, stage: Stage
) -> None:
    async with kept(stage) as store:
        for number in range(21):
            request = await asked(store, number)
            if number % 2:
                await saw(store, request, "running", stages={DbsStage.FULL_DATA: 40})
            else:
                await saw(store, request, "stop", error_message="The target is full.")
    async with stage.bot():
        shown = await ask(chat, "/restore list all")
        for words, turn in (
            ("All restores: 21, 1 to 10", "More (11 left)"),
            ("All restores: 21, 11 to 20", "More (1 left)"),
            ("All restores: 21, 21 to 21", "Back"),
        ):
            await expect(shown).to_contain_text(words)
            await shown.get_by_role("button", name=turn).click()
        await expect(shown).to_contain_text("11 to 20")
        await shown.get_by_role("button", name="Active").click()
        await expect(shown).to_contain_text("Restores under way: 10")
        await shown.get_by_role("button", name="History").click()
        await expect(shown).to_contain_text("Restores that ended: 11, 1 to 10")
        await expect(shown).to_contain_text("The target is full.")
        await shown.get_by_role("button", name="Receipt").first.click()
        receipt = chat.locator("article.ephemeral").last
        await expect(receipt).to_contain_text("Receipt: orders-prod → rm-20")
