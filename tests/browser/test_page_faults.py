"""The fault panel: what it orders, and what it says."""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.process import BotProcess
from bot.sandbox.slack import LocalWorkspace
from tests.browser.pages import AT_BOTH_WIDTHS, CHANNEL, at_rest, forgive, show_sidebar

pytestmark = pytest.mark.browser


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def workspace(sandbox: Sandbox) -> LocalWorkspace:
    return sandbox.workspace


@pytest.fixture
def url(sandbox: Sandbox) -> str:
    return sandbox.workspace_url


@pytest.fixture
async def panel(chat: Page) -> Locator:
    """The panel, open."""
    await show_sidebar(chat)
    await chat.get_by_role("button", name="Faults", exact=True).click()
    return chat.get_by_role("dialog", name="Faults")


Post = Callable[[], Awaitable[object]]


@pytest.fixture
def post(web: AsyncWebClient) -> Post:
    return lambda: web.chat_postMessage(channel=CHANNEL, text="hello")


@AT_BOTH_WIDTHS
async def test_a_fault_of_slack_is_ordered_seen_and_cleared(chat: Page, panel: Locator, post: Post) -> None:
    await panel.get_by_label("Fault", exact=True).select_option("error")
    await panel.get_by_label("On", exact=True).select_option("chat.postMessage")
    await panel.get_by_label("How often").select_option("The next calls")
    await panel.get_by_label("Calls").fill("2")
    await panel.get_by_label("Error").fill("fatal_error")
    await panel.get_by_role("button", name="Add fault").click()
    active = panel.get_by_role("region", name="Active faults").get_by_role("listitem")
    await expect(active).to_contain_text("chat.postMessage")
    await expect(active).to_contain_text("fatal_error · 2 of 2 left · not hit yet")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await post()
    await expect(active).to_contain_text("1 of 2 left · hit once")
    await active.get_by_role("button", name="Clear").click()
    await expect(active).to_have_count(0)
    await post()
    await expect(chat.get_by_role("article").last).to_contain_text("hello")


async def test_faults_by_chance_and_until_cleared_end_with_one_button(
    panel: Locator, workspace: LocalWorkspace
) -> None:
    await panel.get_by_label("How often").select_option("By chance")
    await panel.get_by_label("Percent").fill("25")
    await panel.get_by_label("Seed").fill("7")
    await panel.get_by_role("button", name="Add fault").click()
    await panel.get_by_label("How often").select_option("Until cleared")
    await panel.get_by_role("button", name="Add fault").click()
    active = panel.get_by_role("region", name="Active faults").get_by_role("listitem")
    await expect(active).to_have_count(2)
    assert [(fault.probability, fault.times) for fault in workspace.faults.all] == [
        (0.25, None),
        (None, None),
    ]
    await panel.get_by_role("button", name="Clear all").click()
    await expect(active).to_have_count(0)
    assert workspace.faults.all == ()


@pytest.mark.parametrize("service", ["Slack", "DBS"])
async def test_every_fault_of_a_service_can_be_ordered(
    panel: Locator, sandbox: Sandbox, service: str
) -> None:
    faults = sandbox.workspace.faults if service == "Slack" else sandbox.dbs.faults
    await panel.get_by_role("tab", name=service).click()
    kinds = panel.get_by_label("Fault", exact=True)
    await expect(kinds.get_by_role("option")).to_have_count(len(faults.kinds))
    for number, kind in enumerate(faults.kinds, start=1):
        await kinds.select_option(kind)
        await panel.get_by_role("button", name="Add fault").click()
        await expect(panel.get_by_role("listitem")).to_have_count(number)
    assert [fault.kind.name for fault in faults.all] == list(faults.kinds)


async def test_what_cannot_be_ordered_is_said_in_words(panel: Locator, browser_errors: list[str]) -> None:
    await panel.get_by_label("Fault", exact=True).select_option("status")
    await panel.get_by_label("Status").fill("7")
    await panel.get_by_role("button", name="Add fault").click()
    await expect(panel.get_by_role("alert")).to_contain_text("status lies between")
    forgive(browser_errors, "400 (Bad Request)")


@AT_BOTH_WIDTHS
async def test_a_fault_of_dbs_and_its_time(panel: Locator, sandbox: Sandbox) -> None:
    await panel.get_by_role("tab", name="Slack").press("ArrowRight")
    await panel.get_by_label("Fault", exact=True).select_option("odd_status")
    await panel.get_by_role("button", name="Add fault").click()
    await expect(panel.get_by_role("listitem")).to_have_count(1)
    assert [fault.kind.name for fault in sandbox.dbs.faults.all] == ["odd_status"]
    before = sandbox.clock.now()
    for leap in ("+1 min", "+10 min", "+1 h"):
        await panel.get_by_role("button", name=leap).click()
        await at_rest(panel.page)
    assert sandbox.clock.now() - before == 60 + 600 + 3600


async def test_the_bot_is_crashed_and_it_is_said_what_happened(
    panel: Locator, sandbox: Sandbox, tmp_path: Path
) -> None:
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'restorebot.db'}"}
    sandbox.bot = BotProcess({**os.environ, **sandbox.environment(), **database})
    async with sandbox.bot.running():
        await sandbox.workspace.app_connected(within=30)
        killed = sandbox.bot.pid
        await panel.get_by_role("tab", name="Bot").click()
        await expect(panel.get_by_text(f"The bot runs as process {killed}, started once.")).to_be_visible()
        await expect(panel.get_by_text("It is connected to this workspace.")).to_be_visible()
        await panel.get_by_role("button", name="Crash the bot").click()
        said = re.compile(rf"Process {killed} was killed without warning; process \d+ took its place\.")
        await expect(panel.get_by_text(said)).to_be_visible()
        assert sandbox.bot.pid != killed
        await expect(panel.get_by_text("started 2 times.")).to_be_visible()
        await sandbox.workspace.app_connected(within=30)


async def test_a_workspace_without_a_bot_says_so(
    chat: Page, panel: Locator, browser_errors: list[str]
) -> None:
    await panel.get_by_role("tab", name="Bot").click()
    await expect(panel.get_by_text("No bot is supervised here")).to_be_visible()
    await panel.get_by_role("button", name="Crash the bot").click()
    await expect(panel.get_by_role("alert")).to_contain_text("No bot is supervised here")
    await chat.goto("about:blank")  # the panel would ask again
    forgive(browser_errors, "404 (Not Found)")


async def test_rates_are_switched(panel: Locator, workspace: LocalWorkspace) -> None:
    rates = panel.get_by_role("switch", name="Enforce Slack's rate limits")
    await rates.check()
    await expect(panel.get_by_text("Too many calls get 429")).to_be_visible()
    assert workspace.rates
    await rates.uncheck()
    await expect(panel.get_by_text("Any number of calls")).to_be_visible()
    assert not workspace.rates


@AT_BOTH_WIDTHS
async def test_the_channel_is_archived_and_the_bot_removed(chat: Page, panel: Locator, post: Post) -> None:
    await panel.get_by_role("button", name="Remove the bot").click()
    await expect(panel.get_by_text("#db-oncall is without the bot.")).to_be_visible()
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await post()
    await panel.get_by_role("button", name="Add the bot").click()
    await expect(panel.get_by_text("#db-oncall has the bot in it.")).to_be_visible()
    await panel.get_by_role("button", name="Archive", exact=True).click()
    await expect(chat.get_by_text("This channel is archived.")).to_be_visible()
    with pytest.raises(SlackApiError, match="is_archived"):
        await post()
    await panel.get_by_role("button", name="Un-archive").click()
    await expect(chat.get_by_role("textbox", name="Message #db-oncall")).to_be_visible()
    await post()
    await panel.get_by_role("button", name="Disconnect").click()
    await expect(panel.get_by_text("The app's sockets were told: warning.")).to_be_visible()


@AT_BOTH_WIDTHS
async def test_escape_closes_the_panel_and_the_chat_stays_usable_beside_it(
    chat: Page, panel: Locator, width: int
) -> None:
    await expect(panel.get_by_role("tab", name="Slack")).to_be_focused()
    await chat.keyboard.press("Escape")
    await expect(panel).to_be_hidden()
    if width > 720:
        await expect(chat.get_by_role("button", name="Faults", exact=True)).to_be_focused()
    await chat.get_by_role("textbox", name="Message #db-oncall").fill("still here")
