"""The wire between the local workspace and its page: REST calls, the socket, and who is let in."""

from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, SlashCommand
from tests.blocks import plain
from tests.contract.envelopes import acknowledge
from tests.contract.modals import GO, PLAN_FORM

ALICE, BEN, MARA = "U0ALICECHEN", "U0BENOKORO1", "U0MARASILVA"
CHANNEL = "C0DBONCALL1"


class Page:
    """What the page's script does, without a browser."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self.url = url

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        async with self._session.get(f"{self.url}page/{path}", params=query) as answer:
            return {"status": answer.status, **await answer.json()}

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        async with self._session.post(f"{self.url}page/{path}", json=body) as answer:
            return {"status": answer.status, **await answer.json()}

    async def listen(self, user: str) -> aiohttp.ClientWebSocketResponse:
        """A socket that has already got the person's (empty) stack of views."""
        socket = await self._session.ws_connect(f"{self.url}page/socket?user={user}")
        assert await socket.receive_json() == {"type": "view", "views": []}
        return socket


@pytest.fixture
def page(session: aiohttp.ClientSession, url: str) -> Page:
    return Page(session, url)


@pytest.fixture
def app(bolt: AsyncApp) -> AsyncApp:
    """A Bolt app that opens a form on its command, acknowledges its button and fills its menu."""
    bolt.command("/restore")(_open_form)
    bolt.action("go")(acknowledge)
    bolt.view("form")(_refuse_or_close)
    bolt.options("plan")(_suggest)
    return bolt


OPTION = {"text": plain("orders"), "value": "p-1"}


async def _open_form(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
    await ack()
    await client.views_open(trigger_id=body["trigger_id"], view=PLAN_FORM)


async def _suggest(ack: AsyncAck) -> None:
    await ack(options=[OPTION])


async def _refuse_or_close(ack: AsyncAck, view: dict[str, Any]) -> None:
    chosen = view["state"]["values"]["plan"]["plan"]["selected_option"]
    if chosen["value"] == "taken":
        await ack(response_action="errors", errors={"plan": "Taken."})
    else:
        await ack()


async def test_the_page_boots_as_the_first_person(page: Page) -> None:
    boot = await page.get("boot")
    assert boot["me"]["name"] == "alice"
    assert boot["bot"] == {"connected": False}
    assert [user["name"] for user in boot["users"] if not user["is_bot"]] == ["alice", "ben", "mara"]
    assert [command["command"] for command in boot["commands"]] == ["/restore"]
    assert boot["commands"][0]["usage_hint"].endswith("| help]")


async def test_each_person_has_their_own_channels_and_zone(page: Page) -> None:
    names = {}
    for user in (ALICE, MARA):
        boot = await page.get("boot", user=user)
        names[user] = {channel["name"]: channel["is_member"] for channel in boot["channels"]}
    assert names[ALICE]["dba-private"]
    assert "old-oncall" not in names[ALICE]
    assert "dba-private" not in names[MARA]
    assert names[MARA]["db-oncall"] is False
    assert (await page.get("boot", user=BEN))["me"]["tz"] == "Europe/Berlin"
    assert (await page.get("boot", user="U0NOBODY001"))["status"] == 400
    assert (await page.get("boot", user="U0RESTORE01"))["status"] == 400


async def test_the_apps_commands_and_name_come_from_outside() -> None:
    commands = [SlashCommand("/drill", "Practise")]
    workspace = LocalWorkspace(commands=commands, app_name="Drill Bot")
    async with workspace.serve(port=0) as url, aiohttp.ClientSession() as session:
        boot = await Page(session, url).get("boot")
    assert boot["commands"] == [
        {"command": "/drill", "description": "Practise", "usage_hint": "", "app": "Drill Bot"}
    ]


async def test_a_message_reaches_everyone_who_can_see_the_channel(page: Page) -> None:
    alice, mara = await page.listen(ALICE), await page.listen(MARA)
    assert (await page.post("message", user=BEN, channel="C0DBAPRIVAT", text="secret"))["ok"]
    assert (await page.post("message", user=BEN, channel=CHANNEL, text="open"))["ok"]
    heard = [(await alice.receive_json())["message"]["text"] for _ in range(2)]
    assert heard == ["secret", "open"]
    assert (await mara.receive_json())["message"]["text"] == "open"
    await alice.close()
    await mara.close()


async def test_a_thread_updates_its_root_and_is_read_on_its_own(page: Page) -> None:
    await page.post("message", user=ALICE, channel=CHANNEL, text="root")
    root = (await page.get("messages", user=ALICE, channel=CHANNEL))["messages"][0]["ts"]
    ben = await page.listen(BEN)
    await page.post("message", user=ALICE, channel=CHANNEL, text="reply", thread_ts=root)
    reply, changed = await ben.receive_json(), await ben.receive_json()
    assert (reply["type"], reply["message"]["thread_ts"]) == ("message", root)
    assert (changed["type"], changed["message"]["reply_count"]) == ("message_changed", 1)
    thread = await page.get("messages", user=BEN, channel=CHANNEL, thread_ts=root)
    assert [message["text"] for message in thread["messages"]] == ["root", "reply"]
    await ben.close()


async def test_edits_and_deletions_are_told(page: Page, web: AsyncWebClient) -> None:
    alice = await page.listen(ALICE)
    ts = (await web.chat_postMessage(channel=CHANNEL, text="a"))["ts"]
    await web.chat_update(channel=CHANNEL, ts=ts, text="b")
    await web.chat_delete(channel=CHANNEL, ts=ts)
    kinds = [(await alice.receive_json())["type"] for _ in range(3)]
    assert kinds == ["message", "message_changed", "message_deleted"]
    await alice.close()


async def test_metadata_is_not_sent_to_the_page(page: Page, web: AsyncWebClient) -> None:
    metadata = {"event_type": "e", "event_payload": {}}
    await web.chat_postMessage(channel=CHANNEL, text="a", metadata=metadata)
    [message] = (await page.get("messages", user=ALICE, channel=CHANNEL))["messages"]
    assert "metadata" not in message


async def test_a_direct_conversation_appears_for_its_person_only(page: Page) -> None:
    alice = await page.listen(ALICE)
    opened = (await page.post("im", user=ALICE))["channel"]["id"]
    event = await alice.receive_json()
    assert event["type"] == "channel"
    assert (event["channel"]["id"], event["channel"]["user"]) == (opened, "U0RESTORE01")
    refused = await page.get("messages", user=BEN, channel=opened)
    assert (refused["status"], refused["error"]) == (400, "There is no such channel.")
    await alice.close()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"channel": "C0NOWHERE01", "text": "x"}, "There is no such channel."),
        ({"channel": "C0OLDONCALL", "text": "x"}, "#old-oncall is archived."),
        ({"channel": CHANNEL, "text": " "}, "There is nothing to send."),
        ({"channel": CHANNEL, "text": "x", "thread_ts": "1.000001"}, "This thread is gone."),
        ({"channel": CHANNEL, "text": "x", "user": MARA}, "You are not a member of #db-oncall."),
        ({"channel": CHANNEL, "text": "x", "user": "U0NOBODY001"}, "There is no such person."),
    ],
)
async def test_what_does_not_work_is_said_in_a_sentence(
    page: Page, body: dict[str, Any], sentence: str
) -> None:
    answer = await page.post("message", **{"user": ALICE, **body})
    assert answer == {"status": 400, "ok": False, "error": sentence}


async def test_a_command_answers_at_once_and_its_failure_arrives_over_the_socket(page: Page) -> None:
    alice = await page.listen(ALICE)
    assert await page.post("message", user=ALICE, channel=CHANNEL, text="/foo") == {"status": 200, "ok": True}
    event = await alice.receive_json()
    assert (event["type"], event["message"]["is_ephemeral"]) == ("ephemeral", True)
    assert event["message"]["text"].startswith("`/foo` is not a valid command.")
    await alice.close()


async def test_ephemeral_messages_are_read_again_by_their_person_only(
    page: Page, web: AsyncWebClient
) -> None:
    await web.chat_postEphemeral(channel=CHANNEL, user=ALICE, text="only you")
    hers = await page.get("messages", user=ALICE, channel=CHANNEL)
    his = await page.get("messages", user=BEN, channel=CHANNEL)
    assert [message["is_ephemeral"] for message in hers["messages"]] == [True]
    assert his["messages"] == []


async def test_a_form_is_opened_filled_corrected_and_submitted(page: Page, app: AsyncApp) -> None:
    alice = await page.listen(ALICE)
    await page.post("message", user=ALICE, channel=CHANNEL, text="/restore")
    [view] = (await alice.receive_json())["views"]
    assert view["app"] == {"name": "Restore Bot"}
    container = {"type": "view", "view_id": view["id"]}
    asked = {"user": ALICE, "container": container, "block_id": "plan", "action_id": "plan", "value": "ord"}
    assert (await page.post("options", **asked))["options"] == [OPTION]
    pressed = {"type": "button", "block_id": "more", "action_id": "go"}
    assert (await page.post("action", user=ALICE, container=container, action=pressed))["ok"]

    def typed(option: dict[str, Any]) -> dict[str, Any]:
        values = {"plan": {"plan": {"type": "external_select", "selected_option": option}}}
        return {"user": ALICE, "view_id": view["id"], "state_values": values}

    assert (await page.post("submit", **typed(OPTION | {"value": "taken"})))["errors"] == {"plan": "Taken."}
    assert await page.post("submit", **typed(OPTION)) == {"status": 200, "ok": True}
    assert await alice.receive_json() == {"type": "view", "views": []}
    for path in ("submit", "options", "close"):
        gone = await page.post(path, **typed(OPTION), container=container)
        assert (gone["status"], gone["error"]) == (400, "This dialog is closed.")
    await alice.close()


async def test_a_page_that_comes_back_gets_its_dialogs_again(page: Page, app: AsyncApp) -> None:
    first = await page.listen(ALICE)
    await page.post("message", user=ALICE, channel=CHANNEL, text="/restore")
    event = await first.receive_json()
    await first.close()
    async with aiohttp.ClientSession() as session:
        again = await session.ws_connect(f"{page.url}page/socket?user={ALICE}")
        assert await again.receive_json() == event
        closing = {"user": ALICE, "view_id": event["views"][0]["id"]}
        assert (await page.post("close", **closing, all=True))["ok"]
        assert await again.receive_json() == {"type": "view", "views": []}
        await again.close()


async def test_a_button_that_is_gone_is_said_in_a_sentence(
    page: Page, app: AsyncApp, web: AsyncWebClient
) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [GO]}]
    ts = (await web.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks))["ts"]
    pressed = {
        "user": ALICE,
        "container": {"type": "message", "channel": CHANNEL, "message_ts": ts},
        "action": {"type": "button", "block_id": "b", "action_id": "go"},
    }
    assert (await page.post("action", **pressed))["ok"]
    await web.chat_update(channel=CHANNEL, ts=ts, text="no buttons")
    assert (await page.post("action", **pressed))["error"] == "This element is gone."
    await web.chat_delete(channel=CHANNEL, ts=ts)
    assert (await page.post("action", **pressed))["error"] == "This message is gone."


async def test_the_page_is_told_when_the_app_comes_and_goes(page: Page, web: AsyncWebClient) -> None:
    alice = await page.listen(ALICE)
    address = (await web.apps_connections_open(app_token="xapp-sandbox"))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(address):
        assert await alice.receive_json() == {"type": "bot", "connected": True}
        assert (await page.get("boot"))["bot"] == {"connected": True}
    assert await alice.receive_json() == {"type": "bot", "connected": False}
    await alice.close()
