"""Lists: their pages, their filters, and what they hold."""

import json
from typing import Any

import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs, backup_plan
from tests.contract.shapes import Ask, Order, Plan, Raw

DAY_MS = 86_400_000


def rows(body: dict[str, Any]) -> list[dict[str, Any]]:
    (listed,) = body["Items"].values()
    assert isinstance(listed, list)
    return listed


async def test_two_hundred_and_fifty_tasks_come_in_pages_newest_first(
    dbs_ask: Ask, dbs_order: Order, dbs_clock: SimulatedClock, local_dbs: LocalDbs
) -> None:
    order = dbs_order()
    for n in range(250):
        await dbs_ask("CreateRestoreTask", {**order, "RestoreTaskName": str(n)})
        dbs_clock.advance(1)
    by_plan = {"BackupPlanId": order["BackupPlanId"]}
    seen = []
    for number in range(4):
        body = await dbs_ask(
            "DescribeRestoreTaskList", {**by_plan, "PageSize": "100", "PageNum": str(number)}
        )
        assert (body["TotalElements"], body["TotalPages"], body["PageSize"]) == (250, 3, 100)
        assert body["PageNum"] == number
        seen += [int(task["RestoreTaskName"]) for task in rows(body)]
    assert seen == list(range(249, -1, -1))

    ids = ",".join(task.task_id for task in local_dbs.tasks[:100])
    assert len(rows(await dbs_ask("DescribeRestoreTaskList", {"RestoreTaskId": ids}))) == 30
    body = await dbs_ask("DescribeRestoreTaskList", {"RestoreTaskId": ids, "PageSize": "100"})
    assert [int(task["RestoreTaskName"]) for task in rows(body)] == list(range(99, -1, -1))


async def test_an_unknown_task_id_is_just_not_reported(dbs_ask: Ask, dbs_order: Order) -> None:
    task_id = (await dbs_ask("CreateRestoreTask", dbs_order()))["RestoreTaskId"]
    asked = f"s1none, {task_id},{task_id}"
    body = await dbs_ask("DescribeRestoreTaskList", {"RestoreTaskId": asked})
    assert [task["RestoreTaskId"] for task in rows(body)] == [task_id]
    body = await dbs_ask("DescribeRestoreTaskList", {"RestoreTaskId": "s1none"})
    assert (rows(body), body["TotalElements"], body["TotalPages"]) == ([], 0, 0)


async def test_tasks_are_asked_for_by_ids_or_by_a_known_plan(dbs_ask: Ask, dbs_plan: Plan) -> None:
    async def code(**asked: str) -> str:
        return str((await dbs_ask("DescribeRestoreTaskList", asked))["ErrCode"])

    assert await code() == "Param.Missing"
    assert await code(RestoreTaskId="s1a", BackupPlanId=dbs_plan("ledger").plan_id) == "Param.Conflict"
    assert await code(BackupPlanId="dbs0none") == "Param.NotFound"


async def test_tasks_can_be_cut_by_when_they_were_created(
    dbs_ask: Ask, dbs_order: Order, dbs_clock: SimulatedClock
) -> None:
    order = dbs_order()
    times = []
    for n in range(3):
        times.append(dbs_clock.now_ms())
        await dbs_ask("CreateRestoreTask", {**order, "RestoreTaskName": str(n)})
        dbs_clock.advance(10)
    span = {"StartTimestamp": str(times[1]), "EndTimestamp": str(times[1])}
    body = await dbs_ask("DescribeRestoreTaskList", {"BackupPlanId": order["BackupPlanId"], **span})
    assert [task["RestoreTaskName"] for task in rows(body)] == ["1"]


@pytest.mark.parametrize(
    ("action", "good", "bad"),
    [
        ("DescribeRestoreTaskList", ["1", "31", "100"], ["0", "-1", "101"]),
        ("DescribeBackupPlanList", ["1", "31", "100"], ["0", "-1", "101"]),
        ("DescribeFullBackupList", ["30", "50", "100"], ["1", "31", "0", "101"]),
        ("DescribeBackupGatewayList", ["30", "50", "100"], ["1", "31", "0", "101"]),
    ],
)
async def test_each_list_has_its_page_sizes(
    dbs_ask: Ask, dbs_raw: Raw, dbs_plan: Plan, action: str, good: list[str], bad: list[str]
) -> None:
    base = {"BackupPlanId": dbs_plan("ledger").plan_id, "Region": "cn-shanghai"}
    assert (await dbs_ask(action, base))["PageSize"] == 30
    for size in good:
        assert (await dbs_ask(action, {**base, "PageSize": size}))["PageSize"] == int(size)
    for wrong in [{"PageSize": size} for size in bad] + [{"PageNum": "-1"}]:
        assert (await dbs_ask(action, base | wrong))["ErrCode"] == "Param.Invalid"
    for wrong in ({"PageSize": "all"}, {"PageNum": "1.0"}, {"PageNum": "2147483648"}):
        answer = await dbs_raw(action, base | wrong)
        assert (answer.status_code, answer.json()["Code"]) == (400, "InvalidParameter")


async def test_the_estate_covers_every_engine_several_regions_and_the_known_names(dbs_ask: Ask) -> None:
    plans = {plan["BackupPlanName"]: plan for plan in rows(await dbs_ask("DescribeBackupPlanList"))}
    assert len(plans) >= 12
    assert {plan["DatabaseType"] for plan in plans.values()} == {
        "MySQL", "MSSQL", "Oracle", "MariaDB", "PostgreSQL", "DRDS", "MongoDB", "Redis",
    }  # fmt: skip
    assert len({plan["BackupPlanRegion"] for plan in plans.values()}) >= 5
    for name in ("orders-prod", "inventory-prod", "billing-prod", "sessions-prod", "tickets-prod"):
        plan = plans[name]
        assert (plan["DatabaseType"], plan["BackupPlanRegion"]) == ("MySQL", "cn-hangzhou")
        assert (plan["BackupMethod"], plan["SourceEndpointInstanceType"]) == ("logical", "rds")
        assert plan["SourceEndpointInstanceID"].startswith("rm-")
    assert json.loads(plans["orders-prod"]["BackupObjects"]) == [
        {"DBName": "orders"},
        {"DBName": "orders_archive"},
    ]
    assert json.loads(plans["ledger"]["BackupObjects"])[0] == {"DBName": "ledger", "SchemaName": "public"}
    assert "BackupGatewayId" not in plans["orders-prod"]


async def test_the_same_clock_start_gives_the_same_estate() -> None:
    one, other = (LocalDbs(clock=SimulatedClock(speed=0, start=1_790_000_000.0)) for _ in range(2))
    assert one.estate.plans == other.estate.plans
    assert one.estate.gateways == other.estate.gateways


async def test_plans_can_be_asked_for_by_ids_name_region_and_status(dbs_ask: Ask, dbs_plan: Plan) -> None:
    async def names(**asked: str) -> list[str]:
        return [plan["BackupPlanName"] for plan in rows(await dbs_ask("DescribeBackupPlanList", asked))]

    ids = f"{dbs_plan('ledger').plan_id},dbs0none,{dbs_plan('orders-prod').plan_id}"
    assert await names(BackupPlanId=ids) == ["orders-prod", "ledger"]
    assert await names(BackupPlanName="ledger") == ["ledger"]
    assert await names(BackupPlanName="ledg") == []
    assert await names(Region="cn-shenzhen") == ["catalog-maria"]
    assert await names(BackupPlanStatus="pause") == ["reports-legacy"]
    assert await names(BackupPlanStatus="locked") == []


@pytest.mark.parametrize("wrong", [{"BackupPlanStatus": "asleep"}, {"Region": "cn-atlantis"}])
async def test_plans_refuse_a_filter_that_cannot_be(dbs_ask: Ask, wrong: dict[str, str]) -> None:
    assert (await dbs_ask("DescribeBackupPlanList", wrong))["ErrCode"] == "Param.Invalid"


async def test_a_running_plan_can_be_restored_to_a_minute_ago_whenever_one_asks(
    dbs_ask: Ask, dbs_clock: SimulatedClock
) -> None:
    async def ends() -> dict[str, int]:
        plans = rows(await dbs_ask("DescribeBackupPlanList"))
        return {plan["BackupPlanName"]: plan["EndTimestampForRestore"] for plan in plans}

    before = await ends()
    dbs_clock.advance(3600)
    after = await ends()
    assert after["orders-prod"] == dbs_clock.now_ms() - 60_000
    assert after["orders-prod"] - before["orders-prod"] == 3_600_000
    assert after["reports-legacy"] == before["reports-legacy"]
    assert after["cache-redis"] == before["cache-redis"]


async def test_windows_are_those_that_touch_the_asked_span(
    dbs_ask: Ask, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    plan = dbs_plan("ledger")
    older, newer = plan.windows
    assert older.end_ms is not None

    async def begins(begin: int, end: int, **more: str) -> list[int]:
        asked = {"BackupPlanId": plan.plan_id, "BeginTimestampForRestore": str(begin)}
        body = await dbs_ask(
            "DescribeRestoreRangeInfo", {**asked, "EndTimestampForRestore": str(end), **more}
        )
        return [window["BeginTimestampForRestore"] for window in rows(body)]

    now = dbs_clock.now_ms()
    assert await begins(0, now) == [older.begin_ms, newer.begin_ms]
    assert await begins(0, older.begin_ms) == [older.begin_ms]
    assert await begins(older.end_ms + 1, newer.begin_ms - 1) == []
    assert await begins(newer.begin_ms, now) == [newer.begin_ms]
    assert await begins(0, now, RecentlyRestore="true") == [newer.begin_ms]
    assert await begins(0, now, RecentlyRestore="false") == [older.begin_ms, newer.begin_ms]


async def test_every_range_begins_with_a_set_it_lists(
    dbs_ask: Ask, local_dbs: LocalDbs, dbs_clock: SimulatedClock
) -> None:
    for plan in local_dbs.estate.plans:
        asked = {"BackupPlanId": plan.plan_id, "BeginTimestampForRestore": "0"}
        body = await dbs_ask(
            "DescribeRestoreRangeInfo", {**asked, "EndTimestampForRestore": str(dbs_clock.now_ms())}
        )
        assert rows(body)
        for window in rows(body):
            sets = window["FullBackupList"]["FullBackupDetail"]
            assert sets[-1]["EndTime"] == window["BeginTimestampForRestore"]
            assert all(entry["EndTime"] <= window["EndTimestampForRestore"] for entry in sets)
            assert window["RangeType"] == ("point" if plan.name == "cache-redis" else "range")


async def test_windows_refuse_an_unknown_plan_a_span_turned_round_and_what_is_no_boolean(
    dbs_ask: Ask, dbs_raw: Raw, dbs_plan: Plan
) -> None:
    span = {"BeginTimestampForRestore": "1", "EndTimestampForRestore": "2"}
    body = await dbs_ask("DescribeRestoreRangeInfo", {"BackupPlanId": "dbs0none", **span})
    assert body["ErrCode"] == "Param.NotFound"
    known = {"BackupPlanId": dbs_plan("ledger").plan_id}
    turned = {**known, **span, "EndTimestampForRestore": "0"}
    assert (await dbs_ask("DescribeRestoreRangeInfo", turned))["ErrCode"] == "Param.Invalid"
    answer = await dbs_raw("DescribeRestoreRangeInfo", {**known, **span, "RecentlyRestore": "yes"})
    assert answer.json()["Code"] == "InvalidParameter"
    answer = await dbs_raw("DescribeRestoreRangeInfo", known)
    assert answer.json()["Code"] == "MissingBeginTimestampForRestore"


async def test_backup_sets_can_be_asked_for_by_id_and_span(
    dbs_ask: Ask, dbs_raw: Raw, dbs_plan: Plan
) -> None:
    plan = dbs_plan("orders-prod")

    async def ids(**asked: str) -> list[str]:
        body = await dbs_ask("DescribeFullBackupList", {"BackupPlanId": plan.plan_id, **asked})
        return [row["BackupSetId"] for row in rows(body)]

    wanted = plan.sets[1]
    assert await ids(BackupSetId=wanted.backup_set_id) == [wanted.backup_set_id]
    assert await ids(BackupSetId="1inone") == []
    span = {"StartTimestamp": str(wanted.start_ms), "EndTimestamp": str(wanted.start_ms)}
    assert await ids(**span) == [wanted.backup_set_id]
    body = await dbs_ask("DescribeFullBackupList", {"BackupPlanId": "dbs0none"})
    assert body["ErrCode"] == "Param.NotFound"
    assert (await dbs_raw("DescribeFullBackupList")).json()["Code"] == "MissingBackupPlanId"


async def test_running_and_failed_backups_are_listed_as_what_they_are(dbs_ask: Ask, dbs_plan: Plan) -> None:
    async def newest(name: str) -> dict[str, Any]:
        body = await dbs_ask("DescribeFullBackupList", {"BackupPlanId": dbs_plan(name).plan_id})
        return rows(body)[0]

    running, failed = await newest("analytics-eu"), await newest("reports-legacy")
    assert (running["BackupStatus"], running.keys() & {"EndTime", "FinishTime"}) == ("running", set())
    assert failed["BackupStatus"] == "stop"
    assert failed["ErrMessage"].startswith("java.sql.SQLException")


async def test_gateways_are_those_of_a_region(dbs_ask: Ask, dbs_raw: Raw) -> None:
    async def names(**asked: str) -> list[str]:
        return [row["DisplayName"] for row in rows(await dbs_ask("DescribeBackupGatewayList", asked))]

    assert await names(Region="cn-hangzhou") == ["idc-hangzhou-1", "idc-hangzhou-2"]
    assert await names(Region="cn-hangzhou", Identifier="gw-hz-9b77,gw-none") == ["idc-hangzhou-2"]
    assert await names(Region="cn-chengdu") == []
    body = await dbs_ask("DescribeBackupGatewayList", {"Region": "cn-atlantis"})
    assert body["ErrCode"] == "Param.Invalid"
    assert (await dbs_raw("DescribeBackupGatewayList")).json()["Code"] == "MissingRegion"


async def test_a_plan_added_by_a_test_is_listed_and_can_be_restored(
    dbs_ask: Ask, dbs_order: Order, local_dbs: LocalDbs
) -> None:
    local_dbs.add_plan(backup_plan(local_dbs.start_ms, "tiny", databases=("t",), gigabytes=(0.1,)))
    assert len(rows(await dbs_ask("DescribeBackupPlanList", {"BackupPlanName": "tiny"}))) == 1
    assert (await dbs_ask("CreateRestoreTask", dbs_order("tiny")))["Success"] is True
