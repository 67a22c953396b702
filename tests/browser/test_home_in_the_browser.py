"""App Home as a person sees it: a restore is begun there, watched to its end, its thread one click away."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox.slack import LocalWorkspace
from bot.slack import homes
from tests.browser.pages import AT_BOTH_WIDTHS, show_sidebar
from tests.browser.restoring import TO_THE_END_MS, choose_plan, fill_in_rest, restore, staged_on, step
from tests.scenario.stage import Stage

pytestmark = pytest.mark.browser


@pytest.fixture
async def dbs(
    workspace: LocalWorkspace, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """The bot at work between the workspace and a local DBS. Homes change fifty times as often as usual."""
    monkeypatch.setattr(homes, "EVERY", timedelta(seconds=0.2))
    async with staged_on(workspace, url, tmp_path) as stage, stage.bot():
        yield stage


async def open_home(page: Page) -> Locator:
    await show_sidebar(page)
    sidebar = page.get_by_role("complementary", name="Workspace")
    await sidebar.get_by_role("button", name="Restore Bot").click()
    return page.get_by_role("tabpanel", name="Home")


async def begin(chat: Page, home: Locator, plan: str) -> None:
    """The form, filled in and submitted, for the channel #db-oncall."""
    await home.get_by_role("button", name="Restore a database").click()
    what = step(chat, "1/3: what")
    await choose_plan(what, plan)
    await what.get_by_role("combobox", name="Post in").fill("db-on")
    await what.get_by_role("option", name="db-oncall").click()
    await restore(chat, await fill_in_rest(chat))


@AT_BOTH_WIDTHS
async def test_a_restore_is_begun_at_home_and_watched_there_to_its_end(chat: Page, dbs: Stage) -> None:
    home = await open_home(chat)
    await expect(home).to_contain_text("You have no restore under way")
    await expect(home).to_contain_text("No restore has ended here yet")
    await begin(chat, home, "orders-prod")
    await expect(home.get_by_role("heading", name="My active restores (1)")).to_be_visible()
    await dbs.play(until="Data: 50 %")
    await expect(home).to_contain_text(re.compile(r"Running.*\d+ %"), timeout=TO_THE_END_MS)
    await dbs.play(until="The restore finished")
    await expect(home).to_contain_text("Finished in", timeout=TO_THE_END_MS)
    await expect(home).to_contain_text("You have no restore under way")
    await dbs.until_card("Finished")
    await home.get_by_role("link", name="orders-prod → rm-bp1target0001").click()
    card = chat.get_by_role("log", name="Messages in #db-oncall").get_by_role("article").first
    await expect(card).to_contain_text("orders-prod")
    await expect(card).to_have_class(re.compile(r"\btarget\b"))
    assert len(dbs.dbs.tasks) == 1


async def test_others_see_it_as_the_teams_and_why_it_failed(chat: Page, dbs: Stage) -> None:
    await begin(chat, await open_home(chat), "billing-prod")
    await chat.get_by_role("combobox", name="You are").select_option("Ben Okoro")
    home = chat.get_by_role("tabpanel", name="Home")
    await expect(home.get_by_role("heading", name="The team's active restores (1)")).to_be_visible()
    await expect(home).to_contain_text("asked by @Alice Chen")
    await dbs.play(until="The restore failed")
    await expect(home).to_contain_text("Failed at", timeout=TO_THE_END_MS)
    # Ben reads Chinese.
    await expect(home).to_contain_text("目标实例存储空间不足")
    await expect(home).to_contain_text("Nor has anybody else")
