"""Each fault of the local workspace, proven on the wire with Slack's own clients."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
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

CHANNEL = "#db-oncall"

Ordered = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def served() -> AsyncIterator[tuple[LocalWorkspace, str]]:
    workspace = LocalWorkspace()
    async with workspace.serve(port=0) as url:
        yield workspace, url


@pytest.fixture
def workspace(served: tuple[LocalWorkspace, str]) -> LocalWorkspace:
    return served[0]


@pytest.fixture
async def control(served: tuple[LocalWorkspace, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{served[1]}control/") as http:
        yield http


@pytest.fixture
def slack(served: tuple[LocalWorkspace, str]) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-sandbox", base_url=f"{served[1]}api/", retry_handlers=[])


@pytest.fixture
def ordered(control: httpx.AsyncClient) -> Ordered:
    async def order(kind: str, **fields: object) -> dict[str, Any]:
        answer = await control.post("slack/faults", json={"kind": kind, **fields})
        assert answer.status_code == 200, answer.text
        fault: dict[str, Any] = answer.json()["fault"]
        return fault

    return order


@pytest.fixture
async def envelopes(slack: AsyncWebClient) -> AsyncIterator[asyncio.Queue[SocketModeRequest]]:
    """What a connected app gets, acknowledged at once."""
    got: asyncio.Queue[SocketModeRequest] = asyncio.Queue()
    client = SocketModeClient("xapp-sandbox", web_client=slack)

    async def listen(own: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        got.put_nowait(request)
        await own.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    client.socket_mode_request_listeners.append(listen)
    await client.connect()  # type: ignore[no-untyped-call]  # as the SDK left it
    yield got
    await client.close()  # type: ignore[no-untyped-call]  # as the SDK left it


async def refusal(slack: AsyncWebClient) -> SlackApiError:
    with pytest.raises(SlackApiError) as raised:
        await slack.chat_postMessage(channel=CHANNEL, text="hello")
    return raised.value


def texts(workspace: LocalWorkspace) -> list[str]:
    return [message["text"] for message in workspace.messages(CHANNEL)]


async def test_an_http_status(ordered: Ordered, slack: AsyncWebClient, workspace: LocalWorkspace) -> None:
    await ordered("status", status=500, target="chat.postMessage", times=1)
    await slack.auth_test()
    assert (await refusal(slack)).response.status_code == 500
    await slack.chat_postMessage(channel=CHANNEL, text="hello")
    assert texts(workspace) == ["hello"]


async def test_an_error(ordered: Ordered, slack: AsyncWebClient, workspace: LocalWorkspace) -> None:
    await ordered("error", code="fatal_error")
    assert (await refusal(slack)).response["error"] == "fatal_error"
    assert texts(workspace) == []


async def test_too_many_requests(ordered: Ordered, slack: AsyncWebClient) -> None:
    await ordered("throttle", retry_after=9)
    response = (await refusal(slack)).response
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (
        429,
        "ratelimited",
        "9",
    )


async def test_a_late_answer(ordered: Ordered, slack: AsyncWebClient) -> None:
    await ordered("delay", seconds=0.2)
    began = time.monotonic()
    await slack.auth_test()
    assert time.monotonic() - began >= 0.2


async def test_no_answer_until_the_fault_is_cleared(
    ordered: Ordered, slack: AsyncWebClient, workspace: LocalWorkspace, control: httpx.AsyncClient
) -> None:
    await ordered("hang")
    call = asyncio.create_task(slack.auth_test())
    await workspace.until(lambda: workspace.faults.all[0].hits)
    assert not call.done()
    await control.delete("slack/faults")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await call


async def test_a_hanging_call_does_not_keep_the_workspace_from_closing() -> None:
    workspace = LocalWorkspace()
    async with asyncio.timeout(3), workspace.serve(port=0) as url:
        workspace.faults.add("hang")
        slack = AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])
        call = asyncio.create_task(slack.auth_test())
        await workspace.until(lambda: workspace.faults.all[0].hits)
    with pytest.raises(aiohttp.ClientError):
        await call


@pytest.mark.parametrize(("kind", "posted"), [("close_before", []), ("close_after", ["hello"])])
async def test_the_connection_closes(
    ordered: Ordered, slack: AsyncWebClient, workspace: LocalWorkspace, kind: str, posted: list[str]
) -> None:
    await ordered(kind, times=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await slack.chat_postMessage(channel=CHANNEL, text="hello")
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
    ordered: Ordered, served: tuple[LocalWorkspace, str], kind: str, content_type: str, begins: str
) -> None:
    await ordered(kind, times=1)
    workspace, url = served
    async with httpx.AsyncClient(headers={"Authorization": "Bearer xoxb-sandbox"}) as http:
        answer = await http.post(f"{url}api/chat.postMessage", json={"channel": CHANNEL, "text": "hello"})
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, content_type)
    assert answer.text.startswith(begins)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert texts(workspace) == ["hello"]


async def test_an_envelope_comes_twice(
    ordered: Ordered, envelopes: asyncio.Queue[SocketModeRequest], workspace: LocalWorkspace
) -> None:
    await ordered("duplicate_envelope", target="slash_commands", times=1)
    await workspace.person("alice").say(CHANNEL, "/restore help")
    async with asyncio.timeout(5):
        first, second = await envelopes.get(), await envelopes.get()
        assert first.envelope_id == second.envelope_id
        await workspace.person("alice").say(CHANNEL, "/restore help")
        assert (await envelopes.get()).envelope_id != first.envelope_id
    assert envelopes.empty()


async def test_a_socket_stays_open_and_deaf(
    ordered: Ordered,
    envelopes: asyncio.Queue[SocketModeRequest],
    workspace: LocalWorkspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.sandbox.slack.sockets.ACK_SECONDS", 0.1)
    await ordered("deaf_socket", times=1)
    alice = workspace.person("alice")
    await alice.say(CHANNEL, "/restore help")
    assert envelopes.empty()
    assert "operation_timeout" in alice.ephemerals(CHANNEL)[-1]["text"]
    await alice.say(CHANNEL, "/restore help")
    assert envelopes.qsize() == 1


async def test_a_channel_is_archived_and_brought_back(
    control: httpx.AsyncClient, slack: AsyncWebClient
) -> None:
    assert (await control.post("slack/channel", json={"channel": CHANNEL, "archived": True})).json()["ok"]
    assert (await refusal(slack)).response["error"] == "is_archived"
    await control.post("slack/channel", json={"channel": CHANNEL, "archived": False})
    await slack.chat_postMessage(channel=CHANNEL, text="hello")


async def test_the_bot_is_removed_from_a_channel_and_added_again(
    control: httpx.AsyncClient, slack: AsyncWebClient
) -> None:
    await control.post("slack/channel", json={"channel": CHANNEL, "bot": False})
    assert (await refusal(slack)).response["error"] == "not_in_channel"
    await control.post("slack/channel", json={"channel": CHANNEL, "bot": True})
    await slack.chat_postMessage(channel=CHANNEL, text="hello")


async def test_a_message_is_deleted(control: httpx.AsyncClient, slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel=CHANNEL, text="hello")
    order = {"channel": posted["channel"], "ts": posted["ts"]}
    assert (await control.post("slack/message", json=order)).json() == {"ok": True}
    with pytest.raises(SlackApiError, match="message_not_found"):
        await slack.chat_update(channel=posted["channel"], ts=posted["ts"], text="changed")
    assert (await control.post("slack/message", json=order)).status_code == 404


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets", "link_disabled"])
async def test_the_app_is_told_to_disconnect(
    control: httpx.AsyncClient, slack: AsyncWebClient, workspace: LocalWorkspace, reason: str
) -> None:
    opened = await AsyncWebClient(token="xapp-sandbox", base_url=slack.base_url).apps_connections_open(
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


async def test_rate_limits_are_switched_on_and_off(control: httpx.AsyncClient, slack: AsyncWebClient) -> None:
    async def flood() -> None:
        for _ in range(20):
            await slack.chat_postMessage(channel=CHANNEL, text="hello")

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
