"""The client against the local DBS, which was written without it: every method, over a real connection."""

from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from bot.dbs import Credentials, DbsClient
from bot.restores.models import (
    Destination,
    DuplicateConflict,
    Engine,
    Location,
    RestoreObject,
    RestorePoint,
    RestoreSpec,
    RestoreStatus,
    Stage,
)
from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import BackupPlan, LocalDbs, backup_plan
from tests.contract.shapes import Plan

REGION = "cn-hangzhou"
PASSWORD = SecretStr("CANARY-p@ss w/ö&+=%*~'\"")
SANDBOX = Credentials("sandbox", SecretStr("sandbox-secret"))


def spec(plan: BackupPlan, **changes: object) -> RestoreSpec:
    """A restore of the plan's newest set to an RDS instance."""
    return RestoreSpec(
        backup_plan_id=plan.plan_id,
        region=plan.region,
        task_name=f"{plan.name} x7",
        point=RestorePoint(backup_set_id=plan.finished_sets()[0].backup_set_id),
        destination=Destination(
            location=Location.RDS, region=REGION, instance_id="rm-bp1target", user_name="restore_rw"
        ),
        objects=(RestoreObject(db_name=plan.objects[0].db_name, new_db_name="订单 copy"),),
    ).evolve(**changes)


async def created(dbs_client: DbsClient, plan: BackupPlan, **changes: object) -> str:
    request = spec(plan, **changes)
    return await dbs_client.create_restore_task(
        request, password=PASSWORD, client_token=request.task_name[:64]
    )


async def test_the_regions_are_listed(dbs_client: DbsClient) -> None:
    regions = await dbs_client.describe_regions(region=REGION)
    assert {"cn-hangzhou", "eu-central-1"} <= set(regions)


async def test_every_plan_is_listed_in_the_domains_words(dbs_client: DbsClient, local_dbs: LocalDbs) -> None:
    found = {plan.name: plan for plan in await dbs_client.describe_backup_plans(region=REGION)}
    assert set(found) == {plan.name for plan in local_dbs.estate.plans}
    orders = found["orders-prod"]
    assert orders.engine == Engine.MYSQL
    assert (orders.source_location, orders.source_instance_id) == (Location.RDS, "rm-bp1orders7k2m9x4f3")
    assert orders.databases == ("orders", "orders_archive")
    assert orders.window is not None
    assert found["ledger"].region == "cn-shanghai"
    assert found["erp-oracle"].source_oracle_sid == "ERPPRD"
    assert found["analytics-eu"].cross_role_name == "dbs-cross-restore"


async def test_a_plan_is_found_by_id_and_by_name(dbs_client: DbsClient, dbs_plan: Plan) -> None:
    ledger = dbs_plan("ledger")
    (by_id,) = await dbs_client.describe_backup_plans(region=REGION, backup_plan_id=ledger.plan_id)
    (by_name,) = await dbs_client.describe_backup_plans(region=REGION, name="ledger")
    assert by_id == by_name
    assert by_id.backup_plan_id == ledger.plan_id


async def test_more_plans_than_a_page_holds_are_all_listed(
    dbs_client: DbsClient, local_dbs: LocalDbs
) -> None:
    for number in range(230):
        local_dbs.add_plan(backup_plan(local_dbs.start_ms, f"plan-{number}"))
    plans = await dbs_client.describe_backup_plans(region=REGION)
    assert len(plans) == len({plan.backup_plan_id for plan in plans}) == len(local_dbs.estate.plans)
    assert len(local_dbs.journal) == 3


async def test_a_plan_with_a_gap_has_two_windows_in_order(dbs_client: DbsClient, dbs_plan: Plan) -> None:
    ledger, now = dbs_plan("ledger"), datetime.now(UTC)
    windows = await dbs_client.describe_restorable_windows(
        ledger.plan_id, region="cn-shanghai", begin=now - timedelta(days=30), end=now
    )
    first, second = windows
    assert first.begin < first.end < second.begin < second.end


async def test_a_plan_without_log_backup_has_sets_but_no_window(
    dbs_client: DbsClient, dbs_plan: Plan
) -> None:
    plan_id, now = dbs_plan("cache-redis").plan_id, datetime.now(UTC)
    windows = await dbs_client.describe_restorable_windows(
        plan_id, region=REGION, begin=now - timedelta(days=30), end=now
    )
    assert windows == ()
    assert len(await dbs_client.describe_backup_sets(plan_id, region=REGION)) == 3


async def test_backup_sets_are_listed_newest_first_with_their_sizes(
    dbs_client: DbsClient, dbs_plan: Plan
) -> None:
    plan = dbs_plan("orders-prod")
    sets = await dbs_client.describe_backup_sets(plan.plan_id, region=REGION)
    assert [each.backup_set_id for each in sets] == [each.backup_set_id for each in plan.sets]
    times = [each.time for each in sets if each.time is not None]
    assert times == sorted(times, reverse=True)
    assert sets[0].size == 5_000_000_000
    assert sets[0].status == "finish"


async def test_gateways_are_those_of_the_region_with_their_heartbeats(dbs_client: DbsClient) -> None:
    fresh, stale = await dbs_client.describe_backup_gateways(region=REGION)
    assert (fresh.name, stale.name) == ("idc-hangzhou-1", "idc-hangzhou-2")
    assert fresh.last_heartbeat is not None
    assert stale.last_heartbeat is not None
    assert fresh.last_heartbeat - stale.last_heartbeat > timedelta(days=2)


async def test_a_task_is_created_as_asked_for_with_every_character_intact(
    dbs_client: DbsClient, local_dbs: LocalDbs, dbs_plan: Plan
) -> None:
    plan = dbs_plan("orders-prod")
    task_id = await created(dbs_client, plan, duplicate_conflict=DuplicateConflict.RENAME)
    (task,) = local_dbs.tasks
    assert task.task_id == task_id
    assert task.parameters["DestinationEndpointPassword"] == PASSWORD.get_secret_value()
    assert task.parameters["RestoreObjects"] == '[{"DBName":"orders","NewDBName":"订单 copy"}]'
    assert task.parameters["DuplicateConflict"] == "renamenew"
    assert task.parameters["RegionId"] == REGION


async def test_a_restore_to_a_time_reaches_dbs_to_the_millisecond(
    dbs_client: DbsClient, local_dbs: LocalDbs, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    milliseconds = dbs_clock.now_ms() - 3_600_123
    time = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    task_id = await created(dbs_client, dbs_plan("orders-prod"), point=RestorePoint(time=time))
    assert local_dbs.tasks[0].parameters["RestoreTime"] == str(milliseconds)
    assert (await dbs_client.describe_restore_tasks([task_id], region=REGION))[task_id].restore_time == time


async def test_a_task_is_followed_from_creation_to_success(
    dbs_client: DbsClient, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    plan = dbs_plan("orders-prod")
    task_id = await created(dbs_client, plan)

    async def state() -> RestoreStatus:
        return (await dbs_client.describe_restore_tasks([task_id], region=REGION))[task_id].state

    assert await state() is RestoreStatus.INIT
    dbs_clock.advance(120)
    assert await state() is RestoreStatus.CHECK_PASS
    assert (await dbs_client.describe_precheck(task_id, region=REGION)).passed
    await dbs_client.start_restore_task(task_id, region=REGION, client_token="start")
    dbs_clock.advance(60)
    assert await state() is RestoreStatus.RUNNING
    dbs_clock.advance(3600)
    task = (await dbs_client.describe_restore_tasks([task_id], region=REGION))[task_id]
    assert task.state is RestoreStatus.SUCCEEDED
    assert task.finished_at is not None
    assert task.stages == {Stage.STRUCTURE_BEFORE: 100, Stage.FULL_DATA: 100, Stage.STRUCTURE_AFTER: 100}
    assert (task.name, task.backup_plan_id) == ("orders-prod x7", plan.plan_id)
    assert await dbs_client.describe_plan_restore_tasks(plan.plan_id, region=REGION) == (task,)


async def test_a_failed_precheck_is_told_with_dbs_words(
    dbs_client: DbsClient, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    task_id = await created(dbs_client, dbs_plan("inventory-prod"))
    dbs_clock.advance(300)
    report = await dbs_client.describe_precheck(task_id, region=REGION)
    assert report.failed
    (failed,) = [item for item in report.items if item.failed]
    assert failed.message is not None
    assert "missing privileges" in failed.message


async def test_a_stopped_task_tells_why_in_both_languages(
    dbs_client: DbsClient, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    task_id = await created(dbs_client, dbs_plan("billing-prod"))
    await dbs_client.start_restore_task(task_id, region=REGION, client_token="start")
    dbs_clock.advance(24 * 3600)
    task = (await dbs_client.describe_restore_tasks([task_id], region=REGION))[task_id]
    assert task.state is RestoreStatus.STOP
    assert task.error_message is not None
    english = await dbs_client.describe_job_error(task_id, region=REGION)
    chinese = await dbs_client.describe_job_error(task_id, region=REGION, language="cn")
    assert english is not None
    assert chinese is not None
    assert english.code == chinese.code
    assert english.message != chinese.message


async def test_250_tasks_are_asked_for_in_exactly_3_calls(
    dbs_client: DbsClient, local_dbs: LocalDbs, dbs_plan: Plan
) -> None:
    plan = dbs_plan("orders-prod")
    ids = [await created(dbs_client, plan, task_name=f"task-{number}") for number in range(250)]
    local_dbs.journal.clear()
    found = await dbs_client.describe_restore_tasks([*ids, *ids[:40]], region=REGION)
    assert set(found) == set(ids)
    assert [request.name for request in local_dbs.journal] == ["DescribeRestoreTaskList"] * 3
    local_dbs.journal.clear()
    assert {
        task.restore_task_id
        for task in await dbs_client.describe_plan_restore_tasks(plan.plan_id, region=REGION)
    } == set(ids)
    assert len(local_dbs.journal) == 3


async def test_a_task_dbs_does_not_report_is_missing_not_failed(
    dbs_client: DbsClient, dbs_plan: Plan
) -> None:
    task_id = await created(dbs_client, dbs_plan("orders-prod"))
    assert set(await dbs_client.describe_restore_tasks([task_id, "s1unknown"], region=REGION)) == {task_id}


async def test_the_same_token_is_the_same_task(
    dbs_client: DbsClient, local_dbs: LocalDbs, dbs_plan: Plan
) -> None:
    plan = dbs_plan("orders-prod")
    assert await created(dbs_client, plan) == await created(dbs_client, plan)
    assert len(local_dbs.tasks) == 1
