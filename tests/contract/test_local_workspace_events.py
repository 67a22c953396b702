"""Events of the local workspace over Socket Mode, and how envelopes and connections fare on their way."""

import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person
from bot.sandbox.slack.installation import DEFAULT_EVENTS
from tests.clocks import Now
from tests.contract.envelopes import Socket, address

ALICE, BOT = "U0ALICECHEN", "U0RESTORE01"
CHANNEL, RANDOM = "C0DBONCALL1", "C0RANDOM001"
EVENTS = [*DEFAULT_EVENTS, "app_home_opened", "app_mention", "message.im"]
MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now, events=EVENTS)


async def test_a_mention_is_complete_as_slack_sends_it(
    socket: Socket, alice: Person, workspace: LocalWorkspace
) -> None:
    await alice.say("#db-oncall", "hey @restorebot, @nobody & a@restorebot")
    envelope = await socket.envelope()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    payload = envelope["payload"]
    [message] = workspace.messages("#db-oncall")
    assert message["text"] == f"hey <@{BOT}>, @nobody &amp; a@restorebot"
    assert payload["event"] == {
        "type": "app_mention",
        "user": ALICE,
        "text": message["text"],
        "team": "T0LOCAL0001",
        "ts": message["ts"],
        "channel": CHANNEL,
        "event_ts": message["ts"],
    }
    [authorization] = payload["authorizations"]
    assert authorization["user_id"] == BOT
    assert (payload["type"], payload["event_time"]) == ("event_callback", 1712345678)
    assert payload["event_id"].startswith("Ev0")


async def test_a_mention_where_the_app_is_not_is_not_told(
    socket: Socket, alice: Person, workspace: LocalWorkspace
) -> None:
    await alice.say("#random", "@restorebot")
    await alice.say("#db-oncall", "nobody is mentioned")
    await workspace.settled()
    assert workspace.sent_to_app == []


async def test_what_is_said_to_the_app_directly_is_told(
    socket: Socket, alice: Person, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    im = alice.open_im()
    opened = await socket.event()
    assert (opened["type"], opened["tab"], opened["channel"]) == ("app_home_opened", "messages", im)
    await alice.say(im, "hello @restorebot")
    event = await socket.event()
    assert (event["type"], event["channel_type"], event["channel"]) == ("message", "im", im)
    await web.chat_postMessage(channel=im, text="hello back")
    await workspace.settled()
    assert len(workspace.sent_to_app) == 2
    assert [message["text"] for message in workspace.messages(im)] == [f"hello <@{BOT}>", "hello back"]


async def test_someone_who_comes_into_a_channel_is_told(
    socket: Socket, alice: Person, web: AsyncWebClient, workspace: LocalWorkspace
) -> None:
    await alice.say("#random", "/invite @restorebot")
    event = await socket.event()
    told = {"user": BOT, "channel": RANDOM, "channel_type": "C", "inviter": ALICE}
    assert (event["type"], event.items() >= told.items()) == ("member_joined_channel", True)
    await alice.say("#random", "/invite @restorebot")
    await alice.say("#random", "/invite @mara")
    assert (await socket.event())["user"] == "U0MARASILVA"
    workspace.remove_bot("#random")
    await alice.say("#random", "@restorebot where are you?")
    await web.conversations_join(channel=RANDOM)
    event = await socket.event()
    assert (event["user"], "inviter" in event) == (BOT, False)
    await alice.say("#dba-private", "/invite @restorebot")
    assert (await socket.event())["channel_type"] == "G"


async def test_a_channel_that_is_brought_back_is_told_once_where_the_app_is_in_it(
    socket: Socket, alice: Person, workspace: LocalWorkspace
) -> None:
    await alice.say("#dba-private", "/invite @restorebot")
    await socket.event()
    for name in ("#db-oncall", "#dba-private", "#random"):
        workspace.archive(name)
        workspace.archive(name, archived=False)
        workspace.archive(name, archived=False)
    told = [await socket.event() for _ in range(2)]
    await workspace.settled()
    assert len(workspace.sent_to_app) == 3
    assert [event["type"] for event in told] == ["channel_unarchive", "group_unarchive"]
    assert told[0]["channel"] == CHANNEL


def test_the_events_are_those_of_the_manifest_unless_told_otherwise() -> None:
    (named,) = re.findall(r"bot_events: \[(.*)\]", MANIFEST.read_text())
    assert tuple(named.split(", ")) == DEFAULT_EVENTS


async def test_only_events_the_app_subscribed_to_are_told() -> None:
    workspace = LocalWorkspace()
    async with workspace.serve(port=0):
        alice = workspace.person("alice")
        await alice.say("#db-oncall", "@restorebot")
        alice.open_home()
        await workspace.settled()
    assert workspace.sent_to_app == []
    assert workspace.due == []


@pytest.mark.usefixtures("impatient")
async def test_an_event_nobody_acknowledges_is_sent_again_at_once_after_a_minute_and_after_five(
    socket: Socket, alice: Person, workspace: LocalWorkspace, now: Now
) -> None:
    await alice.say("#db-oncall", "@restorebot")
    heard = [await socket.envelope(acknowledge=False) for _ in range(2)]
    for wait in (60, 300):
        await workspace.settled()
        assert workspace.due == [now.time + wait]
        now.time += wait
        workspace.clock_moved()
        heard.append(await socket.envelope(acknowledge=False))
    await workspace.settled()
    assert workspace.due == []
    retries = [(envelope["retry_attempt"], envelope["retry_reason"]) for envelope in heard]
    assert retries == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")]
    assert len({envelope["envelope_id"] for envelope in heard}) == 4
    assert len({envelope["payload"]["event_id"] for envelope in heard}) == 1


@pytest.mark.usefixtures("impatient")
async def test_an_acknowledged_retry_is_the_last(
    socket: Socket, alice: Person, workspace: LocalWorkspace
) -> None:
    await alice.say("#db-oncall", "@restorebot")
    await socket.envelope(acknowledge=False)
    assert (await socket.envelope())["retry_attempt"] == 1
    await workspace.settled()
    assert (len(workspace.sent_to_app), workspace.due) == (2, [])


async def test_an_event_waits_for_an_app_that_is_away(
    web: AsyncWebClient,
    session: aiohttp.ClientSession,
    alice: Person,
    workspace: LocalWorkspace,
    now: Now,
) -> None:
    await alice.say("#db-oncall", "@restorebot")
    await workspace.settled()
    assert workspace.sent_to_app == []
    async with session.ws_connect(await address(web)) as socket:
        await socket.receive_json()
        now.time += 60
        workspace.clock_moved()
        assert (await Socket(socket).envelope())["retry_attempt"] == 2


async def test_bolt_hears_events_over_socket_mode(
    bolt: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    heard: list[str] = []

    async def listen(event: dict[str, Any]) -> None:
        heard.append(event["type"])

    for kind in ("app_home_opened", "app_mention", "member_joined_channel", "message"):
        bolt.event(kind)(listen)
    alice.open_home()
    await alice.say("#db-oncall", "@restorebot")
    await alice.say("#random", "/invite @restorebot")
    await alice.say(alice.open_im(), "hello")
    await workspace.settled()
    assert sorted(heard) == ["app_home_opened"] * 2 + ["app_mention", "member_joined_channel", "message"]
    assert workspace.due == []
