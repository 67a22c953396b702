"""The doors of the local workspace: who comes in, with what, and what a caller learns who does not."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.slack import LocalWorkspace, Person


class Now:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.time = 1712345678.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now)


@pytest.fixture
async def url(workspace: LocalWorkspace) -> AsyncIterator[str]:
    async with workspace.serve(port=0) as url:
        yield url


@pytest.fixture
async def http(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=url) as session:
        yield session


@pytest.fixture
def alice(workspace: LocalWorkspace) -> Person:
    return workspace.person("alice")


async def link(http: aiohttp.ClientSession) -> str:
    """The address of a socket, not opened yet."""
    headers = {"Authorization": "Bearer xapp-sandbox"}
    async with http.post("/api/apps.connections.open", headers=headers) as answer:
        return str((await answer.json())["url"])


async def response_url(http: aiohttp.ClientSession, person: Person) -> str:
    """That of a command in #db-oncall, acknowledged without a word."""
    async with http.ws_connect(await link(http)) as socket:
        await socket.receive_json()
        saying = asyncio.create_task(person.say("#db-oncall", "/restore"))
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await saying
    return str(envelope["payload"]["response_url"])


async def status(answering: Any) -> int:
    async with answering as answer:
        return int(answer.status)


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}], ids=str)
@pytest.mark.parametrize("path", ["/api/api.test", "/response/x"])
async def test_a_page_behind_another_name_or_site_reaches_nothing(
    http: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    assert await status(http.post(path, json={}, headers=headers)) == 403


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}], ids=str)
async def test_a_page_of_another_site_opens_no_socket(
    http: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    address = await link(http)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(address, headers=headers)
    assert refused.value.status == 403


async def test_looking_at_the_address_of_a_socket_does_not_use_it_up(http: aiohttp.ClientSession) -> None:
    address = await link(http)
    assert await status(http.get(address.replace("ws://", "http://"))) == 426
    async with http.ws_connect(address) as socket:
        assert (await socket.receive_json())["type"] == "hello"
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(address)


async def test_the_address_of_a_socket_lives_half_a_minute(http: aiohttp.ClientSession, now: Now) -> None:
    address = await link(http)
    now.time += 30.1
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(address)
    assert refused.value.status == 401


@pytest.mark.parametrize("name", ["a" * 256, "a" * 5000, "nothing.js", "%00", "..", "app.js%2f"])
async def test_a_file_the_page_has_not_is_not_found(
    http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with caplog.at_level(logging.WARNING):
        assert await status(http.get(f"/page/static/{name}")) == 404
    assert caplog.records == []


@pytest.mark.parametrize("path", ["/", "/page/static/app.js", "/page/elements.json"])
async def test_the_page_is_never_an_old_one_and_runs_no_code_but_its_own(
    http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get(path) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")


@pytest.mark.parametrize("charset", ["hex", "no-such-charset", "utf-8"])
async def test_an_answer_in_a_charset_nobody_knows_is_read_all_the_same(charset: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        headers = {"Content-Type": f"text/plain; charset={charset}"}
        return web.Response(body="fertig für heute".encode(), headers=headers)

    app = web.Application()
    app.router.add_post("/slack/events", answer)
    async with TestServer(app) as server:
        workspace = LocalWorkspace(request_url=str(server.make_url("/slack/events")))
        alice = workspace.person("alice")
        await alice.say("#db-oncall", "/restore")
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == ["fertig für heute"]


@pytest.mark.parametrize(
    ("flag", "deleted"), [("false", False), (False, False), ("true", True), (True, True)]
)
async def test_a_flag_that_says_false_is_not_set(
    http: aiohttp.ClientSession, workspace: LocalWorkspace, alice: Person, flag: Any, deleted: bool
) -> None:
    address = await response_url(http, alice)
    await status(http.post(address, json={"text": "first"}))
    assert await status(http.post(address, json={"text": "second", "delete_original": flag})) == 200
    texts = [message["text"] for message in alice.ephemerals("#db-oncall")]
    assert texts == ([] if deleted else ["first", "second"])


async def test_nothing_is_said_in_an_archived_channel_by_a_response_url(
    http: aiohttp.ClientSession, workspace: LocalWorkspace, alice: Person
) -> None:
    address = await response_url(http, alice)
    workspace.archive("#db-oncall")
    async with http.post(address, json={"text": "x"}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (400, "is_archived")
    assert alice.ephemerals("#db-oncall") == []


async def test_a_command_in_a_private_channel_does_not_name_it(
    workspace: LocalWorkspace, alice: Person, http: aiohttp.ClientSession
) -> None:
    async with http.ws_connect(await link(http)) as socket:
        await socket.receive_json()
        saying = asyncio.create_task(alice.say("#dba-private", "/restore"))
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await saying
    assert envelope["payload"]["channel_name"] == "privategroup"
    assert workspace.messages("#dba-private") == []
