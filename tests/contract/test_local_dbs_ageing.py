"""What time does to the backups: sets come, finish and expire, and windows go with them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from alibabacloud_dbs20190306 import models
from alibabacloud_dbs20190306.client import Client

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import BackupPlan

Ask = Callable[..., Awaitable[dict[str, Any]]]
Order = Callable[..., dict[str, str]]
Plan = Callable[[str], BackupPlan]
Sets = Callable[..., Awaitable[list[dict[str, Any]]]]
DAY = 86_400


@pytest.fixture
def sets(dbs_ask: Ask, dbs_plan: Plan) -> Sets:
    """The full backups of a plan, newest first."""

    async def listed(plan: str, action: str = "DescribeFullBackupList", **more: str) -> list[dict[str, Any]]:
        answer = await dbs_ask(action, {"BackupPlanId": dbs_plan(plan).plan_id, "PageSize": "100", **more})
        (rows,) = answer["Items"].values()
        return list(rows)

    return listed


async def test_a_set_comes_every_day_and_takes_its_time(sets: Sets, dbs_clock: SimulatedClock) -> None:
    before = await sets("orders-prod")
    dbs_clock.advance(19 * 3600 + 30)
    newest, *rest = await sets("orders-prod")
    assert rest == before
    assert (newest["BackupStatus"], "EndTime" in newest) == ("running", False)
    assert newest["StartTime"] == before[0]["StartTime"] + DAY * 1000
    dbs_clock.advance(3600)
    newest, *rest = await sets("orders-prod")
    assert (newest["BackupStatus"], "EndTime" in newest, rest) == ("finish", True, before)
    dbs_clock.advance(3 * DAY)
    assert len(await sets("orders-prod")) == len(before) + 4
    assert len({each["BackupSetId"] for each in await sets("orders-prod")}) == len(before) + 4


async def test_a_running_set_finishes_and_can_be_restored(
    sets: Sets, dbs_ask: Ask, dbs_order: Order, dbs_clock: SimulatedClock
) -> None:
    running = (await sets("analytics-eu"))[0]
    order = dbs_order(
        "analytics-eu",
        BackupSetId=running["BackupSetId"],
        DestinationEndpointRegion="eu-central-1",
        DestinationEndpointDatabaseName="analytics",
    )
    assert (await dbs_ask("CreateRestoreTask", order))["ErrCode"] == "Param.Invalid"
    dbs_clock.advance(3600)
    assert (await sets("analytics-eu"))[0]["BackupStatus"] == "finish"
    assert (await dbs_ask("CreateRestoreTask", order))["Success"] is True


async def test_a_paused_plan_makes_no_more_sets(sets: Sets, dbs_clock: SimulatedClock) -> None:
    before = await sets("reports-legacy")
    dbs_clock.advance(10 * DAY)
    assert await sets("reports-legacy") == before


async def test_an_expired_set_is_gone_and_its_window_with_it(
    sets: Sets, dbs_ask: Ask, dbs_order: Order, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    oldest = (await sets("orders-prod"))[-1]
    asked = {
        "BackupPlanId": dbs_plan("orders-prod").plan_id,
        "BeginTimestampForRestore": "0",
        "EndTimestampForRestore": str(2**53),
    }
    dbs_clock.advance(oldest["BackupSetExpiredTime"] / 1000 - dbs_clock.now() + 1)
    kept = await dbs_ask("DescribeFullBackupList", {"BackupPlanId": asked["BackupPlanId"]})
    assert kept["TotalElements"] == 730
    refused = await dbs_ask("CreateRestoreTask", dbs_order(BackupSetId=oldest["BackupSetId"]))
    assert refused["ErrCode"] == "Param.NotFound"
    (window,) = (await dbs_ask("DescribeRestoreRangeInfo", asked))["Items"]["DBSRecoverRange"]
    assert window["BeginTimestampForRestore"] > oldest["EndTime"]
    times = {"BackupSetId": None, "RestoreTime": str(oldest["EndTime"] + 1)}
    assert (await dbs_ask("CreateRestoreTask", dbs_order(**times)))["ErrCode"] == "Param.Invalid"


async def test_what_a_paused_plan_had_is_gone_after_years(
    sets: Sets, dbs_ask: Ask, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    dbs_clock.advance(800 * DAY)
    assert await sets("reports-legacy") == []
    assert await sets("reports-legacy", "DescribeIncrementBackupList") == []
    plan_id = dbs_plan("reports-legacy").plan_id
    plans = await dbs_ask("DescribeBackupPlanList", {"BackupPlanId": plan_id})
    assert "EndTimestampForRestore" not in plans["Items"]["BackupPlanDetail"][0]


async def test_the_points_of_a_plan_without_log_backup_follow_its_sets(
    sets: Sets, dbs_ask: Ask, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    dbs_clock.advance(2 * DAY)
    asked = {"BackupPlanId": dbs_plan("cache-redis").plan_id, "BeginTimestampForRestore": "0"}
    answer = await dbs_ask("DescribeRestoreRangeInfo", {**asked, "EndTimestampForRestore": str(2**53)})
    (window,) = answer["Items"]["DBSRecoverRange"]
    assert window["EndTimestampForRestore"] == (await sets("cache-redis"))[0]["EndTime"]
    assert len(window["FullBackupList"]["FullBackupDetail"]) == 5


async def test_log_backups_are_listed_by_day(sets: Sets, dbs_clock: SimulatedClock) -> None:
    listed = await sets("ledger", "DescribeIncrementBackupList")
    newest, *rest = listed
    assert (newest["BackupStatus"], "EndTime" in newest) == ("running", False)
    assert {each["BackupStatus"] for each in rest} == {"finish"}
    assert all(each["StartTime"] < each["EndTime"] <= each["StartTime"] + DAY * 1000 for each in rest)
    assert [each["StartTime"] for each in listed] == sorted(
        (each["StartTime"] for each in listed), reverse=True
    )
    since = str(rest[0]["StartTime"])
    assert await sets("ledger", "DescribeIncrementBackupList", StartTimestamp=since) == listed[:2]
    dbs_clock.advance(DAY)
    assert len(await sets("ledger", "DescribeIncrementBackupList")) == len(listed) + 1
    assert await sets("cache-redis", "DescribeIncrementBackupList") == []


@pytest.mark.parametrize("action", ["DescribeFullBackupList", "DescribeIncrementBackupList"])
async def test_the_storage_class_is_left_out_when_nobody_wants_it(sets: Sets, action: str) -> None:
    assert {each["StorageMethod"] for each in await sets("orders-prod", action)} == {"Standard"}
    bare = await sets("orders-prod", action, ShowStorageType="false")
    assert not any("StorageMethod" in each for each in bare)


async def test_the_vendors_sdk_lists_log_backups(dbs_sdk: Callable[..., Client], dbs_plan: Plan) -> None:
    request = models.DescribeIncrementBackupListRequest(
        backup_plan_id=dbs_plan("orders-prod").plan_id, page_size=30
    )
    body = (await dbs_sdk().describe_increment_backup_list_async(request)).body
    assert body.total_elements == len(body.items.increment_backup_file) > 0
    assert body.items.increment_backup_file[-1].backup_status == "finish"
