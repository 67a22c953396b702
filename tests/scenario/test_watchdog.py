"""A Socket Mode connection that is open and deaf."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import watchdog as watchdog_module
from bot.slack.watchdog import Watchdog, cut
from tests.scenario.stage import CHANNEL, Stage

#: Shorter than the client's own pings, so that a sound connection is quiet for as long when a test wants it.
SOON = 0.3


def connections(stage: Stage) -> int:
    return sum(arrival.name == "apps.connections.open" for arrival in stage.workspace.journal)


async def test_a_socket_nobody_reads_is_replaced_and_commands_work_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog_module, "DEAF_AFTER_SECONDS", SOON)
    as_it_is = SocketModeClient.receive_messages

    async def dead(client: SocketModeClient) -> None:
        """The first connection's reader dies; the second is left in peace."""
        if connections(stage) > 1:
            monkeypatch.undo()
            await as_it_is(client)

    monkeypatch.setattr(SocketModeClient, "receive_messages", dead)
    async with stage.bot():
        await stage.workspace.until(lambda: connections(stage) == 2)
        await stage.workspace.app_connected()
        await stage.alice.say(CHANNEL, "/restore")
        await stage.workspace.until(lambda: stage.alice.view)
    assert connections(stage) == 2


class Ears(Watchdog):
    """The watchdog of a client of the workspace; a test sets its clock and waits until it hears something."""

    def __init__(self, stage: Stage) -> None:
        web = AsyncWebClient(base_url=stage.settings.slack_api_url, retry_handlers=[])
        self.client = SocketModeClient("xapp-sandbox", web_client=web)
        self.time = 0.0
        self.news = asyncio.Event()
        super().__init__(self.client, clock=lambda: self.time)

    def heard(self) -> None:
        super().heard()
        self.news.set()


@pytest.fixture
async def ears(stage: Stage) -> AsyncIterator[Ears]:
    """Connected, and greeted."""
    made = Ears(stage)
    await made.attach()
    await made.client.connect()  # type: ignore[no-untyped-call]  # as the SDK left it
    await made.news.wait()
    yield made
    await cut(made.client)


async def test_a_connection_that_is_heard_in_any_way_is_kept(
    ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog_module, "DEAF_AFTER_SECONDS", 0.02)
    deaf = asyncio.create_task(ears.deaf())
    assert ears.client.current_session is not None
    while ears.time < 0.1:
        ears.news.clear()
        ears.time += 0.01
        await ears.client.current_session.ping()
        await ears.news.wait()
        assert not deaf.done()
    ears.time += 0.03
    async with asyncio.timeout(5):
        await deaf


async def test_what_a_closed_connection_says_is_not_heard(ears: Ears) -> None:
    session = ears.client.current_session
    assert session is not None
    await cut(ears.client)
    ears.news.clear()
    await session.receive()
    assert not ears.news.is_set()
