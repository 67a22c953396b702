"""The client's methods against answers the local DBS never gives: odd lists, odd pages, odd successes."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.dbs import Credentials, DbsClient
from bot.errors import DbsUnreadable
from bot.restores.models import Destination, Location, RestorePoint, RestoreSpec

REGION = "cn-hangzhou"
CREDENTIALS = Credentials("key-id", SecretStr("secret"))
SPEC = RestoreSpec(
    backup_plan_id="dbs1",
    region=REGION,
    task_name="orders-x7",
    point=RestorePoint(backup_set_id="set1"),
    destination=Destination(location=Location.RDS),
)

Body = dict[str, Any]


def client(answer: Callable[[dict[str, str]], Body]) -> DbsClient:
    """A client of a DBS that answers parameters with a body."""

    def handle(request: httpx.Request) -> httpx.Response:
        parameters = {name: values[0] for name, values in parse_qs(request.url.query.decode()).items()}
        return httpx.Response(200, json={"RequestId": "R-1", "Success": "true", **answer(parameters)})

    return DbsClient(CREDENTIALS, transport=httpx.MockTransport(handle))


def always(**body: object) -> DbsClient:
    return client(lambda _: body)


@pytest.mark.parametrize(
    "accepted", [{}, {"RestoreTaskId": None}, {"RestoreTaskId": ""}, {"RestoreTaskId": {}}]
)
async def test_a_success_without_a_task_id_leaves_the_outcome_open(accepted: Body) -> None:
    async with client(lambda _: accepted) as dbs:
        with pytest.raises(DbsUnreadable) as raised:
            await dbs.create_restore_task(SPEC, password=None, client_token="t")
    assert not raised.value.certain
    assert (raised.value.action, raised.value.request_id) == ("CreateRestoreTask", "R-1")


async def test_a_point_that_is_neither_time_nor_set_is_refused_before_any_call() -> None:
    def never(_: dict[str, str]) -> Body:
        raise AssertionError("called")

    async with client(never) as dbs:
        with pytest.raises(ValueError, match="one of the two"):
            await dbs.create_restore_task(
                SPEC.evolve(point=RestorePoint()), password=SecretStr("x"), client_token="t"
            )


async def test_no_ids_are_no_call() -> None:
    def never(_: dict[str, str]) -> Body:
        raise AssertionError("called")

    async with client(never) as dbs:
        assert await dbs.describe_restore_tasks([], region=REGION) == {}
        assert await dbs.describe_restore_tasks([""], region=REGION) == {}


async def test_tasks_are_asked_for_once_each_and_foreign_or_missing_ones_are_left_out() -> None:
    asked: list[dict[str, str]] = []

    def answer(parameters: dict[str, str]) -> Body:
        asked.append(parameters)
        tasks = [{"RestoreTaskId": each, "RestoreStatus": "running"} for each in ("s1", "foreign")]
        return {"Items": {"RestoreTaskDetail": tasks}, "TotalPages": 7}

    async with client(answer) as dbs:
        found = await dbs.describe_restore_tasks(["s1", "s2", "s1"], region=REGION)
    assert list(found) == ["s1"]
    assert asked == [{"RestoreTaskId": "s1,s2", "PageSize": "100", "PageNum": "0", "RegionId": REGION}]


@pytest.mark.parametrize("listed", [{}, None, "", {"RestoreTaskDetail": None}, []])
async def test_a_plan_without_tasks_has_none(listed: object) -> None:
    async with always(Items=listed) as dbs:
        assert await dbs.describe_plan_restore_tasks("dbs1", region=REGION) == ()


async def test_a_lone_task_given_as_an_object_is_read() -> None:
    async with always(Items={"RestoreTaskDetail": {"RestoreTaskId": "s1"}}, TotalPages="1") as dbs:
        (task,) = await dbs.describe_plan_restore_tasks("dbs1", region=REGION)
    assert (task.restore_task_id, task.status) == ("s1", "")


async def test_one_unreadable_task_never_loses_the_others() -> None:
    tasks = [{"RestoreTaskId": "s1"}, {"RestoreTaskName": "no id"}, {"RestoreTaskId": "s2"}]
    async with always(Items={"RestoreTaskDetail": tasks}) as dbs:
        with capture_logs() as logs:
            found = await dbs.describe_restore_tasks(["s1", "s2", "s3"], region=REGION)
    assert sorted(found) == ["s1", "s2"]
    assert [each["positions"] for each in logs if each["log_level"] == "warning"] == [[1]]


async def test_all_pages_of_a_list_are_read_from_page_0() -> None:
    def answer(parameters: dict[str, str]) -> Body:
        number = int(parameters["PageNum"])
        plans = [{"BackupPlanId": f"dbs{number}"}]
        return {"Items": {"BackupPlanDetail": plans}, "TotalPages": "3", "PageNum": number}

    async with client(answer) as dbs:
        plans = await dbs.describe_backup_plans(region=REGION)
    assert [plan.backup_plan_id for plan in plans] == ["dbs0", "dbs1", "dbs2"]


async def test_a_plan_is_asked_for_by_id_or_name_only_where_given() -> None:
    asked: list[dict[str, str]] = []

    def answer(parameters: dict[str, str]) -> Body:
        asked.append(parameters)
        return {}

    async with client(answer) as dbs:
        await dbs.describe_backup_plans(region=REGION)
        await dbs.describe_backup_plans(region=REGION, backup_plan_id="dbs1", name="orders")
    common = {"PageSize": "100", "PageNum": "0", "RegionId": REGION}
    assert asked == [common, {"BackupPlanId": "dbs1", "BackupPlanName": "orders", **common}]


async def test_backup_sets_come_newest_first_and_those_without_a_time_last() -> None:
    sets = [
        {"BackupSetId": "old", "EndTime": 1000},
        {"BackupSetId": "none", "EndTime": ""},
        {"BackupSetId": "new", "EndTime": "2000"},
    ]
    async with always(Items={"FullBackupFile": sets}) as dbs:
        found = await dbs.describe_backup_sets("dbs1", region=REGION)
    assert [each.backup_set_id for each in found] == ["new", "old", "none"]


async def test_windows_come_earliest_first_without_those_that_cannot_be_read() -> None:
    ranges = [
        {"BeginTimestampForRestore": 5000, "EndTimestampForRestore": 6000, "RangeType": "range"},
        {"BeginTimestampForRestore": 9000, "EndTimestampForRestore": None},
        {"BeginTimestampForRestore": "1000", "EndTimestampForRestore": "2000"},
    ]
    async with always(Items={"DBSRecoverRange": ranges}) as dbs:
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        found = await dbs.describe_restorable_windows("dbs1", region=REGION, begin=epoch, end=epoch)
    assert [window.begin.timestamp() for window in found] == [1.0, 5.0]


@pytest.mark.parametrize(
    ("sent", "regions"),
    [
        ({"RegionCode": ["cn-hangzhou", "cn-beijing"]}, ("cn-hangzhou", "cn-beijing")),
        ({"RegionCode": "cn-hangzhou"}, ("cn-hangzhou",)),
        ({"RegionCode": [None, {}, "cn-hangzhou"]}, ("cn-hangzhou",)),
        ({}, ()),
    ],
)
async def test_regions_are_read_however_they_are_sent(sent: object, regions: tuple[str, ...]) -> None:
    async with always(Regions=sent) as dbs:
        assert await dbs.describe_regions(region=REGION) == regions


@pytest.mark.parametrize("item", [None, {}, "", [], {"Language": "en"}, "odd"])
async def test_no_job_error_is_none(item: object) -> None:
    async with always(Item=item) as dbs:
        assert await dbs.describe_job_error("s1", region=REGION) is None


async def test_a_job_error_is_read_even_from_a_list_of_one() -> None:
    async with always(Item=[{"ErrorCode": "DBS.1", "ErrorMessage": "Disk full"}]) as dbs:
        error = await dbs.describe_job_error("s1", region=REGION)
    assert error is not None
    assert (error.code, error.message) == ("DBS.1", "Disk full")


async def test_a_precheck_that_says_nothing_has_neither_passed_nor_failed() -> None:
    async with always() as dbs:
        report = await dbs.describe_precheck("s1", region=REGION)
    assert (report.status, report.progress, report.items) == ("", None, ())
    assert not report.passed
    assert not report.failed
