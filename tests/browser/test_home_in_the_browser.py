"""App Home as a person sees it: a restore is begun there, watched to its end, its thread one click away."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.app import built
from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.slack import LocalWorkspace
from bot.slack import homes
from tests.browser.pages import AT_BOTH_WIDTHS, show_sidebar
from tests.settings import local_settings

pytestmark = pytest.mark.browser

#: Simulated seconds per real one: a restore of ten minutes takes six seconds.
SPEED = 100
TO_THE_END_MS = 40_000


@pytest.fixture
async def restorebot(
    workspace: LocalWorkspace, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[LocalDbs]:
    """The bot at work between the workspace and a local DBS. Homes change ten times as often as usual."""
    monkeypatch.setattr(homes, "EVERY", timedelta(seconds=1))
    dbs = LocalDbs(clock=SimulatedClock(SPEED))
    async with dbs.serve() as dbs_url:
        settings = local_settings(url, dbs_url, tmp_path, poll_interval=0.2)
        async with built(settings) as bot:
            running = asyncio.create_task(bot.run())
            await workspace.app_connected()
            yield dbs
            bot.stop()
            await running


async def open_home(page: Page) -> Locator:
    await show_sidebar(page)
    sidebar = page.get_by_role("complementary", name="Workspace")
    await sidebar.get_by_role("button", name="Restore Bot").click()
    return page.get_by_role("tabpanel", name="Home")


async def begin(chat: Page, home: Locator, plan: str) -> None:
    """The form, filled in and submitted, for the channel #db-oncall."""
    await home.get_by_role("button", name="Restore a database").click()
    what = chat.get_by_role("dialog", name="Restore 1/3: what")
    await what.get_by_role("combobox", name="Backup plan").press_sequentially(plan[:5])
    await what.get_by_role("option", name=plan).click()
    await expect(what.get_by_role("radio", name="A point in time")).to_be_visible()
    channel = what.get_by_role("combobox", name="Post in")
    await channel.fill("db-on")
    await what.get_by_role("option", name="db-oncall").click()
    await chat.get_by_role("button", name="Next").click()
    where = chat.get_by_role("dialog", name="Restore 2/3: where")
    await where.get_by_label("Target instance").fill("rm-bp1target0001")
    await where.get_by_label("Account").fill("restore_rw")
    await chat.get_by_role("button", name="Next").click()
    check = chat.get_by_role("dialog", name="Restore 3/3: check")
    await check.get_by_label("Password of restore_rw").fill("correct horse")
    confirm = check.get_by_label(re.compile("Type .* to go on"))
    if await confirm.count():
        await confirm.fill(await confirm.get_attribute("placeholder") or "")
    await check.get_by_role("button", name="Restore", exact=True).click()
    await expect(chat.get_by_role("dialog")).to_be_hidden()


@AT_BOTH_WIDTHS
async def test_a_restore_is_begun_at_home_and_watched_there_to_its_end(
    chat: Page, restorebot: LocalDbs
) -> None:
    home = await open_home(chat)
    await expect(home).to_contain_text("You have no restore under way")
    await expect(home).to_contain_text("No restore has ended here yet")
    await begin(chat, home, "orders-prod")
    await expect(home.get_by_role("heading", name="My active restores (1)")).to_be_visible()
    await expect(home).to_contain_text(re.compile(r"Running.*\d+ %"), timeout=TO_THE_END_MS)
    await expect(home).to_contain_text("Finished in", timeout=TO_THE_END_MS)
    await expect(home).to_contain_text("You have no restore under way")
    await home.get_by_role("link", name="orders-prod → rm-bp1target0001").click()
    card = chat.get_by_role("log", name="Messages in #db-oncall").get_by_role("article").first
    await expect(card).to_contain_text("orders-prod")
    await expect(card).to_have_class(re.compile(r"\btarget\b"))
    assert len(restorebot.tasks) == 1


async def test_others_see_it_as_the_teams_and_why_it_failed(chat: Page, restorebot: LocalDbs) -> None:
    await begin(chat, await open_home(chat), "billing-prod")
    await chat.get_by_role("combobox", name="You are").select_option("Ben Okoro")
    home = chat.get_by_role("tabpanel", name="Home")
    await expect(home.get_by_role("heading", name="The team's active restores (1)")).to_be_visible()
    await expect(home).to_contain_text("asked by @Alice Chen")
    await expect(home).to_contain_text("Failed at", timeout=TO_THE_END_MS)
    await expect(home.locator("code").filter(has_text="存储空间不足")).to_be_visible()
    await expect(home).to_contain_text("Nor has anybody else")
    assert restorebot.tasks[0].parameters
