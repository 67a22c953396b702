"""`/restore help`, and what is answered to words that are nearly a command."""

import asyncio
import html
import sqlite3

import pytest

from bot.sandbox.dbs.declare import backup_plan
from bot.slack.guide import COMMANDS, ENTRIES
from tests.scenario.calling import answer, buttons, opened, pressed
from tests.scenario.stage import CHANNEL, PATIENCE, Stage

# Help


async def test_help_names_every_command_to_the_person_alone(stage: Stage) -> None:
    async with stage.bot():
        shown = await answer(stage, "/restore help")
    for text in (shown["text"], str(shown["blocks"])):
        assert all(html.escape(command, quote=False) in text for command in COMMANDS)
    assert stage.ben.ephemerals(CHANNEL) == []
    assert stage.thread() == []


async def test_help_has_buttons_that_lead_on(stage: Stage) -> None:
    async with stage.bot():
        shown = await answer(stage, "/restore help")
        plans = await pressed(stage, shown, "/restore plans")
        assert "15 backup plans" in plans["text"]
        await stage.alice.click(shown, buttons(shown)["Restore a database"]["action_id"])
        await stage.workspace.until(lambda: stage.alice.view)


@pytest.mark.parametrize("name", list(ENTRIES))
async def test_help_tells_each_command_in_detail_with_an_example(stage: Stage, name: str) -> None:
    async with stage.bot():
        text = (await answer(stage, f"/restore help {name}"))["text"]
    entry = ENTRIES[name]
    assert html.escape(entry.usage, quote=False) in text
    assert all(html.escape(example, quote=False) in text for example in entry.examples)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("lsit", "There is no command `lsit`. Did you mean `list`?"),
        ("/restore watch", "follow a task in this channel too"),
        ("plan=orders", "Keys:"),
        ("nonesuch", "There is no command `nonesuch`."),
        ("cancel", "DBS has no call to stop a restore"),
    ],
)
async def test_help_on_what_is_no_command_shows_the_nearest_or_all(
    stage: Stage, typed: str, words: str
) -> None:
    async with stage.bot():
        text = (await answer(stage, f"/restore help {typed}"))["text"]
    assert words in text
    assert "/restore" in text


# A word that is nearly a command


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("lsit", "list"),
        ("Lsit mine", "list mine"),
        ("stauts s1", "status s1"),
        ("hlep", "help"),
        ("unwacth", "unwatch"),
        ("histroy", "history"),
        ("agian s1", "again s1"),
        ("plnas", "plans"),
    ],
)
async def test_a_misspelt_command_is_set_right_by_a_button_or_is_a_plan(
    stage: Stage, typed: str, right: str
) -> None:
    async with stage.bot():
        shown = await answer(stage, f"/restore {typed}")
        assert (
            f"There is no `/restore {typed.split(maxsplit=1)[0]}`. Did you mean `/restore {right}`?"
            in shown["text"]
        )
        assert stage.alice.view is None
        await pressed(stage, shown, f"/restore {right}")
        await stage.alice.click(shown, buttons(shown)[f"Look for a plan “{typed}”"]["action_id"])
        await stage.until_shown(f"No backup plan matches “{typed}”")


@pytest.mark.parametrize("name", ["lists", "start-db", "stat"])
async def test_a_plan_called_nearly_like_a_command_opens_its_form(stage: Stage, name: str) -> None:
    stage.dbs.estate.add(backup_plan(stage.clock.now_ms(), name, instance_id="rm-x"))
    async with stage.bot():
        await opened(stage, f"/restore {name}")
        assert stage.value_text("plan").startswith(f"{name} ·")


async def test_a_misspelt_command_is_set_right_while_dbs_does_not_tell_its_plans(stage: Stage) -> None:
    stage.dbs.faults.add("hang")
    async with stage.bot():
        async with asyncio.timeout(3):
            shown = await answer(stage, "/restore lsit")
        assert "Did you mean `/restore list`?" in shown["text"]
        await stage.alice.click(shown, buttons(shown)["Look for a plan “lsit”"]["action_id"])
        await stage.until_shown("cannot be listed")


@pytest.mark.parametrize("typed", ["stop s1abc", "cancel", "Abort s1abc"])
async def test_nothing_pretends_to_stop_a_restore(stage: Stage, typed: str) -> None:
    async with stage.bot():
        shown = await answer(stage, f"/restore {typed}")
        assert "DBS has no call to stop a restore" in shown["text"]
        await pressed(stage, shown, "/restore list")


async def test_a_command_may_be_pasted_whole_and_between_backticks(stage: Stage) -> None:
    async with stage.bot():
        for typed in ("`/restore list all`", "/restore list all", "`list` all", "  LIST   all"):
            assert "All restores: none" in (await answer(stage, f"/restore {typed}"))["text"]


async def test_a_key_of_the_form_is_no_command_though_it_is_called_like_one(stage: Stage) -> None:
    async with stage.bot():
        await opened(stage, "/restore start = no plan=orders-prod")
        await stage.to_step("check")
        assert stage.value("start") == []


async def test_promise_8_while_the_database_is_locked_that_is_said_within_three_seconds(stage: Stage) -> None:
    async with stage.bot():
        locked = sqlite3.connect(stage.settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
        locked.execute("BEGIN IMMEDIATE")
        for command in ("again s1", "list"):
            async with asyncio.timeout(3):
                said = await answer(stage, f"/restore {command}", slow=None)
            assert "database" in said["text"]
        locked.execute("ROLLBACK")
        locked.close()
        await stage.alice.say(CHANNEL, "/restore history")
        await stage.workspace.until(
            lambda: any("that ended: none" in each["text"] for each in stage.alice.ephemerals(CHANNEL)),
            within=PATIENCE,
        )


async def test_answers_say_so_when_the_database_cannot_be_used(stage: Stage) -> None:
    async with stage.bot():
        with sqlite3.connect(stage.settings.database_url.removeprefix("sqlite:///")) as db:
            db.execute("ALTER TABLE links RENAME TO elsewhere")
        db.close()
        for command in ("list", "status s1", "watch s1", "unwatch", "start s1", "again s1", "history"):
            shown = await answer(stage, f"/restore {command}")
            assert shown["text"].startswith(":warning:"), command
        with sqlite3.connect(stage.settings.database_url.removeprefix("sqlite:///")) as db:
            db.execute("ALTER TABLE elsewhere RENAME TO links")
        db.close()
