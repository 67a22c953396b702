"""The vendor's own client drives every action and gets typed answers."""

import json
from collections.abc import Callable

import pytest
from alibabacloud_dbs20190306 import models
from alibabacloud_dbs20190306.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import BackupPlan, LocalDbs
from tests.contract.shapes import Plan


@pytest.fixture
def client(dbs_sdk: Callable[..., Client]) -> Client:
    return dbs_sdk()


def order(plan: BackupPlan, **changes: object) -> models.CreateRestoreTaskRequest:
    values: dict[str, object] = {
        "backup_plan_id": plan.plan_id,
        "restore_task_name": "orders back [r7]",
        "destination_endpoint_instance_type": "RDS",
        "destination_endpoint_region": "cn-hangzhou",
        "destination_endpoint_instance_id": "rm-bp1target0000001",
        "destination_endpoint_user_name": "restore_rw",
        "destination_endpoint_password": "hunter2 &+~*/%ü",
        "restore_objects": json.dumps([{"DBName": "orders", "NewDBName": "orders restored"}]),
        "restore_time": plan.sets[0].end_ms,
    }
    return models.CreateRestoreTaskRequest(**values | changes)


async def test_create_start_and_describe_a_restore_to_its_end(
    client: Client, dbs_clock: SimulatedClock, dbs_plan: Plan, local_dbs: LocalDbs
) -> None:
    plan = dbs_plan("orders-prod")
    created = (await client.create_restore_task_async(order(plan, client_token="t-1"))).body
    assert created.success is True
    assert created.http_status_code == 200
    start = models.StartRestoreTaskRequest(restore_task_id=created.restore_task_id)
    assert (await client.start_restore_task_async(start)).body.restore_task_id == created.restore_task_id
    dbs_clock.advance(600)

    by_id = models.DescribeRestoreTaskListRequest(restore_task_id=created.restore_task_id)
    by_plan = models.DescribeRestoreTaskListRequest(backup_plan_id=plan.plan_id, page_size=100)
    for request in (by_id, by_plan):
        body = (await client.describe_restore_task_list_async(request)).body
        (task,) = body.items.restore_task_detail
        assert (body.total_elements, body.total_pages) == (1, 1)
        assert task.restore_status == "finish"
        assert task.restore_task_name == "orders back [r7]"
        assert task.continuous_restore_progress == 100
        assert task.physical_backup_recover_progress is None
        assert task.restore_task_finish_time == task.restore_task_create_time + 600_000
        assert task.destination_endpoint_instance_type == "rds"
        assert "hunter2" not in json.dumps(task.to_map())
    (kept,) = local_dbs.tasks
    assert kept.parameters["DestinationEndpointPassword"] == "hunter2 &+~*/%ü"


async def test_a_plan_is_read_with_its_gateway_and_databases(client: Client, dbs_plan: Plan) -> None:
    request = models.DescribeBackupPlanListRequest(backup_plan_name="crm-mssql", region="cn-hangzhou")
    (plan,) = (await client.describe_backup_plan_list_async(request)).body.items.backup_plan_detail
    assert (plan.backup_plan_id, plan.database_type) == (dbs_plan("crm-mssql").plan_id, "MSSQL")
    assert isinstance(plan.backup_gateway_id, int)
    assert json.loads(plan.backup_objects) == [{"DBName": "CRM"}, {"DBName": "CRM_Documents"}]


async def test_windows_are_read_with_their_backup_sets(
    client: Client, dbs_plan: Plan, dbs_clock: SimulatedClock
) -> None:
    plan = dbs_plan("ledger")
    request = models.DescribeRestoreRangeInfoRequest(
        backup_plan_id=plan.plan_id,
        begin_timestamp_for_restore=0,
        end_timestamp_for_restore=dbs_clock.now_ms(),
    )
    older, newer = (await client.describe_restore_range_info_async(request)).body.items.dbsrecover_range
    assert older.end_timestamp_for_restore < newer.begin_timestamp_for_restore
    assert newer.range_type == "range"
    listed = newer.full_backup_list.full_backup_detail
    assert [entry.backup_set_id for entry in listed] == [s.backup_set_id for s in plan.sets[:3]]


async def test_backup_sets_are_read_with_their_sizes_and_times(client: Client, dbs_plan: Plan) -> None:
    plan = dbs_plan("orders-prod")
    request = models.DescribeFullBackupListRequest(backup_plan_id=plan.plan_id, page_size=50)
    sets = (await client.describe_full_backup_list_async(request)).body.items.full_backup_file
    assert [s.backup_set_id for s in sets] == [s.backup_set_id for s in plan.sets]
    assert (sets[0].backup_size, sets[0].backup_status) == (5_000_000_000, "finish")
    assert sets[0].start_time < sets[0].end_time


async def test_gateways_are_read_alive_and_silent(client: Client, dbs_clock: SimulatedClock) -> None:
    request = models.DescribeBackupGatewayListRequest(region="cn-hangzhou")
    dbs_clock.advance(3600)
    gateways = (await client.describe_backup_gateway_list_async(request)).body.items.backup_gateway
    ages = [(dbs_clock.now_ms() - gateway.last_heartbeat_time) / 1000 for gateway in gateways]
    assert ages == [15, 3 * 86_400 + 3600]
    assert [gateway.backup_gateway_status for gateway in gateways] == ["ONLINE", "OFFLINE"]


async def test_regions_are_read(client: Client) -> None:
    body = (await client.describe_regions_async(models.DescribeRegionsRequest())).body
    assert {"cn-hangzhou", "ap-southeast-1", "eu-central-1"} <= set(body.regions.region_code)


async def test_the_precheck_and_the_error_code_of_a_failed_task_are_read(
    client: Client, dbs_clock: SimulatedClock, dbs_plan: Plan
) -> None:
    request = order(
        dbs_plan("inventory-prod"), restore_objects='[{"DBName": "inventory"}]', client_token="t-2"
    )
    task_id = (await client.create_restore_task_async(request)).body.restore_task_id
    dbs_clock.advance(60)
    checked = (
        await client.describe_pre_check_progress_list_async(
            models.DescribePreCheckProgressListRequest(restore_task_id=task_id)
        )
    ).body
    assert (checked.status, checked.progress) == ("failed", 100)
    (failed,) = (i for i in checked.items.pre_check_progress_detail if i.state == "failed")
    assert (failed.item, failed.job_id, failed.order_num) == ("CHECK_DEST_PRIVILEGE", task_id, "40")
    assert failed.err_msg.startswith("java.lang.RuntimeException: Access denied for user 'restore_rw'")
    reason = (
        await client.describe_job_error_code_async(
            models.DescribeJobErrorCodeRequest(task_id=task_id, language="cn")
        )
    ).body.item
    assert (reason.error_code, reason.language) == ("DBS.PreCheck.DestinationPrivilege", "cn")
    assert "权限" in reason.error_message


async def test_dbs_itself_refuses_inside_a_200(client: Client, dbs_plan: Plan) -> None:
    response = await client.create_restore_task_async(
        order(dbs_plan("orders-prod"), backup_plan_id="dbs-none")
    )
    assert response.status_code == 200
    body = response.body
    assert (body.success, body.http_status_code, body.err_code) == (False, 404, "Param.NotFound")
    assert "BackupPlanId" in body.err_message


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"access_key_secret": "wrong"}, 400, "SignatureDoesNotMatch"),
        ({"access_key_id": "stranger"}, 404, "InvalidAccessKeyId.NotFound"),
        ({"security_token": "sts-1"}, 400, "InvalidSecurityToken.MismatchWithAccessKey"),
    ],
)
async def test_a_wrong_key_raises_in_the_client(
    dbs_sdk: Callable[..., Client], changes: dict[str, str], status: int, code: str
) -> None:
    with pytest.raises(ClientException) as refused:
        await dbs_sdk(**changes).describe_regions_async(models.DescribeRegionsRequest())
    assert (refused.value.status_code, refused.value.code) == (status, code)


async def test_a_missing_required_parameter_raises_in_the_client(client: Client) -> None:
    with pytest.raises(ClientException) as refused:
        await client.start_restore_task_async(models.StartRestoreTaskRequest())
    assert refused.value.code == "MissingRestoreTaskId"


async def test_the_clients_older_rpc_signature_is_accepted(
    dbs_sdk: Callable[..., Client], dbs_plan: Plan
) -> None:
    client = dbs_sdk(signature_algorithm="v2")
    body = (await client.create_restore_task_async(order(dbs_plan("orders-prod")))).body
    assert body.success is True
    assert body.restore_task_id.startswith("s1")


async def test_the_client_with_an_sts_token_is_accepted(
    dbs_sdk: Callable[..., Client], dbs_clock: SimulatedClock
) -> None:
    async with LocalDbs(clock=dbs_clock, security_token="sts-1").serve() as url:
        endpoint = url.removeprefix("http://").rstrip("/")
        for algorithm in ({}, {"signature_algorithm": "v2"}):
            client = dbs_sdk(endpoint=endpoint, security_token="sts-1", **algorithm)
            assert (await client.describe_regions_async(models.DescribeRegionsRequest())).body.success is True


async def test_two_runs_give_their_tasks_different_ids(
    client: Client, dbs_sdk: Callable[..., Client], dbs_plan: Plan
) -> None:
    first = (await client.create_restore_task_async(order(dbs_plan("orders-prod")))).body
    later = LocalDbs(clock=SimulatedClock(speed=0, start=1_790_000_000.0))
    plan = next(plan for plan in later.estate.plans if plan.name == "orders-prod")
    async with later.serve() as url:
        other = dbs_sdk(endpoint=url.removeprefix("http://").rstrip("/"))
        second = (await other.create_restore_task_async(order(plan))).body
    assert first.success is second.success is True
    assert first.restore_task_id != second.restore_task_id
