"""How connections of the app end, and how envelopes fare on their way."""

from contextlib import AsyncExitStack

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, sockets
from tests.clocks import Now
from tests.contract.envelopes import Socket, address


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now, events=["app_mention"])


@pytest.mark.parametrize("reason", ["refresh_requested", "too_many_websockets", "link_disabled"])
async def test_slacks_own_client_comes_back_when_it_is_sent_away(
    web: AsyncWebClient, alice: Person, workspace: LocalWorkspace, reason: str
) -> None:
    async def acknowledge(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        await client.send_socket_mode_response(
            SocketModeResponse(request.envelope_id, {"text": "still here"})
        )

    client = SocketModeClient(app_token="xapp-sandbox", web_client=web)
    client.socket_mode_request_listeners.append(acknowledge)
    await client.connect()  # type: ignore[no-untyped-call]  # slack_sdk annotates it not
    await workspace.app_connected()
    await workspace.disconnect(reason)
    await workspace.app_connected()
    opened = [call for call in workspace.journal if call.name == "apps.connections.open"]
    assert len(opened) == 2
    await alice.say("#db-oncall", "/restore")
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == ["still here"]
    await client.close()  # type: ignore[no-untyped-call]  # nor this


async def test_a_warned_connection_works_for_ten_seconds_more(
    web: AsyncWebClient,
    session: aiohttp.ClientSession,
    alice: Person,
    workspace: LocalWorkspace,
    now: Now,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with AsyncExitStack() as stack:
        old = await stack.enter_async_context(session.ws_connect(await address(web)))
        await old.receive_json()
        await workspace.disconnect("warning")
        assert (await old.receive_json())["reason"] == "warning"
        await alice.say("#db-oncall", "@restorebot")
        assert (await Socket(old).event())["type"] == "app_mention"
        new = await stack.enter_async_context(session.ws_connect(await address(web)))
        assert (await new.receive_json())["num_connections"] == 2
        monkeypatch.setattr(sockets, "CLOSE_SECONDS", 0.01)
        now.time += 10
        workspace.clock_moved()
        assert (await old.receive_json())["reason"] == "refresh_requested"
        assert (await old.receive()).type is aiohttp.WSMsgType.CLOSE
        await alice.say("#db-oncall", "@restorebot")
        assert (await Socket(new).event())["type"] == "app_mention"


async def test_a_connection_is_sent_away_for_known_reasons_only(workspace: LocalWorkspace) -> None:
    with pytest.raises(ValueError, match="refresh_requested"):
        await workspace.disconnect("boredom")


async def test_a_connection_is_pinged(
    web: AsyncWebClient, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "HEARTBEAT_SECONDS", 0.01)
    async with session.ws_connect(await address(web), autoping=False) as socket:
        await socket.receive_json()
        assert (await socket.receive()).type is aiohttp.WSMsgType.PING


async def test_an_app_may_acknowledge_a_duplicate_twice(
    socket: Socket, alice: Person, workspace: LocalWorkspace
) -> None:
    workspace.faults.add("duplicate_envelope", "events_api", times=1)
    await alice.say("#db-oncall", "@restorebot")
    assert await socket.envelope() == await socket.envelope()
    await workspace.settled()
    assert (len(workspace.sent_to_app), workspace.due) == (1, [])
