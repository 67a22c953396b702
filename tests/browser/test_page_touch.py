"""The page under a finger: a phone with a touch screen and no mouse."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

pytestmark = pytest.mark.browser

CHANNEL = "C0DBONCALL1"


@pytest.fixture
async def phone(page: Page, url: str, browser_errors: list[str]) -> AsyncIterator[Page]:
    """The workspace on a phone, with Alice in #db-oncall."""
    assert page.context.browser is not None
    context = await page.context.browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, timezone_id="UTC"
    )
    context.set_default_timeout(5_000)
    phone = await context.new_page()
    phone.on("pageerror", lambda error: browser_errors.append(str(error)))
    await phone.goto(url)
    await phone.locator("[role=log][aria-label='Messages in #db-oncall'][aria-busy=false]").wait_for()
    yield phone
    await phone.goto("about:blank")
    await context.close()


async def test_a_message_is_touched_and_a_thread_begun(phone: Page, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel=CHANNEL, text="Restore of orders-prod")
    await phone.get_by_role("article").last.tap()
    await phone.get_by_role("button", name="Start a thread").tap()
    thread = phone.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article")).to_contain_text(["Restore of orders-prod"])
    await thread.get_by_role("button", name="Close thread").tap()
    await expect(thread).to_be_hidden()


async def test_the_menu_of_a_message_opens_and_works(phone: Page, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel=CHANNEL, text="Restore of orders-prod")
    message = phone.get_by_role("article").last
    await message.tap()
    await phone.get_by_role("button", name="More actions").tap()
    await phone.get_by_role("menuitem", name="Delete as a fault").tap()
    await expect(message).to_have_count(0)


async def test_the_toolbar_goes_with_the_focus(phone: Page, web: AsyncWebClient) -> None:
    await web.chat_postMessage(channel=CHANNEL, text="Restore of orders-prod")
    await phone.get_by_role("article").last.tap()
    more = phone.get_by_role("button", name="More actions")
    await expect(more).to_be_visible()
    await phone.get_by_role("textbox", name="Message #db-oncall").tap()
    await expect(more).to_have_count(0)
