"""What is no HTTP at all is refused, and leaves no traceback and no quote in the log."""

import asyncio
from urllib.parse import urlsplit

import pytest

from bot.sandbox import Sandbox

NO_HTTP = [
    b"canary\r\n\r\n",
    b"GET /canary HTTP/9.9\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: canary\r\n\r\n",
    b"\x16\x03\x01\x02canary\r\n\r\n",
]


@pytest.mark.parametrize("service", ["workspace", "dbs"])
@pytest.mark.parametrize("said", NO_HTTP)
async def test_what_is_no_http_is_refused_quietly(
    service: str, said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with Sandbox() as sandbox:
        address = urlsplit(sandbox.workspace_url if service == "workspace" else sandbox.dbs_url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(said)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.")
    assert b" 400 " in answer.splitlines()[0]
    assert "Traceback" not in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize("service", ["workspace", "dbs"])
async def test_a_caller_who_leaves_in_the_middle_is_no_news(
    service: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with Sandbox() as sandbox:
        address = urlsplit(
            sandbox.workspace_url + "api/auth.test" if service == "workspace" else sandbox.dbs_url
        )
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        head = f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 100\r\n\r\ncanary"
        writer.write(head.encode())
        await writer.drain()
        writer.transport.abort()
        assert await reader.read() == b""
    assert "Traceback" not in caplog.text
    assert "canary" not in caplog.text
