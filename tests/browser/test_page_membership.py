"""Channels the person is not in, and messages that are not theirs."""

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace

pytestmark = pytest.mark.browser

CHANNEL = "C0DBONCALL1"


@pytest.fixture
async def mara(chat: Page) -> Page:
    """The page with Mara at it, who is only in #general."""
    await chat.get_by_role("navigation", name="Channels").get_by_role("button", name="general").click()
    await chat.get_by_role("combobox", name="You are").select_option("Mara Silva")
    await expect(chat.get_by_role("combobox", name="You are")).to_have_value("U0MARASILVA")
    return chat


async def test_the_sidebar_lists_the_persons_channels_and_the_way_to_others(
    mara: Page, workspace: LocalWorkspace
) -> None:
    channels = mara.get_by_role("navigation", name="Channels")
    await expect(channels.get_by_role("listitem")).to_have_count(1)
    await channels.get_by_role("button", name="Browse channels").click()
    found = mara.get_by_role("menu", name="Channels to join").get_by_role("menuitem")
    await expect(found).to_contain_text(["#db-oncall", "#database-changes", "#random"])
    await found.filter(has_text="#random").click()
    box = mara.get_by_role("textbox", name="Message #random")
    await expect(box).to_have_count(0)
    join = mara.get_by_role("button", name="Join #random")
    await expect(join).to_be_focused()
    await join.press("Enter")
    await expect(box).to_be_focused()
    await expect(channels.get_by_role("listitem")).to_have_count(2)
    await box.fill("hello")
    await box.press("Enter")
    await expect(mara.get_by_role("article").last).to_contain_text("hello")
    assert workspace.messages("#random")[-1]["user"] == "U0MARASILVA"


async def menu_of(page: Page, message: Locator) -> Locator:
    await message.hover()
    await page.get_by_role("button", name="More actions").click()
    return page.get_by_role("menu", name="Message actions")


async def test_a_message_is_deleted_by_its_author_who_is_asked_first(
    chat: Page, workspace: LocalWorkspace
) -> None:
    await workspace.person("alice").say("#db-oncall", "mine")
    message = chat.get_by_role("article").last
    question = chat.get_by_role("dialog", name="Delete message")
    await (await menu_of(chat, message)).get_by_role("menuitem", name="Delete message").click()
    await question.get_by_role("button", name="Cancel").click()
    await expect(question).to_have_count(0)
    assert len(workspace.messages("#db-oncall")) == 1
    await (await menu_of(chat, message)).get_by_role("menuitem", name="Delete message").click()
    await question.get_by_role("button", name="Delete", exact=True).click()
    await expect(message).to_have_count(0)


async def test_a_message_of_somebody_else_cannot_be_deleted(
    chat: Page, workspace: LocalWorkspace, web: AsyncWebClient
) -> None:
    await workspace.person("ben").say("#db-oncall", "Ben's")
    menu = await menu_of(chat, chat.get_by_role("article").last)
    await expect(menu.get_by_role("menuitem").last).to_have_text("Copy link")
    await expect(menu.get_by_role("menuitem", name="Delete")).to_have_count(0)
    await chat.keyboard.press("Escape")
    await web.chat_postMessage(channel=CHANNEL, text="the app's")
    await expect(chat.get_by_role("article")).to_have_count(2)
    menu = await menu_of(chat, chat.get_by_role("article").last)
    await expect(menu.get_by_role("menuitem", name="Delete")).to_have_text(["Delete as a fault"])
