"""Ordering faults and letting time pass through the control API: how often, how long, and what is refused."""

import httpx
import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from tests.contract.shapes import Ordered, Raw


async def test_a_probability_of_a_half_strikes_the_same_calls_for_the_same_seed(
    dbs_fault: Ordered, dbs_raw: Raw, local_dbs: LocalDbs
) -> None:
    async def struck() -> list[bool]:
        await dbs_fault("status", probability=0.5, seed=11)
        outcomes = [(await dbs_raw("DescribeRegions")).status_code == 503 for _ in range(30)]
        local_dbs.faults.clear()
        return outcomes

    first = await struck()
    assert 5 < sum(first) < 25
    assert await struck() == first


async def test_faults_are_listed_counted_and_cleared(dbs_fault: Ordered, dbs_raw: Raw, dbs_url: str) -> None:
    one = await dbs_fault("status", target="DescribeRegions", times=2)
    two = await dbs_fault("throttle", target="StartRestoreTask")
    await dbs_raw("DescribeRegions")
    async with httpx.AsyncClient(base_url=dbs_url) as http:
        told = (await http.get("/control/dbs/faults")).json()
        assert told["faults"] == [one | {"left": 1, "hits": 1}, two]
        assert {"*", "CreateRestoreTask", "DescribeRegions"} <= set(told["targets"])
        assert {"kind", "title", "fields"} <= set(told["kinds"][0])
        assert (await http.delete(f"/control/dbs/faults/{one['id']}")).json() == {"ok": True}
        assert (await http.get("/control/dbs/faults")).json()["faults"] == [two]
        assert (await http.delete(f"/control/dbs/faults/{one['id']}")).status_code == 404
        assert (await http.delete("/control/dbs/faults")).json() == {"ok": True}
        assert (await http.get("/control/dbs/faults")).json()["faults"] == []


async def test_what_is_struck_is_in_the_journal(
    dbs_fault: Ordered, dbs_raw: Raw, local_dbs: LocalDbs
) -> None:
    await dbs_fault("status", times=1)
    await dbs_raw("DescribeRegions")
    await dbs_raw("DescribeRegions")
    arrivals = [(arrival.name, arrival.status, arrival.faults) for arrival in local_dbs.journal]
    assert arrivals == [("DescribeRegions", 503, ["status"]), ("DescribeRegions", 200, [])]


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ({}, "kind is a text."),
        ({"kind": "earthquake"}, "There is no fault earthquake"),
        ({"kind": "hang", "target": "DropDatabase"}, "hang cannot strike DropDatabase."),
        ({"kind": "odd_status", "target": "DescribeRegions"}, "odd_status cannot strike DescribeRegions."),
        ({"kind": "hang", "times": 0}, "times is at least 1."),
        ({"kind": "hang", "times": 1.5}, "times is a whole number."),
        ({"kind": "hang", "times": True}, "times is a number."),
        ({"kind": "hang", "probability": 2}, "probability lies between 0 and 1."),
        ({"kind": "hang", "seconds": 2}, "hang has no field seconds."),
        ({"kind": "delay", "seconds": "2"}, "seconds is a number."),
        ({"kind": "status", "status": 99}, "status lies between 200 and 599."),
        ({"kind": "status", "status": 200.5}, "status is a whole number."),
        ({"kind": "error", "code": ""}, "code is a text."),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_with_a_sentence(
    dbs_url: str, order: dict[str, object], sentence: str
) -> None:
    async with httpx.AsyncClient(base_url=dbs_url) as http:
        answer = await http.post("/control/dbs/faults", json=order)
        assert (await http.get("/control/dbs/faults")).json()["faults"] == []
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(sentence)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
async def test_a_control_call_that_is_no_json_object_is_refused(dbs_url: str, body: bytes) -> None:
    async with httpx.AsyncClient(base_url=dbs_url) as http:
        answers = [await http.post(f"/control/dbs/{path}", content=body) for path in ("faults", "time")]
    assert [(answer.status_code, answer.json()["ok"]) for answer in answers] == [(400, False)] * 2


async def test_a_control_call_that_is_not_packed_as_it_says_is_refused(
    dbs_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    packed = {"Content-Encoding": "gzip"}
    async with httpx.AsyncClient(base_url=dbs_url) as http:
        answer = await http.post("/control/dbs/faults", content=b"no gzip", headers=packed)
        assert (await http.get("/control/dbs/faults")).status_code == 200
    assert (answer.status_code, answer.json()["ok"]) == (400, False)
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
async def test_other_sites_cannot_order_faults(
    dbs_url: str, headers: dict[str, str], local_dbs: LocalDbs
) -> None:
    async with httpx.AsyncClient(base_url=dbs_url, headers=headers) as http:
        answer = await http.post("/control/dbs/faults", json={"kind": "hang"})
    assert answer.status_code == 403
    assert local_dbs.faults.all == ()


async def test_time_is_advanced(dbs_url: str, dbs_clock: SimulatedClock) -> None:
    before = dbs_clock.now()
    async with httpx.AsyncClient(base_url=dbs_url) as http:
        answer = await http.post("/control/dbs/time", json={"advance": 600})
        assert answer.json() == {"ok": True, "now": before + 600, "speed": 0}
        assert (await http.get("/control/dbs/time")).json()["now"] == before + 600
        for wrong in (-1, "600", None, True, 1e300):
            assert (await http.post("/control/dbs/time", json={"advance": wrong})).status_code == 400
    assert dbs_clock.now() == before + 600
