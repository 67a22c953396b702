"""What `/restore` answers."""

from typing import Any

import pytest

from bot.slack.answers import COMMANDS
from tests.scenario.stage import CHANNEL, Stage


async def answer(stage: Stage, text: str) -> dict[str, Any]:
    """The ephemeral message Alice gets for a command."""
    before = len(stage.alice.ephemerals(CHANNEL))
    await stage.alice.say(CHANNEL, text)
    await stage.workspace.until(lambda: len(stage.alice.ephemerals(CHANNEL)) > before)
    return stage.alice.ephemerals(CHANNEL)[-1]


async def test_help_names_every_command_to_the_person_alone(stage: Stage) -> None:
    async with stage.bot():
        text = (await answer(stage, "/restore help"))["text"]
    assert all(command.replace("<", "&lt;").replace(">", "&gt;") in text for command in COMMANDS)
    assert stage.ben.ephemerals(CHANNEL) == []
    assert stage.thread() == []


@pytest.mark.parametrize("typed", ["stauts s1", "status", "status a b", "drop database"])
async def test_what_is_not_understood_is_said_and_explained(stage: Stage, typed: str) -> None:
    async with stage.bot():
        text = (await answer(stage, f"/restore {typed}"))["text"]
    assert "/restore status" in text


async def test_status_shows_the_card_of_a_followed_task(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
        (task,) = stage.dbs.tasks
        shown = await answer(stage, f"/restore status {task.task_id}")
    assert "orders-prod" in shown["text"]
    assert shown["blocks"][0]["type"] == "header"


async def test_status_asks_dbs_about_a_task_made_elsewhere(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
        (task,) = stage.dbs.tasks
    stage.settings = stage.settings.model_copy(update={"database_url": f"{stage.settings.database_url}2"})
    async with stage.bot():
        shown = await answer(stage, f"/restore status {task.task_id}")
    assert "Precheck" in shown["text"]


async def test_status_of_an_unknown_task_says_so(stage: Stage) -> None:
    async with stage.bot():
        shown = await answer(stage, "/restore status s1nonesuch")
    assert "lists no restore task `s1nonesuch`" in shown["text"]


async def test_a_channel_without_the_bot_is_refused_before_anything_is_asked(stage: Stage) -> None:
    async with stage.bot():
        await stage.alice.say("#dba-private", "/restore")
        refused = await stage.workspace.until(
            lambda: stage.alice.view if stage.alice.view and not stage.alice.view["submit"] else None
        )
    assert refused is not None
    assert "/invite" in str(refused["blocks"])


async def test_promise_8_the_form_opens_while_dbs_is_out_of_reach_and_says_so(stage: Stage) -> None:
    stage.settings = stage.settings.model_copy(update={"dbs_endpoint": "http://127.0.0.1:9/"})
    async with stage.bot():
        await stage.alice.say(CHANNEL, "/restore")
        await stage.workspace.until(lambda: stage.alice.view)
        (option,) = await stage.alice.options("plan", "plan", "ord")
        assert option["value"] == "unavailable"
        errors = await stage.alice.submit({"plan": option})
        assert errors.keys() == {"plan"}
