"""Commands as a person types them: a word set right by a button, pages of lists, a task from the console."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.slack import LocalWorkspace
from tests.scenario.calling import asked, kept, made_elsewhere, saw
from tests.scenario.stage import Stage
from tests.settings import local_settings

pytestmark = pytest.mark.browser


@pytest.fixture
async def stage(workspace: LocalWorkspace, url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The services, and a bot to come between them."""
    dbs = LocalDbs(clock=SimulatedClock(0))
    async with AsyncExitStack() as stack:
        dbs_url = await stack.enter_async_context(dbs.serve())
        made = Stage(workspace, dbs, SimulatedClock(0), stack)
        made.settings = local_settings(url, dbs_url, tmp_path, poll_interval=0.2)
        yield made


async def say(chat: Page, line: str) -> Locator:
    """What is answered to the person alone."""
    answers = chat.get_by_role("article")
    before = await answers.count()
    await chat.get_by_role("textbox", name="Message #db-oncall").fill(line)
    await chat.keyboard.press("Enter")
    await expect(answers.nth(before)).to_be_visible()
    return answers.nth(before)


async def test_a_misspelt_word_is_set_right_and_pages_are_turned_in_place(chat: Page, stage: Stage) -> None:
    async with kept(stage) as store:
        for number in range(12):
            await saw(store, await asked(store, number), "stop", error_message="The target is full.")
    async with stage.bot():
        wrong = await say(chat, "/restore histroy")
        await expect(wrong).to_contain_text("Did you mean /restore history?")
        await wrong.get_by_role("button", name="/restore history").click()
        shown = chat.get_by_role("article").last
        await expect(shown).to_contain_text("Restores that ended: 12, 1 to 10")
        await shown.get_by_role("button", name="More (2 left)").click()
        await expect(shown).to_contain_text("11 to 12")
        await shown.get_by_role("button", name="Back").click()
        await expect(shown).to_contain_text("1 to 10")
        await expect(shown.get_by_role("button", name="Receipt")).to_have_count(10)


async def test_a_task_from_the_console_is_looked_up_and_watched(chat: Page, stage: Stage) -> None:
    task_id = await made_elsewhere(stage, "nightly drill")
    async with stage.bot():
        found = await say(chat, f"/restore status {task_id}")
        await expect(found).to_contain_text("Nobody follows it here.")
        await say(chat, f"/restore watch {task_id}")
        await expect(chat.get_by_text("is watched here. Its card is posted below.")).to_be_visible()
        card = chat.get_by_role("article").filter(has_text="nightly drill").filter(has_text=task_id).last
        await expect(card).to_be_visible()
        listed = await say(chat, "/restore list")
        await expect(listed.get_by_role("link", name="nightly drill")).to_be_visible()
