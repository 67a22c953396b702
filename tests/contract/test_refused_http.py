"""HTTP that no handler ever sees is refused in the service's own words, and never quoted."""

import asyncio
import json
from urllib.parse import urlsplit

import httpx
import pytest

from bot.sandbox import Sandbox

LONG = b"canary=" + b"x" * 300_000
UNHEARD = {
    "an encoding nobody has": (b"POST %s HTTP/1.1", b"Content-Encoding: br\r\nContent-Length: 3", b"abc"),
    "connect": (b"CONNECT canary:443 HTTP/1.1", b"", b""),
    "options for all": (b"OPTIONS * HTTP/1.1", b"", b""),
    "an expectation": (b"POST %s HTTP/1.1", b"Expect: canary\r\nContent-Length: 0", b""),
    "a long line": (b"POST %s?" + LONG + b" HTTP/1.1", b"", b""),
    "a long header": (b"POST %s HTTP/1.1", b"Authorization: " + LONG, b""),
    "an address that is none": (b"GET http://[::canary/ HTTP/1.1", b"", b""),
    "a page of another site": (b"GET %s HTTP/1.1", b"Origin: https://canary.example", b""),
}


@pytest.fixture(params=["slack", "dbs"])
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def said(url: str, path: bytes, line: bytes, headers: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Status line and body of the answer."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    host = b"Host: " + address.netloc.encode() + b"\r\nConnection: close\r\n"
    extra = headers + b"\r\n" if headers else b""
    writer.write(line.replace(b"%s", path) + b"\r\n" + host + extra + b"\r\n" + body)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    head, _, told = answer.partition(b"\r\n\r\n")
    return head.splitlines()[0], told


@pytest.mark.parametrize("what", UNHEARD)
async def test_what_no_handler_sees_gets_the_services_own_error(
    service: str, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with Sandbox() as sandbox:
        url, path = {
            "slack": (sandbox.workspace_url, b"/api/auth.test"),
            "dbs": (sandbox.dbs_url, b"/"),
        }[service]
        status, body = await said(url, path, *UNHEARD[what])
    assert status.split()[1].startswith(b"4")
    told = json.loads(body)
    if service == "slack":
        assert told.keys() == {"ok", "error"}
        assert " " not in told["error"]
    else:
        assert told.keys() == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    assert b"canary" not in body
    assert "canary" not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "nonsense"), ("DELETE", "slack/rates"), ("PUT", "dbs/time")]
)
async def test_the_control_api_says_in_its_own_manner_what_it_does_not_have(
    service: str, method: str, path: str
) -> None:
    async with Sandbox() as sandbox, httpx.AsyncClient() as http:
        url = sandbox.workspace_url if service == "slack" else sandbox.dbs_url
        answer = await http.request(method, f"{url}control/{path}")
    assert answer.status_code in {404, 405}
    assert answer.json() == {
        "ok": False,
        "error": "The control API has no such address, or not with this method.",
    }


async def test_a_body_that_turns_to_nonsense_is_answered_at_once(
    service: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with Sandbox() as sandbox:
        url, path = {
            "slack": (sandbox.workspace_url, "/api/auth.test"),
            "dbs": (sandbox.dbs_url, "/"),
        }[service]
        address = urlsplit(url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        )
        writer.write(head.encode())
        await writer.drain()
        await asyncio.sleep(0.05)  # so that it comes in a packet of its own
        writer.write(b"canary\r\n")
        async with asyncio.timeout(2):
            answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 ")
    assert (b"InvalidRequestBody" if service == "dbs" else b'"ok": false') in answer
    assert "Traceback" not in caplog.text
