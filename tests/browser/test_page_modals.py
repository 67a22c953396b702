"""Forms: values in Slack's shape, errors beside fields, typed values over updates, stacked views."""

import asyncio

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, route
from tests.blocks import Json, option, plain
from tests.browser.pages import field, forgive, form, opened

pytestmark = pytest.mark.browser


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
    problems = ["Please complete this required field.", "Please enter a number."]
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
    monkeypatch.setattr(route, "ACK_SECONDS", 0.05)
    await dialog.get_by_role("combobox", name="Plan").click()
    await expect(dialog.get_by_text("Restore Bot did not respond.")).to_be_visible()
    await dialog.get_by_label("Name").fill("orders")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog.get_by_role("alert")).to_have_text("We had some trouble connecting. Try again?")
    await expect(dialog.get_by_role("button", name="Create")).to_be_enabled()
    await expect(dialog.get_by_role("button", name="Create")).to_be_focused()
    await expect(dialog.get_by_label("Name")).to_have_value("orders")
    forgive(browser_errors, "400 (Bad Request)")


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
