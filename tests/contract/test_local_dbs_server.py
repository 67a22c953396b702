"""The local DBS as a server: where it listens, what it remembers, what it never tells."""

import asyncio
import logging

import httpx
import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from tests.contract.shapes import Ask, Order, Raw


async def test_it_serves_on_a_free_port_and_lets_it_go(dbs_clock: SimulatedClock) -> None:
    dbs = LocalDbs(clock=dbs_clock)
    async with httpx.AsyncClient() as http:
        async with dbs.serve() as url:
            assert (await http.get(url)).status_code == 400
        with pytest.raises(httpx.ConnectError):
            await http.get(url)
        async with dbs.serve(port=httpx.URL(url).port or 0) as again:
            assert again == url


async def test_a_taken_port_raises(dbs_url: str, dbs_clock: SimulatedClock) -> None:
    with pytest.raises(OSError, match="address already in use"):
        async with LocalDbs(clock=dbs_clock).serve(port=httpx.URL(dbs_url).port or 0):
            pytest.fail("two servers on one port")


async def test_every_request_is_remembered_with_its_answer(
    dbs_raw: Raw, dbs_order: Order, local_dbs: LocalDbs
) -> None:
    await dbs_raw("DescribeRegions", method="GET")
    await dbs_raw("CreateRestoreTask", dbs_order(BackupPlanId="dbs0none"))
    await dbs_raw("Nonsense", {"A": "1"}, secret="wrong")
    assert [(r.name, r.http_method, r.status, r.error) for r in local_dbs.journal] == [
        ("DescribeRegions", "GET", 200, None),
        ("CreateRestoreTask", "POST", 200, "Param.NotFound"),
        ("Nonsense", "POST", 404, "InvalidAction.NotFound"),
    ]
    assert [dict(r.arguments) for r in local_dbs.journal] == [
        {},
        dbs_order(BackupPlanId="dbs0none"),
        {"A": "1"},
    ]


async def test_every_answer_has_its_own_request_id(dbs_ask: Ask) -> None:
    ids = {(await dbs_ask("DescribeRegions"))["RequestId"] for _ in range(5)}
    assert len(ids) == 5


async def test_no_answer_and_no_log_line_of_the_server_holds_the_password(
    dbs_raw: Raw, dbs_order: Order, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    order = dbs_order(DestinationEndpointPassword="correct-horse")
    answers = [
        await dbs_raw("CreateRestoreTask", order),
        await dbs_raw("CreateRestoreTask", order, secret="wrong"),
        await dbs_raw("CreateRestoreTask", order, secret="wrong", Format=None, as_form=True),
        await dbs_raw("DescribeRestoreTaskList", {"BackupPlanId": order["BackupPlanId"]}),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 400, 200]
    told = [answer.text for answer in answers]
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert "correct-horse" not in "".join(told + logged)


async def test_a_request_line_beyond_all_measure_is_refused_and_not_logged(
    dbs_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = httpx.URL(dbs_url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    password = b"DestinationEndpointPassword=correct-horse"
    writer.write(b"POST /?" + password + b"&RestoreObjects=" + b"x" * 300_000 + b" HTTP/1.1\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert b" 400 " in answer.splitlines()[0]
    assert "correct-horse" not in caplog.text
