"""The whole way as a person goes it: the command, the form, the thread, to the end."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.app import built
from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.slack import LocalWorkspace
from tests.browser.restoring import (
    TO_THE_END_MS,
    card_in,
    fill_in,
    go_on,
    open_form,
    open_thread,
    restore,
    step,
)
from tests.settings import local_settings

pytestmark = pytest.mark.browser

#: Simulated seconds per real one: a restore of ten minutes takes six seconds.
SPEED = 100


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


async def choose_location(dialog: Locator, location: str) -> None:
    await dialog.get_by_role("combobox", name="Where the target is").click()
    await dialog.get_by_role("option", name=location).click()


async def choose_listed(dialog: Locator, label: str, words: str) -> None:
    """In a list that the bot fills."""
    await dialog.get_by_role("combobox", name=label).fill(words)
    await dialog.get_by_role("option", name=words).first.click()


async def test_a_bad_form_is_corrected_and_the_restore_followed_to_its_end(
    chat: Page, restorebot: LocalDbs
) -> None:
    dialog = await fill_in(chat, "orders-prod")
    await dialog.get_by_role("button", name="Write as JSON instead").click()
    databases = dialog.get_by_role("textbox", name="Databases")
    await databases.fill("orders -> orders_copy\nnowhere")
    await dialog.get_by_label("Type rm-bp1target0001 to go on").fill("rm-bp1target0001")
    await dialog.get_by_role("button", name="Restore", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Not in this plan: “nowhere”")
    await expect(databases).to_have_attribute("aria-invalid", "true")
    await expect(dialog.get_by_label("Password of restore_rw")).to_have_value("correct horse")
    assert restorebot.tasks == ()

    await databases.fill("orders -> orders_copy")
    await dialog.get_by_role("button", name="Refresh with my changes").click()
    await expect(dialog).to_contain_text("What was dangerous is so no more")
    await dialog.get_by_role("button", name="Restore", exact=True).click()
    await expect(chat.get_by_role("dialog")).to_be_hidden()
    thread = await open_thread(chat)
    await expect(thread).to_contain_text("The restore finished in", timeout=TO_THE_END_MS)
    for words in ("created the task", "Precheck passed", "is running", "Data: 50 %", "All data is restored"):
        await expect(thread).to_contain_text(words)
    card = card_in(chat)
    await expect(card).to_contain_text("Finished")
    await expect(card).to_contain_text("orders_copy")
    await expect(card).not_to_contain_text("correct horse")


@pytest.mark.parametrize(
    ("plan", "location", "typed", "sent"),
    [
        (
            "orders-prod",
            "RDS instance",
            {"Target instance": "rm-bp1target0001", "Account": "restore_rw"},
            {"DestinationEndpointInstanceID": "rm-bp1target0001"},
        ),
        (
            "crm-mssql",
            "Behind a backup gateway",
            {"Backup gateway": "idc-hangzhou-1", "Target address": "10.0.0.5", "Target port": "1433"},
            {"BackupGatewayId": "23213141", "DestinationEndpointIP": "10.0.0.5"},
        ),
        (
            "profiles-mongo",
            "ApsaraDB for MongoDB",
            {"Target instance": "dds-target1", "Database to connect to": "admin", "Account": "root"},
            {"DestinationEndpointDatabaseName": "admin"},
        ),
        (
            "ledger",
            "Public IP",
            {"Target address": "db.example.com", "Target port": "5432", "Database to connect to": "postgres"}
            | {"Account": "postgres"},
            {"DestinationEndpointIP": "db.example.com", "DestinationEndpointPort": "5432"},
        ),
    ],
)
async def test_the_three_steps_back_and_forth_lose_nothing(
    chat: Page,
    restorebot: LocalDbs,
    plan: str,
    location: str,
    typed: dict[str, str],
    sent: dict[str, str],
) -> None:
    await open_form(chat, plan)
    where = await go_on(chat, "2/3: where")
    await choose_location(where, location)
    for label, value in typed.items():
        await expect(where.get_by_label(label).first).to_be_visible()
        if label == "Backup gateway":
            await choose_listed(where, label, value)
        else:
            await where.get_by_label(label).fill(value)
    check = await go_on(chat, "3/3: check")
    await check.get_by_label("Task name").fill("from the browser")
    # The bot hears of a new name, and with it of all that is typed, when Enter is pressed.
    await check.get_by_label("name on the target").first.fill("a_copy")
    await chat.keyboard.press("Enter")
    await expect(check).to_contain_text("→ a_copy")
    await chat.get_by_role("button", name="Back").first.click()
    for label, value in typed.items():
        if label != "Backup gateway":
            await expect(where.get_by_label(label)).to_have_value(value)
    await chat.get_by_role("button", name="Back").first.click()
    await expect(step(chat, "1/3: what").get_by_role("radio", name="The latest")).to_be_checked()
    await go_on(chat, "2/3: where")
    check = await go_on(chat, "3/3: check")
    await expect(check.get_by_label("Task name")).to_have_value("from the browser")
    password = check.get_by_label("Password of")
    if await password.count():
        await password.fill("correct horse")
    await expect(check.get_by_label("name on the target").first).to_have_value("a_copy")
    await restore(chat, check)
    await restorebot.until(lambda: restorebot.tasks)
    assert sent.items() <= restorebot.tasks[0].parameters.items()


async def test_a_time_outside_the_window_is_put_right_with_a_button(chat: Page, restorebot: LocalDbs) -> None:
    dialog = await open_form(chat, "orders-prod")
    await dialog.get_by_role("radio", name="A point in time").check()
    picker = dialog.get_by_role("group", name="Point in time")
    await picker.get_by_label("Date").fill("2020-01-01")
    nearest = dialog.get_by_role("button", name="the first")
    await expect(nearest).to_be_visible()
    await chat.get_by_role("button", name="Next").click()
    await expect(dialog.get_by_role("alert").first).to_contain_text("Nearest possible")
    await nearest.click()
    await expect(dialog).to_contain_text("Restores to")
    await go_on(chat, "2/3: where")
    assert restorebot.tasks == ()


async def test_a_restore_over_its_own_source_asks_for_the_target_in_writing(
    chat: Page, restorebot: LocalDbs
) -> None:
    await open_form(chat, "orders-prod")
    where = await go_on(chat, "2/3: where")
    await where.get_by_role("button", name="Same as source").click()
    await expect(where.get_by_label("Target instance")).to_have_value("rm-bp1orders7k2m9x4f3")
    await where.get_by_label("Account").fill("restore_rw")
    check = await go_on(chat, "3/3: check")
    await expect(check).to_contain_text("its own source")
    await check.get_by_label("Password of restore_rw").fill("correct horse")
    await check.get_by_label("Type rm-bp1orders7k2m9x4f3 to go on").fill("yes")
    await check.get_by_role("button", name="Restore", exact=True).click()
    await expect(check.get_by_role("alert")).to_contain_text("Type rm-bp1orders7k2m9x4f3")
    assert restorebot.tasks == ()
    await restore(chat, check)


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
    await restore(chat, await fill_in(chat, plan))
    thread = await open_thread(chat)
    await expect(thread).to_contain_text(told, timeout=TO_THE_END_MS)
    await expect(thread.locator("pre").last).not_to_be_empty()
    card = card_in(chat)
    await expect(card).to_contain_text(status)
