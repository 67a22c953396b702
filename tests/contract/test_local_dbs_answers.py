"""How the local DBS answers an RPC client: by every way to ask, in JSON and in XML."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from tests.contract.shapes import Raw


@pytest.mark.parametrize("how", [{"method": "GET"}, {"method": "POST"}, {"as_form": True}])
async def test_rpc_works_by_get_by_post_and_as_a_form(dbs_raw: Raw, how: dict[str, object]) -> None:
    answer = await dbs_raw("DescribeBackupPlanList", {"BackupPlanName": "orders-prod"}, **how)
    assert answer.json()["TotalElements"] == 1


async def test_rpc_answers_in_xml_by_default_with_lists_as_repeated_elements(dbs_raw: Raw) -> None:
    answer = await dbs_raw("DescribeBackupPlanList", {"PageSize": "2"}, Format=None)
    assert answer.headers["content-type"] == "text/xml;charset=utf-8"
    root = ET.fromstring(answer.text)
    assert root.tag == "DescribeBackupPlanListResponse"
    assert root.findtext("Success") == "true"
    assert len(root.findall("Items/BackupPlanDetail")) == 2
    assert root.findtext("Items/BackupPlanDetail/BackupObjects", "").startswith('[{"DBName"')


async def test_xml_carries_any_name_a_person_can_type(
    dbs_raw: Raw, dbs_order: Callable[..., dict[str, str]]
) -> None:
    order = dbs_order(RestoreTaskName="<b>&\x00\x1f 恢复 'now'")
    await dbs_raw("CreateRestoreTask", order, Format="XML")
    listed = await dbs_raw("DescribeRestoreTaskList", {"BackupPlanId": order["BackupPlanId"]}, Format="XML")
    name = ET.fromstring(listed.text).findtext("Items/RestoreTaskDetail/RestoreTaskName")
    assert name == "<b>& 恢复 'now'"


async def test_a_gateway_error_has_its_xml_form(dbs_raw: Raw) -> None:
    answer = await dbs_raw("Nonsense", Format="XML")
    root = ET.fromstring(answer.text)
    assert answer.status_code == 404
    assert root.tag == "Error"
    assert root.findtext("Code") == "InvalidAction.NotFound"
    assert root.findtext("HostId", "").startswith("127.0.0.1:")
