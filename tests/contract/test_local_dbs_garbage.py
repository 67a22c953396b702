"""Whatever is thrown at the local DBS, it answers in DBS's own words: never a 500, never a traceback."""

import asyncio
import logging
from collections.abc import AsyncIterator
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.dbs.schema import SCHEMAS
from tests.contract.shapes import Order, Raw

NAMES = (
    "BackupPlanId", "RestoreTaskName", "DestinationEndpointInstanceType", "DestinationEndpointRegion",
    "DestinationEndpointPort", "DestinationEndpointIP", "BackupGatewayId", "RestoreObjects", "RestoreTime",
    "BackupSetId", "DuplicateConflict", "RestoreTaskId", "TaskId", "Language", "PageSize", "PageNum",
    "StartTimestamp", "EndTimestamp", "BeginTimestampForRestore", "EndTimestampForRestore", "RecentlyRestore",
    "Region", "RegionId", "ClientToken", "Identifier", "BackupPlanStatus", "Format", "Action", "Signature",
    "Timestamp", "Version", "SecurityToken", "", "é", "a" * 300,
)  # fmt: skip
ODD = (
    "[" * 2000, '[{"DBName": 1}]', '[{"DBName": "a", "x": {}}]', "\x00", "٣", "1" * 5000, "-1", "1e9", "NaN",
    "true", "0", "9223372036854775807", "9223372036854775808", "null", "cn-hangzhou", "RDS", "en",
)  # fmt: skip
PATHS = ("/", "//", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%00", "/a/b", "/%ff%fe")
HEADERS = ("Authorization", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce")
ACS3 = b"ACS3-HMAC-SHA256 Credential=,SignedHeaders=;;,Signature="
ONE_SERVER = HealthCheck.function_scoped_fixture
CALLS = settings(max_examples=150, suppress_health_check=[ONE_SERVER])

values = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.sampled_from(ODD),
)
parameters = st.dictionaries(st.sampled_from(NAMES[:-9]), values, max_size=12)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def says_what_is_wrong(answer: httpx.Response) -> bool:
    """An error in one of DBS's two voices, in JSON or XML, or a success in DBS's envelope."""
    if answer.headers["Content-Type"].startswith("text/xml"):
        told = {child.tag for child in ET.fromstring(answer.content)}
    else:
        told = set(answer.json())
    if answer.status_code == 200:
        return {"RequestId", "Success"} <= told
    return {"RequestId", "HostId", "Code", "Message"} <= told and 400 <= answer.status_code < 500


@CALLS
@given(action=st.sampled_from(sorted(SCHEMAS)), parameters=parameters, form=st.booleans(), xml=st.booleans())
async def test_a_signed_call_with_any_parameters_succeeds_or_is_told_why_not(
    dbs_raw: Raw, action: str, parameters: dict[str, str], form: bool, xml: bool
) -> None:
    answer = await dbs_raw(action, parameters, as_form=form, Format="XML" if xml else "JSON")
    assert says_what_is_wrong(answer), answer.text


@CALLS
@given(changes=st.dictionaries(st.sampled_from(NAMES[:15]), values, min_size=1, max_size=3))
async def test_a_good_order_with_a_few_odd_values(
    dbs_raw: Raw, dbs_order: Order, changes: dict[str, str]
) -> None:
    created = await dbs_raw("CreateRestoreTask", dbs_order(**changes))
    assert says_what_is_wrong(created), created.text
    listed = await dbs_raw("DescribeRestoreTaskList", {"BackupPlanId": dbs_order()["BackupPlanId"]})
    assert listed.json()["Success"]


@CALLS
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"]),
    path=st.sampled_from(PATHS),
    query=st.binary(max_size=60) | st.sampled_from(NAMES).map(lambda name: name.encode() + b"=%ff&=&&"),
    content_type=st.sampled_from([
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=klingon",
        "multipart/form-data",
        "application/json",
        "nonsense",
    ]),
    headers=st.dictionaries(st.sampled_from(HEADERS), st.binary(max_size=30) | st.just(ACS3)),
    body=st.binary(max_size=200),
)  # fmt: skip
async def test_any_http_request_is_told_what_is_wrong(
    http: httpx.AsyncClient,
    dbs_url: str,
    method: str,
    path: str,
    query: bytes,
    content_type: str,
    headers: dict[str, bytes],
    body: bytes,
) -> None:
    url = httpx.URL(dbs_url)
    target = path.encode() + b"?" + bytes(byte for byte in query if 32 < byte < 127 and byte != ord("#"))
    printable = {
        name.encode(): bytes(byte for byte in value if 32 < byte < 127) for name, value in headers.items()
    }
    request = httpx.Request(
        method,
        url,
        headers=[(b"Content-Type", content_type.encode()), *printable.items()],
        content=body,
        extensions={"target": target},
    )
    answer = await http.send(request)
    if method == "HEAD":
        assert answer.status_code in {404, 405}
    else:
        assert says_what_is_wrong(answer), answer.text


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("PUT", "/", "UnsupportedHTTPMethod"),
        ("GET", "/../../etc/passwd", "InvalidAction.NotFound"),
        ("POST", "/DescribeRegions", "InvalidAction.NotFound"),
        ("GET", "/", "MissingAction"),
    ],
)
async def test_what_is_no_call_is_told_so(
    http: httpx.AsyncClient, dbs_url: str, method: str, path: str, code: str
) -> None:
    request = httpx.Request(method, dbs_url, extensions={"target": path.encode()})
    assert (await http.send(request)).json()["Code"] == code


async def test_a_body_beyond_all_measure_is_refused(http: httpx.AsyncClient, dbs_url: str) -> None:
    answer = await http.post(dbs_url, content=b"x" * 3_000_000)
    assert (answer.status_code, answer.json()["Code"]) == (413, "RequestBodyTooLarge")


async def test_a_body_that_is_not_packed_as_it_says_is_refused(
    http: httpx.AsyncClient, dbs_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await http.post(dbs_url, content=b"not gzip", headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["Code"]) == (400, "InvalidRequestBody")
    assert (await http.get(dbs_url)).json()["Code"] == "MissingAction"
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "sent",
    [
        b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: minus one\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\xfe:x\r\n\r\n",
    ],
)
async def test_what_is_hardly_http_is_refused_without_a_traceback(
    dbs_url: str, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = httpx.URL(dbs_url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(sent)
    async with asyncio.timeout(5):
        answer = await reader.readuntil(b"\r\n")
    writer.close()
    await writer.wait_closed()
    assert b" 4" in answer
    assert "Traceback" not in caplog.text
