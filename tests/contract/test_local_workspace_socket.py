"""Socket Mode of the local workspace, driven by Slack's own client and by a bare WebSocket."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, PersonError
from tests.contract.envelopes import address


async def test_slacks_own_client_gets_a_command_and_its_acknowledgement_is_shown(
    workspace: LocalWorkspace, web: AsyncWebClient, alice: Person
) -> None:
    async def answer(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        text = f"you said {request.payload['text']}"
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, {"text": text}))

    client = SocketModeClient(app_token="xapp-sandbox", web_client=web)
    client.socket_mode_request_listeners.append(answer)
    await client.connect()  # type: ignore[no-untyped-call]  # slack_sdk annotates it not
    await workspace.app_connected()
    await alice.say("#db-oncall", "/restore status r-1")
    await client.close()  # type: ignore[no-untyped-call]  # nor this
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == ["you said status r-1"]
    [envelope] = workspace.sent_to_app
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    payload = envelope["payload"]
    assert payload["response_url"].startswith("http://127.0.0.1:")
    expected = {
        "command": "/restore",
        "text": "status r-1",
        "user_id": "U0ALICECHEN",
        "user_name": "alice",
        "channel_id": "C0DBONCALL1",
        "channel_name": "db-oncall",
        "team_id": "T0LOCAL0001",
        "is_enterprise_install": "false",
    }
    assert payload.items() >= expected.items()


async def test_a_connection_starts_with_hello(web: AsyncWebClient, session: aiohttp.ClientSession) -> None:
    async with session.ws_connect(await address(web)) as socket:
        hello = await socket.receive_json()
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": "A0RESTORE01"}


async def test_a_ticket_opens_one_connection(web: AsyncWebClient, session: aiohttp.ClientSession) -> None:
    once = await address(web)
    async with session.ws_connect(once) as socket:
        await socket.receive_json()
        for wrong in (once, once.replace("ticket=", "ticket=0")):
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await session.ws_connect(wrong)
            assert caught.value.status == 401


async def test_the_eleventh_connection_is_sent_away(
    workspace: LocalWorkspace, web: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    async with AsyncExitStack() as stack:
        for number in range(1, 11):
            socket = await stack.enter_async_context(session.ws_connect(await address(web)))
            assert (await socket.receive_json())["num_connections"] == number
        late = await stack.enter_async_context(session.ws_connect(await address(web)))
        goodbye = await late.receive_json()
        assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "too_many_websockets")
        assert (await late.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_each_envelope_goes_to_one_connection_in_turn(
    web: AsyncWebClient, session: aiohttp.ClientSession, alice: Person
) -> None:
    async with session.ws_connect(await address(web)) as one, session.ws_connect(await address(web)) as two:
        for socket in (one, two):
            await socket.receive_json()
        saying = [asyncio.create_task(alice.say("#db-oncall", f"/restore {n}")) for n in range(4)]
        heard: list[Any] = []
        for socket in (one, two):
            for _ in range(2):
                envelope = await socket.receive_json()
                heard.append(envelope["payload"]["text"])
                await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await asyncio.gather(*saying)
    assert sorted(heard) == ["0", "1", "2", "3"]
    assert alice.ephemerals("#db-oncall") == []


@pytest.mark.usefixtures("impatient")
async def test_a_person_hears_that_the_app_did_not_respond_and_a_late_word_changes_nothing(
    app_socket: aiohttp.ClientWebSocketResponse, alice: Person
) -> None:
    await alice.say("#db-oncall", "/restore")
    envelope = await app_socket.receive_json()
    await app_socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "late"}})
    await app_socket.send_str("no json")
    await app_socket.send_str("[]")
    again = asyncio.create_task(alice.say("#db-oncall", "/restore"))
    envelope = await app_socket.receive_json()
    await app_socket.send_json({"envelope_id": envelope["envelope_id"], "payload": "in time"})
    await again
    first, second = alice.ephemerals("#db-oncall")
    assert first["user"] == "USLACKBOT"
    assert first["text"] == "/restore failed because the app did not respond (operation_timeout)."
    assert second["text"] == "in time"


async def test_a_person_hears_that_no_app_is_connected(workspace: LocalWorkspace, alice: Person) -> None:
    await alice.say("#db-oncall", "/restore")
    [message] = alice.ephemerals("#db-oncall")
    assert message["text"] == "/restore failed because the app is not connected (dispatch_failed)."
    assert workspace.sent_to_app == []


async def test_an_unknown_command_and_one_in_a_thread_do_not_reach_the_app(
    workspace: LocalWorkspace, app_socket: aiohttp.ClientWebSocketResponse, alice: Person
) -> None:
    await alice.say("#db-oncall", "root")
    root = workspace.messages("#db-oncall")[0]["ts"]
    await alice.say("#db-oncall", "/foo bar")
    await alice.say("#db-oncall", "/restore", thread_ts=root)
    unknown, threaded = alice.ephemerals("#db-oncall")
    assert unknown["text"].startswith("`/foo` is not a valid command.")
    assert threaded["text"] == "/restore is not supported in threads. Sorry!"
    assert threaded["thread_ts"] == root
    assert workspace.sent_to_app == []


@pytest.mark.parametrize(
    ("payload", "outcome"),
    [
        ({"response_type": "in_channel", "text": "for all"}, ("channel", "for all")),
        ({"text": "for you"}, ("person", "for you")),
        (
            {"blocks": [{"type": "nonsense"}]},
            ("person", "/restore failed because the app's answer cannot be shown (invalid_blocks)."),
        ),
    ],
)
async def test_an_acknowledgement_may_carry_the_answer(
    workspace: LocalWorkspace,
    app_socket: aiohttp.ClientWebSocketResponse,
    payload: dict[str, Any],
    outcome: tuple[str, str],
    alice: Person,
) -> None:
    saying = asyncio.create_task(alice.say("#db-oncall", "/restore"))
    envelope = await app_socket.receive_json()
    await app_socket.send_json({"envelope_id": envelope["envelope_id"], "payload": payload})
    await saying
    shown = {"channel": workspace.messages("#db-oncall"), "person": alice.ephemerals("#db-oncall")}
    where, text = outcome
    assert [message["text"] for message in shown.pop(where)] == [text]
    assert list(shown.values()) == [[]]


NOTE = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Note"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [{"type": "divider"}],
}


@pytest.mark.parametrize(
    "payload",
    [
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": "wrong"},
        {"response_action": "update", "view": 7},
        {"response_action": "push"},
        {"response_action": "dance"},
        "a text",
        ["a list"],
    ],
)
async def test_a_submission_is_not_lost_to_an_acknowledgement_that_makes_no_sense(
    web: AsyncWebClient, app_socket: aiohttp.ClientWebSocketResponse, payload: Any, alice: Person
) -> None:
    saying = asyncio.create_task(alice.say("#db-oncall", "/restore"))
    command = await app_socket.receive_json()
    await app_socket.send_json({"envelope_id": command["envelope_id"]})
    await saying
    await web.views_open(trigger_id=command["payload"]["trigger_id"], view=NOTE)
    submitting = asyncio.create_task(alice.submit())
    submission = await app_socket.receive_json()
    await app_socket.send_json({"envelope_id": submission["envelope_id"], "payload": payload})
    with pytest.raises(PersonError, match=r"We had some trouble connecting\. Try again\?"):
        await submitting
    assert alice.view is not None


async def test_the_app_is_told_when_the_workspace_closes(session: aiohttp.ClientSession) -> None:
    workspace = LocalWorkspace()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(workspace.serve(port=0))
        web = AsyncWebClient(base_url=f"{url}api/", retry_handlers=[])
        socket = await session.ws_connect(await address(web))
        await socket.receive_json()
        await stack.aclose()
        assert (await socket.receive_json())["reason"] == "link_disabled"
        await socket.close()


async def test_waiting_for_what_never_happens_times_out(workspace: LocalWorkspace) -> None:
    with pytest.raises(TimeoutError):
        await workspace.until(lambda: workspace.messages("#general"), within=0.01)
