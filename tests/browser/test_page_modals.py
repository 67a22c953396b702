"""Forms: values in Slack's shape, errors beside fields, typed values over updates, stacked views."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, sockets

pytestmark = pytest.mark.browser

Json = dict[str, Any]

# 2026-07-01 15:30 in Shanghai, where Alice is.
MOMENT = 1782891000


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower()}


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    block = {"type": "input", "block_id": block_id, "label": plain(label)}
    return {**block, "element": {"action_id": "v", **element}, **more}


def form(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Restore"),
        "submit": plain("Create"),
        "blocks": list(blocks),
        **more,
    }


async def opened(page: Page, bolt: AsyncApp, view: Json) -> Locator:
    """Open `view` by the command; the dialog."""

    @bolt.command("/restore")
    async def restore(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    await page.get_by_role("textbox", name="Message #db-oncall").fill("/restore")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Restore")
    await dialog.wait_for()
    return dialog


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
    await dialog.get_by_role("combobox", name="Plan").press_sequentially("ord")
    await dialog.get_by_role("option", name="ord-nightly").click()
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
        "day": {"type": "datepicker", "selected_date": "2026-07-01"},
        "time": {"type": "timepicker", "selected_time": "06:05"},
        "when": {"type": "datetimepicker", "selected_date_time": MOMENT},
    }


def without_emoji(entry: Any) -> Any:
    """Slack adds `emoji: true` to plain texts; what was chosen is the same with and without."""
    if isinstance(entry, dict):
        return {key: without_emoji(value) for key, value in entry.items() if key != "emoji"}
    return [without_emoji(each) for each in entry] if isinstance(entry, list) else entry


async def test_errors_stand_beside_their_fields(chat: Page, bolt: AsyncApp) -> None:
    @bolt.view("form")
    async def submit(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"name": "A task of this name exists."})

    view = form(
        field("name", "Name", {"type": "plain_text_input"}),
        field("port", "Port", {"type": "number_input", "is_decimal_allowed": False}, optional=True),
    )
    dialog = await opened(chat, bolt, view)
    name, create = dialog.get_by_label("Name"), dialog.get_by_role("button", name="Create")
    await dialog.get_by_label("Port").fill("many")
    await create.click()
    problems = ["Please complete this required field.", "Please enter a valid number."]
    await expect(dialog.get_by_role("alert")).to_have_text(problems)
    await expect(name).to_be_focused()
    await expect(name).to_have_attribute("aria-invalid", "true")
    await dialog.get_by_label("Port").fill("")
    await name.fill("orders")
    await expect(dialog.get_by_role("alert")).to_have_count(0)
    await name.press("Enter")
    await expect(name).to_have_accessible_description("A task of this name exists.")
    await expect(create).to_be_enabled()


async def test_what_was_typed_survives_an_update_of_the_view(
    chat: Page, bolt: AsyncApp, workspace: LocalWorkspace, web: AsyncWebClient
) -> None:
    where = {"type": "radio_buttons", "options": [option("Same"), option("Other")]}
    name = field("name", "Name", {"type": "plain_text_input"})
    dialog = await opened(chat, bolt, form(name, field("where", "Where", where, dispatch_action=True)))

    @bolt.action("v")
    async def chosen(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await ack()
        assert body["view"]["state"]["values"]["name"]["v"]["value"] == "orders-copy"
        changed = {**name, "label": plain("New name")}
        added = field("instance", "Instance", {"type": "plain_text_input", "initial_value": "rm-1"})
        view = form(changed, field("where", "Where", where, dispatch_action=True), added)
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    await dialog.get_by_label("Name").fill("orders-copy")
    await dialog.get_by_role("radio", name="Other").check()
    await expect(dialog.get_by_label("Instance")).to_have_value("rm-1")
    typed = dialog.get_by_label("New name")
    await expect(typed).to_have_value("orders-copy")
    await expect(dialog.get_by_role("radio", name="Other")).to_be_checked()
    # An update that comes while someone types takes neither their words, nor their place.
    await typed.press("Home")
    await typed.press_sequentially("my-")
    view = workspace.person("alice").view
    assert view is not None
    await web.views_update(view_id=view["id"], view=form({**name, "hint": plain("Must be new")}))
    await expect(typed).to_have_count(0)
    renamed = dialog.get_by_label("Name")
    await expect(renamed).to_have_value("my-orders-copy")
    await expect(renamed).to_be_focused()
    await renamed.press_sequentially("old-")
    await expect(renamed).to_have_value("my-old-orders-copy")


async def test_a_typeahead_says_how_its_search_stands(
    chat: Page, bolt: AsyncApp, browser_errors: list[str]
) -> None:
    release = asyncio.Event()

    @bolt.options("v")
    async def plans(ack: AsyncAck, payload: Json) -> None:
        await release.wait()
        found = [option(text) for text in ("Orders", "Users") if payload["value"] in text.lower()]
        await ack(option_groups=[{"label": plain("Production"), "options": found}] if found else [])

    dialog = await opened(
        chat, bolt, form(field("plan", "Plan", {"type": "external_select", "min_query_length": 2}))
    )
    plan = dialog.get_by_role("combobox", name="Plan")
    await plan.press_sequentially("o")
    await expect(dialog.get_by_text("Type at least 2 characters to search")).to_be_visible()
    await plan.press_sequentially("rd")
    await expect(dialog.get_by_text("Loading…")).to_be_visible()
    release.set()
    await expect(dialog.get_by_role("group", name="Production").get_by_role("option")).to_have_text(
        ["Orders"]
    )
    await plan.press("Enter")
    await expect(plan).to_have_value("Orders")
    await plan.fill("zzz")
    await expect(dialog.get_by_text("No results")).to_be_visible()
    await plan.press("Escape")
    await expect(plan).to_have_value("Orders")
    await expect(dialog).to_be_visible()
    assert browser_errors == []


async def test_an_app_that_does_not_answer_is_said_in_words(
    chat: Page, bolt: AsyncApp, browser_errors: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = await opened(
        chat,
        bolt,
        form(
            field("plan", "Plan", {"type": "external_select", "min_query_length": 0}, optional=True),
            field("name", "Name", {"type": "plain_text_input"}),
        ),
    )
    monkeypatch.setattr(sockets, "ACK_SECONDS", 0.05)
    await dialog.get_by_role("combobox", name="Plan").click()
    await expect(dialog.get_by_text("Restore Bot did not answer in time.")).to_be_visible()
    await dialog.get_by_label("Name").fill("orders")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog.get_by_role("alert")).to_have_text("We had some trouble connecting. Try again?")
    await expect(dialog.get_by_role("button", name="Create")).to_be_enabled()
    await expect(dialog.get_by_role("button", name="Create")).to_be_focused()
    await expect(dialog.get_by_label("Name")).to_have_value("orders")
    assert all("400 (Bad Request)" in error for error in browser_errors)
    browser_errors.clear()


async def test_a_pushed_view_lies_over_the_one_before_and_leads_back_to_it(
    chat: Page, bolt: AsyncApp
) -> None:
    @bolt.view("form")
    async def submit(ack: AsyncAck) -> None:
        check = {"type": "section", "text": plain("Really?")}
        await ack(
            response_action="push", view={**form(check), "title": plain("Check it"), "callback_id": "x"}
        )

    dialog = await opened(chat, bolt, form(field("name", "Name", {"type": "plain_text_input"})))
    await dialog.get_by_label("Name").fill("orders")
    await dialog.get_by_label("Name").press("Enter")
    check = chat.get_by_role("dialog", name="Check it")
    await check.get_by_role("button", name="Back").click()
    await expect(dialog.get_by_label("Name")).to_have_value("orders")
    await dialog.get_by_role("button", name="Create").click()
    await check.get_by_role("button", name="Close dialog").click()
    await expect(chat.get_by_role("dialog")).to_have_count(0)
    dialog = await opened(chat, bolt, form(field("name", "Name", {"type": "plain_text_input"})))
    await chat.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
