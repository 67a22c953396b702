"""How a restore task lives, from its precheck to its end, as simulated time passes."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import BackupPlan, LocalDbs, backup_plan

Ask = Callable[..., Awaitable[dict[str, Any]]]
Order = Callable[..., dict[str, str]]
Plan = Callable[[str], BackupPlan]
Create = Callable[..., Awaitable[str]]
Look = Callable[[str], Awaitable[dict[str, Any]]]
Check = Callable[[str], Awaitable[dict[str, Any]]]

LOGICAL = ["FullStruforeRestoreProgress", "FullDataRestoreProgress", "FullStruAfterRestoreProgress"]


@pytest.fixture
def create(dbs_ask: Ask, dbs_order: Order) -> Create:
    async def create_task(
        plan_name: str = "orders-prod", *, start: bool = False, **changes: str | None
    ) -> str:
        body = await dbs_ask("CreateRestoreTask", dbs_order(plan_name, **changes))
        task_id: str = body["RestoreTaskId"]
        if start:
            await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
        return task_id

    return create_task


@pytest.fixture
def look(dbs_ask: Ask) -> Look:
    async def look_at(task_id: str) -> dict[str, Any]:
        body = await dbs_ask("DescribeRestoreTaskList", {"RestoreTaskId": task_id})
        (task,) = body["Items"]["RestoreTaskDetail"]
        assert isinstance(task, dict)
        return task

    return look_at


@pytest.fixture
def check(dbs_ask: Ask) -> Check:
    async def checked(task_id: str) -> dict[str, Any]:
        return await dbs_ask("DescribePreCheckProgressList", {"RestoreTaskId": task_id})

    return checked


def states(body: dict[str, Any]) -> list[str]:
    return [item["State"] for item in body["Items"]["PreCheckProgressDetail"]]


def progress(task: dict[str, Any]) -> dict[str, int]:
    return {name: value for name, value in task.items() if name.endswith("Progress")}


async def test_precheck_items_run_and_pass_one_by_one(
    create: Create, check: Check, look: Look, dbs_clock: SimulatedClock
) -> None:
    task_id = await create()
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
    assert (await look(task_id))["RestoreStatus"] == "init"
    dbs_clock.advance(30)
    body = await check(task_id)
    assert (body["Status"], body["Progress"], set(states(body))) == ("finish", 100, {"finish"})
    assert (await look(task_id))["RestoreStatus"] == "check_pass"


async def test_a_task_that_is_never_started_stays_at_check_pass(
    create: Create, look: Look, dbs_clock: SimulatedClock
) -> None:
    task_id = await create()
    dbs_clock.advance(86_400)
    task = await look(task_id)
    assert task["RestoreStatus"] == "check_pass"
    assert set(progress(task).values()) == {0}
    assert "RestoreTaskFinishTime" not in task


@pytest.mark.parametrize("start_after", [0, 30, 60, 1000])
async def test_a_started_task_runs_once_its_precheck_has_passed(
    create: Create, look: Look, dbs_ask: Ask, dbs_clock: SimulatedClock, start_after: float
) -> None:
    task_id = await create()
    dbs_clock.advance(start_after)
    await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    assert (await look(task_id))["RestoreStatus"] == ("running" if start_after >= 60 else "init")
    dbs_clock.advance(max(0, 60 - start_after))
    assert (await look(task_id))["RestoreStatus"] == "running"
    dbs_clock.advance(539)
    assert (await look(task_id))["RestoreStatus"] == "running"
    dbs_clock.advance(1)
    assert (await look(task_id))["RestoreStatus"] == "finish"


async def test_a_small_set_takes_ten_minutes_and_shows_its_stages_one_after_the_other(
    create: Create, look: Look, dbs_clock: SimulatedClock
) -> None:
    task_id = await create(start=True)
    seen = []
    for _ in range(10):
        dbs_clock.advance(60)
        task = await look(task_id)
        assert list(progress(task)) == LOGICAL
        seen.append(tuple(progress(task).values()))
    assert seen == sorted(seen)
    for before, data, after in seen:
        assert data == 0 or before == 100
        assert after == 0 or data == 100
    assert len({data for _, data, _ in seen}) > 5
    assert seen[-1] == (100, 100, 100)
    assert task["RestoreStatus"] == "finish"
    assert task["RestoreTaskFinishTime"] == dbs_clock.now_ms()
    dbs_clock.advance(86_400)
    assert await look(task_id) == task


async def test_a_larger_set_takes_longer_in_proportion(
    create: Create, look: Look, local_dbs: LocalDbs, dbs_clock: SimulatedClock
) -> None:
    for gigabytes in (10, 100):
        local_dbs.add_plan(backup_plan(local_dbs.start_ms, f"of-{gigabytes}", gigabytes=(gigabytes,)))
    ids = {gigabytes: await create(f"of-{gigabytes}", start=True) for gigabytes in (10, 100)}
    dbs_clock.advance(86_400)
    took = {}
    for gigabytes, task_id in ids.items():
        task = await look(task_id)
        took[gigabytes] = (task["RestoreTaskFinishTime"] - task["RestoreTaskCreateTime"]) / 1000
    assert took == {10: 60 + 60 + 960, 100: 60 + 60 + 9600}


async def test_a_restore_to_a_time_goes_on_from_the_set_before_it_with_the_logs(
    create: Create, look: Look, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    newest, older = dbs_plan("orders-prod").sets[:2]
    assert newest.end_ms is not None
    time_ms = newest.end_ms - 1
    task_id = await create(start=True, BackupSetId=None, RestoreTime=str(time_ms))
    dbs_clock.advance(500)
    task = await look(task_id)
    assert list(progress(task)) == [*LOGICAL, "ContinuousRestoreProgress"]
    assert (task["RestoreTime"], task["BackupSetId"]) == (time_ms, older.backup_set_id)
    assert 0 < task["ContinuousRestoreProgress"] < 100


@pytest.mark.parametrize("to_a_time", [False, True])
async def test_a_physical_plan_has_its_own_stages(
    create: Create, look: Look, dbs_plan: Plan, dbs_clock: SimulatedClock, *, to_a_time: bool
) -> None:
    origin = {"BackupSetId": None, "RestoreTime": str(dbs_clock.now_ms() - 60_000)} if to_a_time else {}
    task_id = await create(
        "crm-mssql",
        start=True,
        DestinationEndpointInstanceType="Agent",
        DestinationEndpointIP="192.168.12.41",
        DestinationEndpointPort="1433",
        BackupGatewayId="23213141",
        **origin,
    )
    task = await look(task_id)
    increment = ["PhysicalIncrementBackupRecoverProgress"] if to_a_time else []
    assert list(progress(task)) == [
        "PhysicalFullBackupRecoverProgress",
        *increment,
        "PhysicalDatabaseOnlineProgress",
    ]
    assert task["BackupGatewayId"] == 23213141
    assert task["DestinationEndpointIpPort"] == "192.168.12.41:1433"
    assert task["DestinationEndpointInstanceType"] == "agent"
    assert "RestoreTime" in task or not to_a_time
    dbs_clock.advance(2 * 3600)
    assert (await look(task_id))["RestoreStatus"] == "finish"


async def test_a_failed_precheck_leaves_the_task_at_init_for_good(
    create: Create, look: Look, check: Check, dbs_ask: Ask, dbs_clock: SimulatedClock
) -> None:
    task_id = await create("inventory-prod", start=True)
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
    task = await look(task_id)
    assert (task["RestoreStatus"], set(progress(task).values())) == ("init", {0})
    refused = await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    assert refused["ErrCode"] == "Task.StatusInvalid"


async def test_a_database_the_backup_does_not_hold_fails_the_precheck(
    create: Create, check: Check, dbs_clock: SimulatedClock
) -> None:
    task_id = await create(RestoreObjects=json.dumps([{"DBName": "orders"}, {"DBName": "nonesuch"}]))
    dbs_clock.advance(60)
    body = await check(task_id)
    assert body["Status"] == "failed"
    (item,) = (i for i in body["Items"]["PreCheckProgressDetail"] if i["State"] == "failed")
    assert item["Item"] == "CHECK_RESTORE_OBJECTS"
    assert item["ErrMsg"].startswith("java.lang.RuntimeException: Could not find any schema nonesuch")


async def test_a_restore_that_stops_says_why_and_how_far_it_came(
    create: Create, look: Look, dbs_ask: Ask, dbs_clock: SimulatedClock
) -> None:
    task_id = await create("billing-prod", start=True)
    dbs_clock.advance(3600)
    task = await look(task_id)
    assert task["RestoreStatus"] == "stop"
    assert "errno 1114" in task["ErrMessage"]
    assert tuple(progress(task).values()) == (100, 60, 0)
    assert task["RestoreTaskFinishTime"] < dbs_clock.now_ms()
    refused = await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    assert refused["ErrCode"] == "Task.StatusInvalid"


async def test_a_restore_that_pauses_resumes_and_ends_later_by_as_much(
    create: Create, look: Look, dbs_clock: SimulatedClock
) -> None:
    task_id = await create("sessions-prod", start=True)
    dbs_clock.advance(60)
    assert (await look(task_id))["RestoreStatus"] == "running"
    work = 60 + 6 * 96
    dbs_clock.advance(work * 0.4 + 1)
    paused = await look(task_id)
    dbs_clock.advance(298)
    assert await look(task_id) == paused
    assert paused["RestoreStatus"] == "pause"
    dbs_clock.advance(2)
    assert (await look(task_id))["RestoreStatus"] == "running"
    dbs_clock.advance(work * 0.6)
    task = await look(task_id)
    assert task["RestoreStatus"] == "finish"
    took = (task["RestoreTaskFinishTime"] - task["RestoreTaskCreateTime"]) / 1000
    assert took == pytest.approx(60 + work + 300)


async def test_an_address_that_was_given_without_need_is_shown_as_far_as_it_goes(
    create: Create, look: Look
) -> None:
    bare = await look(await create(DestinationEndpointIP="10.0.0.8"))
    assert bare["DestinationEndpointIpPort"] == "10.0.0.8"
    assert "DestinationEndpointIpPort" not in await look(await create(DestinationEndpointPort="3306"))


async def test_starting_a_running_task_again_changes_nothing(
    create: Create, look: Look, dbs_ask: Ask, dbs_clock: SimulatedClock
) -> None:
    task_id = await create(start=True)
    dbs_clock.advance(300)
    before = await look(task_id)
    assert (await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id}))["Success"] is True
    assert await look(task_id) == before


async def test_a_finished_or_unknown_task_cannot_be_started(
    create: Create, dbs_ask: Ask, dbs_clock: SimulatedClock
) -> None:
    task_id = await create(start=True)
    dbs_clock.advance(600)
    refused = await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    assert refused["ErrCode"] == "Task.StatusInvalid"
    assert (await dbs_ask("StartRestoreTask", {"RestoreTaskId": "s1none"}))["ErrCode"] == "Param.NotFound"


@pytest.mark.parametrize(("language", "words"), [("en", "storage"), ("cn", "存储空间"), (None, "storage")])
async def test_a_failure_is_explained_in_two_languages(
    create: Create, dbs_ask: Ask, dbs_clock: SimulatedClock, language: str | None, words: str
) -> None:
    task_id = await create("billing-prod", start=True)
    asked = {"TaskId": task_id} | ({"Language": language} if language else {})
    item = (await dbs_ask("DescribeJobErrorCode", asked))["Item"]
    assert (item["JobState"], item.keys() & {"ErrorCode", "ErrorMessage"}) == ("init", set())
    dbs_clock.advance(3600)
    item = (await dbs_ask("DescribeJobErrorCode", asked))["Item"]
    assert (item["JobState"], item["JobId"], item["Language"]) == ("stop", task_id, language or "en")
    assert item["ErrorCode"] == "DBS.Restore.DestinationDiskFull"
    assert words in item["ErrorMessage"]


async def test_an_error_code_is_refused_for_an_unknown_task_or_language(create: Create, dbs_ask: Ask) -> None:
    body = await dbs_ask("DescribeJobErrorCode", {"TaskId": "s1none"})
    assert body["ErrCode"] == "Param.NotFound"
    body = await dbs_ask("DescribeJobErrorCode", {"TaskId": await create(), "Language": "fr"})
    assert body["ErrCode"] == "Param.Invalid"


async def test_a_plans_own_precheck_is_long_done(dbs_ask: Ask, dbs_plan: Plan) -> None:
    plan_id = dbs_plan("orders-prod").plan_id
    body = await dbs_ask("DescribePreCheckProgressList", {"BackupPlanId": plan_id})
    assert (body["Status"], set(states(body))) == ("finish", {"finish"})


async def test_a_precheck_is_asked_for_by_one_known_id(create: Create, dbs_ask: Ask, dbs_plan: Plan) -> None:
    async def code(**asked: str) -> str:
        return str((await dbs_ask("DescribePreCheckProgressList", asked))["ErrCode"])

    plan_id = dbs_plan("orders-prod").plan_id
    assert await code() == "Param.Missing"
    assert await code(RestoreTaskId=await create(), BackupPlanId=plan_id) == "Param.Conflict"
    assert await code(RestoreTaskId="s1none") == "Param.NotFound"
    assert await code(BackupPlanId="dbs0none") == "Param.NotFound"
