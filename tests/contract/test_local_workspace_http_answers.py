"""HTTP delivery of the local workspace to apps whose answers are no good, and the challenge."""

import asyncio
import json

import pytest
from aiohttp import web

from bot.sandbox.slack import LocalWorkspace, Person, PersonError, Shortcut
from tests.contract.request_urls import answering, handling

pytestmark = pytest.mark.usefixtures("url")


@pytest.fixture
def workspace() -> LocalWorkspace:
    shortcut = Shortcut("restore_it", "Restore", type="message")
    return LocalWorkspace(shortcuts=[shortcut])


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (500, "/restore failed because the app had an error (http_service_error)."),
        (404, "/restore failed because the app refused it (http_client_error)."),
        (302, "/restore failed because the app refused it (http_client_error)."),
    ],
)
async def test_a_person_hears_that_the_request_url_answered_badly(
    alice: Person, workspace: LocalWorkspace, status: int, sentence: str
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async with answering(workspace, answer):
        await alice.say("#db-oncall", "/restore")
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == [sentence]


@pytest.mark.usefixtures("impatient")
async def test_a_person_hears_that_the_request_url_is_slow_or_gone(
    alice: Person, workspace: LocalWorkspace
) -> None:
    slow = asyncio.Event()

    async def wait(_: web.Request) -> web.Response:
        await slow.wait()
        return web.Response()

    async with answering(workspace, wait):
        await alice.say("#db-oncall", "/restore")
        slow.set()
    await alice.say("#db-oncall", "/restore")
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == [
        "/restore failed because the app did not respond (operation_timeout).",
        "/restore failed because the app could not be reached (dispatch_failed).",
    ]


async def test_a_button_of_an_app_that_is_gone_says_so(alice: Person, workspace: LocalWorkspace) -> None:
    async def fail(_: web.Request) -> web.Response:
        return web.Response(status=503)

    async with answering(workspace, fail):
        await alice.say("#db-oncall", "hello")
        [message] = workspace.messages("#db-oncall")
        with pytest.raises(PersonError, match="Restore Bot had an error"):
            await alice.message_shortcut("restore_it", message)


@pytest.mark.parametrize("answer", ["", "wrong", json.dumps({"challenge": "wrong"}), "[]"])
async def test_a_request_url_must_return_the_challenge(workspace: LocalWorkspace, answer: str) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(text=answer)

    async with handling(handle) as url:
        with pytest.raises(ValueError, match="did not return the challenge"):
            await workspace.set_request_url(url)
    with pytest.raises(ValueError, match="dispatch_failed"):
        await workspace.set_request_url(url)


async def test_a_request_url_given_at_first_is_verified_before_the_first_event() -> None:
    kinds: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        body = await request.json()
        kinds.append(body["type"])
        return web.json_response({"challenge": body.get("challenge")})

    async with handling(handle) as url:
        workspace = LocalWorkspace(request_url=url, events=["app_mention"])
        async with workspace.serve(port=0):
            for _ in range(2):
                await workspace.person("alice").say("#db-oncall", "@restorebot hello")
                await workspace.settled()
    assert kinds == ["url_verification", "event_callback", "event_callback"]
