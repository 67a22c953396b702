"""Global and message shortcuts of the local workspace, with a Bolt app at the other end."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, PersonError, Shortcut, route

CHANNEL = "C0DBONCALL1"
SHORTCUTS = [
    Shortcut("new_restore", "Restore a database", "Opens the form"),
    Shortcut("follow", "Follow this restore", type="message"),
    Shortcut("unheard", "Nobody listens"),
]
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Restore"},
    "blocks": [{"type": "divider"}],
}


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace(shortcuts=SHORTCUTS)


@pytest.fixture
def app(bolt: AsyncApp, web: AsyncWebClient) -> AsyncApp:
    """A Bolt app that opens a form on its global shortcut and answers its message shortcut."""

    async def open_form(ack: AsyncAck, shortcut: dict[str, Any]) -> None:
        await web.views_open(trigger_id=shortcut["trigger_id"], view=FORM)
        await ack()

    async def answer(ack: AsyncAck, respond: AsyncRespond, shortcut: dict[str, Any]) -> None:
        await respond(f"following {shortcut['message']['text']}")
        await ack()

    bolt.global_shortcut("new_restore")(open_form)
    bolt.message_shortcut("follow")(answer)
    return bolt


async def test_a_global_shortcut_can_open_a_form(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    await alice.shortcut("new_restore")
    assert alice.view is not None
    [envelope] = workspace.sent_to_app
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("interactive", True)
    payload = envelope["payload"]
    assert payload["user"].pop("name") == "alice"
    ids = {name: payload.pop(name) for name in ("trigger_id", "action_ts", "token")}
    assert all(ids.values())
    assert payload == {
        "type": "shortcut",
        "team": {"id": "T0LOCAL0001", "domain": "local-workspace"},
        "user": {"id": "U0ALICECHEN", "username": "alice", "team_id": "T0LOCAL0001"},
        "api_app_id": "A0RESTORE01",
        "enterprise": None,
        "is_enterprise_install": False,
        "callback_id": "new_restore",
    }


async def test_a_message_shortcut_brings_the_message_and_can_be_answered(
    app: AsyncApp, alice: Person, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    root = (await web.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    await web.chat_postMessage(channel=CHANNEL, text="r-1", thread_ts=root)
    reply = workspace.thread("#db-oncall", root)[1]
    await alice.message_shortcut("follow", reply)
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == ["following r-1"]
    payload = workspace.sent_to_app[0]["payload"]
    assert (payload["type"], payload["callback_id"]) == ("message_action", "follow")
    assert payload["channel"] == {"id": CHANNEL, "name": "db-oncall"}
    assert (payload["message"], payload["message_ts"]) == (reply, reply["ts"])
    assert "/response/" in payload["response_url"]


async def test_a_shortcut_works_where_the_app_is_not_a_member(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    await alice.say("#random", "r-2")
    await alice.message_shortcut("follow", workspace.messages("#random")[0])
    assert [message["text"] for message in alice.ephemerals("#random")] == ["following r-2"]


async def test_a_shortcut_has_its_place(
    app: AsyncApp, alice: Person, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    await alice.say("#db-oncall", "hello")
    [message] = workspace.messages("#db-oncall")
    for wrong in ("new_restore", "nothing"):
        with pytest.raises(PersonError, match="There is no such shortcut"):
            await alice.message_shortcut(wrong, message)
    with pytest.raises(PersonError, match="There is no such shortcut"):
        await alice.shortcut("follow")
    await web.chat_postEphemeral(channel=CHANNEL, user=alice.id, text="only you")
    with pytest.raises(PersonError, match="do not work on this message"):
        await alice.message_shortcut("follow", alice.ephemerals("#db-oncall")[0])
    workspace.delete("#db-oncall", message["ts"])
    with pytest.raises(PersonError, match="This message is gone"):
        await alice.message_shortcut("follow", message)
    assert workspace.sent_to_app == []


async def test_a_person_hears_that_a_shortcut_did_not_work(
    app: AsyncApp, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "ACK_SECONDS", 0.05)
    with pytest.raises(PersonError, match="Restore Bot did not respond"):
        await alice.shortcut("unheard")


async def test_a_person_hears_that_the_app_is_away(alice: Person, web: AsyncWebClient) -> None:
    with pytest.raises(PersonError, match="Restore Bot is not connected"):
        await alice.shortcut("new_restore")
