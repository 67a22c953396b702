"""A restore from the command to its end, told in one thread."""

import json
from typing import Any

import pytest

from tests.scenario.stage import Stage


async def test_promise_3_and_4_a_restore_is_told_from_creation_to_its_end_in_order(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
        await stage.play(until="finished")
    told = " / ".join(stage.told())
    words = ["created the task", "Precheck passed", "is running", "structure", "25 %", "50 %", "75 %"]
    places = [told.index(word) for word in [*words, "All data", "Indexes", "finished in"]]
    assert places == sorted(places)
    assert len(stage.told()) == len(set(stage.told()))


async def test_promise_5_the_card_shows_the_end(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("orders-prod")
        await stage.play(until="finished")
        await stage.until_card("*Finished* in")
    card = stage.thread()[0]
    shown = json.dumps(card["blocks"], ensure_ascii=False)
    for fact in ("orders-prod", "rm-bp1target0001", f"<@{stage.alice.id}>", "100 %", "<!date^", "restore_rw"):
        assert fact in shown


async def test_dbs_receives_what_the_form_said(stage: Stage) -> None:
    async with stage.bot():
        plan_id = await stage.open_form("orders-prod")
        await stage.to_step("check")
        await stage.put("objects", ["orders"])
        await stage.put("new_name", "orders_copy")
        assert await stage.submit(duplicate_conflict="renamenew") == {}
        await stage.until_told("created the task")
    (task,) = stage.dbs.tasks
    assert task.parameters["BackupPlanId"] == plan_id
    assert task.parameters["DestinationEndpointInstanceType"] == "RDS"
    assert task.parameters["DestinationEndpointInstanceID"] == "rm-bp1target0001"
    assert task.parameters["DestinationEndpointRegion"] == "cn-hangzhou"
    assert task.parameters["DuplicateConflict"] == "renamenew"
    assert task.parameters["RegionId"] == "cn-hangzhou"
    assert json.loads(task.parameters["RestoreObjects"]) == [{"DBName": "orders", "NewDBName": "orders_copy"}]
    assert task.parameters["DestinationEndpointPassword"] == "correct horse"
    assert "RestoreTime" in task.parameters
    assert "BackupSetId" not in task.parameters
    assert 0 < len(task.parameters["ClientToken"]) <= 64


async def test_a_failed_precheck_is_told_with_its_items(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("inventory-prod")
        await stage.play(until="Precheck failed")
        await stage.until_card("*Precheck failed*")
        (failed,) = [text for text in stage.told() if "Precheck failed" in text]
        assert "\n• *Privileges of the account* (`CHECK_DEST_PRIVILEGE`)\n" in failed
        assert "java" not in failed
        assert "\n```" in failed
        await stage.looked()
    assert not any("is running" in text for text in stage.told())


async def test_a_restore_that_stops_is_told_in_the_words_of_dbs(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("billing-prod")
        await stage.play(until="The restore failed")
        await stage.until_card("*Failed*")
    assert any("50 %" in text for text in stage.told())
    assert not any("75 %" in text for text in stage.told())
    assert "\n```" in stage.told()[-1]


async def test_a_pause_and_its_end_are_told(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("sessions-prod")
        await stage.play(until="paused")
        await stage.until_card("*Paused*")
        await stage.play(until="goes on")
        await stage.play(until="finished")


async def test_a_task_that_is_not_to_start_stays_unstarted(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("orders-prod", start=[])
        await stage.play(until="Precheck passed")
        await stage.until_card("not started")
    assert not any(request.name == "StartRestoreTask" for request in stage.dbs.journal)


async def test_a_refusal_of_dbs_is_told_and_nothing_else_happens(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        region = {"text": {"type": "plain_text", "text": "nowhere-1"}, "value": "nowhere-1"}
        assert await stage.submit(region=region) == {}
        await stage.until_told("DBS refused the restore")
        await stage.until_card("*Refused*")
    assert stage.dbs.tasks == ()


@pytest.mark.parametrize("choice", ["time", "backup_set"])
async def test_a_point_can_be_chosen(stage: Stage, choice: str) -> None:
    plan = stage.plan("ledger")
    async with stage.bot():
        await stage.open_form("ledger")
        await stage.put("choice", choice)
        changes: dict[str, Any] = {"database_name": "ledger"}
        if choice == "backup_set":
            (newest, *_) = await stage.alice.options(stage.block("backup_set_id"), "backup_set_id")
            changes["backup_set_id"] = newest
        assert await stage.submit(**changes) == {}
        await stage.until_told("created the task")
    (task,) = stage.dbs.tasks
    assert task.plan.plan_id == plan.plan_id
    assert ("RestoreTime" in task.parameters, "BackupSetId" in task.parameters) == (
        choice == "time",
        choice == "backup_set",
    )
