"""Menus of people and conversations: what they offer, what they begin with, where their lists stand."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace

pytestmark = pytest.mark.browser

CHANNEL = "C0DBONCALL1"

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def input_block(name: str, **element: Any) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": plain(name),
        "element": {"action_id": "v", **element},
    }


async def opened(chat: Page, bolt: AsyncApp, *blocks: Json) -> Locator:
    """A modal with these blocks, which come by an update, as in a form that is loaded after its dialog."""
    view = {"type": "modal", "callback_id": "form", "title": plain("Form")}
    loading = {"type": "section", "text": plain("Loading…")}

    @bolt.command("/restore")
    async def open_form(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await ack()
        made = await client.views_open(trigger_id=body["trigger_id"], view={**view, "blocks": [loading]})
        form = {**view, "submit": plain("Go"), "blocks": list(blocks)}
        await client.views_update(view_id=made["view"]["id"], view=form)

    box = chat.get_by_role("textbox", name="Message #db-oncall")
    await box.fill("/restore")
    await box.press("Enter")
    return chat.get_by_role("dialog", name="Form")


async def test_a_menu_begins_with_the_conversation_the_person_looks_at(chat: Page, bolt: AsyncApp) -> None:
    sent: asyncio.Queue[Json] = asyncio.Queue()

    @bolt.view("form")
    async def submitted(ack: AsyncAck, view: Json) -> None:
        await ack()
        await sent.put(view["state"]["values"])

    here = {"type": "conversations_select", "default_to_current_conversation": True}
    form = await opened(
        chat,
        bolt,
        input_block("Where", **here),
        input_block("Elsewhere", **here, initial_conversation="C0GENERAL01"),
        input_block("Nowhere", **here, filter={"include": ["im"]}),
    )
    await expect(form.get_by_role("combobox", name="Where", exact=True)).to_have_value("#db-oncall")
    await form.get_by_role("button", name="Go").click()
    values = await sent.get()
    chosen = {name: values[name]["v"]["selected_conversation"] for name in values}
    assert chosen == {"Where": CHANNEL, "Elsewhere": "C0GENERAL01", "Nowhere": None}
    await expect(form).to_be_hidden()


async def test_conversations_with_bots_can_be_left_out(
    chat: Page, bolt: AsyncApp, workspace: LocalWorkspace
) -> None:
    workspace.person("alice").open_im()
    everything = input_block("All", type="conversations_select")
    people = input_block("People", type="conversations_select", filter={"exclude_bot_users": True})
    form = await opened(chat, bolt, everything, people)
    await form.get_by_role("combobox", name="All").click()
    await expect(chat.get_by_role("option", name="Restore Bot")).to_be_visible()
    await form.get_by_role("combobox", name="All").press("Escape")
    await form.get_by_role("combobox", name="People").click()
    await expect(chat.get_by_role("option", name="#general")).to_be_visible()
    await expect(chat.get_by_role("option", name="Restore Bot")).to_have_count(0)


async def test_a_time_says_in_which_zone_it_is(chat: Page, bolt: AsyncApp) -> None:
    form = await opened(chat, bolt, input_block("At", type="timepicker", timezone="Asia/Shanghai"))
    await expect(form.get_by_role("textbox", name="At")).to_have_accessible_description(
        "Asia/Shanghai (UTC+08:00)"
    )
    await expect(form.get_by_text("Asia/Shanghai (UTC+08:00)")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
async def test_the_list_of_a_menu_never_covers_what_was_chosen(chat: Page, bolt: AsyncApp) -> None:
    names = [f"a database with a long name, number {number}" for number in range(8)]
    options = [{"text": plain(name), "value": name} for name in names]
    form = await opened(chat, bolt, input_block("Which", type="multi_static_select", options=options))
    field = form.get_by_role("combobox", name="Which")
    await field.click()
    for name in names[:4]:
        await chat.get_by_role("option", name=name).click()
    await expect(form.get_by_role("button", name="Remove")).to_have_count(4)
    menu = await form.locator(".select").bounding_box()
    offered = await chat.locator(".popup:popover-open").bounding_box()
    assert menu is not None
    assert offered is not None
    assert offered["y"] >= menu["y"] + menu["height"] or offered["y"] + offered["height"] <= menu["y"]
    assert chat.viewport_size is not None
    if chat.viewport_size["width"] < 720:
        assert offered["width"] == pytest.approx(menu["width"], abs=1)
