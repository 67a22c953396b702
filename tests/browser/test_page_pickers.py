"""Dates and times entered with the keyboard: the app hears what was meant, and nothing comes in between."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from tests.blocks import Json, plain
from tests.browser.pages import field, forgive, form, opened

pytestmark = pytest.mark.browser

# 2026-07-01 15:30 in Shanghai, where Alice is; there, 2026-11-19 15:30 and 05:14.
MOMENT, LATER, EARLY = 1782891000, 1795073400, 1795036440

Told = asyncio.Queue[Any]


@pytest.fixture
def told(bolt: AsyncApp) -> Told:
    """The values the app heard. Each time it updates its dialog, which then begins with what it heard."""
    heard: Told = asyncio.Queue()

    @bolt.action("v")
    async def chosen(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await ack()
        action = body["actions"][0]
        key = next(key for key in action if key.startswith("selected_"))
        await heard.put(action[key])
        begin = {key.replace("selected", "initial"): action[key]} if action[key] else {}
        await client.views_update(view_id=body["view"]["id"], view=asking(action["type"], **begin))

    return heard


def asking(kind: str, **element: Any) -> Json:
    """A dialog that asks for a date or a time, and says below what it began with."""
    block = field("when", "When", {"type": kind, **element}, dispatch_action=True)
    begun = "".join(str(value) for value in element.values())
    return form(block, {"type": "section", "text": plain(f"Begun with {begun or 'nothing'}.")})


def part(dialog: Locator, kind: str) -> Locator:
    return dialog.locator(f"input[type={kind}]")


@pytest.mark.parametrize("delay", [0, 60])
async def test_a_typed_date_is_the_date_that_was_typed(
    chat: Page, bolt: AsyncApp, told: Told, delay: int
) -> None:
    dialog = await opened(chat, bolt, asking("datetimepicker", initial_date_time=MOMENT))
    date, time = part(dialog, "date"), part(dialog, "time")
    await date.focus()
    await chat.keyboard.type("11192026", delay=delay)
    await expect(date).to_have_value("2026-11-19")
    assert told.empty()
    await time.focus()
    assert await told.get() == LATER
    await expect(dialog.get_by_text(f"Begun with {LATER}.")).to_be_visible()
    await expect(time).to_be_focused()
    await chat.keyboard.type("0514a", delay=delay)
    await chat.keyboard.press("Enter")
    assert await told.get() == EARLY
    await expect(dialog.get_by_text(f"Begun with {EARLY}.")).to_be_visible()
    await dialog.get_by_role("button", name="Create").focus()
    assert told.empty()
    await expect(date).to_have_value("2026-11-19")
    await expect(time).to_have_value("05:14")


@pytest.mark.parametrize(
    ("kind", "begin", "typed", "value"),
    [
        ("datepicker", {"initial_date": "2026-07-01"}, "11192026", "2026-11-19"),
        ("datepicker", {}, "11192026", "2026-11-19"),
        ("timepicker", {"initial_time": "15:30"}, "0514a", "05:14"),
        ("timepicker", {}, "0514p", "17:14"),
    ],
)
async def test_a_picker_tells_what_was_typed_once_it_is_left(
    chat: Page, bolt: AsyncApp, told: Told, kind: str, begin: Json, typed: str, value: str
) -> None:
    dialog = await opened(chat, bolt, asking(kind, **begin))
    picker = dialog.get_by_label("When")
    await picker.focus()
    await chat.keyboard.type(typed)
    await expect(picker).to_have_value(value)
    assert told.empty()
    await dialog.get_by_role("button", name="Create").focus()
    assert await told.get() == value
    await expect(dialog.get_by_text(f"Begun with {value}.")).to_be_visible()
    await expect(picker).to_have_value(value)
    assert told.empty()


async def test_a_picked_date_is_told_at_once(chat: Page, bolt: AsyncApp, told: Told) -> None:
    dialog = await opened(chat, bolt, asking("datepicker"))
    picker = dialog.get_by_label("When")
    for day in ("2026-11-19", "2026-11-20"):
        await picker.fill(day)
        assert await told.get() == day
    await expect(picker).to_be_focused()


async def test_an_update_waits_until_the_date_is_entered(
    chat: Page, bolt: AsyncApp, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    block = field("when", "When", {"type": "datepicker", "initial_date": "2026-07-01"})
    dialog = await opened(chat, bolt, form(block))
    picker = dialog.locator("input")
    await picker.focus()
    await chat.keyboard.type("1119")
    view = workspace.person("alice").view
    assert view is not None
    note = {"type": "section", "text": plain("Be quick.")}
    await web.views_update(view_id=view["id"], view=form({**block, "label": plain("The day")}, note))
    await expect(dialog.get_by_text("Be quick.")).to_be_visible()
    await chat.keyboard.type("2025")
    await expect(picker).to_have_value("2025-11-19")
    await expect(dialog.get_by_text("When")).to_be_visible()
    await dialog.get_by_role("button", name="Create").focus()
    await expect(dialog.get_by_label("The day")).to_have_value("2025-11-19")


async def test_a_field_that_goes_while_it_is_typed_into_goes_quietly(
    chat: Page, bolt: AsyncApp, told: Told, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    dialog = await opened(chat, bolt, asking("datepicker", initial_date="2026-07-01"))
    await part(dialog, "date").focus()
    await chat.keyboard.type("1119")
    view = workspace.person("alice").view
    assert view is not None
    await web.views_update(view_id=view["id"], view=form(field("name", "Name", {"type": "plain_text_input"})))
    await dialog.get_by_label("Name").fill("orders")
    await expect(part(dialog, "date")).to_have_count(0)
    assert told.empty()


async def test_enter_submits_the_date_of_a_field_the_app_does_not_hear_of(chat: Page, bolt: AsyncApp) -> None:
    submitted: Told = asyncio.Queue()

    @bolt.view("form")
    async def submit(ack: AsyncAck, view: Json) -> None:
        await ack()
        await submitted.put(view["state"]["values"]["when"]["v"]["selected_date"])

    dialog = await opened(chat, bolt, form(field("when", "When", {"type": "datepicker"})))
    await dialog.get_by_label("When").focus()
    await chat.keyboard.type("11192026")
    await chat.keyboard.press("Enter")
    assert await submitted.get() == "2026-11-19"
    await expect(dialog).to_have_count(0)


async def test_a_year_that_cannot_be_meant_is_refused_beside_its_field(
    chat: Page, bolt: AsyncApp, told: Told, browser_errors: list[str]
) -> None:
    dialog = await opened(chat, bolt, asking("datetimepicker", initial_date_time=MOMENT))
    await part(dialog, "date").focus()
    await chat.keyboard.type("111920")
    await dialog.get_by_role("button", name="Create").focus()
    await expect(dialog.get_by_role("alert")).to_have_text("This value does not fit here.")
    assert told.empty()
    forgive(browser_errors, "400 (Bad Request)")
