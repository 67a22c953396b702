"""The fault panel beside an open modal, and that it offers only what there is to disturb."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, route

pytestmark = pytest.mark.browser

AT_BOTH_WIDTHS = pytest.mark.parametrize("width", [1280, 390])


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def input_block(name: str, element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "input", "block_id": name, "label": plain(name), "element": {**element, "action_id": "v"}}


@pytest.fixture
async def modal(chat: Page, bolt: AsyncApp) -> Page:
    """A form is open; its menu tells the app of every choice."""
    options = [{"text": plain(text), "value": text} for text in ("Fast", "Safe")]
    way = {"dispatch_action": True, **input_block("Way", {"type": "static_select", "options": options})}
    view = {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Restore"),
        "submit": plain("Go"),
        "blocks": [way, input_block("Note", {"type": "plain_text_input"})],
    }

    @bolt.command("/restore")
    async def open_form(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @bolt.action("v")
    async def chosen(ack: AsyncAck) -> None:
        await ack()

    @bolt.view("form")
    async def sent(ack: AsyncAck) -> None:
        await ack()

    box = chat.get_by_role("textbox", name="Message #db-oncall")
    await box.fill("/restore")
    await box.press("Enter")
    await chat.get_by_role("dialog", name="Restore").wait_for()
    return chat


@AT_BOTH_WIDTHS
async def test_a_submission_is_lost_and_the_choice_before_it_is_not(
    modal: Page, workspace: LocalWorkspace, browser_errors: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    form = modal.get_by_role("dialog", name="Restore")
    await form.get_by_label("Note").fill("careful")
    await form.get_by_role("button", name="Faults", exact=True).click()
    panel = modal.get_by_role("dialog", name="Faults")
    await panel.get_by_label("Fault", exact=True).select_option("deaf_socket")
    await panel.get_by_label("On", exact=True).select_option("view_submission")
    await panel.get_by_role("button", name="Add fault").click()
    await expect(panel.get_by_role("listitem")).to_contain_text("view_submission")
    await panel.get_by_role("tab", name="Slack").press("Escape")
    await expect(panel).to_be_hidden()
    await expect(form.get_by_role("button", name="Faults", exact=True)).to_be_focused()
    await expect(form.get_by_label("Note")).to_have_value("careful")
    way = form.get_by_role("combobox", name="Way")
    await way.press("ArrowDown")
    await way.press("Enter")
    await expect(form.locator("[aria-busy=true]")).to_have_count(0)
    monkeypatch.setattr(route, "ACK_SECONDS", 0.05)
    await form.get_by_role("button", name="Go").click()
    await expect(form.get_by_role("alert")).to_contain_text("We had some trouble connecting.")
    assert [fault.hits for fault in workspace.faults.all] == [1]
    await form.get_by_role("button", name="Go").click()
    await expect(form).to_be_hidden()
    assert all("400 (Bad Request)" in error for error in browser_errors)
    browser_errors.clear()


async def test_the_panel_stays_when_the_modal_goes(modal: Page) -> None:
    form = modal.get_by_role("dialog", name="Restore")
    await form.get_by_role("button", name="Faults", exact=True).click()
    panel = modal.get_by_role("dialog", name="Faults")
    await panel.get_by_label("How often").select_option("Until cleared")
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_be_hidden()
    await expect(panel.get_by_label("How often")).to_have_value("forever")
    await panel.get_by_role("button", name="Add fault").click()
    await expect(panel.get_by_role("listitem")).to_have_count(1)


async def test_a_fault_offers_what_it_can_strike_and_nothing_else(
    chat: Page, workspace: LocalWorkspace
) -> None:
    await chat.get_by_role("button", name="Faults", exact=True).click()
    panel = chat.get_by_role("dialog", name="Faults")
    targets = panel.get_by_label("On", exact=True).get_by_role("option")
    for kind in workspace.faults.kinds.values():
        await panel.get_by_label("Fault", exact=True).select_option(kind.name)
        offered = [await target.get_attribute("value") for target in await targets.all()]
        for target in offered:
            workspace.faults.add(kind.name, str(target))
        assert ("view_submission" in offered) == (kind.name in {"deaf_socket", "duplicate_envelope"})


async def test_there_is_no_channel_to_disturb_on_home(chat: Page) -> None:
    await chat.get_by_role("button", name="Faults", exact=True).click()
    panel = chat.get_by_role("dialog", name="Faults")
    await expect(panel.get_by_role("region", name="This channel")).to_be_visible()
    await (
        chat.get_by_role("complementary", name="Workspace").get_by_role("button", name="Restore Bot").click()
    )
    await expect(panel.get_by_role("region", name="This channel")).to_be_hidden()


async def test_where_no_bot_is_supervised_the_panel_asks_once(
    page: Page, url: str, browser_errors: list[str]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "control" in request.url else None)
    await page.clock.install()
    await page.goto(url)
    await page.get_by_role("button", name="Faults", exact=True).click()
    await page.get_by_role("tab", name="Bot").click()
    await expect(
        page.get_by_role("region", name="The bot's process").get_by_role("status").first
    ).not_to_be_empty()
    await page.clock.run_for(10_000)
    await page.get_by_role("tab", name="Slack").click()
    await expect(page.get_by_text("Any number of calls is answered.")).to_be_visible()
    assert len([address for address in asked if address.endswith("/control/bot")]) == 1
    await page.context.close()  # its clock stays as it is
    assert all("404 (Not Found)" in error for error in browser_errors)
    browser_errors.clear()
