"""How a restore task lives, from its start to its end, as simulated time passes."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs, backup_plan
from tests.contract.shapes import Ask, Create, Look, Plan, progress

Check = Callable[[str], Awaitable[dict[str, Any]]]

LOGICAL = ["FullStruforeRestoreProgress", "FullDataRestoreProgress", "FullStruAfterRestoreProgress"]


async def test_a_task_that_is_never_started_stays_at_check_pass(
    dbs_create: Create, dbs_look: Look, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create()
    dbs_clock.advance(86_400)
    task = await dbs_look(task_id)
    assert task["RestoreStatus"] == "check_pass"
    assert set(progress(task).values()) == {0}
    assert "RestoreTaskFinishTime" not in task


@pytest.mark.parametrize("start_after", [0, 30, 60, 1000])
async def test_a_started_task_runs_once_its_precheck_has_passed(
    dbs_create: Create, dbs_look: Look, dbs_ask: Ask, dbs_clock: SimulatedClock, start_after: float
) -> None:
    task_id = await dbs_create()
    dbs_clock.advance(start_after)
    await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    assert (await dbs_look(task_id))["RestoreStatus"] == ("running" if start_after >= 60 else "init")
    dbs_clock.advance(max(0, 60 - start_after))
    assert (await dbs_look(task_id))["RestoreStatus"] == "running"
    dbs_clock.advance(539)
    assert (await dbs_look(task_id))["RestoreStatus"] == "running"
    dbs_clock.advance(1)
    assert (await dbs_look(task_id))["RestoreStatus"] == "finish"


async def test_a_small_set_takes_ten_minutes_and_shows_its_stages_one_after_the_other(
    dbs_create: Create, dbs_look: Look, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create(start=True)
    seen = []
    for _ in range(10):
        dbs_clock.advance(60)
        task = await dbs_look(task_id)
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
    assert await dbs_look(task_id) == task


async def test_a_larger_set_takes_longer_in_proportion(
    dbs_create: Create, dbs_look: Look, local_dbs: LocalDbs, dbs_clock: SimulatedClock
) -> None:
    for gigabytes in (10, 100):
        local_dbs.add_plan(backup_plan(local_dbs.start_ms, f"of-{gigabytes}", gigabytes=(gigabytes,)))
    ids = {gigabytes: await dbs_create(f"of-{gigabytes}", start=True) for gigabytes in (10, 100)}
    dbs_clock.advance(86_400)
    took = {}
    for gigabytes, task_id in ids.items():
        task = await dbs_look(task_id)
        took[gigabytes] = (task["RestoreTaskFinishTime"] - task["RestoreTaskCreateTime"]) / 1000
    assert took == {10: 60 + 60 + 960, 100: 60 + 60 + 9600}


async def test_a_restore_to_a_time_goes_on_from_the_set_before_it_with_the_logs(
    dbs_create: Create, dbs_look: Look, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    newest, older = dbs_plan("orders-prod").sets[:2]
    assert newest.end_ms is not None
    time_ms = newest.end_ms - 1
    task_id = await dbs_create(start=True, BackupSetId=None, RestoreTime=str(time_ms))
    dbs_clock.advance(500)
    task = await dbs_look(task_id)
    assert list(progress(task)) == [*LOGICAL, "ContinuousRestoreProgress"]
    assert (task["RestoreTime"], task["BackupSetId"]) == (time_ms, older.backup_set_id)
    assert 0 < task["ContinuousRestoreProgress"] < 100


@pytest.mark.parametrize("to_a_time", [False, True])
async def test_a_physical_plan_has_its_own_stages(
    dbs_create: Create, dbs_look: Look, dbs_plan: Plan, dbs_clock: SimulatedClock, *, to_a_time: bool
) -> None:
    origin = {"BackupSetId": None, "RestoreTime": str(dbs_clock.now_ms() - 60_000)} if to_a_time else {}
    task_id = await dbs_create(
        "crm-mssql",
        start=True,
        DestinationEndpointInstanceType="Agent",
        DestinationEndpointIP="192.168.12.41",
        DestinationEndpointPort="1433",
        BackupGatewayId="23213141",
        **origin,
    )
    task = await dbs_look(task_id)
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
    assert (await dbs_look(task_id))["RestoreStatus"] == "finish"


async def test_a_restore_that_stops_says_why_and_how_far_it_came(
    dbs_create: Create, dbs_look: Look, dbs_ask: Ask, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create("billing-prod", start=True)
    dbs_clock.advance(3600)
    task = await dbs_look(task_id)
    assert task["RestoreStatus"] == "stop"
    assert "errno 1114" in task["ErrMessage"]
    assert tuple(progress(task).values()) == (100, 60, 0)
    assert task["RestoreTaskFinishTime"] < dbs_clock.now_ms()
    refused = await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    assert refused["ErrCode"] == "Task.StatusInvalid"


async def test_a_restore_that_pauses_resumes_and_ends_later_by_as_much(
    dbs_create: Create, dbs_look: Look, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create("sessions-prod", start=True)
    dbs_clock.advance(60)
    assert (await dbs_look(task_id))["RestoreStatus"] == "running"
    work = 60 + 6 * 96
    dbs_clock.advance(work * 0.4 + 1)
    paused = await dbs_look(task_id)
    dbs_clock.advance(298)
    assert await dbs_look(task_id) == paused
    assert paused["RestoreStatus"] == "pause"
    dbs_clock.advance(2)
    assert (await dbs_look(task_id))["RestoreStatus"] == "running"
    dbs_clock.advance(work * 0.6)
    task = await dbs_look(task_id)
    assert task["RestoreStatus"] == "finish"
    took = (task["RestoreTaskFinishTime"] - task["RestoreTaskCreateTime"]) / 1000
    assert took == pytest.approx(60 + work + 300)


async def test_a_restore_that_stands_still_says_that_it_runs_and_ends_later_by_as_much(
    dbs_create: Create, dbs_look: Look, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create("tickets-prod", start=True)
    work = 60 + 5 * 96
    dbs_clock.advance(60 + work * (0.05 + 0.8 * 0.4) + 1)
    still = await dbs_look(task_id)
    assert still["RestoreStatus"] == "running"
    assert tuple(progress(still).values()) == (100, 40, 0)
    dbs_clock.advance(3598)
    assert await dbs_look(task_id) == still
    dbs_clock.advance(10)
    moving = await dbs_look(task_id)
    assert moving["RestoreStatus"] == "running"
    assert progress(moving)["FullDataRestoreProgress"] > 40
    dbs_clock.advance(work)
    task = await dbs_look(task_id)
    assert task["RestoreStatus"] == "finish"
    took = (task["RestoreTaskFinishTime"] - task["RestoreTaskCreateTime"]) / 1000
    assert took == pytest.approx(60 + work + 3600)


async def test_an_address_that_was_given_without_need_is_shown_as_far_as_it_goes(
    dbs_create: Create, dbs_look: Look
) -> None:
    bare = await dbs_look(await dbs_create(DestinationEndpointIP="10.0.0.8"))
    assert bare["DestinationEndpointIpPort"] == "10.0.0.8"
    assert "DestinationEndpointIpPort" not in await dbs_look(await dbs_create(DestinationEndpointPort="3306"))


async def test_starting_a_running_task_again_changes_nothing(
    dbs_create: Create, dbs_look: Look, dbs_ask: Ask, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create(start=True)
    dbs_clock.advance(300)
    before = await dbs_look(task_id)
    assert (await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id}))["Success"] is True
    assert await dbs_look(task_id) == before


async def test_a_finished_or_unknown_task_cannot_be_started(
    dbs_create: Create, dbs_ask: Ask, dbs_clock: SimulatedClock
) -> None:
    task_id = await dbs_create(start=True)
    dbs_clock.advance(600)
    refused = await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    assert refused["ErrCode"] == "Task.StatusInvalid"
    assert (await dbs_ask("StartRestoreTask", {"RestoreTaskId": "s1none"}))["ErrCode"] == "Param.NotFound"
