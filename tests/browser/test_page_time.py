"""The fault panel's time: each service has its own."""

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.slack import LocalWorkspace

pytestmark = pytest.mark.browser


async def test_the_time_of_slack_is_shown_and_advanced(chat: Page, workspace: LocalWorkspace) -> None:
    await chat.get_by_role("button", name="Faults", exact=True).click()
    panel = chat.get_by_role("dialog", name="Faults")
    time = panel.get_by_role("region", name="Time of Slack")
    await expect(time.get_by_text("UTC, 1 simulated second per second")).to_be_visible()
    before = workspace.clock.now()
    for leap in ("+4 s", "+1 min", "+31 min"):
        await time.get_by_role("button", name=leap).click()
        await expect(time.get_by_role("button", name=leap)).not_to_have_attribute("aria-busy", "true")
    await workspace.until(lambda: workspace.clock.now() >= before + 4 + 60 + 31 * 60)
