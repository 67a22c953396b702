"""What DBS checks before a restore, and how it explains a task that failed."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.sandbox.clock import SimulatedClock
from tests.contract.shapes import Ask, Create, Look, Plan, progress

Check = Callable[[str], Awaitable[dict[str, Any]]]


@pytest.fixture
def check(dbs_ask: Ask) -> Check:
    async def checked(task_id: str) -> dict[str, Any]:
        return await dbs_ask("DescribePreCheckProgressList", {"RestoreTaskId": task_id})

    return checked


def states(body: dict[str, Any]) -> list[str]:
    return [item["State"] for item in body["Items"]["PreCheckProgressDetail"]]


async def test_precheck_items_run_and_pass_one_by_one(
    dbs_create: Create, check: Check, dbs_look: Look, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create()
    body = await check(task_id)
    assert (body["Status"], body["Progress"]) == ("running", 0)
    assert states(body) == ["running", "init", "init", "init", "init", "init"]
    first, second = body["Items"]["PreCheckProgressDetail"][:2]
    assert first["BootTime"] == dbs_clock.now_ms()
    assert "FinishTime" not in first
    assert "BootTime" not in second
    dbs_clock.advance(30)
    body = await check(task_id)
    assert (body["Status"], body["Progress"]) == ("running", 50)
    assert states(body) == ["finish", "finish", "finish", "running", "init", "init"]
    assert (await dbs_look(task_id))["RestoreStatus"] == "init"
    dbs_clock.advance(30)
    body = await check(task_id)
    assert (body["Status"], body["Progress"], set(states(body))) == ("finish", 100, {"finish"})
    assert (await dbs_look(task_id))["RestoreStatus"] == "check_pass"


async def test_a_failed_precheck_leaves_the_task_at_init_for_good(
    dbs_create: Create, dbs_look: Look, check: Check, dbs_ask: Ask, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create("inventory-prod", start=True)
    dbs_clock.advance(36)
    body = await check(task_id)
    assert (body["Status"], states(body)[3]) == ("running", "failed")
    dbs_clock.advance(24)
    body = await check(task_id)
    assert (body["Status"], body["Progress"]) == ("failed", 100)
    assert states(body) == ["finish", "finish", "finish", "failed", "finish", "finish"]
    failed = body["Items"]["PreCheckProgressDetail"][3]
    assert "'restore_rw'" in failed["ErrMsg"]
    dbs_clock.advance(86_400)
    task = await dbs_look(task_id)
    assert (task["RestoreStatus"], set(progress(task).values())) == ("init", {0})
    refused = await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    assert refused["ErrCode"] == "Task.StatusInvalid"


async def test_a_precheck_that_lacks_privileges_passes_with_the_account_that_has_them(
    dbs_create: Create, dbs_look: Look, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create("inventory-prod", DestinationEndpointUserName="restore_admin")
    dbs_clock.advance(60)
    assert (await dbs_look(task_id))["RestoreStatus"] == "check_pass"


async def test_a_database_the_backup_does_not_hold_fails_the_precheck(
    dbs_create: Create, check: Check, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create(RestoreObjects=json.dumps([{"DBName": "orders"}, {"DBName": "nonesuch"}]))
    dbs_clock.advance(60)
    body = await check(task_id)
    assert body["Status"] == "failed"
    (item,) = (i for i in body["Items"]["PreCheckProgressDetail"] if i["State"] == "failed")
    assert item["Item"] == "CHECK_RESTORE_OBJECTS"
    assert item["ErrMsg"].startswith("java.lang.RuntimeException: Could not find any schema nonesuch")


@pytest.mark.parametrize(("language", "words"), [("en", "storage"), ("cn", "存储空间"), (None, "storage")])
async def test_a_failure_is_explained_in_two_languages(
    dbs_create: Create, dbs_ask: Ask, dbs_clock: SimulatedClock, language: str | None, words: str
) -> None:
    task_id = await dbs_create("billing-prod", start=True)
    asked = {"TaskId": task_id} | ({"Language": language} if language else {})
    item = (await dbs_ask("DescribeJobErrorCode", asked))["Item"]
    assert (item["JobState"], item.keys() & {"ErrorCode", "ErrorMessage"}) == ("init", set())
    dbs_clock.advance(3600)
    item = (await dbs_ask("DescribeJobErrorCode", asked))["Item"]
    assert (item["JobState"], item["JobId"], item["Language"]) == ("stop", task_id, language or "en")
    assert item["ErrorCode"] == "DBS.Restore.DestinationDiskFull"
    assert words in item["ErrorMessage"]


async def test_an_error_code_is_refused_for_an_unknown_task_or_language(
    dbs_create: Create, dbs_ask: Ask
) -> None:
    body = await dbs_ask("DescribeJobErrorCode", {"TaskId": "s1none"})
    assert body["ErrCode"] == "Param.NotFound"
    body = await dbs_ask("DescribeJobErrorCode", {"TaskId": await dbs_create(), "Language": "fr"})
    assert body["ErrCode"] == "Param.Invalid"


async def test_a_plans_own_precheck_is_long_done(dbs_ask: Ask, dbs_plan: Plan) -> None:
    plan_id = dbs_plan("orders-prod").plan_id
    body = await dbs_ask("DescribePreCheckProgressList", {"BackupPlanId": plan_id})
    assert (body["Status"], set(states(body))) == ("finish", {"finish"})


async def test_a_precheck_is_asked_for_by_one_known_id(
    dbs_create: Create, dbs_ask: Ask, dbs_plan: Plan
) -> None:
    async def code(**asked: str) -> str:
        return str((await dbs_ask("DescribePreCheckProgressList", asked))["ErrCode"])

    plan_id = dbs_plan("orders-prod").plan_id
    assert await code() == "Param.Missing"
    assert await code(RestoreTaskId=await dbs_create(), BackupPlanId=plan_id) == "Param.Conflict"
    assert await code(RestoreTaskId="s1none") == "Param.NotFound"
    assert await code(BackupPlanId="dbs0none") == "Param.NotFound"
