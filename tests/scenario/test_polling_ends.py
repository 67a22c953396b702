"""A bot that no longer looks at its tasks does not go on as if it did."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT

import pytest

from bot.app import built
from bot.restores.models import TrackedTask
from bot.store.sqlite import SqliteStore
from tests.scenario.processes import environment
from tests.scenario.stage import Stage

#: `restorebot run`, whose poller dies at its first look.
DYING = """
from bot import cli
from bot.restores.poller import RestorePoller

async def dies(*_):
    raise ZeroDivisionError("the poller")

RestorePoller.round = dies
cli.main(["run"])
"""


async def test_a_poller_that_dies_ends_the_bot(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dies(*_: object) -> list[TrackedTask]:
        raise ZeroDivisionError

    async with built(stage.settings) as bot:
        monkeypatch.setattr(SqliteStore, "due_tasks", dies)
        with pytest.raises(ExceptionGroup) as died:
            await bot.run()
    assert died.group_contains(ZeroDivisionError)


async def test_a_poller_that_dies_at_one_task_ends_the_bot(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a job of its own, which nobody waits for when it takes long."""

    async def dies(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    async with built(stage.settings) as bot:
        running = asyncio.create_task(bot.run())
        await stage.workspace.app_connected()
        monkeypatch.setattr(SqliteStore, "save_polls", dies)
        await stage.restore("orders-prod")
        with pytest.raises(ExceptionGroup) as died:
            await running
    assert died.group_contains(ZeroDivisionError)


async def test_a_poller_that_dies_ends_the_process_and_the_exit_code_says_so(stage: Stage) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DYING, stdout=PIPE, stderr=STDOUT, env=environment(stage)
    )
    async with asyncio.timeout(30):
        printed, _ = await process.communicate()
    assert process.returncode == 1
    assert b"ZeroDivisionError: the poller" in printed
