"""What is unread belongs to the person: it outlives reloads and is the same in every window."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

pytestmark = pytest.mark.browser

CHANNEL, GENERAL, ALICE = "C0DBONCALL1", "C0GENERAL01", "U0ALICECHEN"


def entry(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Channels").get_by_role("button", name=name)


async def be(page: Page, name: str) -> None:
    await page.get_by_role("combobox", name="You are").select_option(name)


@pytest.fixture
async def second(chat: Page, url: str) -> AsyncIterator[Page]:
    """The workspace in a second tab, with Alice in #general."""
    tab = await chat.context.new_page()
    await tab.goto(f"{url}?user={ALICE}&channel={GENERAL}")
    await tab.get_by_role("log", name="Messages in #general").wait_for()
    yield tab
    await tab.goto("about:blank")


async def test_unread_marks_outlive_a_reload_and_another_person(chat: Page, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel=GENERAL, text="lunch")
    await expect(entry(chat, "general")).to_have_accessible_name(re.compile("1 unread"))
    await chat.reload()
    await expect(entry(chat, "general")).to_have_accessible_name(re.compile("1 unread"))
    await be(chat, "Ben Okoro")
    await entry(chat, "general").click()
    await expect(chat.get_by_role("log", name="Messages in #general")).to_contain_text("lunch")
    await expect(entry(chat, "general")).to_have_accessible_name("general")
    await entry(chat, "db-oncall").click()
    await be(chat, "Alice Chen")
    await expect(entry(chat, "general")).to_have_accessible_name(re.compile("1 unread"))
    await entry(chat, "general").click()
    await expect(chat.get_by_role("separator", name="New messages")).to_be_visible()
    await chat.reload()
    await expect(entry(chat, "general")).to_have_accessible_name("general")


async def test_what_is_read_in_one_tab_is_read_in_the_other(
    chat: Page, second: Page, web: AsyncWebClient
) -> None:
    await entry(second, "random").click()
    await web.chat_postMessage(channel=GENERAL, text="lunch")
    for tab in (chat, second):
        await expect(entry(tab, "general")).to_have_accessible_name(re.compile("1 unread"))
    await entry(second, "general").click()
    await expect(entry(chat, "general")).to_have_accessible_name("general")


async def test_only_what_is_said_to_the_person_has_a_number(chat: Page, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel=GENERAL, text="lunch")
    await expect(chat).to_have_title("* #db-oncall · Local workspace")
    await expect(entry(chat, "general").get_by_role("img", name="for you")).to_have_count(0)
    await web.chat_postMessage(channel=GENERAL, text=f"<@{ALICE}> lunch?")
    await expect(entry(chat, "general").get_by_role("img", name="1 for you")).to_have_text("1")
    await expect(chat).to_have_title("(1) #db-oncall · Local workspace")


async def test_a_message_that_is_deleted_unread_is_no_news(chat: Page, web: AsyncWebClient) -> None:
    ts = str((await web.chat_postMessage(channel=GENERAL, text="oops"))["ts"])
    await expect(entry(chat, "general")).to_have_accessible_name(re.compile("1 unread"))
    await web.chat_delete(channel=GENERAL, ts=ts)
    await expect(entry(chat, "general")).to_have_accessible_name("general")


@pytest.mark.parametrize("width", [390])
async def test_the_menu_button_tells_that_something_is_unread(chat: Page, web: AsyncWebClient) -> None:
    menu = chat.get_by_role("button", name="Show channels")
    await expect(menu).to_have_accessible_name("Show channels")
    await web.chat_postMessage(channel=GENERAL, text="lunch")
    await expect(menu).to_have_accessible_name("Show channels (something is unread)")
    await web.chat_postMessage(channel=GENERAL, text="<!here> lunch")
    await expect(menu).to_have_accessible_name("Show channels (1 for you)")
    await menu.click()
    await entry(chat, "general").click()
    await expect(menu).to_have_accessible_name("Show channels")
