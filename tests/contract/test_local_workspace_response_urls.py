"""response_urls of the local workspace: five uses, thirty minutes, and what may be posted."""

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack import LocalWorkspace, Person
from tests.blocks import plain
from tests.clocks import Now
from tests.contract.envelopes import acknowledge, webhook

CHANNEL = "C0DBONCALL1"

BUTTON = {"type": "button", "action_id": "stop", "text": plain("Stop"), "value": "r-1", "style": "danger"}
CARD = [{"type": "actions", "block_id": "controls", "elements": [BUTTON]}]


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now)


@pytest.fixture
def app(bolt: AsyncApp) -> AsyncApp:
    """A Bolt app that acknowledges the command and its button, and leaves the rest to the test."""
    bolt.command("/restore")(acknowledge)
    bolt.action("stop")(acknowledge)
    return bolt


async def test_a_response_url_answers_the_person_the_channel_or_the_thread(
    app: AsyncApp, web: AsyncWebClient, alice: Person, workspace: LocalWorkspace
) -> None:
    root = (await web.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    await alice.say("#db-oncall", "/restore")
    assert await webhook(workspace, text="for you") == (200, '{"ok": true}')
    await webhook(workspace, text="for all", response_type="in_channel")
    await webhook(workspace, text="in the thread", response_type="in_channel", thread_ts=root)
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == ["for you"]
    assert [message["text"] for message in workspace.messages("#db-oncall")] == ["root", "for all"]
    assert [message["text"] for message in workspace.thread("#db-oncall", root)] == ["root", "in the thread"]


async def test_a_response_url_replaces_and_deletes_its_original(
    app: AsyncApp, web: AsyncWebClient, alice: Person, workspace: LocalWorkspace
) -> None:
    await web.chat_postMessage(channel=CHANNEL, text="card", blocks=CARD)
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


async def test_a_made_up_response_url_is_not_served(web: AsyncWebClient) -> None:
    hook = AsyncWebhookClient(web.base_url.replace("/api/", "/response/made-up"), retry_handlers=[])
    answer = await hook.send_dict({"text": "x"})
    assert (answer.status_code, "no_service" in answer.body) == (404, True)
