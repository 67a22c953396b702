"""A real Chromium before a real local workspace."""

import os
import shutil
from asyncio import Runner
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import pytest
import pytest_asyncio
from playwright.async_api import ConsoleMessage, Error, Page, Playwright, async_playwright

from tests.browser.chromium import Chromium
from tests.browser.tab import Tab


@pytest.fixture(scope="session")
def chromium_path() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail("no Chromium is installed")
    pytest.skip("no Chromium is installed")


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Chromium]:
    """The browser that all tests share."""
    with closing(Chromium(chromium_path)) as chromium:
        yield chromium


@pytest.fixture
def _function_scoped_runner(_session_scoped_runner: Runner) -> Runner:
    """Tests share the event loop of the browser's driver, which takes longer to start than a test takes."""
    return _session_scoped_runner


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """The driver that all tests share."""
    async with async_playwright() as playwright:
        yield playwright


@pytest.fixture
def browser_errors() -> list[str]:
    """What the browser complained about. A test that provokes errors looks at them and clears the list."""
    return []


@pytest.fixture
def width() -> int:
    """How wide the browser's window is. A test that cares is parametrized by it."""
    return 1280


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tab(chromium: Chromium, playwright: Playwright) -> AsyncIterator[Tab]:
    tab = Tab(chromium, playwright)
    yield tab
    await tab.close()


@pytest.fixture
async def page(tab: Tab, browser_errors: list[str], width: int) -> AsyncIterator[Page]:
    """A blank page, which fails its test if it complains."""

    def complain(error: Error) -> None:
        browser_errors.append(str(error))

    def listen(said: ConsoleMessage) -> None:
        if said.type == "error":
            browser_errors.append(said.text)

    page = await tab.take(width)
    page.on("pageerror", complain)
    page.on("console", listen)
    yield page
    page.remove_listener("pageerror", complain)
    page.remove_listener("console", listen)
    await tab.give_back()
    assert browser_errors == []


@pytest.fixture
async def chat(page: Page, url: str) -> AsyncIterator[Page]:
    """The workspace's page, loaded, with Alice in #db-oncall."""
    await page.goto(url)
    await page.locator("[role=log][aria-label='Messages in #db-oncall'][aria-busy=false]").wait_for()
    yield page
    # Leave before the workspace goes, or the page would complain about that.
    await page.goto("about:blank")
