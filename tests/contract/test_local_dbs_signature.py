"""Who may call the local DBS, and with what words it refuses the others."""

import hashlib
import hmac
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import httpx
import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.dbs.signature import acs3_canonical_request, acs3_signature, acs3_string_to_sign
from tests.contract.shapes import Raw

SECRET_PARAMETERS = {"BackupPlanId": "x", "DestinationEndpointPassword": "hunter2"}


def stamp(seconds_off: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds_off)).strftime("%Y-%m-%dT%H:%M:%SZ")


def acs3_headers(
    url: str, query: str = "", *, body: bytes = b"", without: str = "", **changes: str
) -> dict[str, str]:
    """Signed headers of a POST; a change to a header is signed too."""
    headers = {
        "host": httpx.URL(url).netloc.decode(),
        "x-acs-action": "DescribeRegions",
        "x-acs-version": "2019-03-06",
        "x-acs-date": stamp(),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    headers.pop(without, None)
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join(["POST", "/", query, lines, names, hashlib.sha256(body).hexdigest()])
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(b"sandbox-secret", to_sign.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = (
        f"ACS3-HMAC-SHA256 Credential=sandbox,SignedHeaders={names},Signature={signature}"
    )
    return headers


async def post(url: str, headers: dict[str, str], query: str = "", body: bytes = b"") -> httpx.Response:
    async with httpx.AsyncClient() as http:
        return await http.post(f"{url}?{query}", headers=headers, content=body)


def refused_with(response: httpx.Response) -> tuple[int, str]:
    body = response.json()
    assert body.keys() == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    return response.status_code, body["Code"]


def test_the_vendors_published_vector_gives_its_published_signature() -> None:
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = (
        ("RegionId", "cn-shanghai"),
        ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
    )
    to_sign = acs3_string_to_sign(acs3_canonical_request("POST", query, headers, headers, b""))
    assert to_sign.endswith("7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259")
    assert (
        acs3_signature("YourAccessKeySecret", to_sign)
        == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


async def test_an_acs3_request_with_parameters_in_the_query_is_answered_in_json(dbs_url: str) -> None:
    query = "BackupPlanName=%2Aorders%20~&PageSize=5"
    answer = await post(dbs_url, acs3_headers(dbs_url, query, x_acs_action="DescribeBackupPlanList"), query)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json;charset=utf-8"
    assert answer.json()["TotalElements"] == 0


async def test_an_acs3_request_gets_xml_when_it_asks_for_it(dbs_url: str) -> None:
    answer = await post(dbs_url, acs3_headers(dbs_url, "Format=XML"), "Format=XML")
    assert answer.headers["content-type"] == "text/xml;charset=utf-8"
    assert ET.fromstring(answer.text).tag == "DescribeRegionsResponse"


async def test_an_acs3_form_is_read_and_its_body_must_be_the_signed_one(dbs_url: str) -> None:
    body = urlencode({"BackupPlanName": "orders-prod"}).encode()
    form = {"content_type": "application/x-www-form-urlencoded", "x_acs_action": "DescribeBackupPlanList"}
    answer = await post(dbs_url, acs3_headers(dbs_url, body=body, **form), body=body)
    assert answer.json()["TotalElements"] == 1
    answer = await post(dbs_url, acs3_headers(dbs_url, body=body, **form), body=body + b"x")
    assert refused_with(answer) == (400, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("x-acs-action", "MissingAction"),
        ("x-acs-version", "MissingVersion"),
        ("x-acs-date", "MissingTimestamp"),
        ("x-acs-signature-nonce", "MissingSignatureNonce"),
        ("x-acs-content-sha256", "MissingContentSha256"),
    ],
)
async def test_a_missing_acs3_header_is_named(dbs_url: str, header: str, code: str) -> None:
    assert refused_with(await post(dbs_url, acs3_headers(dbs_url, without=header))) == (400, code)


async def test_an_unsigned_request_is_told_what_it_lacks(dbs_url: str) -> None:
    headers = acs3_headers(dbs_url)
    del headers["authorization"]
    assert refused_with(await post(dbs_url, headers)) == (400, "MissingAuthorization")
    assert refused_with(await post(dbs_url, {})) == (400, "MissingAction")


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer abc",
        "ACS3-RSA-SHA256 Credential=sandbox,SignedHeaders=host,Signature=00",
        "ACS3-HMAC-SHA256 Credential=sandbox,Signature=00",
        "ACS3-HMAC-SHA256",
    ],
)
async def test_an_authorization_of_another_shape_is_an_incomplete_signature(
    dbs_url: str, authorization: str
) -> None:
    headers = acs3_headers(dbs_url) | {"authorization": authorization}
    assert refused_with(await post(dbs_url, headers)) == (400, "IncompleteSignature")


async def test_a_header_that_was_not_signed_is_refused(dbs_url: str) -> None:
    headers = acs3_headers(dbs_url) | {"x-acs-security-token": "smuggled"}
    answer = await post(dbs_url, headers)
    assert refused_with(answer) == (400, "IncompleteSignature")
    assert "x-acs-security-token" in answer.json()["Message"]


async def test_a_query_changed_after_signing_does_not_match(dbs_url: str) -> None:
    answer = await post(dbs_url, acs3_headers(dbs_url, "RegionId=cn-hangzhou"), "RegionId=cn-beijing")
    assert refused_with(answer) == (400, "SignatureDoesNotMatch")


async def test_a_signature_mismatch_tells_what_the_server_signed_but_no_secret(
    dbs_url: str, dbs_raw: Raw
) -> None:
    query = urlencode(SECRET_PARAMETERS)
    by_acs3 = await post(dbs_url, acs3_headers(dbs_url, x_acs_security_token="sts-1"), query)
    by_rpc = await dbs_raw("CreateRestoreTask", SECRET_PARAMETERS, secret="wrong", SecurityToken="sts-1")
    for answer in (by_acs3, by_rpc):
        assert refused_with(answer) == (400, "SignatureDoesNotMatch")
        assert "BackupPlanId" in answer.json()["Message"]
        for secret in ("hunter2", "sandbox-secret", "sts-1"):
            assert secret not in answer.text
    assert "POST&%2F&" in by_rpc.json()["Message"]
    assert "CanonicalRequest is [POST\n/\nBackupPlanId=x" in by_acs3.json()["Message"]


@pytest.mark.parametrize("style", ["acs3", "rpc"])
async def test_another_key_id_is_not_found(dbs_url: str, dbs_raw: Raw, style: str) -> None:
    if style == "rpc":
        answer = await dbs_raw("DescribeRegions", AccessKeyId="stranger")
    else:
        headers = acs3_headers(dbs_url)
        headers["authorization"] = headers["authorization"].replace("=sandbox,", "=stranger,")
        answer = await post(dbs_url, headers)
    assert refused_with(answer) == (404, "InvalidAccessKeyId.NotFound")


@pytest.mark.parametrize("seconds_off", [-16 * 60, 16 * 60])
async def test_a_clock_more_than_15_minutes_off_is_expired(
    dbs_url: str, dbs_raw: Raw, seconds_off: float
) -> None:
    expired = (400, "InvalidTimeStamp.Expired")
    assert refused_with(await dbs_raw("DescribeRegions", Timestamp=stamp(seconds_off))) == expired
    assert refused_with(await post(dbs_url, acs3_headers(dbs_url, x_acs_date=stamp(seconds_off)))) == expired


async def test_a_clock_14_minutes_off_passes_whatever_the_simulated_time(
    dbs_raw: Raw, dbs_clock: SimulatedClock
) -> None:
    dbs_clock.advance(30 * 86_400)
    assert (await dbs_raw("DescribeRegions", Timestamp=stamp(-14 * 60))).status_code == 200


async def test_a_timestamp_of_another_format_is_refused(dbs_raw: Raw) -> None:
    answer = await dbs_raw("DescribeRegions", Timestamp="2026-01-01 10:00:00")
    assert refused_with(answer) == (400, "InvalidTimeStamp.Format")


async def test_a_nonce_works_once_in_either_style(dbs_url: str, dbs_raw: Raw) -> None:
    headers = acs3_headers(dbs_url)
    assert (await post(dbs_url, headers)).status_code == 200
    assert refused_with(await post(dbs_url, headers)) == (400, "SignatureNonceUsed")
    assert (await dbs_raw("DescribeRegions", SignatureNonce="n-1")).status_code == 200
    assert refused_with(await dbs_raw("DescribeRegions", SignatureNonce="n-1")) == (400, "SignatureNonceUsed")


async def test_a_nonce_of_a_refused_request_can_be_used_again(dbs_raw: Raw) -> None:
    await dbs_raw("DescribeRegions", secret="wrong", SignatureNonce="n-2")
    assert (await dbs_raw("DescribeRegions", SignatureNonce="n-2")).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "Version",
        "AccessKeyId",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureNonce",
        "Timestamp",
    ],
)
async def test_a_missing_rpc_parameter_is_named(dbs_url: str, dbs_raw: Raw, name: str) -> None:
    if name == "Signature":
        async with httpx.AsyncClient() as http:
            answer = await http.post(
                dbs_url,
                params={
                    "Action": "DescribeRegions",
                    "Version": "2019-03-06",
                    "AccessKeyId": "sandbox",
                    "Format": "JSON",
                },
            )
    else:
        answer = await dbs_raw("DescribeRegions", **{name: None})
    assert refused_with(answer) == (400, f"Missing{name}")


async def test_another_signature_method_is_refused(dbs_raw: Raw) -> None:
    answer = await dbs_raw("DescribeRegions", SignatureMethod="HMAC-SHA256")
    assert refused_with(answer) == (400, "IncompleteSignature")


async def test_an_unknown_action_is_not_found(dbs_url: str, dbs_raw: Raw) -> None:
    not_found = (404, "InvalidAction.NotFound")
    assert refused_with(await dbs_raw("StopRestoreTask")) == not_found
    answer = await post(dbs_url, acs3_headers(dbs_url, x_acs_action="describeregions"))
    assert refused_with(answer) == not_found


async def test_an_unknown_version_is_refused(dbs_url: str, dbs_raw: Raw) -> None:
    assert refused_with(await dbs_raw("DescribeRegions", Version="2021-01-01")) == (400, "InvalidVersion")
    answer = await post(dbs_url, acs3_headers(dbs_url, x_acs_version="2021-01-01"))
    assert refused_with(answer) == (400, "InvalidVersion")


async def test_a_token_is_refused_by_a_key_that_has_none(dbs_url: str, dbs_raw: Raw) -> None:
    mismatch = (400, "InvalidSecurityToken.MismatchWithAccessKey")
    assert refused_with(await dbs_raw("DescribeRegions", SecurityToken="sts-1")) == mismatch
    answer = await post(dbs_url, acs3_headers(dbs_url, x_acs_security_token="sts-1"))
    assert refused_with(answer) == mismatch


async def test_an_sts_key_works_with_its_token_only(dbs_clock: SimulatedClock) -> None:
    async with LocalDbs(clock=dbs_clock, security_token="sts-1").serve() as url:
        assert (await post(url, acs3_headers(url, x_acs_security_token="sts-1"))).status_code == 200
        other = await post(url, acs3_headers(url, x_acs_security_token="sts-2"))
        assert refused_with(other) == (400, "InvalidSecurityToken.MismatchWithAccessKey")
        assert refused_with(await post(url, acs3_headers(url))) == (400, "MissingSecurityToken")
