"""What people type and press: commands, elements in messages, and what an absent app looks like."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from tests.blocks import option, plain
from tests.browser.pages import CHANNEL, at_rest, forgive

pytestmark = pytest.mark.browser

CONTROLS = {
    "type": "actions",
    "block_id": "controls",
    "elements": [
        {
            "type": "button",
            "action_id": "stop",
            "text": plain("Stop"),
            "value": "task-7",
            "style": "danger",
            "confirm": {
                "title": plain("Stop this restore?"),
                "text": plain("What is restored stays."),
                "confirm": plain("Stop it"),
                "deny": plain("Keep going"),
                "style": "danger",
            },
        },
        {
            "type": "static_select",
            "action_id": "follow",
            "placeholder": plain("Notify me"),
            "options": [option("Always"), option("Never")],
        },
        {"type": "overflow", "action_id": "more", "options": [option("Details"), option("Log")]},
    ],
}


async def test_a_command_is_completed_sent_and_answered(chat: Page, bolt: AsyncApp) -> None:
    @bolt.command("/restore")
    async def restore(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(f"you asked for *{command['text']}*")

    box = chat.get_by_role("textbox", name="Message #db-oncall")
    commands = chat.get_by_role("listbox", name="Commands")
    await box.press_sequentially("/re")
    await expect(commands.get_by_role("option")).to_contain_text(["Restore a database from a backup"])
    await box.press("Enter")
    await expect(box).to_have_value("/restore ")
    await expect(commands).to_be_hidden()
    await box.press_sequentially("help")
    await box.press("Enter")
    answer = chat.get_by_role("article").last
    await expect(answer).to_contain_text("Only visible to you")
    await expect(answer).to_contain_text("you asked for help")
    await expect(box).to_have_value("")


async def test_shift_and_enter_break_the_line_and_enter_sends(chat: Page) -> None:
    box = chat.get_by_role("textbox", name="Message #db-oncall")
    await box.press_sequentially("one")
    await box.press("Shift+Enter")
    await box.press_sequentially("two")
    await expect(box).to_have_value("one\ntwo")
    await box.press("Enter")
    await expect(chat.get_by_role("article")).to_contain_text(["one\ntwo"])


async def test_a_space_before_the_slash_makes_it_a_message(chat: Page, workspace: LocalWorkspace) -> None:
    await chat.get_by_role("textbox", name="Message #db-oncall").fill(" /etc/hosts is wrong")
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("article").last).to_contain_text("/etc/hosts is wrong")
    assert [message["user"] for message in workspace.messages("#db-oncall")] == ["U0ALICECHEN"]


async def test_a_button_acts_once_it_is_confirmed(chat: Page, bolt: AsyncApp, web: AsyncWebClient) -> None:
    pressed: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    @bolt.action("stop")
    async def stop(ack: AsyncAck, action: dict[str, Any]) -> None:
        await ack()
        await pressed.put(action)

    await web.chat_postMessage(channel=CHANNEL, text="card", blocks=[CONTROLS])
    question = chat.get_by_role("dialog", name="Stop this restore?")
    await chat.get_by_role("button", name="Stop").click()
    await question.get_by_role("button", name="Keep going").click()
    await expect(question).to_have_count(0)
    assert pressed.empty()
    await chat.get_by_role("button", name="Stop").click()
    await question.get_by_role("button", name="Stop it").click()
    assert (await pressed.get())["value"] == "task-7"
    await at_rest(chat)


async def test_menus_in_messages_work_from_the_keyboard_and_keep_their_choice(
    chat: Page, bolt: AsyncApp, web: AsyncWebClient
) -> None:
    chosen: asyncio.Queue[str] = asyncio.Queue()

    @bolt.action("follow")
    @bolt.action("more")
    async def follow(ack: AsyncAck, action: dict[str, Any]) -> None:
        await ack()
        await chosen.put(action["selected_option"]["value"])

    ts = (await web.chat_postMessage(channel=CHANNEL, text="card", blocks=[CONTROLS]))["ts"]
    menu = chat.get_by_role("combobox", name="Notify me")
    await menu.press("ArrowDown")
    await menu.press("ArrowDown")
    await menu.press("Enter")
    assert await chosen.get() == "never"
    note = {"type": "context", "elements": [plain("moved on")]}
    await web.chat_update(channel=CHANNEL, ts=ts, text="card", blocks=[note, CONTROLS])
    await expect(chat.get_by_text("moved on")).to_be_visible()
    await expect(menu).to_have_value("Never")
    await expect(menu).to_be_focused()
    await chat.get_by_role("button", name="More options").click()
    await chat.keyboard.press("ArrowDown")
    await chat.keyboard.press("Enter")
    assert await chosen.get() == "log"
    await at_rest(chat)


async def test_an_absent_app_is_announced_and_its_buttons_say_so(
    chat: Page, web: AsyncWebClient, browser_errors: list[str]
) -> None:
    await expect(chat.get_by_text("Restore Bot is not connected. Its commands")).to_be_visible()
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    await web.chat_postMessage(
        channel=CHANNEL, text="card", blocks=[{"type": "actions", "elements": [button]}]
    )
    await chat.get_by_role("button", name="Go").click()
    await expect(chat.get_by_role("alert").filter(has_text="Restore Bot is not connected.")).to_be_visible()
    await chat.get_by_role("textbox", name="Message #db-oncall").fill("/restore")
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("article").last).to_contain_text("/restore failed because")
    forgive(browser_errors, "400 (Bad Request)")
