"""The whole way as a person goes it: the command, the form, the thread, to the end."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.app import built
from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.slack import LocalWorkspace
from tests.settings import local_settings

pytestmark = pytest.mark.browser

#: Simulated seconds per real one: a restore of ten minutes takes six seconds.
SPEED = 100
TO_THE_END_MS = 40_000


@pytest.fixture
async def restorebot(workspace: LocalWorkspace, url: str, tmp_path: Path) -> AsyncIterator[LocalDbs]:
    """The bot at work between the workspace and a local DBS."""
    dbs = LocalDbs(clock=SimulatedClock(SPEED))
    async with dbs.serve() as dbs_url:
        settings = local_settings(url, dbs_url, tmp_path, poll_interval=0.2)
        async with built(settings) as bot:
            running = asyncio.create_task(bot.run())
            await workspace.app_connected()
            yield dbs
            bot.stop()
            await running


async def open_form(chat: Page, plan: str) -> Locator:
    """Type the command, then part of a plan's name, and choose it."""
    await chat.get_by_role("textbox", name="Message #db-oncall").press_sequentially("/restore ")
    await chat.keyboard.press("Enter")
    dialog = chat.get_by_role("dialog", name="Restore a database")
    await dialog.get_by_role("combobox", name="Backup plan").press_sequentially(plan[:5])
    await dialog.get_by_role("option", name=plan).click()
    await expect(dialog.get_by_label("Target instance")).to_be_visible()
    return dialog


async def fill_in(dialog: Locator) -> None:
    await dialog.get_by_label("Target instance").fill("rm-bp1target0001")
    await dialog.get_by_label("Account").fill("restore_rw")
    await dialog.get_by_label("Password").fill("correct horse")


async def open_thread(chat: Page) -> Locator:
    await chat.get_by_role("button", name=re.compile(r"\d+ repl(y|ies)")).first.click()
    return chat.get_by_role("complementary", name="Thread")


async def test_a_bad_form_is_corrected_and_the_restore_followed_to_its_end(
    chat: Page, restorebot: LocalDbs
) -> None:
    dialog = await open_form(chat, "orders-prod")
    await fill_in(dialog)
    databases = dialog.get_by_label("Databases")
    await databases.fill("orders -> orders_copy\nnowhere")
    await dialog.get_by_role("button", name="Restore").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Not in this plan: “nowhere”")
    await expect(databases).to_have_attribute("aria-invalid", "true")
    assert restorebot.tasks == ()

    await databases.fill("orders -> orders_copy")
    await dialog.get_by_role("button", name="Restore").click()
    await expect(dialog).to_be_hidden()
    thread = await open_thread(chat)
    await expect(thread.get_by_role("log")).to_contain_text("The restore finished in", timeout=TO_THE_END_MS)
    for words in ("created the task", "Precheck passed", "is running", "Data: 50 %", "All data is restored"):
        await expect(thread.get_by_role("log")).to_contain_text(words)
    card = chat.get_by_role("log", name="Messages in #db-oncall").get_by_role("article").last
    await expect(card).to_contain_text("Finished")
    await expect(card).to_contain_text("orders_copy")
    await expect(card).not_to_contain_text("correct horse")


async def test_a_time_outside_the_window_is_refused_beside_the_picker(
    chat: Page, restorebot: LocalDbs
) -> None:
    dialog = await open_form(chat, "orders-prod")
    await fill_in(dialog)
    await dialog.get_by_role("radio", name="A point in time").check()
    picker = dialog.get_by_role("group", name="Point in time")
    await picker.get_by_label("Date").fill("2020-01-01")
    await dialog.get_by_role("button", name="Restore").click()
    await expect(picker.or_(dialog).get_by_role("alert").first).to_contain_text("Nearest restorable time")
    await expect(dialog.get_by_label("Password")).to_have_value("correct horse")
    assert restorebot.tasks == ()


@pytest.mark.parametrize(
    ("plan", "told", "status"),
    [
        ("inventory-prod", "Precheck failed. Nothing was restored.", "Precheck failed"),
        ("billing-prod", "The restore failed.", "Failed"),
    ],
)
async def test_a_restore_that_goes_wrong_says_why_in_its_thread(
    chat: Page, restorebot: LocalDbs, plan: str, told: str, status: str
) -> None:
    dialog = await open_form(chat, plan)
    await fill_in(dialog)
    await dialog.get_by_role("button", name="Restore").click()
    await expect(dialog).to_be_hidden()
    thread = await open_thread(chat)
    await expect(thread.get_by_role("log")).to_contain_text(told, timeout=TO_THE_END_MS)
    await expect(thread.locator("pre").last).not_to_be_empty()
    card = chat.get_by_role("log", name="Messages in #db-oncall").get_by_role("article").last
    await expect(card).to_contain_text(status)
