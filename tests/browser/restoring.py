"""What a person does with restores on the page: commands, the form, the card, its thread and its buttons."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.slack import LocalWorkspace
from tests.browser.pages import show_sidebar
from tests.scenario.stage import Stage
from tests.settings import local_settings

REPLIES = re.compile(r"\d+ repl(y|ies)")
#: What comes of several looks at DBS may take as long as this on a busy machine.
TO_THE_END_MS = 40_000


@asynccontextmanager
async def staged_on(workspace: LocalWorkspace, url: str, folder: Path) -> AsyncIterator[Stage]:
    """The workspace that the page shows, and a DBS whose time stands still until advanced."""
    clock = SimulatedClock(speed=0)
    dbs = LocalDbs(clock=clock)
    async with AsyncExitStack() as stack:
        dbs_url = await stack.enter_async_context(dbs.serve())
        made = Stage(workspace, dbs, clock, stack)
        made.settings = local_settings(url, dbs_url, folder, poll_interval=0.02)
        yield made


# In a channel


async def say(chat: Page, line: str, channel: str = "db-oncall") -> None:
    await chat.get_by_role("textbox", name=f"Message #{channel}").press_sequentially(line)
    await chat.keyboard.press("Enter")


async def ask(chat: Page, line: str, channel: str = "db-oncall") -> Locator:
    """Say it; what is answered to the person alone."""
    answers = log_of(chat, channel).locator("article.ephemeral")
    before = await answers.count()
    await say(chat, line, channel)
    await expect(answers.nth(before)).to_be_visible()
    return answers.nth(before)


def log_of(chat: Page, channel: str = "db-oncall") -> Locator:
    return chat.get_by_role("log", name=f"Messages in #{channel}")


async def go_to(chat: Page, channel: str) -> None:
    await show_sidebar(chat)
    await (
        chat.get_by_role("complementary", name="Workspace")
        .get_by_role("button", name=re.compile(rf"^{channel}\b"))
        .click()
    )
    await expect(log_of(chat, channel)).to_be_visible()


def card_in(chat: Page, channel: str = "db-oncall") -> Locator:
    """What has replies below it: the end of a restore stands in the channel as well."""
    has_thread = chat.get_by_role("button", name=REPLIES)
    return log_of(chat, channel).get_by_role("article").filter(has=has_thread).last


def told_in_channel(chat: Page, channel: str = "db-oncall") -> Locator:
    """The replies that stand in the channel as well."""
    return log_of(chat, channel).get_by_role("article").filter(has_text="replied to a thread")


async def open_thread(chat: Page, channel: str = "db-oncall") -> Locator:
    """What the thread of the latest card says."""
    await card_in(chat, channel).get_by_role("button", name=REPLIES).click()
    return chat.get_by_role("complementary", name="Thread").get_by_role("log")


# In the form


def step(chat: Page, name: str) -> Locator:
    return chat.get_by_role("dialog", name=f"Restore {name}")


async def open_form(chat: Page, plan: str) -> Locator:
    """Type the command, then part of a plan's name, and choose it: step one."""
    await say(chat, "/restore ")
    dialog = step(chat, "1/3: what")
    await choose_plan(dialog, plan)
    return dialog


async def choose_plan(dialog: Locator, plan: str) -> None:
    """In step one, whatever was chosen before."""
    await dialog.get_by_role("combobox", name="Backup plan").fill(plan[:5])
    await dialog.get_by_role("option", name=plan).click()
    await expect(dialog.get_by_role("radio", name="A point in time")).to_be_visible()


async def go_on(chat: Page, name: str) -> Locator:
    """To the step of this name."""
    await chat.get_by_role("button", name="Next").click()
    dialog = step(chat, name)
    await expect(dialog).to_be_visible()
    return dialog


async def fill_in(chat: Page, plan: str) -> Locator:
    """All that a restore to an instance in RDS needs: step three."""
    await open_form(chat, plan)
    return await fill_in_rest(chat)


async def fill_in_rest(chat: Page) -> Locator:
    """From step one, where the plan is chosen."""
    where = await go_on(chat, "2/3: where")
    await where.get_by_label("Target instance").fill("rm-bp1target0001")
    await where.get_by_label("Account").fill("restore_rw")
    check = await go_on(chat, "3/3: check")
    await give_password(check)
    return check


async def give_password(check: Locator) -> None:
    await check.get_by_label("Password of restore_rw").fill("correct horse")


async def restore(chat: Page, dialog: Locator) -> None:
    """Type the target where it is asked for, and submit."""
    confirm = dialog.get_by_label(re.compile("Type .* to go on"))
    if await confirm.count():
        await confirm.fill(await confirm.get_attribute("placeholder") or "")
    await dialog.get_by_role("button", name="Restore", exact=True).click()
    await expect(chat.get_by_role("dialog")).to_be_hidden()
