"""What DBS seldom says and a client must be able to read all the same."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import BackupPlan, LocalDbs
from bot.sandbox.xml import document

Ask = Callable[..., Awaitable[dict[str, Any]]]
Raw = Callable[..., Awaitable[httpx.Response]]
Order = Callable[..., dict[str, str]]
Plan = Callable[[str], BackupPlan]


async def test_a_set_of_another_account_names_it(dbs_ask: Ask, dbs_plan: Plan) -> None:
    async def first(plan: str) -> dict[str, Any]:
        answer = await dbs_ask("DescribeFullBackupList", {"BackupPlanId": dbs_plan(plan).plan_id})
        return dict(answer["Items"]["FullBackupFile"][0])

    theirs = await first("analytics-eu")
    assert (theirs["CrossAliyunId"], theirs["CrossRoleName"]) == ("1876543210987654", "dbs-cross-restore")
    assert "CrossAliyunId" not in await first("orders-prod")


async def test_success_can_stand_beside_an_error_code(local_dbs: LocalDbs, dbs_raw: Raw) -> None:
    local_dbs.faults.add("error_beside_success", "DescribeRegions", times=1)
    told = (await dbs_raw("DescribeRegions")).json()
    assert (told["Success"], told["ErrCode"]) == (True, "Param.NotFound")
    assert told["ErrMessage"] == "The specified parameter %s value is not valid."
    assert told["Regions"]["RegionCode"]
    assert "ErrCode" not in (await dbs_raw("DescribeRegions")).json()


async def test_a_field_can_be_null(local_dbs: LocalDbs, dbs_ask: Ask, dbs_raw: Raw, dbs_order: Order) -> None:
    task_id = (await dbs_ask("CreateRestoreTask", dbs_order()))["RestoreTaskId"]
    fault = local_dbs.faults.add("null_field", field="RestoreTaskName")
    asked = {"RestoreTaskId": task_id}
    (detail,) = (await dbs_ask("DescribeRestoreTaskList", asked))["Items"]["RestoreTaskDetail"]
    assert (detail["RestoreTaskName"], detail["RestoreTaskId"]) == (None, task_id)
    xml = ET.fromstring((await dbs_raw("DescribeRestoreTaskList", asked, Format="XML")).text)
    assert xml.findtext("Items/RestoreTaskDetail/RestoreTaskName") == ""
    await dbs_ask("DescribeRegions")
    assert fault.hits == 2


@pytest.mark.parametrize("to_a_time", [False, True])
async def test_a_physical_restore_can_tell_its_progress_as_a_whole(
    dbs_ask: Ask, dbs_order: Order, dbs_clock: SimulatedClock, *, to_a_time: bool
) -> None:
    origin = {"BackupSetId": None, "RestoreTime": str(dbs_clock.now_ms() - 60_000)} if to_a_time else {}
    order = dbs_order(
        "warehouse-events",
        DestinationEndpointInstanceType="Agent",
        DestinationEndpointRegion="cn-hongkong",
        DestinationEndpointIP="10.20.4.18",
        DestinationEndpointPort="3306",
        BackupGatewayId="23219907",
        RestoreDir="/data",
        **origin,
    )
    task_id = (await dbs_ask("CreateRestoreTask", order))["RestoreTaskId"]
    await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
    dbs_clock.advance(60 + 480 * 96 // 2)
    answer = await dbs_ask("DescribeRestoreTaskList", {"RestoreTaskId": task_id})
    (detail,) = answer["Items"]["RestoreTaskDetail"]
    whole = "PhysicalFullAndIncrementBackupRecoverProgress" if to_a_time else "PhysicalBackupRecoverProgress"
    progress = {name: value for name, value in detail.items() if name.endswith("Progress")}
    assert progress.keys() == {whole, "PhysicalDatabaseOnlineProgress"}
    assert 0 < progress[whole] < 100


@pytest.mark.parametrize("key", ["a b", "1st", "<x>", "ä&", "", "-", "a:b"])
def test_a_key_that_is_no_xml_name_becomes_one(key: str) -> None:
    root = ET.fromstring(document("Response", {key: "value", "n": None}))
    assert [each.text for each in root] == ["value", None]


async def test_an_answer_with_odd_keys_is_well_formed_as_xml(local_dbs: LocalDbs, dbs_raw: Raw) -> None:
    local_dbs.faults.add("null_field", field="RequestId")
    local_dbs.faults.add("xml")
    answer = await dbs_raw("DescribeRegions")
    assert ET.fromstring(answer.text).tag == "Response"
    with pytest.raises(json.JSONDecodeError):
        answer.json()
