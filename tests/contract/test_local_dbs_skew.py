"""A clock of DBS that is off: in what it writes down and in its answers, while things take their time."""

from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import BackupPlan, LocalDbs

Ask = Callable[..., Awaitable[dict[str, Any]]]
Raw = Callable[..., Awaitable[httpx.Response]]
Order = Callable[..., dict[str, str]]
AHEAD = 600


async def told(dbs_ask: Ask, task_id: str) -> dict[str, Any]:
    answer = await dbs_ask("DescribeRestoreTaskList", {"RestoreTaskId": task_id})
    return dict(answer["Items"]["RestoreTaskDetail"][0])


@pytest.mark.parametrize("seconds", [AHEAD, -AHEAD])
async def test_a_task_is_written_down_with_the_time_the_clock_shows(
    local_dbs: LocalDbs, dbs_ask: Ask, dbs_order: Order, dbs_clock: SimulatedClock, seconds: int
) -> None:
    local_dbs.faults.add("clock_skew", "CreateRestoreTask", seconds=seconds)
    created = dbs_clock.now_ms()
    task_id = (await dbs_ask("CreateRestoreTask", dbs_order()))["RestoreTaskId"]
    assert (await told(dbs_ask, task_id))["RestoreTaskCreateTime"] == created + seconds * 1000
    precheck = await dbs_ask("DescribePreCheckProgressList", {"RestoreTaskId": task_id})
    first = precheck["Items"]["PreCheckProgressDetail"][0]
    assert first["BootTime"] == created + seconds * 1000
    dbs_clock.advance(70)
    assert (await told(dbs_ask, task_id))["RestoreStatus"] == "check_pass"


async def test_a_window_that_goes_on_ends_where_the_clock_is(
    local_dbs: LocalDbs, dbs_ask: Ask, dbs_plan: Callable[[str], BackupPlan]
) -> None:
    plan = {"BackupPlanId": dbs_plan("orders-prod").plan_id}
    asked = {**plan, "BeginTimestampForRestore": "0", "EndTimestampForRestore": str(2**53)}

    async def end() -> int:
        answer = await dbs_ask("DescribeRestoreRangeInfo", asked)
        return int(answer["Items"]["DBSRecoverRange"][-1]["EndTimestampForRestore"])

    right = await end()
    local_dbs.faults.add("clock_skew", seconds=AHEAD, times=1)
    assert await end() == right + AHEAD * 1000
    assert await end() == right


async def test_the_answers_date_is_off_in_refusals_too(local_dbs: LocalDbs, dbs_raw: Raw) -> None:
    async def date() -> tuple[int, float]:
        answer = await dbs_raw("DescribeRegions")
        return answer.status_code, parsedate_to_datetime(answer.headers["Date"]).timestamp()

    _, right = await date()
    for seconds, wanted in ((AHEAD, 200), (86_400, 400)):
        local_dbs.faults.add("clock_skew", times=1, seconds=seconds)
        status, off = await date()
        assert status == wanted
        assert off - right == pytest.approx(seconds, abs=5)
