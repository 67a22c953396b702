"""A restore once more: as it was, at the form's last step; or edited, from its first."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox.slack import Person
from bot.slack import buttons
from bot.slack.forms.elements import button
from handlers import desk
from tests.scenario.pressing import Buttons, adopted, buttons_of, forget, shown, unstarted, web
from tests.scenario.stage import CHANNEL, PATIENCE, Stage


async def ended(stage: Stage, plan_name: str = "orders-prod") -> None:
    await stage.restore(plan_name)
    await stage.play(until="finished")


async def pressed(stage: Stage, keys: Buttons, action_id: str, person: Person | None = None) -> None:
    """The form of who presses is the stage's from now on."""
    stage.alice = person or stage.alice
    await keys.press(stage.alice, action_id)


async def test_try_again_opens_the_last_step_and_asks_for_nothing_but_the_password(stage: Stage) -> None:
    async with stage.bot() as bot:
        await ended(stage)
        keys = await buttons_of(stage, bot)
        await pressed(stage, keys, buttons.AGAIN, stage.ben)
        await shown(stage, stage.ben, "As it was")
        assert stage.title == "Restore again"
        assert stage.value("password") is None
        assert f"<@{stage.workspace.person('alice').id}>" in stage.shown()
        assert await stage.next(password=None) != {}
        assert await stage.submit() == {}
        await stage.dbs.until(lambda: len(stage.dbs.tasks) == 2, within=PATIENCE)
    first, second = (task.parameters for task in stage.dbs.tasks)
    own = {"RestoreTaskName", "ClientToken", "DestinationEndpointPassword"}
    differing = {name for name in first if first.get(name) != second.get(name)}
    assert differing <= own
    assert first["ClientToken"] != second["ClientToken"]


async def test_the_last_step_marks_what_differs_from_the_restore_it_repeats(stage: Stage) -> None:
    async with stage.bot() as bot:
        await ended(stage)
        keys = await buttons_of(stage, bot)
        await pressed(stage, keys, buttons.AGAIN)
        await shown(stage, stage.alice, "As it was")
        await stage.put("duplicate_conflict", "renamenew")
        await stage.until_shown("*Changed* from")
        assert "If a name exists (was `fail`)" in stage.shown()
        assert "As it was" not in stage.shown()
        await stage.put("duplicate_conflict", "failure")
        await stage.until_shown("As it was")


async def test_the_step_alone_offers_the_earlier_ones_with_all_that_was_said(stage: Stage) -> None:
    async with stage.bot() as bot:
        await ended(stage)
        keys = await buttons_of(stage, bot)
        await pressed(stage, keys, buttons.AGAIN)
        await shown(stage, stage.alice, "As it was")
        await stage.put("task_name", "mine")
        await stage.press("change_earlier_steps")
        assert "what" in stage.title
        assert stage.value_text("plan").startswith("orders-prod ·")
        await stage.next()
        await stage.put("instance_id", "rm-bp1target0002")
        await stage.next(instance_id="rm-bp1target0002")
        assert "Target instance (was `rm-bp1target0001`)" in stage.shown()
        assert stage.value("task_name") == "mine"
        assert await stage.submit(instance_id="rm-bp1target0002", task_name="mine") == {}
        await stage.dbs.until(lambda: len(stage.dbs.tasks) == 2, within=PATIENCE)
    assert stage.dbs.tasks[-1].parameters["DestinationEndpointInstanceID"] == "rm-bp1target0002"


async def test_of_two_people_who_try_again_at_once_the_second_is_told_of_the_first(stage: Stage) -> None:
    alice, ben = stage.alice, stage.ben
    async with stage.bot() as bot:
        await ended(stage)
        keys = await buttons_of(stage, bot)
        await asyncio.gather(keys.press(alice, buttons.AGAIN), keys.press(ben, buttons.AGAIN))
        for person in (alice, ben):
            await shown(stage, person, "As it was")
        assert await stage.submit() == {}
        await stage.dbs.until(lambda: len(stage.dbs.tasks) == 2, within=PATIENCE)
        stage.alice = ben
        assert await stage.next(password="x", **stage.confirmed()) == {}
        assert "something dangerous you have not seen yet" in stage.shown()
        assert f"asked for by <@{alice.id}>" in stage.shown()
    assert len(stage.dbs.tasks) == 2


async def test_a_backup_set_that_expired_is_said_and_the_first_step_offered(stage: Stage) -> None:
    async with stage.bot() as bot:
        await stage.open_form("orders-prod")
        await stage.put("choice", "backup_set")
        (newest, *_) = await stage.alice.options(stage.block("backup_set_id"), "backup_set_id")
        assert await stage.submit(backup_set_id=newest) == {}
        await stage.play(until="finished")
        keys = await buttons_of(stage, bot)
        plan = stage.plan("orders-prod")
        kept = tuple(each for each in plan.sets if each.backup_set_id != newest["value"])
        stage.dbs.estate.add(replace(plan, sets=kept))
        await pressed(stage, keys, buttons.AGAIN)
        await shown(stage, stage.alice, "is not there any more")
        assert "what" in stage.title
        assert "choice" in stage.inputs()


async def test_a_time_out_of_reach_is_said_and_the_nearest_offered(stage: Stage) -> None:
    async with stage.bot() as bot:
        await ended(stage)
        keys = await buttons_of(stage, bot)
        plan = stage.plan("orders-prod")
        later = tuple(replace(each, begin_ms=stage.clock.now_ms() - 1000) for each in plan.windows)
        stage.dbs.estate.add(replace(plan, windows=later))
        await pressed(stage, keys, buttons.AGAIN)
        await shown(stage, stage.alice, "cannot be restored")
        assert "what" in stage.title


async def test_promise_8_the_form_is_there_at_once_while_dbs_hangs(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PLAN_WITHIN", 2.0)
    async with stage.bot() as bot:
        await ended(stage)
        keys = await buttons_of(stage, bot)
        stage.dbs.faults.add("hang", "DescribeRestoreRangeInfo")
        async with asyncio.timeout(3):
            await pressed(stage, keys, buttons.AGAIN)
            await stage.workspace.until(lambda: stage.alice.view)
        await stage.workspace.until(lambda: "not known" in stage.shown(), within=PATIENCE)


async def test_editing_marks_what_differs_too(stage: Stage) -> None:
    async with stage.bot() as bot:
        await ended(stage)
        keys = await buttons_of(stage, bot)
        await pressed(stage, keys, buttons.EDIT)
        await stage.until_block("choice")
        await stage.to_step("where")
        await stage.next(instance_id="rm-bp1target0002")
        assert "Target instance (was `rm-bp1target0001`)" in stage.shown()
        assert "Point in time (was" not in stage.shown()


async def test_a_button_of_an_earlier_version_names_the_request_itself(stage: Stage) -> None:
    async with stage.bot() as bot:
        await ended(stage)
        following = await (await buttons_of(stage, bot)).now()
        assert following.request is not None
        row = {"type": "actions", "elements": [button(buttons.EDIT, "Edit", following.request.nonce)]}
        client = web(stage)
        posted = await client.chat_postMessage(channel=CHANNEL, text="earlier", blocks=[row])
        await stage.alice.click(posted["message"], buttons.EDIT)
        await stage.until_block("choice")
        assert stage.value_text("plan").startswith("orders-prod ·")


async def test_a_credential_that_is_gone_is_said_and_the_form_begins_anew(
    stage: Stage, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("stored canary\n")
    file = tmp_path / "restorebot.toml"
    file.write_text(
        f'[credentials.staging]\nuser_name = "restore_rw"\npassword_file = "{tmp_path / "secret"}"\n'
    )
    bare = stage.settings
    stage.settings = bare.model_copy(update={"restorebot_config": file})
    async with stage.bot() as bot:
        await stage.open_form("orders-prod")
        await stage.to_step("check", way="staging")
        assert await stage.submit() == {}
        await stage.play(until="finished")
        await pressed(stage, await buttons_of(stage, bot), buttons.AGAIN)
        await shown(stage, stage.alice, "As it was")
        assert "password" not in stage.inputs()
        await stage.alice.close()
    stage.settings = bare
    async with stage.bot() as bot:
        await pressed(stage, await buttons_of(stage, bot), buttons.AGAIN)
        await shown(stage, stage.alice, "There is no stored credential “staging”")
        assert "what" in stage.title


async def test_a_task_made_elsewhere_is_repeated_as_far_as_dbs_tells_of_it(
    stage: Stage,
) -> None:
    async with stage.bot():
        await unstarted(stage)
    forget(stage)
    async with stage.bot() as bot:
        keys = await adopted(stage, bot)
        await pressed(stage, keys, buttons.AGAIN)
        await stage.workspace.until(lambda: "what" in stage.title, within=PATIENCE)
        assert "The target is not complete" in stage.shown()
        assert stage.value_text("plan").startswith("orders-prod ·")
        await stage.next()
        assert stage.value("instance_id") == "rm-bp1target0001"
        await stage.alice.close(everything=True)
        await pressed(stage, keys, buttons.EDIT)
        await stage.until_block("choice")


async def test_the_size_of_the_backup_and_the_language_of_the_person_are_kept(stage: Stage) -> None:
    async with stage.bot() as bot:
        stage.alice = stage.ben
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
        (following,) = await bot.register.find(stage.dbs.tasks[0].task_id)
    assert following.request is not None
    assert following.request.language == "cn"
    sizes = {each.size for each in stage.plan("orders-prod").finished_sets()}
    assert following.request.size in sizes
