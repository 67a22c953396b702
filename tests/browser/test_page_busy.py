"""While the app has not acknowledged the last thing: what comes meanwhile is not lost."""

import asyncio

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Shortcut
from tests.blocks import Json, option, plain
from tests.browser.pages import CHANNEL, at_rest, field, form, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def workspace() -> LocalWorkspace:
    shortcuts = [Shortcut(name.lower(), name, "Of the app", "global") for name in ("Restore", "Status")]
    return LocalWorkspace(shortcuts=shortcuts)


async def test_the_last_value_reaches_an_app_that_is_slow(chat: Page, bolt: AsyncApp) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    release = asyncio.Event()

    @bolt.action("v")
    async def typed(ack: AsyncAck, body: Json) -> None:
        await heard.put(body["actions"][0]["value"])
        await release.wait()
        await ack()

    each = {"trigger_actions_on": ["on_character_entered"]}
    element = {"type": "plain_text_input", "dispatch_action_config": each}
    dialog = await opened(chat, bolt, form(field("name", "Name", element, dispatch_action=True)))
    await dialog.get_by_label("Name").press_sequentially("orders")
    assert await heard.get() == "o"
    release.set()
    assert await heard.get() == "orders"
    await at_rest(chat)
    assert heard.empty()


async def test_a_choice_that_waits_goes_with_its_dialog(chat: Page, bolt: AsyncApp) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    release = asyncio.Event()

    @bolt.action("v")
    async def chosen(ack: AsyncAck, body: Json) -> None:
        await heard.put(body["actions"][0]["selected_option"]["value"])
        await release.wait()
        await ack()

    where = {"type": "radio_buttons", "options": [option("Same"), option("Other")]}
    dialog = await opened(chat, bolt, form(field("where", "Where", where, dispatch_action=True)))
    await dialog.get_by_role("radio", name="Same").check()
    assert await heard.get() == "same"
    await dialog.get_by_role("radio", name="Other").check()
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_have_count(0)
    release.set()
    await chat.get_by_role("textbox", name="Message #db-oncall").fill("done")
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("article").last).to_contain_text("done")
    assert heard.empty()
    await expect(chat.get_by_role("alert")).to_have_count(0)


async def test_a_button_pressed_twice_acts_once(chat: Page, bolt: AsyncApp, web: AsyncWebClient) -> None:
    pressed: asyncio.Queue[str] = asyncio.Queue()
    release = asyncio.Event()

    @bolt.action("go")
    async def go(ack: AsyncAck) -> None:
        await pressed.put("go")
        await release.wait()
        await ack()

    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    blocks = [{"type": "actions", "elements": [button]}]
    await web.chat_postMessage(channel=CHANNEL, text="card", blocks=blocks)
    await chat.get_by_role("button", name="Go").dblclick()
    assert await pressed.get() == "go"
    release.set()
    await at_rest(chat)
    assert pressed.empty()


async def test_a_shortcut_does_not_wait_for_the_one_before(chat: Page, bolt: AsyncApp) -> None:
    used: asyncio.Queue[str] = asyncio.Queue()
    release = asyncio.Event()

    @bolt.shortcut("restore")
    @bolt.shortcut("status")
    async def run(ack: AsyncAck, shortcut: Json) -> None:
        await used.put(shortcut["callback_id"])
        await release.wait()
        await ack()

    box = chat.get_by_role("textbox", name="Message #db-oncall")
    opener = chat.get_by_role("button", name="Shortcuts")
    for name in ("Restore", "Status"):
        await box.press_sequentially(f"/{name}")
        await chat.get_by_role("option", name=name).filter(has_text="Of the app").click()
        await expect(box).to_have_value("")
        assert await used.get() == name.lower()
    await expect(opener).to_have_attribute("aria-busy", "true")
    release.set()
    await at_rest(chat)
    await expect(chat.get_by_role("alert")).to_have_count(0)
