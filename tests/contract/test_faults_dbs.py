"""Each fault of the local DBS, proven on the wire."""

import asyncio
import json
import time
from collections.abc import Callable

import httpx
import pytest
from alibabacloud_dbs20190306 import models
from alibabacloud_dbs20190306.client import Client
from darabonba.exceptions import DaraException

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from tests.contract.shapes import Ask, Create, Look, Order, Ordered, Raw


async def test_a_call_gets_the_http_status_that_was_ordered(dbs_fault: Ordered, dbs_raw: Raw) -> None:
    await dbs_fault("status", status=502, times=1)
    answer = await dbs_raw("DescribeRegions")
    assert (answer.status_code, answer.json()["Code"]) == (502, "ServiceUnavailable")
    assert (await dbs_raw("DescribeRegions")).status_code == 200


async def test_the_vendors_sdk_meets_an_error(dbs_fault: Ordered, dbs_sdk: Callable[..., Client]) -> None:
    await dbs_fault("error", code="Forbidden.RAM", target="DescribeRegions")
    with pytest.raises(DaraException) as raised:
        await dbs_sdk().describe_regions_async(models.DescribeRegionsRequest())
    assert raised.value.code == "Forbidden.RAM"


async def test_an_error_of_dbs_itself_comes_in_its_envelope(dbs_fault: Ordered, dbs_raw: Raw) -> None:
    await dbs_fault("error", code="Param.NotFound")
    answer = await dbs_raw("DescribeRegions")
    assert answer.status_code == 200
    assert (answer.json()["Success"], answer.json()["ErrCode"]) == (False, "Param.NotFound")


async def test_a_throttled_call_is_told_how_long_to_wait(dbs_fault: Ordered, dbs_raw: Raw) -> None:
    await dbs_fault("throttle", retry_after=7)
    answer = await dbs_raw("DescribeRegions")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["Code"] == "Throttling.User"


async def test_an_answer_is_late_by_the_seconds_ordered(dbs_fault: Ordered, dbs_raw: Raw) -> None:
    await dbs_fault("delay", seconds=0.02)
    began = time.monotonic()
    assert (await dbs_raw("DescribeRegions")).status_code == 200
    assert time.monotonic() - began >= 0.02


async def test_no_answer_until_the_fault_is_cleared(
    dbs_fault: Ordered, dbs_raw: Raw, local_dbs: LocalDbs
) -> None:
    await dbs_fault("hang")
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
async def test_the_connection_closes_before_or_after_the_call_is_carried_out(
    dbs_fault: Ordered, dbs_create: Create, local_dbs: LocalDbs, kind: str, made: int
) -> None:
    await dbs_fault(kind, times=1, target="CreateRestoreTask")
    with pytest.raises(httpx.TransportError):
        await dbs_create()
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
    dbs_fault: Ordered,
    dbs_raw: Raw,
    dbs_order: Order,
    local_dbs: LocalDbs,
    kind: str,
    content_type: str,
    begins: str,
) -> None:
    await dbs_fault(kind, times=1)
    answer = await dbs_raw("CreateRestoreTask", dbs_order())
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, content_type)
    assert answer.text.startswith(begins)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert len(local_dbs.tasks) == 1


async def test_a_created_task_without_its_id(dbs_fault: Ordered, dbs_ask: Ask, dbs_order: Order) -> None:
    await dbs_fault("missing_task_id", times=1)
    answer = await dbs_ask("CreateRestoreTask", dbs_order())
    assert answer["Success"] is True
    assert "RestoreTaskId" not in answer


async def test_a_foreign_task_among_those_asked_for(
    dbs_fault: Ordered, dbs_create: Create, dbs_look: Look, local_dbs: LocalDbs
) -> None:
    task_id = await dbs_create()
    await dbs_fault("foreign_task_id", target="DescribeRestoreTaskList", times=1)
    assert (await dbs_look(task_id))["RestoreTaskId"] not in {task.task_id for task in local_dbs.tasks}
    assert (await dbs_look(task_id))["RestoreTaskId"] == task_id


async def test_a_task_shows_a_status_nobody_documented(
    dbs_fault: Ordered, dbs_create: Create, dbs_look: Look
) -> None:
    task_id = await dbs_create()
    await dbs_fault("odd_status", status="defragmenting", times=1)
    assert (await dbs_look(task_id))["RestoreStatus"] == "defragmenting"
    assert (await dbs_look(task_id))["RestoreStatus"] == "init"


async def finished(dbs_ask: Ask, dbs_create: Create, clock: SimulatedClock) -> str:
    task_id = await dbs_create()
    await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    clock.advance(86_400)
    return task_id


async def test_success_shows_under_another_name(
    dbs_fault: Ordered, dbs_ask: Ask, dbs_create: Create, dbs_look: Look, dbs_clock: SimulatedClock
) -> None:
    fault = await dbs_fault("success_as", status="Complete")
    running = await dbs_create()
    assert (await dbs_look(running))["RestoreStatus"] == "init"
    assert (await dbs_look(await finished(dbs_ask, dbs_create, dbs_clock)))["RestoreStatus"] == "Complete"
    assert fault["status"] == "Complete"


async def test_success_shows_as_a_finish_time_alone(
    dbs_fault: Ordered, dbs_ask: Ask, dbs_create: Create, dbs_look: Look, dbs_clock: SimulatedClock
) -> None:
    await dbs_fault("finish_time_only")
    detail = await dbs_look(await finished(dbs_ask, dbs_create, dbs_clock))
    assert detail["RestoreStatus"] == "running"
    assert detail["RestoreTaskFinishTime"] > detail["RestoreTaskCreateTime"]


async def test_a_precheck_runs_only_after_the_start(
    dbs_fault: Ordered, dbs_ask: Ask, dbs_create: Create, dbs_look: Look, dbs_clock: SimulatedClock
) -> None:
    await dbs_fault("precheck_after_start", times=1)
    task_id = await dbs_create()

    async def precheck() -> tuple[str, int]:
        answer = await dbs_ask("DescribePreCheckProgressList", {"RestoreTaskId": task_id})
        return answer["Status"], answer["Progress"]

    dbs_clock.advance(3600)
    assert ((await dbs_look(task_id))["RestoreStatus"], await precheck()) == ("init", ("running", 0))
    await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    dbs_clock.advance(30)
    assert ((await dbs_look(task_id))["RestoreStatus"], await precheck()) == ("init", ("running", 50))
    dbs_clock.advance(40)
    assert ((await dbs_look(task_id))["RestoreStatus"], await precheck()) == ("running", ("finish", 100))


async def test_a_precheck_passes_without_a_word(
    dbs_fault: Ordered, dbs_ask: Ask, dbs_create: Create, dbs_look: Look, dbs_clock: SimulatedClock
) -> None:
    await dbs_fault("precheck_silent", times=1)
    task_id = await dbs_create("inventory-prod")
    dbs_clock.advance(30)
    answer = await dbs_ask("DescribePreCheckProgressList", {"RestoreTaskId": task_id})
    assert (answer["Success"], answer["Items"], "Status" in answer) == (True, {}, False)
    dbs_clock.advance(40)
    assert (await dbs_look(task_id))["RestoreStatus"] == "check_pass"


@pytest.mark.parametrize(("seconds", "code"), [(1200, "InvalidTimeStamp.Expired"), (-60, None)])
async def test_only_a_clock_that_is_far_off_expires_signatures(
    dbs_fault: Ordered, dbs_ask: Ask, dbs_sdk: Callable[..., Client], seconds: int, code: str | None
) -> None:
    await dbs_fault("clock_skew", seconds=seconds)
    assert (await dbs_ask("DescribeRegions")).get("Code") == code
