"""Answers in three seconds, whatever DBS or the database is doing, and faults that stay where they are."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import pytest

from tests.scenario.stage import CHANNEL, Stage
from tests.scenario.wires import Wire, wire_to


@pytest.fixture
async def wire(stage: Stage) -> AsyncIterator[Wire]:
    """The wire to DBS, which can go silent."""
    assert stage.settings.dbs_endpoint is not None
    async with wire_to(stage.settings.dbs_endpoint) as (wire, address):
        stage.settings = stage.settings.model_copy(update={"dbs_endpoint": address})
        yield wire


async def test_promise_8_the_form_and_its_lists_answer_while_dbs_hangs(stage: Stage, wire: Wire) -> None:
    async with stage.bot():
        wire.silent = True
        await stage.alice.say(CHANNEL, "/restore")
        await stage.workspace.until(lambda: stage.alice.view)
        async with asyncio.timeout(3):
            (option,) = await stage.alice.options("plan", "plan", "ord")
        assert option["value"] == "unavailable"
        assert "not answer" in option["text"]["text"]


async def test_promise_8_a_submission_is_taken_while_dbs_hangs(stage: Stage, wire: Wire) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        wire.silent = True
        async with asyncio.timeout(3):
            assert await stage.submit() == {}
        await stage.until_card("Creating the restore task")
        wire.release()
        await stage.until_told("created the task", timeout=30)
    assert len(stage.dbs.tasks) == 1


async def test_promise_8_a_form_that_cannot_be_saved_stays_open_and_makes_one_task_in_the_end(
    stage: Stage,
) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        locked = sqlite3.connect(stage.settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
        locked.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(3):
            errors = await stage.submit()
        assert "Submit again" in errors["start"]
        locked.execute("ROLLBACK")
        locked.close()
        assert await stage.submit() == {}
        await stage.until_told("created the task")
    assert len(stage.dbs.tasks) == 1
