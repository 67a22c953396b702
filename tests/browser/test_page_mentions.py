"""Typing @ and # offers people and channels, and what is chosen becomes a link."""

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Shortcut

pytestmark = pytest.mark.browser

CHANNEL, BEN, BOT = "C0DBONCALL1", "U0BENOKORO1", "U0RESTORE01"


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace(
        shortcuts=[Shortcut("new_restore", "Restore a database", "Opens the form", "global")]
    )


async def test_a_person_is_offered_chosen_and_mentioned(chat: Page, workspace: LocalWorkspace) -> None:
    box = chat.get_by_role("textbox", name="Message #db-oncall")
    people = chat.get_by_role("listbox", name="People").get_by_role("option")
    await box.press_sequentially("ask @")
    await expect(people).to_contain_text(["Alice Chen", "Ben Okoro", "Mara Silva", "Restore Bot"])
    await box.press_sequentially("b")
    await expect(people).to_contain_text(["Ben Okoro", "Restore Bot"])
    await box.press("ArrowDown")
    await box.press("ArrowUp")
    await box.press("Enter")
    await expect(box).to_have_value("ask @Ben Okoro ")
    await expect(people).to_have_count(0)
    await box.press_sequentially("and @bot")
    await box.press("Tab")
    await box.press_sequentially("please")
    await box.press("Enter")
    await expect(chat.get_by_role("article").locator(".mention")).to_have_text(["@Ben Okoro", "@Restore Bot"])
    assert workspace.messages("#db-oncall")[-1]["text"] == f"ask <@{BEN}> and <@{BOT}> please"


async def test_escape_leaves_what_is_typed_and_a_click_chooses(chat: Page) -> None:
    box = chat.get_by_role("textbox", name="Message #db-oncall")
    people = chat.get_by_role("listbox", name="People")
    await box.press_sequentially("@al")
    await box.press("Escape")
    await expect(people).to_be_hidden()
    await expect(box).to_have_value("@al")
    await box.press_sequentially("i")
    await people.get_by_role("option", name="Alice Chen").click()
    await expect(box).to_have_value("@Alice Chen ")
    await expect(box).to_be_focused()


async def test_a_name_in_the_middle_of_a_sentence_is_completed_there(chat: Page) -> None:
    box = chat.get_by_role("textbox", name="Message #db-oncall")
    await box.fill("ask  please")
    await box.evaluate("box => box.setSelectionRange(4, 4)")
    await box.press_sequentially("@mara")
    await box.press("Enter")
    await expect(box).to_have_value("ask @Mara Silva please")


async def test_an_address_is_no_mention(chat: Page, workspace: LocalWorkspace) -> None:
    box = chat.get_by_role("textbox", name="Message #db-oncall")
    await box.press_sequentially("write to root@alice.example")
    await expect(chat.get_by_role("listbox")).to_have_count(0)
    await box.press("Enter")
    await expect(chat.get_by_role("article")).to_have_count(1)
    assert workspace.messages("#db-oncall")[-1]["text"] == "write to root@alice.example"


async def test_threads_offer_people_channels_and_shortcuts_but_no_commands(
    chat: Page, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    root = str((await web.chat_postMessage(channel=CHANNEL, text="Restore of orders-prod"))["ts"])
    await chat.get_by_role("article").last.hover()
    await chat.get_by_role("button", name="Start a thread").click()
    thread = chat.get_by_role("complementary", name="Thread")
    box = thread.get_by_role("textbox", name="Reply in thread")
    await box.press_sequentially("/r")
    await expect(thread.get_by_role("listbox", name="Commands").get_by_role("option")).to_contain_text(
        ["Restore a database"]
    )
    await expect(thread.get_by_role("button", name="Shortcuts")).to_be_visible()
    await box.fill("")
    await box.press_sequentially("see #gen")
    await expect(thread.get_by_role("listbox", name="Channels").get_by_role("option")).to_have_count(1)
    await box.press("Enter")
    await box.press("Enter")
    await expect(thread.get_by_role("button", name="#general")).to_be_visible()
    assert workspace.thread("#db-oncall", root)[-1]["text"] == "see <#C0GENERAL01|general>"


async def test_an_ephemeral_note_is_no_reply(chat: Page, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel=CHANNEL, text="Restore of orders-prod")
    await chat.get_by_role("article").last.hover()
    await chat.get_by_role("button", name="Start a thread").click()
    thread = chat.get_by_role("complementary", name="Thread")
    box = thread.get_by_role("textbox", name="Reply in thread")
    await box.fill("/restore now")
    await box.press("Enter")
    await expect(thread.get_by_role("article").last).to_contain_text("/restore is not supported in threads.")
    await expect(thread.get_by_text("1 reply")).to_have_count(0)
    await box.fill("so by hand")
    await box.press("Enter")
    await expect(thread.get_by_text("1 reply")).to_be_visible()


async def test_a_failed_shortcut_is_forgotten_when_something_is_typed(
    chat: Page, browser_errors: list[str]
) -> None:
    await chat.get_by_role("button", name="Shortcuts").click()
    await chat.get_by_role("menuitem", name="Restore a database Restore Bot").click()
    failure = chat.get_by_role("alert").filter(has_text="Restore Bot is not connected.")
    await expect(failure).to_be_visible()
    await chat.get_by_role("textbox", name="Message #db-oncall").press_sequentially("so")
    await expect(failure).to_be_hidden()
    assert all("400 (Bad Request)" in error for error in browser_errors)
    browser_errors.clear()
