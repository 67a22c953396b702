"""Who is let in at the page's door, and what is served there."""

import asyncio

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace

ALICE, CHANNEL = "U0ALICECHEN", "C0DBONCALL1"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "example.com"},
        {"Host": "rebound.example.com:8010"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("GET", "page/boot"), ("GET", "page/socket"), ("POST", "page/message")]
)
async def test_other_sites_and_other_hosts_are_not_let_in(
    url: str, headers: dict[str, str], method: str, path: str
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url + path, headers=headers, json={}) as answer,
    ):
        assert answer.status == 403


@pytest.mark.parametrize("host", ["", "[x", "127.0.0.1:no-port"])
async def test_a_request_without_a_sensible_host_is_not_let_in(url: str, host: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1].strip("/")))
    writer.write(f"GET /page/boot HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert (await reader.readline()).split()[1] == b"403"
    writer.close()
    await writer.wait_closed()


async def test_the_page_and_the_apps_permalinks_are_served(url: str, web: AsyncWebClient) -> None:
    ts = (await web.chat_postMessage(channel=CHANNEL, text="a"))["ts"]
    link = (await web.chat_getPermalink(channel=CHANNEL, message_ts=ts))["permalink"]
    async with aiohttp.ClientSession() as session:
        for address in (url, link):
            async with session.get(address) as answer:
                assert (answer.status, answer.content_type) == (200, "text/html")
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        async with session.get(f"{url}page/static/app.js") as answer:
            assert answer.status == 200


async def test_the_page_itself_is_let_in(url: str) -> None:
    origin = {"Origin": url.rstrip("/")}
    async with aiohttp.ClientSession(headers=origin) as session:
        body = {"user": ALICE, "channel": CHANNEL, "text": "hello"}
        async with session.post(f"{url}page/message", json=body) as answer:
            assert answer.status == 200
        async with session.ws_connect(f"{url}page/socket?user={ALICE}") as socket:
            assert (await socket.receive_json())["type"] == "view"


@pytest.mark.parametrize("body", ["", "{", "[]", '{"user": "U0ALICECHEN", "container": ["x"]}'])
async def test_a_malformed_request_is_refused(url: str, body: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}page/action", data=body) as answer,
    ):
        assert answer.status == 400
        assert (await answer.json())["error"]


async def test_the_pages_socket_closes_with_the_workspace() -> None:
    async with aiohttp.ClientSession() as session:
        async with LocalWorkspace().serve(port=0) as url:
            socket = await session.ws_connect(f"{url}page/socket?user={ALICE}")
            await socket.receive_json()
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
