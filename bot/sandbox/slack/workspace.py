"""The local workspace: a Slack on loopback, with its Web API, its ways to the app and its page."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from aiohttp import web

from bot.sandbox.controls import FaultControl
from bot.sandbox.door import Door
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Arrival
from bot.sandbox.serving import serving
from bot.sandbox.slack.answer_door import AnswerDoor
from bot.sandbox.slack.control import WorkspaceControl
from bot.sandbox.slack.faults import KINDS, tampering
from bot.sandbox.slack.installation import (
    DEFAULT_COMMANDS,
    DEFAULT_SCOPES,
    Installation,
    Shortcut,
    SlashCommand,
)
from bot.sandbox.slack.page_api import PageApi
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.request_url import RequestUrl
from bot.sandbox.slack.route import NoAnswer
from bot.sandbox.slack.sockets import DISCONNECT_REASONS, WARNING_SECONDS
from bot.sandbox.slack.state import ApiCall, State
from bot.sandbox.slack.web_api import METHODS, WebApi
from bot.sandbox.slack.wire import Json

T = TypeVar("T")


class LocalWorkspace:
    """One workspace with one app in it, in memory.

    `now` gives the time for timestamps, for the lives of trigger ids and response_urls, for rates, and for
    what is sent again later. `events` are the types the app subscribed to, such as `app_home_opened`,
    `app_mention`, `member_joined_channel` and `message.im`. With a `request_url` the app gets everything
    there instead of over Socket Mode. `rates` refuses calls that come more often than Slack allows.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        bot_token: str = "xoxb-sandbox",  # noqa: S107  (made up, opens nothing else)
        app_token: str = "xapp-sandbox",  # noqa: S107  (made up, opens nothing else)
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107  (made up, opens nothing else)
        app_name: str = "Restore Bot",
        commands: Sequence[SlashCommand] = DEFAULT_COMMANDS,
        shortcuts: Sequence[Shortcut] = (),
        events: Sequence[str] = (),
        scopes: Sequence[str] = DEFAULT_SCOPES,
        request_url: str | None = None,
        rates: bool = False,
    ) -> None:
        installation = Installation(
            bot_token,
            app_token,
            signing_secret,
            app_name,
            commands=tuple(commands),
            shortcuts=tuple(shortcuts),
            events=tuple(events),
            scopes=tuple(scopes),
        )
        self._state = State(installation, now)
        self._state.rates.on = rates
        self.faults = Faults(KINDS, self._state.feed)
        self.faults.aim_at(METHODS)
        self._door = Door("slack", self.faults)
        self._state.sockets.tamper = tampering(self.faults)
        if request_url is not None:
            self._state.request_url = self._request_url(request_url)
        # What else is served beside the workspace, such as the controls of faults.
        self.extensions: list[Callable[[web.Application], None]] = []

    def app(self) -> web.Application:
        """The whole workspace as an aiohttp application."""
        app = web.Application(client_max_size=4 * 2**20)
        WebApi(self._state, self._door).add_to(app)
        app.router.add_get("/link/", self._state.sockets.connection)
        app.router.add_post("/response/{key}", AnswerDoor(self._state).handle)
        page = PageApi(self._state)
        page.add_to(app)
        app.add_routes([*FaultControl(self.faults).routes("slack"), *WorkspaceControl(self).routes()])
        for extend in self.extensions:
            extend(app)

        async def close(_: web.Application) -> None:
            self.faults.clear()
            await self._state.close()
            await page.close()

        app.on_shutdown.append(close)
        return app

    @asynccontextmanager
    async def serve(self, port: int = 8010, host: str = "127.0.0.1") -> AsyncIterator[str]:
        """Serve until the block ends; gives the page's address. Port 0 takes a free one."""
        async with serving(self.app(), host=host, port=port) as address:
            self._state.base_url = address
            yield f"{address}/"

    @property
    def journal(self) -> list[Arrival]:
        """The Web API calls as they arrived, with the faults that struck them, oldest first."""
        return self._door.journal

    @property
    def calls(self) -> list[ApiCall]:
        """The Web API calls that arrived, oldest first."""
        return self._state.calls

    @property
    def sent_to_app(self) -> list[Json]:
        """What was sent to the app, oldest first: envelopes; for a request URL `type` and `payload` alone."""
        return self._state.sent

    def person(self, name: str) -> Person:
        """A person by user name ("alice")."""
        return Person(self._state, self._state.directory.person(name))

    def messages(self, channel: str) -> list[Json]:
        """What everyone sees in the channel ("#db-oncall"), oldest first, with metadata."""
        log = self._state.board.log(self._state.directory.channel(channel))
        return [log.render(message, include_metadata=True) for message in log.roots()]

    def thread(self, channel: str, ts: str) -> list[Json]:
        """A thread's root and its replies, oldest first, with metadata."""
        log = self._state.board.log(self._state.directory.channel(channel))
        return [log.render(message, include_metadata=True) for message in log.thread(ts)]

    async def app_connected(self, *, timeout: float = 5) -> None:  # noqa: ASYNC109  (a test's word)
        """Wait until a Socket Mode connection of the app has been greeted."""
        await self.until(lambda: self._state.sockets.connected, timeout=timeout)

    async def until(self, predicate: Callable[[], T | None], timeout: float = 5) -> T:  # noqa: ASYNC109  (a test's word)
        """The predicate's first true value, looked at anew after every change in the workspace.

        Raises TimeoutError when it stays false.
        """
        return await self._state.feed.until(predicate, timeout=timeout)

    async def settled(self, *, timeout: float = 5) -> None:  # noqa: ASYNC109  (a test's word)
        """Wait until nothing goes on but what waits for the clock, such as the next try at an event."""
        await self.until(lambda: self._state.is_settled, timeout=timeout)

    @property
    def due(self) -> list[float]:
        """When what waits for the clock goes on, soonest first."""
        return self._state.due

    def clock_moved(self) -> None:
        """Look at `now` again: what waited for its time goes on."""
        self._state.feed.touch()

    async def set_request_url(self, url: str) -> None:
        """Deliver over HTTP from now on, if the app answers `url_verification`, as in its settings.

        Raises ValueError when it does not.
        """
        request_url = self._request_url(url)
        try:
            await request_url.verify()
        except NoAnswer as error:
            raise ValueError(f"The request URL did not return the challenge ({error}).") from error
        self._state.request_url = request_url
        self._state.feed.publish({"type": "bot", "connected": True})

    async def disconnect(self, reason: str) -> None:
        """Send the app's connections away, for one of `DISCONNECT_REASONS`; a warning gives ten seconds.

        Raises ValueError for another reason.
        """
        sockets = self._state.sockets
        if reason not in DISCONNECT_REASONS:
            raise ValueError(f"a connection is closed for one of {', '.join(DISCONNECT_REASONS)}")
        if reason != "warning":
            await sockets.dismiss(sockets.connections, reason)
            return
        warned = sockets.connections
        await sockets.warn(warned)

        async def later() -> None:
            await self._state.sleep(WARNING_SECONDS)
            await sockets.dismiss(warned, "refresh_requested")

        self._state.spawn(later())

    @property
    def rates(self) -> bool:
        """Whether calls over Slack's rates are refused."""
        return self._state.rates.on

    @rates.setter
    def rates(self, on: bool) -> None:
        self._state.rates.on = on

    def archive(self, channel: str, *, archived: bool = True) -> None:
        """Archive a channel, or bring it back. SlackError `channel_not_found`, as with the next three."""
        self._state.directory.archive(self._state.directory.channel(channel), archived=archived)

    def add_bot(self, channel: str) -> None:
        """As `/invite` does, by nobody."""
        directory = self._state.directory
        directory.join(directory.channel(channel), self._state.installation.bot_user)

    def remove_bot(self, channel: str) -> None:
        directory = self._state.directory
        directory.leave(directory.channel(channel), self._state.installation.bot_user)

    def delete(self, channel: str, ts: str) -> None:
        """Delete a message as its author or an admin does. Raises SlackError `message_not_found` too."""
        board, where = self._state.board, self._state.directory.channel(channel)
        board.delete(where, board.find(where, ts))

    def _request_url(self, url: str) -> RequestUrl:
        state = self._state
        return RequestUrl(url, state.installation.signing_secret, state.feed, state.sent)
