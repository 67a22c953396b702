"""Every input of Block Kit, filled in by a person: its value arrives in Slack's shape, at both widths."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp

from tests.blocks import Json, option, plain
from tests.browser.pages import AT_BOTH_WIDTHS, field, form, opened

pytestmark = [pytest.mark.browser, AT_BOTH_WIDTHS]

# 2026-07-01 15:30 in Shanghai, where Alice is.
MOMENT = 1782891000


async def choose(dialog: Locator, name: str, text: str) -> None:
    await dialog.get_by_role("combobox", name=name, exact=True).click()
    await dialog.get_by_role("option", name=text).click()


EVERY_INPUT = form(
    field("text", "Name", {"type": "plain_text_input", "max_length": 30}, hint=plain("Lower case")),
    field("long", "Reason", {"type": "plain_text_input", "multiline": True}),
    field("none", "Remark", {"type": "plain_text_input"}, optional=True),
    field("number", "Port", {"type": "number_input", "is_decimal_allowed": False}),
    field("mail", "Mail", {"type": "email_text_input"}),
    field("url", "Ticket", {"type": "url_text_input"}),
    field("one", "Instance", {"type": "static_select", "options": [option("Orders"), option("Users")]}),
    field(
        "many", "Tables", {"type": "multi_static_select", "options": [option("A"), option("B"), option("C")]}
    ),
    field("plan", "Plan", {"type": "external_select", "min_query_length": 2}),
    field("radio", "Where", {"type": "radio_buttons", "options": [option("Same"), option("Other")]}),
    field("checks", "Extras", {"type": "checkboxes", "options": [option("Start"), option("Tell")]}),
    field("unchecked", "More", {"type": "checkboxes", "options": [option("Never")]}, optional=True),
    field("person", "Who", {"type": "users_select"}),
    field("people", "Followers", {"type": "multi_users_select"}),
    field("room", "Tell", {"type": "conversations_select"}),
    field("rooms", "Also", {"type": "multi_conversations_select", "max_selected_items": 2}),
    field("public", "Open", {"type": "channels_select"}),
    field("plans", "Plans", {"type": "multi_external_select", "min_query_length": 1}),
    field("day", "Day", {"type": "datepicker"}),
    field("time", "Hour", {"type": "timepicker"}),
    field("when", "Point in time", {"type": "datetimepicker"}),
)


async def test_every_inputs_value_arrives_in_slacks_shape(chat: Page, bolt: AsyncApp) -> None:
    submitted: asyncio.Queue[Json] = asyncio.Queue()

    @bolt.options("v")
    async def plans(ack: AsyncAck, payload: Json) -> None:
        await ack(options=[option(f"{payload['value']}-nightly")])

    @bolt.view("form")
    async def submit(ack: AsyncAck, view: Json) -> None:
        await ack()
        await submitted.put(view["state"]["values"])

    dialog = await opened(chat, bolt, EVERY_INPUT)
    name = dialog.get_by_label("Name", exact=True)
    await expect(name).to_be_focused()
    await expect(name).to_have_accessible_description("Lower case")
    await expect(name).to_have_attribute("aria-required", "true")
    await name.fill("orders <1>")
    await dialog.get_by_label("Reason").fill("line 1\nline 2")
    for label, text in (("Port", "3306"), ("Mail", "a@example.com"), ("Ticket", "https://example.com/7")):
        await dialog.get_by_label(label).fill(text)
    await choose(dialog, "Instance", "Users")
    await choose(dialog, "Tables", "A")
    await dialog.get_by_role("option", name="C").click()
    await chat.keyboard.press("Escape")
    await dialog.get_by_role("combobox", name="Plan", exact=True).press_sequentially("ord")
    await dialog.get_by_role("option", name="ord-nightly").click()
    await choose(dialog, "Who", "Ben Okoro")
    await choose(dialog, "Followers", "Alice Chen")
    await dialog.get_by_role("option", name="Mara Silva").click()
    await choose(dialog, "Tell", "#random")
    await choose(dialog, "Also", "#general")
    for room in ("#random", "#db-oncall"):
        await dialog.get_by_role("option", name=room).click()
    await expect(dialog.get_by_text("You can choose 2 at most.")).to_be_visible()
    await choose(dialog, "Open", "#database-changes")
    await dialog.get_by_role("combobox", name="Plans").press_sequentially("ord")
    await dialog.get_by_role("option", name="ord-nightly").click()
    await chat.keyboard.press("Escape")
    where = dialog.get_by_role("radiogroup", name="Where")
    await where.get_by_role("radio", name="Other").check()
    await dialog.get_by_role("group", name="Extras").get_by_role("checkbox", name="Tell").check()
    await dialog.get_by_label("Day", exact=True).fill("2026-07-01")
    await dialog.get_by_label("Hour").fill("06:05")
    moment = dialog.get_by_role("group", name="Point in time")
    await moment.get_by_label("Date").fill("2026-07-01")
    await moment.get_by_label("Time").fill("15:30")
    await expect(moment).to_contain_text("Asia/Shanghai")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog).to_have_count(0)
    values = {block_id: actions["v"] for block_id, actions in (await submitted.get()).items()}
    assert {block_id: without_emoji(entry) for block_id, entry in values.items()} == {
        "text": {"type": "plain_text_input", "value": "orders <1>"},
        "long": {"type": "plain_text_input", "value": "line 1\nline 2"},
        "none": {"type": "plain_text_input", "value": None},
        "number": {"type": "number_input", "value": "3306"},
        "mail": {"type": "email_text_input", "value": "a@example.com"},
        "url": {"type": "url_text_input", "value": "https://example.com/7"},
        "one": {"type": "static_select", "selected_option": option("Users")},
        "many": {"type": "multi_static_select", "selected_options": [option("A"), option("C")]},
        "plan": {"type": "external_select", "selected_option": option("ord-nightly")},
        "radio": {"type": "radio_buttons", "selected_option": option("Other")},
        "checks": {"type": "checkboxes", "selected_options": [option("Tell")]},
        "unchecked": {"type": "checkboxes", "selected_options": []},
        "person": {"type": "users_select", "selected_user": "U0BENOKORO1"},
        "people": {"type": "multi_users_select", "selected_users": ["U0ALICECHEN", "U0MARASILVA"]},
        "room": {"type": "conversations_select", "selected_conversation": "C0RANDOM001"},
        "rooms": {
            "type": "multi_conversations_select",
            "selected_conversations": ["C0GENERAL01", "C0RANDOM001"],
        },
        "public": {"type": "channels_select", "selected_channel": "C0DBCHANGES"},
        "plans": {"type": "multi_external_select", "selected_options": [option("ord-nightly")]},
        "day": {"type": "datepicker", "selected_date": "2026-07-01"},
        "time": {"type": "timepicker", "selected_time": "06:05"},
        "when": {"type": "datetimepicker", "selected_date_time": MOMENT},
    }


def without_emoji(entry: Any) -> Any:
    """Slack adds `emoji: true` to plain texts; what was chosen is the same with and without."""
    if isinstance(entry, dict):
        return {key: without_emoji(value) for key, value in entry.items() if key != "emoji"}
    return [without_emoji(each) for each in entry] if isinstance(entry, list) else entry
