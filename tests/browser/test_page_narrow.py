"""Long words on buttons stay within what holds them."""

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.blocks import Json, plain
from tests.browser.pages import AT_BOTH_WIDTHS, CHANNEL, form, opened

pytestmark = [pytest.mark.browser, AT_BOTH_WIDTHS]

WORDS = "Last possible before: Wednesday, November 19th at 05:14:09 (UTC+08:00)"
ONE_WORD = "rm-bp1orders7k2m9x4f3" * 3


def buttons() -> list[Json]:
    made = [
        {"type": "button", "action_id": f"b{number}", "text": plain(text)}
        for number, text in enumerate((WORDS, ONE_WORD, "Go"))
    ]
    section = {"type": "section", "text": plain("Which one?"), "accessory": made[1] | {"action_id": "b9"}}
    return [{"type": "actions", "elements": made}, section]


async def assert_buttons_fit(page: Page, inside: str) -> None:
    """None of them reaches out of its block."""
    assert await page.locator(f"{inside} .block .button").count() == 4
    outside = f"""() => [...document.querySelectorAll("{inside} .block .button")].filter((button) => {{
      const [inner, outer] = [button, button.closest(".block")].map((node) => node.getBoundingClientRect());
      return inner.right > outer.right + 0.5 || button.scrollWidth > button.clientWidth;
    }}).length"""
    assert await page.evaluate(outside) == 0


async def test_a_long_button_stays_in_its_dialog(chat: Page, bolt: AsyncApp) -> None:
    dialog = await opened(chat, bolt, form(*buttons(), close=plain("Go back to the plans")))
    await assert_buttons_fit(chat, "dialog")
    short = await dialog.get_by_role("button", name="Go", exact=True).bounding_box()
    assert short is not None
    assert short["height"] < 40
    await expect(dialog.get_by_role("button", name="Go back to the plans")).to_be_in_viewport(ratio=1)


async def test_a_long_button_stays_in_its_message(chat: Page, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel=CHANNEL, text="card", blocks=buttons())
    await expect(chat.get_by_role("button", name=WORDS)).to_be_visible()
    await assert_buttons_fit(chat, "article")


async def test_a_menu_stays_in_a_window_that_gets_narrower(chat: Page, web: AsyncWebClient) -> None:
    options = [
        {"text": plain(words), "value": words} for words in ("Check now", "Watch in another channel too …")
    ]
    menu = {"type": "overflow", "action_id": "more", "options": options}
    card = {"type": "section", "text": plain("Running"), "accessory": menu}
    await web.chat_postMessage(channel=CHANNEL, text="card", blocks=[card])
    await chat.get_by_role("button", name="More options").click()
    item = chat.get_by_role("menuitem", name="Watch in another channel too …")
    await expect(item).to_be_visible()
    await chat.set_viewport_size({"width": 380, "height": 800})
    # It moves once the page hears that the window is another.
    await chat.wait_for_function(
        "() => document.querySelector('.menu-popup:popover-open').getBoundingClientRect().right <= 380 - 8"
    )
    line = await item.bounding_box()
    assert line is not None
    assert line["height"] < 40
