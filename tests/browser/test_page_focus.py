"""Where the keyboard's focus is: it is never lost, whatever is redrawn, opened or closed."""

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from tests.blocks import plain
from tests.browser.pages import field, form, opened

pytestmark = pytest.mark.browser

AT_390 = pytest.mark.parametrize("width", [390])

CHANNEL = "C0DBONCALL1"


async def test_the_sidebar_keeps_the_focus_while_it_is_redrawn(chat: Page, web: AsyncWebClient) -> None:
    general = chat.get_by_role("navigation", name="Channels").get_by_role("button", name="general")
    await general.focus()
    await web.chat_postMessage(channel="C0GENERAL01", text="lunch")
    await expect(general).to_have_accessible_name("general 1 unread")
    await expect(general).to_be_focused()


async def test_a_channel_is_opened_to_write_in_it(chat: Page) -> None:
    await chat.get_by_role("navigation", name="Channels").get_by_role("button", name="general").press("Enter")
    await expect(chat.get_by_role("textbox", name="Message #general")).to_be_focused()
    await (
        chat.get_by_role("complementary", name="Workspace").get_by_role("button", name="Restore Bot").click()
    )
    await chat.get_by_role("tab", name="Messages").press("Enter")
    await expect(chat.get_by_role("textbox", name="Message Restore Bot")).to_be_focused()


@pytest.mark.parametrize("close", ["Escape", "the button"])
async def test_a_thread_gives_the_focus_back_to_its_message(
    chat: Page, web: AsyncWebClient, close: str
) -> None:
    root = str((await web.chat_postMessage(channel=CHANNEL, text="Restore of orders-prod"))["ts"])
    await web.chat_postMessage(channel=CHANNEL, text="Precheck passed", thread_ts=root)
    await chat.get_by_role("button", name="1 reply").press("Enter")
    box = chat.get_by_role("textbox", name="Reply in thread")
    await box.fill("thank you")
    await box.press("Enter")
    await expect(chat.get_by_role("button", name="2 replies")).to_be_visible()
    if close == "Escape":
        await box.press("Escape")
    else:
        await chat.get_by_role("button", name="Close thread").press("Enter")
    await expect(chat.get_by_role("button", name="2 replies")).to_be_focused()


async def test_a_thread_whose_message_is_gone_gives_the_focus_to_the_composer(
    chat: Page, web: AsyncWebClient
) -> None:
    root = str((await web.chat_postMessage(channel=CHANNEL, text="Restore of orders-prod"))["ts"])
    article = chat.get_by_role("article").last
    await article.hover()
    await chat.get_by_role("button", name="Start a thread").click()
    await expect(chat.get_by_role("textbox", name="Reply in thread")).to_be_focused()
    await web.chat_delete(channel=CHANNEL, ts=root)
    await expect(chat.get_by_role("article")).to_have_count(0)
    await chat.keyboard.press("Escape")
    await expect(chat.get_by_role("textbox", name="Message #db-oncall")).to_be_focused()


async def test_escape_closes_a_dialog_whose_words_came_after_it_opened(
    chat: Page, bolt: AsyncApp, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    waiting = {"type": "modal", "callback_id": "said", "title": plain("Said"), "close": plain("Close")}
    dialog = await opened(
        chat, bolt, {**waiting, "blocks": [{"type": "section", "text": plain("One moment …")}]}
    )
    await expect(dialog.get_by_role("button", name="Close", exact=True)).to_be_focused()
    view = workspace.person("alice").view
    assert view is not None
    await web.views_update(
        view_id=view["id"], view={**waiting, "blocks": [{"type": "section", "text": plain("Access denied")}]}
    )
    await expect(dialog).to_contain_text("Access denied")
    await expect(dialog.get_by_role("button", name="Close", exact=True)).to_be_focused()
    await chat.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


@AT_390
async def test_escape_closes_the_drawer_and_the_focus_goes_back_to_its_button(chat: Page) -> None:
    menu = chat.get_by_role("button", name="Show channels")
    await menu.press("Enter")
    sidebar = chat.get_by_role("complementary", name="Workspace")
    await expect(sidebar.get_by_role("button", name="db-oncall")).to_be_focused()
    await chat.keyboard.press("Escape")
    await expect(sidebar).to_be_hidden()
    await expect(menu).to_be_focused()


@AT_390
async def test_the_fault_panel_gives_the_focus_back_to_the_menu_button(chat: Page) -> None:
    await chat.get_by_role("button", name="Show channels").click()
    await chat.get_by_role("button", name="Faults", exact=True).click()
    await expect(chat.get_by_role("tab", name="Slack")).to_be_focused()
    await chat.keyboard.press("Escape")
    await expect(chat.get_by_role("button", name="Show channels")).to_be_focused()


async def test_faults_that_are_cleared_leave_the_focus_in_the_panel(chat: Page) -> None:
    await chat.get_by_role("button", name="Faults", exact=True).click()
    panel = chat.get_by_role("dialog", name="Faults")
    for count in (1, 2):
        await panel.get_by_role("button", name="Add fault").click()
        await expect(panel.get_by_role("listitem")).to_have_count(count)
    await expect(panel.get_by_role("listitem").first).to_contain_text("Any call")
    await panel.get_by_role("button", name="Clear all").press("Enter")
    await expect(panel.get_by_label("Fault", exact=True)).to_be_focused()


async def test_a_draft_belongs_to_the_person_who_began_it(chat: Page) -> None:
    box = chat.get_by_role("textbox", name="Message #db-oncall")
    person = chat.get_by_role("combobox", name="You are")
    await box.fill("a thought of Alice")
    await person.select_option("Ben Okoro")
    await expect(box).to_have_value("")
    await person.select_option("Alice Chen")
    await expect(box).to_have_value("a thought of Alice")


async def test_one_types_on_at_once_when_a_modal_is_closed(chat: Page, bolt: AsyncApp) -> None:
    @bolt.view("form")
    async def submitted(ack: AsyncAck) -> None:
        await ack()

    dialog = await opened(chat, bolt, form(field("name", "Name", {"type": "plain_text_input"})))
    await dialog.get_by_label("Name").fill("orders")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog).to_be_hidden()
    await chat.keyboard.type("/restore")
    await expect(chat.get_by_role("textbox", name="Message #db-oncall")).to_have_value("/restore")
