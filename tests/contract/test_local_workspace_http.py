"""HTTP delivery of the local workspace, to Bolt's own HTTP adapter and to answers that are no good."""

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, Shortcut
from tests.blocks import plain
from tests.contract.modals import PLAN_FORM
from tests.contract.request_urls import answering, served

pytestmark = pytest.mark.usefixtures("url")

BOT = "U0RESTORE01"


class Now:
    """The real time, until it is put forward."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


ORDERS = {"text": plain("orders"), "value": "orders"}


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    shortcut = Shortcut("restore_it", "Restore", type="message")
    return LocalWorkspace(now=now, events=["app_mention"], shortcuts=[shortcut])


@pytest.fixture
async def app(workspace: LocalWorkspace, web: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """A Bolt app behind its own HTTP server, which the workspace has verified."""
    app = AsyncApp(client=web, signing_secret="sandbox-signing-secret")
    async with served(app.web_app()) as request_url:
        await workspace.set_request_url(request_url)
        yield app


async def test_bolts_http_adapter_gets_a_command_and_its_acknowledgement_is_shown(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    async def answer(ack: AsyncAck, respond: AsyncRespond, command: dict[str, Any]) -> None:
        await ack(f"you said {command['text']}")
        await respond("and more", response_type="in_channel")

    app.command("/restore")(answer)
    await alice.say("#db-oncall", "/restore status r-1 & more")
    await workspace.until(lambda: workspace.messages("#db-oncall"))
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == ["you said status r-1 & more"]
    assert [message["text"] for message in workspace.messages("#db-oncall")] == ["and more"]
    assert workspace.sent_to_app[0]["type"] == "slash_commands"


async def test_bolts_http_adapter_opens_fills_and_takes_a_form(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    submitted: list[Any] = []

    async def open_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await app.client.views_open(trigger_id=body["trigger_id"], view=PLAN_FORM)

    async def suggest(ack: AsyncAck) -> None:
        await ack(options=[ORDERS])

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    async def refuse_once(ack: AsyncAck, view: dict[str, Any]) -> None:
        submitted.append(view["state"]["values"]["plan"]["plan"]["selected_option"])
        if len(submitted) == 1:
            await ack(response_action="errors", errors={"plan": "Taken."})
        else:
            await ack()

    app.command("/restore")(open_form)
    app.options("plan")(suggest)
    app.action("go")(acknowledge)
    app.view("form")(refuse_once)
    await alice.say("#db-oncall", "/restore")
    # Bolt answers as soon as the listener acknowledged, so the form may come a moment later.
    await workspace.until(lambda: alice.view)
    assert await alice.options("plan", "plan", "ord") == [ORDERS]
    await alice.choose("more", "go")
    assert await alice.submit({"plan": ORDERS}) == {"plan": "Taken."}
    assert await alice.submit({"plan": ORDERS}) == {}
    assert alice.view is None
    assert submitted == [ORDERS, ORDERS]


async def test_bolts_http_adapter_gets_shortcuts_and_events(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    heard: list[str] = []

    async def restore_it(ack: AsyncAck, shortcut: dict[str, Any]) -> None:
        await ack()
        heard.append(shortcut["message"]["text"])

    async def mentioned(event: dict[str, Any]) -> None:
        heard.append(event["text"])
        await app.client.chat_postMessage(channel=event["channel"], text="here", thread_ts=event["ts"])

    app.shortcut("restore_it")(restore_it)
    app.event("app_mention")(mentioned)
    await alice.say("#db-oncall", "@restorebot are you there?")
    [question] = workspace.messages("#db-oncall")
    await workspace.until(lambda: workspace.thread("#db-oncall", question["ts"])[1:])
    await alice.message_shortcut("restore_it", question)
    assert heard == [f"<@{BOT}> are you there?"] * 2


async def test_requests_are_signed_as_the_verifier_of_slacks_sdk_wants(
    alice: Person, workspace: LocalWorkspace
) -> None:
    valid: list[bool] = []

    async def verify(request: web.Request) -> web.Response:
        body = await request.text()
        verifier = SignatureVerifier("sandbox-signing-secret")
        valid.append(verifier.is_valid_request(body, dict(request.headers)))
        valid.append(not SignatureVerifier("another").is_valid_request(body, dict(request.headers)))
        stamp, signature = (request.headers[f"X-Slack-{name}"] for name in ("Request-Timestamp", "Signature"))
        own = hmac.new(b"sandbox-signing-secret", f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        valid.append(signature == f"v0={own.hexdigest()}")
        return web.Response()

    async with answering(workspace, verify):
        await alice.say("#db-oncall", "/restore ümlaut")
    assert valid == [True] * 3
    assert alice.ephemerals("#db-oncall") == []


async def test_an_event_is_sent_again_at_once_after_a_minute_and_after_five(
    alice: Person, workspace: LocalWorkspace, now: Now
) -> None:
    tries: list[tuple[str | None, str | None, str]] = []

    async def fail(request: web.Request) -> web.Response:
        number, reason = (request.headers.get(f"X-Slack-Retry-{name}") for name in ("Num", "Reason"))
        tries.append((number, reason, (await request.json())["event_id"]))
        return web.Response(status=500)

    async with answering(workspace, fail):
        await alice.say("#db-oncall", "@restorebot hello")
        for tried, wait in ((2, 60), (3, 300)):
            await workspace.settled()
            assert len(tries) == tried
            assert workspace.due == [pytest.approx(now() + wait, abs=1)]
            now.ahead += wait
            workspace.clock_moved()
        await workspace.settled()
    assert workspace.due == []
    assert [each[:2] for each in tries] == [(None, None)] + [(str(n), "http_error") for n in (1, 2, 3)]
    assert len({each[2] for each in tries}) == 1


async def test_an_event_is_not_sent_again_when_the_app_says_so(
    alice: Person, workspace: LocalWorkspace
) -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=400, headers={"X-Slack-No-Retry": "1"})

    async with answering(workspace, refuse):
        await alice.say("#db-oncall", "@restorebot hello")
        await workspace.settled()
    assert len(workspace.sent_to_app) == 1
