"""One page that many tests use one after the other: a new one takes longer than most tests do."""

from contextlib import suppress

from playwright.async_api import Error, Page, Playwright

from tests.browser.chromium import Chromium


class Tab:
    """A page that is blank whenever a test gets it. A test that changes it for good closes it."""

    def __init__(self, chromium: Chromium, playwright: Playwright) -> None:
        self._chromium = chromium
        self._playwright = playwright
        self._page: Page | None = None

    async def take(self, width: int) -> Page:
        if self._page is None:
            self._page = await self._opened()
        await self._page.set_viewport_size({"width": width, "height": 800})
        return self._page

    async def _opened(self) -> Page:
        browser = await self._chromium.connect(self._playwright)
        context = await browser.new_context(timezone_id="UTC")
        context.set_default_timeout(5_000)
        return await context.new_page()

    async def give_back(self) -> None:
        """Nothing of this test is left for the next; a page of which that is not sure is not used again."""
        page, self._page = self._page, None
        if page is None:
            return
        with suppress(Error):
            if page.url != "about:blank":
                await page.goto("about:blank")
            await page.unroute_all()
            await page.mouse.move(0, 0)
            await page.context.clear_permissions()
            for other in page.context.pages:
                if other is not page:
                    await other.close()
            self._page = page
        if self._page is None:
            await self._discard(page)

    async def close(self) -> None:
        if self._page is not None:
            await self._discard(self._page)

    async def _discard(self, page: Page) -> None:
        with suppress(Error):
            if page.context.browser:
                await page.context.browser.close()
