"""The browser that the tests share."""

from contextlib import closing, suppress

import pytest
from playwright.async_api import Error, async_playwright

from tests.browser.chromium import Chromium

pytestmark = pytest.mark.browser


async def test_a_browser_that_crashed_is_replaced(chromium_path: str) -> None:
    with closing(Chromium(chromium_path)) as chromium:
        async with async_playwright() as playwright:
            first = await chromium.connect(playwright)
            with suppress(Error):  # the answer dies with the browser
                await (await first.new_browser_cdp_session()).send("Browser.crash")
            second = await chromium.connect(playwright)
            assert await (await second.new_page()).evaluate("1 + 1") == 2
            assert not first.is_connected()
