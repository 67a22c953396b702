"""The gateway of the local DBS: its own voice for its own codes, regions, hosts, bodies and nonces."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.sandbox.dbs import LocalDbs
from bot.sandbox.dbs.signature import acs3_canonical_request, acs3_signature, acs3_string_to_sign

Ask = Callable[..., Awaitable[dict[str, Any]]]
Raw = Callable[..., Awaitable[httpx.Response]]
Order = Callable[..., dict[str, str]]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("MissingParameter", 400),
        ("MissingBackupPlanId", 400),
        ("InvalidParameter", 400),
        ("InvalidAction.NotFound", 404),
        ("InvalidVersion", 400),
        ("IncompleteSignature", 400),
        ("InvalidTimeStamp.Format", 400),
        ("InvalidSecurityToken.Expired", 400),
        ("InvalidRegionId.NotFound", 404),
        ("InvalidAccessKeyId.NotFound", 404),
        ("Forbidden.RAM", 403),
        ("Request.Forbidden", 403),
        ("Throttling", 400),
        ("Throttling.Api", 400),
        ("ServiceUnavailable", 503),
        ("InternalError", 500),
    ],
)
async def test_the_gateways_codes_come_in_the_gateways_voice(
    local_dbs: LocalDbs, dbs_raw: Raw, code: str, status: int
) -> None:
    local_dbs.faults.add("error", code=code)
    answer = await dbs_raw("DescribeRegions")
    assert (answer.status_code, answer.json()["Code"]) == (status, code)
    assert answer.json().keys() == {"RequestId", "HostId", "Code", "Message", "Recommend"}


@pytest.mark.parametrize(
    ("code", "status"), [("Param.NotFound", 404), ("Task.StatusInvalid", 400), ("Odd", 400)]
)
async def test_every_other_code_is_dbss_own(
    local_dbs: LocalDbs, dbs_raw: Raw, code: str, status: int
) -> None:
    local_dbs.faults.add("error", code=code)
    answer = await dbs_raw("DescribeRegions")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["Success"], told["ErrCode"], told["HttpStatusCode"]) == (False, code, status)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example.com"},
        {"Host": "dbs-api.cn-hangzhou.aliyuncs.com:8011"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_pages_of_other_sites_are_refused(
    local_dbs: LocalDbs, dbs_url: str, headers: dict[str, str]
) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"{dbs_url}?Action=DescribeRegions", headers=headers)
    assert (answer.status_code, answer.json()["Code"]) == (403, "Request.Forbidden")
    assert local_dbs.journal == []


@pytest.mark.parametrize("region", ["cn-shanghai-finance", "cn-shenzhen-finance", "cn-shanghai-finance-1"])
async def test_every_documented_region_is_known(dbs_ask: Ask, dbs_order: Order, region: str) -> None:
    assert (await dbs_ask("DescribeBackupGatewayList", {"Region": region}))["Success"] is True
    assert (await dbs_ask("CreateRestoreTask", dbs_order(DestinationEndpointRegion=region)))[
        "Success"
    ] is True


@pytest.mark.parametrize(("hashed", "status"), [(b"", 200), (b"something else", 400)])
async def test_the_hash_of_the_body_is_compared_with_the_body(
    dbs_url: str, hashed: bytes, status: int
) -> None:
    headers = {
        "host": httpx.URL(dbs_url).netloc.decode(),
        "x-acs-action": "DescribeRegions",
        "x-acs-version": "2019-03-06",
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": "n-1",
        "x-acs-content-sha256": hashlib.sha256(hashed).hexdigest(),
    }
    to_sign = acs3_string_to_sign(acs3_canonical_request("POST", (), headers, headers, b""))
    signature = acs3_signature("sandbox-secret", to_sign)
    headers["Authorization"] = (
        f"ACS3-HMAC-SHA256 Credential=sandbox,SignedHeaders={';'.join(sorted(headers))},Signature={signature}"
    )
    async with httpx.AsyncClient() as http:
        answer = await http.post(dbs_url, headers=headers)
    assert answer.status_code == status, answer.text
    assert status == 200 or answer.json()["Code"] == "SignatureDoesNotMatch"


async def test_a_replay_is_refused_after_a_clock_was_off(local_dbs: LocalDbs, dbs_raw: Raw) -> None:
    await dbs_raw("DescribeRegions", SignatureNonce="n-1")
    local_dbs.faults.add("clock_skew", times=1, seconds=86_400)
    assert (await dbs_raw("DescribeRegions")).json()["Code"] == "InvalidTimeStamp.Expired"
    local_dbs.faults.add("clock_skew", times=1, seconds=-60)
    await dbs_raw("DescribeRegions")
    assert (await dbs_raw("DescribeRegions", SignatureNonce="n-1")).json()["Code"] == "SignatureNonceUsed"


async def test_an_empty_parameter_is_absent_for_a_client_token_too(
    local_dbs: LocalDbs, dbs_ask: Ask, dbs_order: Order
) -> None:
    first = await dbs_ask("CreateRestoreTask", dbs_order(ClientToken="t-1"))
    again = await dbs_ask("CreateRestoreTask", dbs_order(ClientToken="t-1", RestoreDir="", RestoreTime=""))
    assert again["RestoreTaskId"] == first["RestoreTaskId"]
    assert len(local_dbs.tasks) == 1
