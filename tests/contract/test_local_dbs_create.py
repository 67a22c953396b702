"""What CreateRestoreTask needs for each location and engine, and what it refuses."""

import json
from typing import Any

import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from tests.contract.shapes import Ask, Order, Plan, Raw

PLANS = {
    "MySQL": "orders-prod",
    "MSSQL": "crm-mssql",
    "Oracle": "erp-oracle",
    "MariaDB": "catalog-maria",
    "PostgreSQL": "ledger",
    "DRDS": "payments-drds",
    "MongoDB": "profiles-mongo",
    "Redis": "cache-redis",
}
BY_LOCATION = {
    "RDS": {"DestinationEndpointRegion", "DestinationEndpointInstanceID", "RestoreObjects"},
    "ECS": {
        "DestinationEndpointRegion",
        "DestinationEndpointInstanceID",
        "DestinationEndpointPort",
        "RestoreObjects",
    },
    "DDS": {"DestinationEndpointRegion", "DestinationEndpointInstanceID", "RestoreObjects"},
    "Express": {
        "DestinationEndpointRegion",
        "DestinationEndpointInstanceID",
        "DestinationEndpointIP",
        "DestinationEndpointPort",
        "RestoreObjects",
    },
    "Agent": {
        "DestinationEndpointRegion",
        "DestinationEndpointIP",
        "DestinationEndpointPort",
        "BackupGatewayId",
    },
    "Other": {"DestinationEndpointIP", "DestinationEndpointPort", "RestoreObjects"},
    "dg": {"RestoreObjects"},
}
BY_ENGINE = {
    "PostgreSQL": {"DestinationEndpointDatabaseName"},
    "MongoDB": {"DestinationEndpointDatabaseName"},
    "Oracle": {"DestinationEndpointOracleSID"},
}
ACCOUNT = {"DestinationEndpointUserName", "DestinationEndpointPassword"}
ALWAYS = {"BackupPlanId", "RestoreTaskName", "DestinationEndpointInstanceType", "BackupSetId"}
EVERYTHING = {
    "DestinationEndpointIP": "10.0.0.8",
    "DestinationEndpointPort": "3306",
    "DestinationEndpointDatabaseName": "target",
    "DestinationEndpointOracleSID": "ORCL",
    "BackupGatewayId": "23213141",
    "RestoreDir": "/var/lib/restore",
}
COMBINATIONS = [(location, engine) for location in BY_LOCATION for engine in PLANS]


def needed(location: str, engine: str) -> set[str]:
    """What the facts ask for."""
    names = BY_LOCATION[location] | BY_ENGINE.get(engine, set())
    if engine != "Redis" and (location, engine) != ("Agent", "MSSQL"):
        names = names | ACCOUNT
    if (location, engine) == ("Agent", "MySQL"):
        names = names | {"RestoreDir"}
    return names


def refused(body: dict[str, Any]) -> tuple[str, str]:
    assert body["Success"] is False
    assert body.keys() == {"RequestId", "Success", "HttpStatusCode", "ErrCode", "ErrMessage"}
    return body["ErrCode"], body["ErrMessage"]


@pytest.mark.parametrize(("location", "engine"), COMBINATIONS)
async def test_what_a_location_and_an_engine_need_is_enough(
    dbs_ask: Ask, dbs_order: Order, location: str, engine: str
) -> None:
    full = dbs_order(PLANS[engine], DestinationEndpointInstanceType=location, **EVERYTHING)
    least = {name: value for name, value in full.items() if name in ALWAYS | needed(location, engine)}
    assert (await dbs_ask("CreateRestoreTask", least))["RestoreTaskId"]
    assert (await dbs_ask("CreateRestoreTask", full))["RestoreTaskId"]


@pytest.mark.parametrize(("location", "engine"), COMBINATIONS)
async def test_each_thing_a_location_and_an_engine_need_is_asked_for_by_name(
    dbs_ask: Ask, dbs_order: Order, local_dbs: LocalDbs, location: str, engine: str
) -> None:
    order = dbs_order(PLANS[engine], DestinationEndpointInstanceType=location, **EVERYTHING)
    for name in needed(location, engine):
        code, message = refused(await dbs_ask("CreateRestoreTask", {**order, name: ""}))
        assert code == "Param.Missing"
        assert f" {name} " in message
    assert local_dbs.tasks == ()


@pytest.mark.parametrize("name", ["BackupPlanId", "RestoreTaskName", "DestinationEndpointInstanceType"])
@pytest.mark.parametrize("value", [None, ""])
async def test_the_gateway_itself_asks_for_what_is_always_needed(
    dbs_raw: Raw, dbs_order: Order, name: str, value: str | None
) -> None:
    answer = await dbs_raw("CreateRestoreTask", dbs_order(**{name: value}))
    assert (answer.status_code, answer.json()["Code"]) == (400, f"Missing{name}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RestoreTime", "yesterday"),
        ("RestoreTime", "1554560477000.5"),
        ("RestoreTime", "٣"),
        ("DestinationEndpointPort", "mysql"),
        ("DestinationEndpointPort", "3000000000"),
        ("BackupGatewayId", "gw-hz-4f1c"),
        ("BackupGatewayId", "9" * 19),
    ],
)
async def test_the_gateway_itself_refuses_a_number_that_is_none(
    dbs_raw: Raw, dbs_order: Order, name: str, value: str
) -> None:
    answer = await dbs_raw("CreateRestoreTask", dbs_order(**{name: value}))
    assert (answer.status_code, answer.json()["Code"]) == (400, "InvalidParameter")
    assert name in answer.json()["Message"]


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        ({"BackupPlanId": "dbs0unknown"}, "Param.NotFound", "BackupPlanId"),
        ({"BackupSetId": "1iunknown"}, "Param.NotFound", "BackupSetId"),
        ({"BackupGatewayId": "404"}, "Param.NotFound", "BackupGatewayId"),
        ({"DestinationEndpointRegion": "cn-atlantis"}, "Param.Invalid", "DestinationEndpointRegion"),
        ({"DestinationEndpointInstanceType": "rds"}, "Param.Invalid", "DestinationEndpointInstanceType"),
        ({"DestinationEndpointPort": "0"}, "Param.Invalid", "DestinationEndpointPort"),
        ({"DestinationEndpointPort": "65536"}, "Param.Invalid", "DestinationEndpointPort"),
        ({"DestinationEndpointPort": "-1"}, "Param.Invalid", "DestinationEndpointPort"),
        ({"DuplicateConflict": "overwrite"}, "Param.Invalid", "DuplicateConflict"),
        ({"BackupSetId": None}, "Param.Missing", "RestoreTime or BackupSetId"),
        ({"RestoreTime": "1554560477000"}, "Param.Conflict", "RestoreTime and BackupSetId"),
        ({"ClientToken": "t" * 65}, "Param.Invalid", "ClientToken"),
        ({"ClientToken": "tökén"}, "Param.Invalid", "ClientToken"),
    ],
)
async def test_a_value_dbs_cannot_use_is_refused_by_name(
    dbs_ask: Ask,
    dbs_order: Order,
    local_dbs: LocalDbs,
    changes: dict[str, str | None],
    code: str,
    named: str,
) -> None:
    assert refused(await dbs_ask("CreateRestoreTask", dbs_order(**changes)))[0] == code
    body = await dbs_ask("CreateRestoreTask", dbs_order(**changes))
    assert named in body["ErrMessage"]
    assert local_dbs.tasks == ()


@pytest.mark.parametrize(
    "objects",
    [
        "orders",
        '[{"DBName": "orders"}',
        "[" * 10_000,
        "[]",
        "{}",
        "null",
        '["orders"]',
        '[{"NewDBName": "orders2"}]',
        '[{"DBName": ""}]',
        '[{"DBName": 7}]',
        '[{"DBName": "orders", "NewDBName": null}]',
        '[{"DBName": "orders", "TableIncludes": [{"TableName": "lines"}]}]',
    ],
)
async def test_restore_objects_must_be_databases_in_json(
    dbs_ask: Ask, dbs_order: Order, local_dbs: LocalDbs, objects: str
) -> None:
    code, message = refused(await dbs_ask("CreateRestoreTask", dbs_order(RestoreObjects=objects)))
    assert (code, local_dbs.tasks) == ("Param.Invalid", ())
    assert "RestoreObjects" in message


async def test_a_long_list_of_objects_fits_into_the_query(dbs_ask: Ask, dbs_order: Order) -> None:
    objects = json.dumps([{"DBName": "orders", "NewDBName": f"orders_{n}"} for n in range(500)])
    assert (await dbs_ask("CreateRestoreTask", dbs_order(RestoreObjects=objects)))["Success"] is True


async def test_an_unknown_region_id_is_refused_by_the_gateway(dbs_raw: Raw, dbs_order: Order) -> None:
    answer = await dbs_raw("CreateRestoreTask", dbs_order(RegionId="cn-atlantis"))
    assert (answer.status_code, answer.json()["Code"]) == (404, "InvalidRegionId.NotFound")


@pytest.mark.parametrize("policy", ["failure", "renamenew"])
async def test_the_documented_conflict_policies_are_accepted(
    dbs_ask: Ask, dbs_order: Order, policy: str
) -> None:
    assert (await dbs_ask("CreateRestoreTask", dbs_order(DuplicateConflict=policy)))["Success"] is True


async def test_a_time_is_good_to_both_ends_of_a_window_and_nowhere_in_a_gap(
    dbs_ask: Ask, dbs_order: Order, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    older, newer = dbs_plan("ledger").windows
    now = dbs_clock.now_ms()
    assert older.end_ms is not None
    end = now - 60_000

    async def accepted(time_ms: int) -> bool:
        order = dbs_order(
            "ledger",
            BackupSetId=None,
            RestoreTime=str(time_ms),
            DestinationEndpointDatabaseName="ledger",
        )
        body = await dbs_ask("CreateRestoreTask", order)
        assert body["Success"] or body["ErrCode"] == "Param.Invalid"
        return bool(body["Success"])

    for inside in (older.begin_ms, older.end_ms, newer.begin_ms, end):
        assert await accepted(inside)
    for outside in (0, -1, older.begin_ms - 1, older.end_ms + 1, newer.begin_ms - 1, end + 1, end // 1000):
        assert not await accepted(outside)


async def test_a_running_plans_window_follows_the_clock(
    dbs_ask: Ask, dbs_order: Order, dbs_clock: SimulatedClock
) -> None:
    order = dbs_order(BackupSetId=None, RestoreTime=str(dbs_clock.now_ms()))
    assert (await dbs_ask("CreateRestoreTask", order))["ErrCode"] == "Param.Invalid"
    dbs_clock.advance(60)
    assert (await dbs_ask("CreateRestoreTask", order))["Success"] is True


async def test_a_plan_without_log_backup_restores_sets_only(
    dbs_ask: Ask, dbs_order: Order, dbs_plan: Plan
) -> None:
    set_end = dbs_plan("cache-redis").sets[0].end_ms
    order = dbs_order("cache-redis", BackupSetId=None, RestoreTime=str(set_end))
    assert (await dbs_ask("CreateRestoreTask", order))["ErrCode"] == "Param.Invalid"
    assert (await dbs_ask("CreateRestoreTask", dbs_order("cache-redis")))["Success"] is True


@pytest.mark.parametrize("plan_name", ["analytics-eu", "reports-legacy"])
async def test_a_set_that_is_running_or_failed_cannot_be_restored(
    dbs_ask: Ask, dbs_order: Order, dbs_plan: Plan, plan_name: str
) -> None:
    unfinished = dbs_plan(plan_name).sets[0]
    order = dbs_order(
        plan_name, BackupSetId=unfinished.backup_set_id, DestinationEndpointDatabaseName="analytics"
    )
    assert (await dbs_ask("CreateRestoreTask", order))["ErrCode"] == "Param.Invalid"


async def test_a_set_of_another_plan_is_not_found(dbs_ask: Ask, dbs_order: Order, dbs_plan: Plan) -> None:
    order = dbs_order(BackupSetId=dbs_plan("billing-prod").sets[0].backup_set_id)
    assert (await dbs_ask("CreateRestoreTask", order))["ErrCode"] == "Param.NotFound"


async def test_a_task_keeps_its_parameters_as_they_arrived_and_shows_no_password(
    dbs_ask: Ask, dbs_order: Order, local_dbs: LocalDbs
) -> None:
    order = dbs_order(RegionId="cn-hangzhou")
    await dbs_ask("CreateRestoreTask", order)
    (task,) = local_dbs.tasks
    assert task.parameters == order
    assert order["DestinationEndpointPassword"] not in repr(local_dbs.tasks) + repr(local_dbs.journal)
