"""Each fault of the local workspace, proven on the wire with Slack's own clients."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from tests.contract.calls import refused
from tests.contract.shapes import Ordered

CHANNEL = "#db-oncall"


@pytest.fixture
async def control(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{url}control/") as http:
        yield http


@pytest.fixture
async def envelopes(web: AsyncWebClient) -> AsyncIterator[asyncio.Queue[SocketModeRequest]]:
    """What a connected app gets, acknowledged at once."""
    got: asyncio.Queue[SocketModeRequest] = asyncio.Queue()
    client = SocketModeClient("xapp-sandbox", web_client=web)

    async def listen(own: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        got.put_nowait(request)
        await own.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    client.socket_mode_request_listeners.append(listen)
    await client.connect()  # type: ignore[no-untyped-call]  # as the SDK left it
    yield got
    await client.close()  # type: ignore[no-untyped-call]  # as the SDK left it


async def post_refused(web: AsyncWebClient) -> Any:
    return await refused(web.chat_postMessage(channel=CHANNEL, text="hello"))


def texts(workspace: LocalWorkspace) -> list[str]:
    return [message["text"] for message in workspace.messages(CHANNEL)]


async def test_a_call_gets_the_http_status_that_was_ordered(
    slack_fault: Ordered, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    await slack_fault("status", status=500, target="chat.postMessage", times=1)
    await web.auth_test()
    assert (await post_refused(web)).status_code == 500
    await web.chat_postMessage(channel=CHANNEL, text="hello")
    assert texts(workspace) == ["hello"]


async def test_a_call_gets_the_error_that_was_ordered(
    slack_fault: Ordered, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    await slack_fault("error", code="fatal_error")
    assert (await post_refused(web))["error"] == "fatal_error"
    assert texts(workspace) == []


async def test_a_throttled_call_is_told_how_long_to_wait(slack_fault: Ordered, web: AsyncWebClient) -> None:
    await slack_fault("throttle", retry_after=9)
    response = await post_refused(web)
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (
        429,
        "ratelimited",
        "9",
    )


async def test_an_answer_is_late_by_the_seconds_ordered(slack_fault: Ordered, web: AsyncWebClient) -> None:
    await slack_fault("delay", seconds=0.02)
    began = time.monotonic()
    await web.auth_test()
    assert time.monotonic() - began >= 0.02


async def test_no_answer_until_the_fault_is_cleared(
    slack_fault: Ordered, web: AsyncWebClient, workspace: LocalWorkspace, control: httpx.AsyncClient
) -> None:
    await slack_fault("hang")
    call = asyncio.create_task(web.auth_test())
    await workspace.until(lambda: workspace.faults.all[0].hits)
    assert not call.done()
    await control.delete("slack/faults")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await call


async def test_a_hanging_call_does_not_keep_the_workspace_from_closing() -> None:
    workspace = LocalWorkspace()
    async with asyncio.timeout(3), workspace.serve(port=0) as url:
        workspace.faults.add("hang")
        web = AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])
        call = asyncio.create_task(web.auth_test())
        await workspace.until(lambda: workspace.faults.all[0].hits)
    with pytest.raises(aiohttp.ClientError):
        await call


@pytest.mark.parametrize(("kind", "posted"), [("close_before", []), ("close_after", ["hello"])])
async def test_the_connection_closes_before_or_after_the_call_is_carried_out(
    slack_fault: Ordered, web: AsyncWebClient, workspace: LocalWorkspace, kind: str, posted: list[str]
) -> None:
    await slack_fault(kind, times=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await web.chat_postMessage(channel=CHANNEL, text="hello")
    assert texts(workspace) == posted


@pytest.mark.parametrize(
    ("kind", "content_type", "begins"),
    [
        ("cut_json", "application/json", '{"ok": true'),
        ("garbled_json", "application/json", '{"ok" true'),
        ("html", "text/html", "<html>"),
        ("xml", "text/xml", "<?xml version='1.0' encoding='UTF-8'?><Response><ok>true</ok>"),
    ],
)
async def test_an_answer_nobody_can_read_as_json(
    slack_fault: Ordered,
    workspace: LocalWorkspace,
    url: str,
    kind: str,
    content_type: str,
    begins: str,
) -> None:
    await slack_fault(kind, times=1)
    async with httpx.AsyncClient(headers={"Authorization": "Bearer xoxb-sandbox"}) as http:
        answer = await http.post(f"{url}api/chat.postMessage", json={"channel": CHANNEL, "text": "hello"})
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, content_type)
    assert answer.text.startswith(begins)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert texts(workspace) == ["hello"]


async def test_an_envelope_comes_twice(
    slack_fault: Ordered, envelopes: asyncio.Queue[SocketModeRequest], workspace: LocalWorkspace
) -> None:
    await slack_fault("duplicate_envelope", target="slash_commands", times=1)
    await workspace.person("alice").say(CHANNEL, "/restore help")
    async with asyncio.timeout(5):
        first, second = await envelopes.get(), await envelopes.get()
        assert first.envelope_id == second.envelope_id
        await workspace.person("alice").say(CHANNEL, "/restore help")
        assert (await envelopes.get()).envelope_id != first.envelope_id
    assert envelopes.empty()


@pytest.mark.usefixtures("impatient")
async def test_a_socket_stays_open_and_deaf(
    slack_fault: Ordered,
    envelopes: asyncio.Queue[SocketModeRequest],
    workspace: LocalWorkspace,
) -> None:
    await slack_fault("deaf_socket", times=1)
    alice = workspace.person("alice")
    await alice.say(CHANNEL, "/restore help")
    assert envelopes.empty()
    assert "operation_timeout" in alice.ephemerals(CHANNEL)[-1]["text"]
    await alice.say(CHANNEL, "/restore help")
    assert envelopes.qsize() == 1


async def test_a_channel_is_archived_and_brought_back(
    control: httpx.AsyncClient, web: AsyncWebClient
) -> None:
    assert (await control.post("slack/channel", json={"channel": CHANNEL, "archived": True})).json()["ok"]
    assert (await post_refused(web))["error"] == "is_archived"
    await control.post("slack/channel", json={"channel": CHANNEL, "archived": False})
    await web.chat_postMessage(channel=CHANNEL, text="hello")


async def test_the_bot_is_removed_from_a_channel_and_added_again(
    control: httpx.AsyncClient, web: AsyncWebClient
) -> None:
    await control.post("slack/channel", json={"channel": CHANNEL, "bot": False})
    assert (await post_refused(web))["error"] == "not_in_channel"
    await control.post("slack/channel", json={"channel": CHANNEL, "bot": True})
    await web.chat_postMessage(channel=CHANNEL, text="hello")


async def test_a_message_is_deleted(control: httpx.AsyncClient, web: AsyncWebClient) -> None:
    posted = await web.chat_postMessage(channel=CHANNEL, text="hello")
    order = {"channel": posted["channel"], "ts": posted["ts"]}
    assert (await control.post("slack/message", json=order)).json() == {"ok": True}
    with pytest.raises(SlackApiError, match="message_not_found"):
        await web.chat_update(channel=posted["channel"], ts=posted["ts"], text="changed")
    assert (await control.post("slack/message", json=order)).status_code == 404


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets", "link_disabled"])
async def test_the_app_is_told_to_disconnect(
    control: httpx.AsyncClient, web: AsyncWebClient, workspace: LocalWorkspace, reason: str
) -> None:
    opened = await AsyncWebClient(token="xapp-sandbox", base_url=web.base_url).apps_connections_open(
        app_token="xapp-sandbox"
    )
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        telling = asyncio.create_task(control.post("slack/disconnect", json={"reason": reason}))
        told = await socket.receive_json()
        assert (told["type"], told["reason"]) == ("disconnect", reason)
        if reason != "warning":
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    assert (await telling).json() == {"ok": True}


async def test_rate_limits_are_switched_on_and_off(control: httpx.AsyncClient, web: AsyncWebClient) -> None:
    async def flood() -> None:
        for _ in range(20):
            await web.chat_postMessage(channel=CHANNEL, text="hello")

    assert (await control.get("slack/rates")).json() == {"ok": True, "on": False}
    await flood()
    assert (await control.post("slack/rates", json={"on": True})).json() == {"ok": True, "on": True}
    with pytest.raises(SlackApiError) as raised:
        await flood()
    assert raised.value.response.status_code == 429
    await control.post("slack/rates", json={"on": False})
    await flood()


@pytest.mark.parametrize(
    ("path", "order", "status"),
    [
        ("channel", {"channel": "#nowhere", "archived": True}, 404),
        ("channel", {"channel": CHANNEL}, 400),
        ("channel", {"channel": CHANNEL, "bot": "yes"}, 400),
        ("message", {"channel": CHANNEL, "ts": "1.2"}, 404),
        ("message", {"ts": 5}, 400),
        ("disconnect", {"reason": "boredom"}, 400),
        ("rates", {"on": 1}, 400),
        ("faults", {"kind": "clock_skew"}, 400),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_with_a_sentence(
    control: httpx.AsyncClient, path: str, order: dict[str, object], status: int
) -> None:
    answer = await control.post(f"slack/{path}", json=order)
    assert (answer.status_code, answer.json()["ok"]) == (status, False)
    assert answer.json()["error"].endswith(".")


async def test_other_sites_control_nothing(control: httpx.AsyncClient, workspace: LocalWorkspace) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        answer = await control.post("slack/faults", json={"kind": "hang"}, headers=headers)
        assert answer.status_code == 403
    assert workspace.faults.all == ()
