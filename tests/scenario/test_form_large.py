"""Very many databases, from the command to DBS: what was meant is what arrives."""

import json
import uuid
from dataclasses import replace

from bot.sandbox.dbs.estate import SourceObject
from bot.slack.forms.state import FormState
from tests.scenario.stage import CHANNEL, Stage

RANDOM = tuple(str(uuid.uuid5(uuid.NAMESPACE_DNS, str(n))) for n in range(140))


def with_databases(stage: Stage, plan_name: str, names: tuple[str, ...]) -> None:
    objects = tuple(SourceObject(name) for name in names)
    stage.dbs.estate.add(replace(stage.plan(plan_name), objects=objects))


def arrived(stage: Stage) -> list[dict[str, str]]:
    (task,) = stage.dbs.tasks
    objects: list[dict[str, str]] = json.loads(task.parameters["RestoreObjects"])
    return objects


async def test_190_of_200_databases_behind_a_gateway_are_what_dbs_is_asked_for(stage: Stage) -> None:
    names = tuple(f"crm_customer_{n:03}" for n in range(200))
    with_databases(stage, "crm-mssql", names)
    gateway = stage.dbs.estate.gateways[0].gateway_id
    wanted = " ".join(f"db={name}" for name in names[:190])
    async with stage.bot():
        await stage.alice.say(
            CHANNEL,
            "/restore plan=crm-mssql location=Agent region=cn-hangzhou"
            f" gateway={gateway} ip=10.0.0.9 port=1433 user=u {wanted}",
        )
        await stage.until_block("choice")
        await stage.to_step("check")
        assert "190 databases, as given" in stage.shown()
        assert await stage.submit() == {}
        await stage.until_told("created the task")
    assert [each["DBName"] for each in arrived(stage)] == list(names[:190])


async def test_all_of_300_databases_are_asked_for_in_one_form(stage: Stage) -> None:
    names = tuple(f"customer_{n:03}_db" for n in range(300))
    with_databases(stage, "orders-prod", names)
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        assert "300 databases, all of the plan" in stage.shown()
        assert await stage.submit() == {}
        await stage.until_told("created the task")
    assert [each["DBName"] for each in arrived(stage)] == list(names)


async def test_sixty_renames_come_back_with_edit_and_try_again(stage: Stage) -> None:
    names = tuple(f"customer_{n:03}" for n in range(60))
    with_databases(stage, "orders-prod", names)
    async with stage.bot():
        stage.dbs.faults.add("error", "CreateRestoreTask", code="Param.Invalid", times=1)
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        text = "\n".join(f"{name} -> {name}_copy" for name in names)
        assert await stage.next(objects_text=text, password="x", **stage.confirmed()) == {}
        await stage.until_told("DBS refused")
        refusal = next(each for each in stage.thread() if "DBS refused" in each["text"])
        await stage.alice.click(refusal, "edit_and_try_again")
        await stage.until_block("choice")
        await stage.to_step("check")
        assert stage.value("objects_text") == text
        assert await stage.submit() == {}
        await stage.until_told("created the task")
    assert arrived(stage)[59] == {"DBName": "customer_059", "NewDBName": "customer_059_copy"}


async def test_databases_that_cannot_be_remembered_are_asked_for_again_and_never_all_of_them(
    stage: Stage,
) -> None:
    with_databases(stage, "crm-mssql", RANDOM)
    gateway = stage.dbs.estate.gateways[0].gateway_id
    some = " ".join(f"db={name}:{name[::-1]}" for name in RANDOM[:70])
    async with stage.bot():
        await stage.alice.say(
            CHANNEL,
            "/restore plan=crm-mssql location=Agent region=cn-hangzhou"
            f" gateway={gateway} ip=10.0.0.9 port=1433 user=u {some}",
        )
        await stage.until_block("choice")
        await stage.to_step("check")
        assert "More databases were named" in stage.shown()
        refused = await stage.next(password="x", **stage.confirmed())
        assert "Name them again" in refused["objects_text"]
        assert not stage.dbs.tasks
        await stage.press("every_object")
        assert "140 databases, all of the plan" in stage.shown()
        assert await stage.submit() == {}
        await stage.until_told("created the task")
    assert len(arrived(stage)) == 140


async def test_another_plan_chosen_while_dbs_is_slow_inherits_nothing(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.put("choice", "backup_set")
        (newest, *_) = await stage.alice.options(stage.block("backup_set_id"), "backup_set_id")
        await stage.to_step("check", backup_set_id=newest)
        await stage.put("objects", ["orders"])
        await stage.back()
        await stage.back()
        stage.dbs.faults.add("delay", "DescribeBackupPlanList", seconds=1.5, times=1)
        (slow,) = await stage.alice.options(stage.block("plan"), "plan", "inventory-prod")
        (wanted,) = await stage.alice.options(stage.block("plan"), "plan", "billing-prod")
        await stage.alice.choose(stage.block("plan"), "plan", slow)
        await stage.until_shown("Asking DBS")
        await stage.alice.choose(stage.block("plan"), "plan", wanted)
        await stage.until_block("choice")
        assert stage.alice.view is not None
        state = FormState.of(stage.alice.view)
    assert state.plan is not None
    assert (state.plan.name, state.wish.task_name) == ("billing-prod", "billing-prod from Slack")
    assert (state.wish.backup_set_id, state.wish.objects) == (None, None)
