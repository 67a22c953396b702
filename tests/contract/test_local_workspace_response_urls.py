"""response_urls of the local workspace: five uses, thirty minutes, and what may be posted."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack import LocalWorkspace, Person

CHANNEL = "C0DBONCALL1"


class Now:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.time = 1712345678.0

    def __call__(self) -> float:
        return self.time


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


BUTTON = {"type": "button", "action_id": "stop", "text": plain("Stop"), "value": "r-1", "style": "danger"}
CARD = [{"type": "actions", "block_id": "controls", "elements": [BUTTON]}]


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now)


@pytest.fixture
async def client(workspace: LocalWorkspace) -> AsyncIterator[AsyncWebClient]:
    async with workspace.serve(port=0) as url:
        yield AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])


@pytest.fixture
async def app(client: AsyncWebClient, workspace: LocalWorkspace) -> AsyncIterator[AsyncApp]:
    """A Bolt app that acknowledges the command and its button, and leaves the rest to the test."""
    app = AsyncApp(client=client)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.command("/restore")(acknowledge)
    app.action("stop")(acknowledge)
    handler = AsyncSocketModeHandler(app, "xapp-sandbox")
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt annotates it not
    await workspace.app_connected()
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]  # nor this


@pytest.fixture
def alice(workspace: LocalWorkspace) -> Person:
    return workspace.person("alice")


def sent(workspace: LocalWorkspace) -> dict[str, Any]:
    """The payload that went to the app last."""
    payload: dict[str, Any] = workspace.sent_to_app[-1]["payload"]
    return payload


async def webhook(workspace: LocalWorkspace, **body: Any) -> tuple[int, str]:
    """Post to the response_url of the last payload with Slack's own client."""
    hook = AsyncWebhookClient(sent(workspace)["response_url"], retry_handlers=[])
    answer = await hook.send_dict(body)
    return answer.status_code, answer.body


async def test_a_response_url_answers_the_person_the_channel_or_the_thread(
    app: AsyncApp, client: AsyncWebClient, alice: Person, workspace: LocalWorkspace
) -> None:
    root = (await client.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    await alice.say("#db-oncall", "/restore")
    assert await webhook(workspace, text="for you") == (200, '{"ok": true}')
    await webhook(workspace, text="for all", response_type="in_channel")
    await webhook(workspace, text="in the thread", response_type="in_channel", thread_ts=root)
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == ["for you"]
    assert [message["text"] for message in workspace.messages("#db-oncall")] == ["root", "for all"]
    assert [message["text"] for message in workspace.thread("#db-oncall", root)] == ["root", "in the thread"]


async def test_a_response_url_replaces_and_deletes_its_original(
    app: AsyncApp, client: AsyncWebClient, alice: Person, workspace: LocalWorkspace
) -> None:
    await client.chat_postMessage(channel=CHANNEL, text="card", blocks=CARD)
    await alice.click(workspace.messages("#db-oncall")[0], "stop")
    await webhook(workspace, text="replaced", replace_original=True)
    [message] = workspace.messages("#db-oncall")
    assert message["text"] == "replaced"
    assert "blocks" not in message
    await webhook(workspace, delete_original=True)
    assert workspace.messages("#db-oncall") == []
    status, body = await webhook(workspace, delete_original=True)
    assert (status, "message_not_found" in body) == (400, True)


async def test_a_commands_own_answer_can_be_replaced(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    await alice.say("#db-oncall", "/restore")
    await webhook(workspace, text="working")
    await webhook(workspace, text="done", replace_original=True)
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == ["done"]


async def test_a_response_url_works_five_times(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    await alice.say("#db-oncall", "/restore")
    statuses = [(await webhook(workspace, text=str(n)))[0] for n in range(6)]
    assert statuses == [200] * 5 + [404]
    assert len(alice.ephemerals("#db-oncall")) == 5


async def test_a_response_url_lives_thirty_minutes(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace, now: Now
) -> None:
    await alice.say("#db-oncall", "/restore")
    now.time += 1801
    status, body = await webhook(workspace, text="late")
    assert (status, "expired_url" in body) == (404, True)


async def test_a_response_url_refuses_what_cannot_be_shown(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    await alice.say("#db-oncall", "/restore")
    status, body = await webhook(workspace, text="")
    assert (status, "no_text" in body) == (400, True)
    status, body = await webhook(workspace, delete_original=True)
    assert (status, "message_not_found" in body) == (400, True)


async def test_a_made_up_response_url_is_not_served(client: AsyncWebClient) -> None:
    hook = AsyncWebhookClient(client.base_url.replace("/api/", "/response/made-up"), retry_handlers=[])
    answer = await hook.send_dict({"text": "x"})
    assert (answer.status_code, "no_service" in answer.body) == (404, True)
