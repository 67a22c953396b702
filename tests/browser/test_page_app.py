"""The app's own places: its Home, the direct conversation with it, and its shortcuts."""

import asyncio

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Shortcut
from tests.blocks import Json, plain
from tests.browser.pages import ALICE, AT_BOTH_WIDTHS, CHANNEL, at_rest, forgive, show_sidebar

pytestmark = pytest.mark.browser


@pytest.fixture
def workspace() -> LocalWorkspace:
    shortcuts = [
        Shortcut("new_restore", "Restore a database", "Opens the form", "global"),
        Shortcut("follow", "Follow this restore", "Its news as direct messages", "message"),
    ]
    return LocalWorkspace(shortcuts=shortcuts, events=["app_home_opened"])


def home_view(text: str) -> Json:
    button = {"type": "button", "action_id": "refresh", "text": plain("Refresh"), "value": "now"}
    note = {"type": "plain_text_input", "action_id": "v"}
    return {
        "type": "home",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": text}, "accessory": button},
            {"type": "input", "block_id": "note", "label": plain("Note"), "element": note},
        ],
    }


async def sidebar(page: Page, name: str) -> None:
    """Press a button of the sidebar, which narrow windows hide."""
    await show_sidebar(page)
    await page.get_by_role("complementary", name="Workspace").get_by_role("button", name=name).click()


async def more(page: Page, message: Locator) -> Locator:
    """The menu of a message, open."""
    await message.hover()
    await page.get_by_role("button", name="More actions").click()
    return page.get_by_role("menu", name="Message actions")


@AT_BOTH_WIDTHS
async def test_home_shows_what_the_app_publishes_and_its_buttons_work(chat: Page, bolt: AsyncApp) -> None:
    pressed: asyncio.Queue[Json] = asyncio.Queue()

    @bolt.event("app_home_opened")
    async def opened(client: AsyncWebClient, event: Json) -> None:
        await client.views_publish(user_id=event["user"], view=home_view("*Nothing* is running"))

    @bolt.action("refresh")
    async def refresh(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await ack()
        await pressed.put(body)
        await client.views_publish(user_id=body["user"]["id"], view=home_view("*orders-prod* is running"))

    await sidebar(chat, "Restore Bot")
    home = chat.get_by_role("tabpanel", name="Home")
    await expect(home).to_contain_text("Nothing is running")
    await home.get_by_label("Note").fill("remember me")
    await home.get_by_role("button", name="Refresh").click()
    told = await pressed.get()
    assert told["view"]["type"] == "home"
    assert told["view"]["state"]["values"]["note"]["v"]["value"] == "remember me"
    await expect(home).to_contain_text("orders-prod is running")
    await expect(home.get_by_label("Note")).to_have_value("remember me")
    await chat.reload()
    await expect(home).to_contain_text("Nothing is running")


async def test_home_says_that_nothing_was_published(chat: Page) -> None:
    await sidebar(chat, "Restore Bot")
    await expect(chat.get_by_text("Restore Bot has not published anything for you here yet.")).to_be_visible()


@AT_BOTH_WIDTHS
async def test_the_app_is_talked_to_directly(
    chat: Page, workspace: LocalWorkspace, web: AsyncWebClient
) -> None:
    await sidebar(chat, "Restore Bot")
    home = chat.get_by_role("tab", name="Home")
    await home.focus()
    await home.press("ArrowRight")
    box = chat.get_by_role("textbox", name="Message Restore Bot")
    await box.fill("are you there?")
    await box.press("Enter")
    log = chat.get_by_role("log", name="Messages in Restore Bot")
    await expect(log).to_contain_text("are you there?")
    conversations = (await web.conversations_list(types="im"))["channels"]
    im = next(str(channel["id"]) for channel in conversations if channel["user"] == ALICE)
    await web.chat_postMessage(channel=im, text="I am")
    await expect(log.get_by_role("article").last).to_contain_text("I am")
    await sidebar(chat, "general")
    await web.chat_postMessage(channel=im, text="your restore has ended")
    await expect(chat).to_have_title("(1) #general · Local workspace")
    await sidebar(chat, "Restore Bot")
    await chat.get_by_role("tab", name="Messages").click()
    await expect(log.get_by_role("separator", name="New messages")).to_be_visible()


@AT_BOTH_WIDTHS
async def test_a_global_shortcut_is_run_from_the_menu_and_by_its_name(chat: Page, bolt: AsyncApp) -> None:
    used: asyncio.Queue[Json] = asyncio.Queue()

    @bolt.shortcut("new_restore")
    async def run(ack: AsyncAck, shortcut: Json) -> None:
        await ack()
        await used.put(shortcut)

    opener = chat.get_by_role("button", name="Shortcuts")
    await opener.click()
    await chat.keyboard.press("End")
    await chat.keyboard.press("Home")
    await expect(chat.get_by_role("menuitem", name="Restore a database Restore Bot")).to_be_focused()
    await chat.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await opener.press("Enter")
    await expect(chat.get_by_role("menuitem", name="Restore a database Restore Bot")).to_be_focused()
    await chat.keyboard.press("Enter")
    first = await used.get()
    assert (first["type"], first["user"]["id"]) == ("shortcut", ALICE)
    await at_rest(chat)
    box = chat.get_by_role("textbox", name="Message #db-oncall")
    await box.press_sequentially("/database")
    await expect(chat.get_by_role("listbox", name="Commands").get_by_role("option")).to_have_count(1)
    await box.press("Enter")
    assert (await used.get())["trigger_id"] != first["trigger_id"]
    await expect(box).to_have_value("")


@AT_BOTH_WIDTHS
async def test_a_message_has_a_menu_with_shortcuts_and_its_link(
    chat: Page, bolt: AsyncApp, web: AsyncWebClient
) -> None:
    used: asyncio.Queue[Json] = asyncio.Queue()

    @bolt.shortcut("follow")
    async def follow(ack: AsyncAck, shortcut: Json) -> None:
        await ack()
        await used.put(shortcut)

    await chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ts = str((await web.chat_postMessage(channel=CHANNEL, text="Restore of orders-prod"))["ts"])
    message = chat.get_by_role("article").last
    await (await more(chat, message)).get_by_role("menuitem", name="Follow this restore").click()
    told = await used.get()
    assert (told["message"]["ts"], told["channel"]["id"]) == (ts, CHANNEL)
    await (await more(chat, message)).get_by_role("menuitem", name="Copy link").click()
    await expect(chat.get_by_text("Link copied.")).to_be_visible()
    link = (await web.chat_getPermalink(channel=CHANNEL, message_ts=ts))["permalink"]
    assert await chat.evaluate("navigator.clipboard.readText()") == link
    await (await more(chat, message)).get_by_role("menuitem", name="Delete as a fault").click()
    await expect(message).to_have_count(0)


async def test_a_shortcut_without_an_answer_is_said_in_words(
    chat: Page, web: AsyncWebClient, browser_errors: list[str]
) -> None:
    await web.chat_postMessage(channel=CHANNEL, text="Restore of orders-prod")
    menu = await more(chat, chat.get_by_role("article").last)
    await menu.get_by_role("menuitem", name="Follow this restore").click()
    await expect(chat.get_by_role("alert").filter(has_text="Restore Bot is not connected.")).to_be_visible()
    await chat.get_by_role("button", name="Shortcuts").click()
    await chat.get_by_role("menuitem", name="Restore a database Restore Bot").click()
    failure = chat.get_by_role("alert").filter(has_text="Restore Bot is not connected.")
    await expect(failure).to_have_count(2)
    forgive(browser_errors, "400 (Bad Request)")


async def test_the_arrow_keys_lead_from_message_to_message(chat: Page, web: AsyncWebClient) -> None:
    for text in ("one", "two", "three"):
        await web.chat_postMessage(channel=CHANNEL, text=text)
    await expect(chat.get_by_role("article")).to_have_count(3)
    await chat.get_by_role("log").press("ArrowUp")
    await chat.keyboard.press("ArrowUp")
    await expect(chat.get_by_role("article").nth(1)).to_be_focused()
    await chat.keyboard.press("Tab")
    await expect(chat.get_by_role("button", name="Start a thread")).to_be_focused()
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("textbox", name="Reply in thread")).to_be_focused()
    await chat.keyboard.press("Escape")
    await expect(chat.get_by_role("complementary", name="Thread")).to_be_hidden()
