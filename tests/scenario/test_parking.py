"""A channel that is closed to the bot: its threads wait, the person knows, and nothing is lost."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.restores.models import Event, EventKind
from bot.sandbox.slack import LocalWorkspace
from bot.slack import parking
from handlers import channels
from tests.scenario.delivering import CHANNEL, Desk, delivering, every, healthy, once
from tests.scenario.stage import Stage


def archive(desk: Desk) -> None:
    desk.workspace.archive(CHANNEL)


def unarchive(desk: Desk) -> None:
    desk.workspace.archive(CHANNEL, archived=False)


def remove(desk: Desk) -> None:
    desk.workspace.remove_bot(CHANNEL)


def invite(desk: Desk) -> None:
    desk.workspace.add_bot(CHANNEL)


def closed_by(reason: str) -> Callable[[Desk], None]:
    def close(desk: Desk) -> None:
        held = desk.channels[CHANNEL]
        desk.client.fault = lambda method, arguments: (
            reason if method.startswith("chat.") and arguments.get("channel") == held else None
        )

    return close


def opened(desk: Desk) -> None:
    desk.client.fault = healthy


WAYS = [
    pytest.param(archive, unarchive, id="archived"),
    pytest.param(remove, invite, id="removed"),
    pytest.param(closed_by("channel_not_found"), opened, id="gone"),
    pytest.param(closed_by("restricted_action"), opened, id="restricted"),
]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as made:
        yield made


@pytest.mark.parametrize(("close", "open_"), WAYS)
async def test_promise_4_a_thread_in_a_channel_that_closed_is_complete_once_the_bot_is_let_in(
    desk: Desk, close: Callable[[Desk], None], open_: Callable[[Desk], None]
) -> None:
    request = await desk.request()
    await desk.happened(request, 25)
    await desk.deliver()
    close(desk)
    await desk.happened(request, 50)
    await desk.deliver(turns=3)
    await desk.told_of(request, Event(kind=EventKind.FINISHED), percent=100, status="finish")
    await desk.deliver(turns=3)
    open_(desk)
    await desk.me.delivery.let_in(desk.channels[CHANNEL])
    await desk.deliver(turns=2)
    (thread,) = desk.threads()
    assert desk.told() == [25, 50]
    assert "finished" in thread[-1]
    assert "*Finished*" in desk.card()


@pytest.mark.parametrize(("close", "open_"), WAYS)
async def test_the_person_is_told_once_that_their_thread_is_cut_off(
    desk: Desk, close: Callable[[Desk], None], open_: Callable[[Desk], None]
) -> None:
    request = await desk.request()
    await desk.deliver()
    close(desk)
    for percent in (25, 50, 75):
        await desk.happened(request, percent)
        await desk.deliver(turns=2, pause=parking.RETRY)
    (told,) = desk.direct_messages()
    assert f"<#{request.channel_id}>" in told
    assert "/restore status s1" in told
    open_(desk)
    await desk.deliver(turns=2, pause=parking.RETRY)
    assert desk.told() == [25, 50, 75]
    close(desk)
    await desk.happened(request, 90)
    await desk.deliver()
    assert len(desk.direct_messages()) == 2


async def test_promise_10_a_thread_that_is_cut_off_is_tried_every_five_minutes_and_not_more_often(
    desk: Desk,
) -> None:
    request = await desk.request()
    await desk.deliver()
    archive(desk)
    await desk.happened(request, 25)
    await desk.deliver()
    calls = len(desk.workspace.journal)
    await desk.happened(request, 50)
    await desk.deliver(turns=10, pause=(parking.RETRY - timedelta(minutes=1)) / 10)
    assert len(desk.workspace.journal) == calls
    await desk.deliver(turns=10, pause=timedelta(minutes=1))
    assert len(desk.workspace.journal) == calls + 2
    unarchive(desk)
    await desk.deliver(turns=2, pause=parking.RETRY)
    assert desk.told() == [25, 50]


async def test_promise_5_a_card_that_cannot_be_edited_is_parked_and_current_afterwards(desk: Desk) -> None:
    """Nothing is to be told: only the card is out of date."""
    request = await desk.request()
    await desk.deliver()
    archive(desk)
    await desk.told_of(request, percent=30)
    await desk.deliver()
    edits = desk.calls("chat.update")
    await desk.told_of(request, percent=40)
    await desk.deliver(turns=5)
    assert desk.calls("chat.update") == edits
    assert len(desk.direct_messages()) == 1
    unarchive(desk)
    await desk.me.delivery.let_in(desk.channels[CHANNEL])
    await desk.deliver()
    assert " 40 %" in desk.card()


async def test_promise_9_a_closed_channel_does_not_stop_the_others(desk: Desk) -> None:
    lost, good = await desk.request(), await desk.request("#database-changes")
    await desk.deliver()
    archive(desk)
    await desk.happened(lost, 25)
    await desk.happened(good, 25)
    await desk.deliver()
    assert (desk.told(), desk.told("#database-changes")) == ([], [25])


async def test_promise_4_a_card_that_never_could_be_posted_is_posted_with_all_below_it(desk: Desk) -> None:
    archive(desk)
    request = await desk.request()
    await desk.happened(request, 25)
    await desk.deliver(turns=2)
    assert len(desk.direct_messages()) == 1
    unarchive(desk)
    await desk.me.delivery.let_in(desk.channels[CHANNEL])
    await desk.deliver()
    assert desk.told() == [25]


async def test_promise_3_a_message_in_doubt_whose_channel_closed_is_looked_for_afterwards(
    desk: Desk,
) -> None:
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = once("chat.postMessage", "answer lost")
    await desk.happened(request, 25, 50)
    await desk.deliver()
    remove(desk)
    await desk.deliver(turns=2)
    invite(desk)
    await desk.me.delivery.let_in(desk.channels[CHANNEL])
    await desk.deliver(turns=2)
    assert desk.told() == [25, 50]


@pytest.mark.parametrize("fault", ["never sent", "too many"])
async def test_a_direct_message_slack_has_no_time_for_is_sent_with_the_next_attempt(
    desk: Desk, fault: str
) -> None:
    request = await desk.request()
    await desk.deliver()
    archive(desk)
    await desk.happened(request, 25)
    desk.client.fault = lambda method, arguments: (
        fault if method == "chat.postMessage" and "thread_ts" not in arguments else None
    )
    await desk.deliver(pause=parking.RETRY)
    assert desk.direct_messages() == []
    desk.client.fault = healthy
    await desk.deliver(pause=parking.RETRY)
    assert len(desk.direct_messages()) == 1


@pytest.mark.parametrize("fault", ["user_not_found", "messages_tab_disabled", "answer lost"])
async def test_a_direct_message_that_is_refused_or_in_doubt_is_not_repeated(desk: Desk, fault: str) -> None:
    request = await desk.request()
    await desk.deliver()
    archive(desk)
    await desk.happened(request, 25)
    direct = 0

    def strike(method: str, arguments: dict[str, object]) -> str | None:
        nonlocal direct
        if method != "chat.postMessage" or arguments["channel"] != request.user_id:
            return None
        direct += 1
        return fault

    desk.client.fault = strike
    await desk.deliver(turns=3, pause=parking.RETRY)
    assert direct == 1
    unarchive(desk)
    await desk.deliver()
    assert desk.told() == [25]


async def test_promise_4_what_is_parked_is_gone_on_with_after_a_restart(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    archive(desk)
    await desk.happened(request, 25)
    await desk.deliver()
    heir = await desk.worker(ahead=timedelta(hours=-1))
    await heir.bury(desk.me)
    await heir.delivery.deliver()
    unarchive(desk)
    await heir.delivery.let_in(desk.channels[CHANNEL])
    await heir.delivery.deliver()
    assert desk.told() == [25]
    assert len(desk.direct_messages()) == 1


async def test_a_fault_of_the_app_as_a_whole_parks_no_thread(desk: Desk) -> None:
    request = await desk.request()
    await desk.deliver()
    desk.client.fault = every("chat.postMessage", "token_revoked")
    await desk.happened(request, 25)
    await desk.deliver(turns=3)
    desk.client.fault = healthy
    await desk.deliver(turns=2, pause=timedelta(minutes=1))
    assert desk.told() == [25]
    assert desk.direct_messages() == []


@pytest.mark.parametrize("way", ["archived", "removed"])
async def test_promise_4_the_bot_goes_on_by_itself_when_slack_says_that_it_was_let_in(
    stage: Stage, way: str
) -> None:
    workspace = stage.workspace
    async with stage.bot():
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
        await stage.until_started()
        if way == "archived":
            workspace.archive(CHANNEL)
        else:
            workspace.remove_bot(CHANNEL)
        stage.clock.advance(3600)
        await workspace.until(
            lambda: any(call.arguments.get("channel") == stage.alice.id for call in workspace.journal)
        )
        assert not any("finished" in text for text in stage.told())
        if way == "archived":
            workspace.archive(CHANNEL, archived=False)
        else:
            await stage.ben.say(CHANNEL, "/invite @restorebot")
        await stage.until_told("finished")
        await stage.until_card("*Finished*")


@pytest.mark.parametrize(
    ("event", "let_in"),
    [
        ({"type": "member_joined_channel", "user": "U0RESTORE01", "channel": "C1"}, ["C1"]),
        ({"type": "member_joined_channel", "user": "U0ALICECHEN", "channel": "C1"}, []),
        ({"type": "channel_unarchive", "user": "U0ALICECHEN", "channel": "C1"}, ["C1"]),
        ({"type": "group_unarchive", "user": "U0ALICECHEN", "channel": "C1"}, ["C1"]),
    ],
)
async def test_the_bots_own_coming_counts_and_that_of_others_does_not(
    event: dict[str, str], let_in: list[str]
) -> None:
    heard: list[str] = []

    async def listen(channel_id: str) -> None:
        heard.append(channel_id)

    async with LocalWorkspace().serve(port=0) as url:
        web = AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/")
        app = AsyncApp(client=web, process_before_response=True)
        channels.register(app, listen)
        request = AsyncBoltRequest(body={"type": "event_callback", "event": event}, mode="socket_mode")
        answer = await app.async_dispatch(request)
    assert answer.status == 200
    assert heard == let_in
