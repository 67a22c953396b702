"""A real Chromium before a real local workspace, with an app of Bolt's in it."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace()


@pytest.fixture
async def url(workspace: LocalWorkspace) -> AsyncIterator[str]:
    """The workspace is served here until the test ends."""
    async with workspace.serve(port=0) as url:
        yield url


@pytest.fixture
def web(url: str) -> AsyncWebClient:
    """The bot's own client."""
    return AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])


@pytest.fixture
async def bolt(workspace: LocalWorkspace, web: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """An app connected to the workspace; a test adds its listeners."""
    app = AsyncApp(client=web)
    handler = AsyncSocketModeHandler(app, "xapp-sandbox")
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt says no types here
    await workspace.app_connected()
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]  # nor here


@pytest.fixture
def browser_errors() -> list[str]:
    """What the browser complained about. A test that provokes errors looks at them and clears the list."""
    return []


@pytest.fixture
def width() -> int:
    """How wide the browser's window is. A test that cares is parametrized by it."""
    return 1280


@pytest.fixture
async def page(browser_errors: list[str], width: int) -> AsyncIterator[Page]:
    """A blank page in a browser of its own. The test fails if anything went wrong in the page."""
    if _CHROMIUM is None and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail("no Chromium is installed")
    if _CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=_QUIET)
        context = await browser.new_context(viewport={"width": width, "height": 800}, timezone_id="UTC")
        context.set_default_timeout(5_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: browser_errors.append(str(error)))
        page.on("console", lambda said: browser_errors.append(said.text) if said.type == "error" else None)
        yield page
        await browser.close()
    assert browser_errors == []


@pytest.fixture
async def chat(page: Page, url: str) -> AsyncIterator[Page]:
    """The workspace's page, loaded, with Alice in #db-oncall."""
    await page.goto(url)
    await page.locator("[role=log][aria-label='Messages in #db-oncall'][aria-busy=false]").wait_for()
    yield page
    # Leave before the workspace goes, or the page would complain about that.
    await page.goto("about:blank")
