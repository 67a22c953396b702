"""What tests do with the page, and what they build its forms from."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.blocks import Json, plain

AT_BOTH_WIDTHS = pytest.mark.parametrize("width", [1280, 390])
CHANNEL, ALICE = "C0DBONCALL1", "U0ALICECHEN"


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
    dialog = page.get_by_role("dialog", name=view["title"]["text"])
    await dialog.wait_for()
    return dialog


async def show_sidebar(page: Page) -> None:
    """Narrow windows hide it behind a button."""
    menu = page.get_by_role("button", name="Show channels")
    if await menu.is_visible():
        await menu.click()


async def at_rest(page: Page) -> None:
    """The app's acknowledgement of what was pressed has arrived."""
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)


def forgive(browser_errors: list[str], words: str) -> None:
    """The test provoked errors with these words, and no others came."""
    assert [error for error in browser_errors if words not in error] == []
    browser_errors.clear()
