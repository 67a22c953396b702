"""A dialog that is closed: what was typed into it goes to the app with the news."""

import asyncio

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from tests.blocks import Json, option, plain
from tests.browser.pages import ALICE, field, form, opened

pytestmark = pytest.mark.browser

WHERE = [option("Same"), option("Other")]
FIRST = form(
    field("name", "Name", {"type": "plain_text_input"}),
    field("where", "Where", {"type": "radio_buttons", "options": WHERE}, dispatch_action=True),
    field("day", "Day", {"type": "datepicker"}),
    notify_on_close=True,
)
SECOND = form(
    field("reason", "Reason", {"type": "plain_text_input"}),
    title=plain("Why"),
    callback_id="second",
    notify_on_close=True,
)

Closed = asyncio.Queue[tuple[str, Json]]


@pytest.fixture
def closed(bolt: AsyncApp) -> Closed:
    """The titles of views the app hears are closed, and what was in them."""
    heard: Closed = asyncio.Queue()

    @bolt.view_closed("form")
    @bolt.view_closed("second")
    async def note(ack: AsyncAck, view: Json) -> None:
        await ack()
        await heard.put((view["title"]["text"], view["state"]["values"]))

    @bolt.action("v")
    async def chosen(ack: AsyncAck) -> None:
        await ack()

    @bolt.view("form")
    async def submit(ack: AsyncAck) -> None:
        await ack(response_action="push", view=SECOND)

    return heard


async def fill_in(page: Page, bolt: AsyncApp) -> None:
    dialog = await opened(page, bolt, FIRST)
    await dialog.get_by_label("Name").fill("orders-copy")
    await dialog.get_by_role("radio", name="Other").check()
    await dialog.get_by_label("Day").focus()
    await page.keyboard.type("11192026")


FILLED_IN = {
    "name": {"v": {"type": "plain_text_input", "value": "orders-copy"}},
    "where": {"v": {"type": "radio_buttons", "selected_option": option("Other")}},
    "day": {"v": {"type": "datepicker", "selected_date": "2026-11-19"}},
}


@pytest.mark.parametrize("by", ["Cancel", "Close dialog", "Escape"])
async def test_what_was_typed_goes_to_the_app_when_a_dialog_is_closed(
    chat: Page, bolt: AsyncApp, closed: Closed, by: str
) -> None:
    await fill_in(chat, bolt)
    if by == "Escape":
        await chat.keyboard.press("Escape")
    else:
        await chat.get_by_role("button", name=by).click()
    await expect(chat.get_by_role("dialog")).to_have_count(0)
    assert await closed.get() == ("Restore", FILLED_IN)


async def test_back_tells_what_was_typed_into_the_view_that_goes(
    chat: Page, bolt: AsyncApp, closed: Closed
) -> None:
    await fill_in(chat, bolt)
    await chat.get_by_role("button", name="Create").click()
    why = chat.get_by_role("dialog", name="Why")
    await why.get_by_label("Reason").fill("a drill")
    await why.get_by_role("button", name="Back").click()
    reason = {"reason": {"v": {"type": "plain_text_input", "value": "a drill"}}}
    assert await closed.get() == ("Why", reason)
    dialog = chat.get_by_role("dialog", name="Restore")
    await dialog.get_by_label("Name").fill("orders-copy-2")
    await dialog.get_by_role("button", name="Cancel").click()
    changed = FILLED_IN | {"name": {"v": {"type": "plain_text_input", "value": "orders-copy-2"}}}
    assert await closed.get() == ("Restore", changed)


async def test_closing_everything_tells_what_was_typed_into_each_view(
    chat: Page, bolt: AsyncApp, closed: Closed, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    await fill_in(chat, bolt)
    # The app puts another view on top while somebody still types into the first one.
    chosen = workspace.sent_to_app[-1]["payload"]
    assert chosen["type"] == "block_actions"
    await web.views_push(trigger_id=chosen["trigger_id"], view=SECOND)
    why = chat.get_by_role("dialog", name="Why")
    await why.get_by_label("Reason").fill("a drill")
    await why.get_by_role("button", name="Close dialog").click()
    reason = {"reason": {"v": {"type": "plain_text_input", "value": "a drill"}}}
    heard = [await closed.get(), await closed.get()]
    assert sorted(heard, key=lambda one: one[0]) == [("Restore", FILLED_IN), ("Why", reason)]


async def test_a_value_that_does_not_fit_keeps_nobody_from_closing(
    chat: Page, bolt: AsyncApp, closed: Closed, workspace: LocalWorkspace, url: str
) -> None:
    dialog = await opened(chat, bolt, FIRST)
    view = workspace.person("alice").view
    assert view is not None
    typed = {
        "name": {"v": {"type": "plain_text_input", "value": "orders"}},
        "day": {"v": {"type": "datepicker", "selected_date": "soon"}},
        "gone": {"v": {"type": "datepicker", "selected_date": "2026-11-19"}},
    }
    body = {"user": ALICE, "view_id": view["id"], "typed": {view["id"]: typed, "V0": 7}}
    answer = await chat.request.post(f"{url}page/close", data=body, headers={"Origin": url.rstrip("/")})
    assert answer.ok
    await expect(dialog).to_have_count(0)
    _, values = await closed.get()
    assert values["name"]["v"]["value"] == "orders"
    assert values["day"]["v"]["selected_date"] is None
    assert set(values) == {"name", "where", "day"}
