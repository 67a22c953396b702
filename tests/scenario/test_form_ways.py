"""Ways into the form and out of it: DBS out of reach, the shortcut, a second try, credentials, accounts."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox.slack.wire import PersonError
from handlers import desk
from tests.scenario.stage import CHANNEL, Stage

GENERAL, PRIVATE = "C0GENERAL01", "C0DBAPRIVAT"


# DBS out of reach


async def test_promise_8_with_dbs_hanging_the_form_is_there_at_once_and_says_what_is_missing(
    stage: Stage,
) -> None:
    async with stage.bot():
        stage.dbs.faults.add("hang")
        async with asyncio.timeout(1):
            await stage.alice.say(CHANNEL, "/restore orders-prod")
            await stage.workspace.until(lambda: stage.alice.view)
        await stage.until_shown("cannot be listed")
        async with asyncio.timeout(3):
            (option,) = await stage.alice.options(stage.block("plan"), "plan", "ord")
        assert option["value"] == "unavailable"
        assert (await stage.next(plan=option)).keys() == {"plan"}
        await stage.until_shown("cannot be listed")
        stage.dbs.faults.clear()
        await stage.press("again")
        await stage.until_block("choice")
        assert "orders-prod" in stage.value_text("plan")


async def test_promise_8_dbs_falling_silent_after_the_list_leaves_a_form_that_can_be_used(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PLAN_WITHIN", 2.0)
    async with stage.bot():
        await stage.alice.say(CHANNEL, "/restore")
        await stage.workspace.until(lambda: stage.alice.view)
        (option,) = await stage.alice.options(stage.block("plan"), "plan", "orders")
        stage.dbs.faults.add("hang", "DescribeRestoreRangeInfo")
        await stage.put("plan", option)
        await stage.until_shown("Which times can be restored is not known")
        stage.dbs.faults.add("hang", "DescribeRegions")
        await stage.to_step("where")
        (silent,) = await stage.alice.options(stage.block("region"), "region", "cn")
        assert silent["value"] == "unavailable"
        assert await stage.submit() == {}
        stage.dbs.faults.clear()
        await stage.until_told("created the task")


async def test_databases_dbs_does_not_name_are_written_or_asked_for_again(stage: Stage) -> None:
    async with stage.bot():
        plan = stage.plan("orders-prod")
        stage.dbs.estate.add(replace(plan, objects=()))
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        assert "did not say which databases" in stage.shown()
        stage.dbs.estate.add(plan)
        assert (await stage.next(password="x")).keys() == {"objects_text"}
        assert await stage.submit(objects_text="orders -> copy") == {}
        await stage.until_told("created the task")


# Other ways in, and out


async def test_the_shortcut_asks_for_a_channel_and_the_thread_goes_there(stage: Stage) -> None:
    async with stage.bot():
        await stage.alice.shortcut("restore")
        await stage.workspace.until(lambda: stage.alice.view)
        assert stage.inputs() == ["channel", "plan"]
        await stage.choose_plan("orders-prod")
        refused = await stage.next(channel=PRIVATE)
        assert refused.keys() == {"channel"}
        assert "/invite" in refused["channel"]
        await stage.to_step("check", channel=GENERAL)
        assert await stage.submit() == {}
        await stage.workspace.until(lambda: stage.thread("#general"))


async def test_a_refused_restore_is_edited_and_tried_again_with_all_but_the_password(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        region = {"text": {"type": "plain_text", "text": "nowhere-1"}, "value": "nowhere-1"}
        assert await stage.submit(region=region, instance_id="rm-again", task_name="mine") == {}
        await stage.until_told("DBS refused")
        refusal = next(each for each in stage.thread() if "DBS refused" in each["text"])
        await stage.ben.click(refusal, "edit_and_try_again")
        stage.alice = stage.ben
        await stage.until_block("choice")
        await stage.to_step("where")
        assert (stage.value("region"), stage.value("instance_id")) == ("nowhere-1", "rm-again")
        (region,) = await stage.alice.options(stage.block("region"), "region", "cn-hangzhou-finance")
        await stage.to_step("check", region=region, instance_id="rm-again")
        assert (stage.value("password"), stage.value("task_name")) == (None, "mine")
        assert await stage.submit(task_name="mine") == {}
        await stage.dbs.until(lambda: stage.dbs.tasks)
    assert stage.dbs.tasks[0].parameters["DestinationEndpointRegion"] == "cn-hangzhou-finance"


async def test_a_form_that_was_sent_leaves_nothing_open(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("orders-prod")
        assert stage.alice.views == []
        with pytest.raises(PersonError):
            await stage.alice.submit({})


# Credentials, accounts, channels


def configured(stage: Stage, folder: Path, text: str) -> None:
    file = folder / "restorebot.toml"
    file.write_text(text)
    stage.settings = stage.settings.model_copy(update={"restorebot_config": file})


async def test_a_stored_credential_is_chosen_by_name_and_no_password_is_asked_for(
    stage: Stage, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("stored canary\n")
    configured(
        stage,
        tmp_path,
        f'[credentials.staging]\nuser_name = "restore_rw"\npassword_file = "{tmp_path / "secret"}"\n'
        "[form]\ntyped_passwords = false\n",
    )
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("where")
        assert "user_name" not in stage.inputs()
        assert "Type an account" not in stage.shown()
        await stage.to_step("check", way="staging")
        assert "password" not in stage.inputs()
        assert "stored credential `staging`" in stage.shown()
        assert "DestinationEndpointUserName = restore_rw" in stage.shown()
        assert "credential=staging" in stage.shown()
        assert await stage.submit() == {}
        await stage.until_told("created the task")
    (task,) = stage.dbs.tasks
    assert task.parameters["DestinationEndpointUserName"] == "restore_rw"
    assert task.parameters["DestinationEndpointPassword"] == "stored canary"


async def test_typing_an_account_brings_its_field_and_its_password(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    configured(
        stage, tmp_path, f'[credentials.staging]\nuser_name = "u"\npassword_file = "{tmp_path / "secret"}"\n'
    )
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("where")
        assert "way" in await stage.next(instance_id="rm-bp1target0001")
        await stage.put("way", ":typed")
        assert "user_name" in stage.inputs()
        await stage.put("way", "staging")
        assert "user_name" not in stage.inputs()
        await stage.put("way", ":typed")
        await stage.to_step("check")
        assert "password" in stage.inputs()
        assert await stage.submit() == {}
        await stage.until_told("created the task")
    assert stage.dbs.tasks[0].parameters["DestinationEndpointUserName"] == "restore_rw"


async def test_plans_of_many_accounts_are_marked_and_a_channel_is_offered_only_its_own(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMEA_SECRET", "sandbox-secret")
    configured(
        stage,
        tmp_path,
        '[accounts.emea]\nregion = "cn-hangzhou"\naccess_key_id = "sandbox"\n'
        'access_key_secret_env = "EMEA_SECRET"\n'
        f'[channels.{GENERAL}]\naccounts = ["emea"]\nplans = ["orders-prod"]\n',
    )
    async with stage.bot():
        await stage.alice.say(CHANNEL, "/restore orders-prod")
        await stage.until_shown("2 backup plans match")
        both = await stage.alice.options(stage.block("plan"), "plan", "")
        assert sorted(option["value"].partition("/")[0] for option in both) == ["default", "emea"]
        assert all(option["text"]["text"].endswith(("· default", "· emea")) for option in both)
        await stage.alice.close()
        await stage.alice.say("#general", "/restore orders-prod")
        await stage.until_block("choice")
        (only,) = await stage.alice.options(stage.block("plan"), "plan", "prod")
        assert only["value"].startswith("emea/")
        await stage.alice.close()
        await stage.alice.shortcut("restore")
        await stage.workspace.until(lambda: stage.alice.view)
        (billing, *_) = await stage.alice.options(stage.block("plan"), "plan", "billing")
        await stage.put("plan", billing)
        refused = await stage.next(channel=GENERAL)
        assert refused.keys() == {"plan"}
