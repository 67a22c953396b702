"""What struck a call is told by the log and counted for that call alone; one whose caller left ends."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from bot.sandbox import Sandbox
from bot.sandbox.dbs import LocalDbs

Ask = Callable[..., Awaitable[dict[str, Any]]]
Raw = Callable[..., Awaitable[httpx.Response]]
Order = Callable[..., dict[str, str]]

FIELDS: dict[str, dict[str, Any]] = {"clock_skew": {"seconds": 60}, "null_field": {"field": "RestoreTaskId"}}


@pytest.mark.parametrize(
    "kind",
    [
        "missing_task_id",
        "foreign_task_id",
        "precheck_silent",
        "precheck_after_start",
        "clock_skew",
        "null_field",
    ],
)
async def test_the_log_tells_what_struck_a_call_behind_the_door(
    local_dbs: LocalDbs, dbs_ask: Ask, dbs_order: Order, kind: str
) -> None:
    local_dbs.faults.add(kind, times=1, **FIELDS.get(kind, {}))
    await dbs_ask("CreateRestoreTask", dbs_order())
    await dbs_ask("CreateRestoreTask", dbs_order())
    assert [arrival.faults for arrival in local_dbs.journal] == [[kind], []]


async def test_a_status_that_was_tampered_with_is_told(
    local_dbs: LocalDbs, dbs_ask: Ask, dbs_order: Order
) -> None:
    task_id = (await dbs_ask("CreateRestoreTask", dbs_order()))["RestoreTaskId"]
    local_dbs.faults.add("odd_status")
    local_dbs.faults.add("cut_json", "DescribeRegions")
    await dbs_ask("DescribeRestoreTaskList", {"RestoreTaskId": task_id})
    assert local_dbs.journal[-1].faults == ["odd_status"]


async def test_a_clock_that_is_off_is_used_up_by_calls_whose_time_is_looked_at(
    local_dbs: LocalDbs, dbs_raw: Raw, dbs_url: str
) -> None:
    fault = local_dbs.faults.add("clock_skew", times=1)
    async with httpx.AsyncClient() as http:
        await http.get(f"{dbs_url}nowhere")
        await http.get(dbs_url)
    await dbs_raw("DescribeRegions", AccessKeyId="somebody")
    await dbs_raw("NoSuchAction")
    assert fault.hits == 0
    assert (await dbs_raw("DescribeRegions")).json()["Code"] == "InvalidTimeStamp.Expired"
    assert (fault.hits, local_dbs.journal[-1].faults) == (1, ["clock_skew"])


async def test_an_answer_that_is_xml_already_is_not_struck_by_xml(local_dbs: LocalDbs, dbs_raw: Raw) -> None:
    fault = local_dbs.faults.add("xml", times=1)
    assert (await dbs_raw("DescribeRegions", Format="XML")).text.startswith("<?xml")
    assert (fault.hits, local_dbs.journal[-1].faults) == (0, [])
    assert (await dbs_raw("DescribeRegions")).text.startswith("<?xml")
    assert fault.hits == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [("error", "InternalError"), ("status", "ServiceUnavailable"), ("throttle", "Throttling.User")],
)
async def test_the_log_tells_what_a_call_was_refused_with(
    local_dbs: LocalDbs, dbs_raw: Raw, kind: str, error: str
) -> None:
    local_dbs.faults.add(kind, times=1)
    await dbs_raw("DescribeRegions")
    await dbs_raw("DescribeRegions")
    assert [arrival.error for arrival in local_dbs.journal] == [error, None]


async def test_the_seed_of_a_share_is_told(dbs_url: str) -> None:
    async with httpx.AsyncClient(base_url=dbs_url) as http:
        await http.post("/control/dbs/faults", json={"kind": "hang", "probability": 0.5, "seed": 7})
        await http.post("/control/dbs/faults", json={"kind": "hang"})
        listed = (await http.get("/control/dbs/faults")).json()["faults"]
    assert [fault["seed"] for fault in listed] == [7, None]


async def test_a_late_answer_comes_when_its_fault_is_cleared(local_dbs: LocalDbs, dbs_raw: Raw) -> None:
    fault = local_dbs.faults.add("delay", seconds=3600)
    call = asyncio.ensure_future(dbs_raw("DescribeRegions"))
    await local_dbs.until(lambda: fault.hits)
    assert local_dbs.journal[-1].status is None
    local_dbs.faults.clear()
    assert (await call).status_code == 200


@pytest.mark.parametrize("kind", ["hang", "delay"])
async def test_a_call_whose_caller_has_left_ends_and_does_nothing(kind: str) -> None:
    async with Sandbox() as sandbox, httpx.AsyncClient() as http:
        fault = sandbox.workspace.faults.add(kind)
        call = asyncio.create_task(
            http.post(
                f"{sandbox.workspace_url}api/chat.postMessage",
                headers={"Authorization": "Bearer xoxb-sandbox"},
                data={"channel": "#db-oncall", "text": "too late"},
            )
        )
        await sandbox.until(lambda: fault.hits)
        handlers = [task for task in asyncio.all_tasks() if "_handle_request" in repr(task.get_coro())]
        assert len(handlers) == 1
        call.cancel()
        async with asyncio.timeout(2):
            await asyncio.wait(handlers)
        assert sandbox.journal[-1].status is None
        assert sandbox.workspace.messages("#db-oncall") == []
