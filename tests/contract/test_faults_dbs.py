"""Each fault of the local DBS, proven on the wire."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from alibabacloud_dbs20190306 import models
from alibabacloud_dbs20190306.client import Client
from darabonba.exceptions import DaraException

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs

Ask = Callable[..., Awaitable[dict[str, Any]]]
Raw = Callable[..., Awaitable[httpx.Response]]
Order = Callable[..., dict[str, str]]


@pytest.fixture
def ordered(dbs_url: str) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Order a fault through the control API."""

    async def order(kind: str, **fields: object) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=dbs_url) as http:
            answer = await http.post("/control/dbs/faults", json={"kind": kind, **fields})
        assert answer.status_code == 200, answer.text
        fault: dict[str, Any] = answer.json()["fault"]
        return fault

    return order


@pytest.fixture
def task(dbs_ask: Ask, dbs_order: Order) -> Callable[..., Awaitable[str]]:
    async def create(plan: str = "orders-prod") -> str:
        answer = await dbs_ask("CreateRestoreTask", dbs_order(plan))
        task_id: str = answer["RestoreTaskId"]
        return task_id

    return create


@pytest.fixture
def status(dbs_ask: Ask) -> Callable[[str], Awaitable[dict[str, Any]]]:
    async def describe(task_id: str) -> dict[str, Any]:
        answer = await dbs_ask("DescribeRestoreTaskList", {"RestoreTaskId": task_id})
        (detail,) = answer["Items"]["RestoreTaskDetail"]
        return dict(detail)

    return describe


Ordered = Callable[..., Awaitable[dict[str, Any]]]
Create = Callable[..., Awaitable[str]]
Status = Callable[[str], Awaitable[dict[str, Any]]]


async def test_an_http_status(ordered: Ordered, dbs_raw: Raw) -> None:
    await ordered("status", status=502, times=1)
    answer = await dbs_raw("DescribeRegions")
    assert (answer.status_code, answer.json()["Code"]) == (502, "ServiceUnavailable")
    assert (await dbs_raw("DescribeRegions")).status_code == 200


async def test_the_vendors_sdk_meets_an_error(ordered: Ordered, dbs_sdk: Callable[..., Client]) -> None:
    await ordered("error", code="Forbidden.RAM", target="DescribeRegions")
    with pytest.raises(DaraException) as raised:
        await dbs_sdk().describe_regions_async(models.DescribeRegionsRequest())
    assert raised.value.code == "Forbidden.RAM"


async def test_an_error_of_dbs_itself_comes_in_its_envelope(ordered: Ordered, dbs_raw: Raw) -> None:
    await ordered("error", code="Param.NotFound")
    answer = await dbs_raw("DescribeRegions")
    assert answer.status_code == 200
    assert (answer.json()["Success"], answer.json()["ErrCode"]) == (False, "Param.NotFound")


async def test_too_many_requests(ordered: Ordered, dbs_raw: Raw) -> None:
    await ordered("throttle", retry_after=7)
    answer = await dbs_raw("DescribeRegions")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["Code"] == "Throttling.User"


async def test_a_late_answer(ordered: Ordered, dbs_raw: Raw) -> None:
    await ordered("delay", seconds=0.2)
    began = time.monotonic()
    assert (await dbs_raw("DescribeRegions")).status_code == 200
    assert time.monotonic() - began >= 0.2


async def test_no_answer_until_the_fault_is_cleared(
    ordered: Ordered, dbs_raw: Raw, local_dbs: LocalDbs
) -> None:
    await ordered("hang")
    call = asyncio.ensure_future(dbs_raw("DescribeRegions"))
    await local_dbs.until(lambda: local_dbs.faults.all[0].hits)
    assert not call.done()
    local_dbs.faults.clear()
    with pytest.raises(httpx.RemoteProtocolError):
        await call


async def test_a_hanging_call_does_not_keep_the_server_from_closing(dbs_clock: SimulatedClock) -> None:
    dbs = LocalDbs(clock=dbs_clock)
    async with httpx.AsyncClient() as http:
        async with asyncio.timeout(2), dbs.serve() as url:
            dbs.faults.add("hang")
            call = asyncio.create_task(http.get(url))
            await dbs.until(lambda: dbs.journal)
        with pytest.raises(httpx.TransportError):
            await call


@pytest.mark.parametrize(("kind", "made"), [("close_before", 0), ("close_after", 1)])
async def test_the_connection_closes(
    ordered: Ordered, task: Create, local_dbs: LocalDbs, kind: str, made: int
) -> None:
    await ordered(kind, times=1, target="CreateRestoreTask")
    with pytest.raises(httpx.TransportError):
        await task()
    assert len(local_dbs.tasks) == made


@pytest.mark.parametrize(
    ("kind", "content_type", "begins"),
    [
        ("cut_json", "application/json", '{"Restore'),
        ("garbled_json", "application/json", '{"RestoreTaskId" "'),
        ("html", "text/html", "<html>"),
        ("xml", "text/xml", "<?xml version='1.0' encoding='UTF-8'?><Response><RestoreTaskId>"),
    ],
)
async def test_an_answer_nobody_can_read_as_json(
    ordered: Ordered,
    dbs_raw: Raw,
    dbs_order: Order,
    local_dbs: LocalDbs,
    kind: str,
    content_type: str,
    begins: str,
) -> None:
    await ordered(kind, times=1)
    answer = await dbs_raw("CreateRestoreTask", dbs_order())
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, content_type)
    assert answer.text.startswith(begins)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert len(local_dbs.tasks) == 1


async def test_a_created_task_without_its_id(ordered: Ordered, dbs_ask: Ask, dbs_order: Order) -> None:
    await ordered("missing_task_id", times=1)
    answer = await dbs_ask("CreateRestoreTask", dbs_order())
    assert answer["Success"] is True
    assert "RestoreTaskId" not in answer


async def test_a_foreign_task_among_those_asked_for(
    ordered: Ordered, task: Create, status: Status, local_dbs: LocalDbs
) -> None:
    task_id = await task()
    await ordered("foreign_task_id", target="DescribeRestoreTaskList", times=1)
    assert (await status(task_id))["RestoreTaskId"] not in {task.task_id for task in local_dbs.tasks}
    assert (await status(task_id))["RestoreTaskId"] == task_id


async def test_a_status_nobody_documented(ordered: Ordered, task: Create, status: Status) -> None:
    task_id = await task()
    await ordered("odd_status", status="defragmenting", times=1)
    assert (await status(task_id))["RestoreStatus"] == "defragmenting"
    assert (await status(task_id))["RestoreStatus"] == "init"


async def finished(dbs_ask: Ask, task: Create, clock: SimulatedClock) -> str:
    task_id = await task()
    await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    clock.advance(86_400)
    return task_id


async def test_success_under_another_name(
    ordered: Ordered, dbs_ask: Ask, task: Create, status: Status, dbs_clock: SimulatedClock
) -> None:
    fault = await ordered("success_as", status="Complete")
    running = await task()
    assert (await status(running))["RestoreStatus"] == "init"
    assert (await status(await finished(dbs_ask, task, dbs_clock)))["RestoreStatus"] == "Complete"
    assert fault["status"] == "Complete"


async def test_success_shows_as_a_finish_time_alone(
    ordered: Ordered, dbs_ask: Ask, task: Create, status: Status, dbs_clock: SimulatedClock
) -> None:
    await ordered("finish_time_only")
    detail = await status(await finished(dbs_ask, task, dbs_clock))
    assert detail["RestoreStatus"] == "running"
    assert detail["RestoreTaskFinishTime"] > detail["RestoreTaskCreateTime"]


async def test_a_precheck_that_runs_only_after_the_start(
    ordered: Ordered, dbs_ask: Ask, task: Create, status: Status, dbs_clock: SimulatedClock
) -> None:
    await ordered("precheck_after_start", times=1)
    task_id = await task()

    async def precheck() -> tuple[str, int]:
        answer = await dbs_ask("DescribePreCheckProgressList", {"RestoreTaskId": task_id})
        return answer["Status"], answer["Progress"]

    dbs_clock.advance(3600)
    assert ((await status(task_id))["RestoreStatus"], await precheck()) == ("init", ("running", 0))
    await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    dbs_clock.advance(30)
    assert ((await status(task_id))["RestoreStatus"], await precheck()) == ("init", ("running", 50))
    dbs_clock.advance(40)
    assert ((await status(task_id))["RestoreStatus"], await precheck()) == ("running", ("finish", 100))


async def test_a_precheck_that_passes_without_a_word(
    ordered: Ordered, dbs_ask: Ask, task: Create, status: Status, dbs_clock: SimulatedClock
) -> None:
    await ordered("precheck_silent", times=1)
    task_id = await task("inventory-prod")
    dbs_clock.advance(30)
    answer = await dbs_ask("DescribePreCheckProgressList", {"RestoreTaskId": task_id})
    assert (answer["Success"], answer["Items"], "Status" in answer) == (True, {}, False)
    dbs_clock.advance(40)
    assert (await status(task_id))["RestoreStatus"] == "check_pass"


@pytest.mark.parametrize(("seconds", "code"), [(1200, "InvalidTimeStamp.Expired"), (-60, None)])
async def test_a_clock_that_is_off(
    ordered: Ordered, dbs_ask: Ask, dbs_sdk: Callable[..., Client], seconds: int, code: str | None
) -> None:
    await ordered("clock_skew", seconds=seconds)
    assert (await dbs_ask("DescribeRegions")).get("Code") == code
