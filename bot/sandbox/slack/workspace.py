"""The local workspace: a Slack on loopback, with its Web API, its ways to the app and its page."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from aiohttp import web

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.controls import FaultControl, TimeControl
from bot.sandbox.door import Door
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Arrival
from bot.sandbox.news import News
from bot.sandbox.serving import serving
from bot.sandbox.slack import operating, refusals, response_door
from bot.sandbox.slack.controls import WorkspaceControl
from bot.sandbox.slack.faults import KINDS, copies
from bot.sandbox.slack.installation import (
    DEFAULT_COMMANDS,
    DEFAULT_EVENTS,
    DEFAULT_SCOPES,
    DEFAULT_SHORTCUTS,
    Installation,
    Shortcut,
    SlashCommand,
)
from bot.sandbox.slack.page_api import PageApi
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.request_url import RequestUrl
from bot.sandbox.slack.response_door import ResponseDoor
from bot.sandbox.slack.route import NoAnswer
from bot.sandbox.slack.state import State
from bot.sandbox.slack.web_api import METHODS, WebApi
from bot.sandbox.slack.wire import Json

T = TypeVar("T")


class LocalWorkspace:
    """One workspace with one app in it, in memory.

    `clock` gives the time for timestamps, for the lives of trigger ids and response_urls, for rates, and for
    what is sent again later; it flows as `now` does and can be advanced. `events` are the types the app
    subscribed to, such as `app_home_opened`, `app_mention`, `member_joined_channel` and `message.im`. With a
    `request_url` the app gets everything there instead of over Socket Mode. `rates` refuses calls that come
    more often than Slack allows.
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
        shortcuts: Sequence[Shortcut] = DEFAULT_SHORTCUTS,
        events: Sequence[str] = DEFAULT_EVENTS,
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
        self.clock = SimulatedClock(start=now(), monotonic=now)
        self._state = State(installation, self.clock)
        self._state.rates.on = rates
        self.faults = Faults(KINDS, self._state.feed)
        self.faults.aim_at([*METHODS, response_door.TARGET])
        self._door = Door("slack", self.faults, self._state.feed)
        self._state.sockets.copies = copies(self.faults)
        if request_url is not None:
            self._state.request_url = self._request_url(request_url)
        # What else is served beside the workspace, such as the controls of faults.
        self.extensions: list[Callable[[web.Application], None]] = []

    def app(self) -> web.Application:
        """The whole workspace as an aiohttp application."""
        app = web.Application(client_max_size=4 * 2**20)
        WebApi(self._state, self._door).add_to(app)
        app.router.add_get("/link/", self._state.sockets.connection)
        app.router.add_post("/response/{key}", ResponseDoor(self._state, self._door).handle)
        page = PageApi(self._state)
        page.add_to(app)
        app.add_routes(FaultControl(self.faults).routes("slack"))
        app.add_routes(TimeControl(self.clock).routes("slack"))
        app.add_routes(WorkspaceControl(self._state).routes())
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
        async with serving(self.app(), host=host, port=port, refuse=refusals.unheard) as address:
            self._state.base_url = address
            yield f"{address}/"

    @property
    def journal(self) -> list[Arrival]:
        """The Web API calls and posts to response_urls, oldest first: arguments come without the token."""
        return self._door.journal

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

    async def app_connected(self, *, within: float = 5) -> None:
        """Wait until a Socket Mode connection of the app has been greeted."""
        await self.until(lambda: self._state.sockets.connected, within=within)

    async def until(self, predicate: Callable[[], T | None], *, within: float = 5) -> T:
        """The predicate's first true value, looked at anew after every change and as time passes.

        Raises TimeoutError when it stays false.
        """
        return await self._state.feed.until(predicate, within=within)

    async def settled(self, *, within: float = 5) -> None:
        """Wait until nothing goes on but what waits for the clock, such as the next try at an event."""
        await self.until(lambda: self._state.background.is_settled, within=within)

    @property
    def news(self) -> News:
        """What `until` waits for; another service may share it."""
        return self._state.feed

    @property
    def due(self) -> list[float]:
        """When what waits for the clock goes on, soonest first."""
        return self._state.background.due

    def clock_moved(self) -> None:
        """Look at the time again: what waited for it goes on. Advancing `clock` does so by itself."""
        self._state.feed.touch()

    async def set_request_url(self, url: str) -> None:
        """Deliver over HTTP from now on, if the app answers `url_verification`, as in its settings.

        Raises ValueError when it does not.
        """
        request_url = self._request_url(url)
        try:
            await request_url.verify()
        except NoAnswer as failure:
            raise ValueError(f"The request URL did not return the challenge ({failure.code}).") from failure
        self._state.request_url = request_url
        self._state.feed.publish({"type": "bot", "connected": True})

    async def disconnect(self, reason: str) -> None:
        """Send the app's connections away; this and the next four as in `operating`."""
        await operating.disconnect(self._state, reason)

    @property
    def rates(self) -> bool:
        """Whether calls over Slack's rates are refused."""
        return self._state.rates.on

    @rates.setter
    def rates(self, on: bool) -> None:
        self._state.rates.on = on

    def archive(self, channel: str, *, archived: bool = True) -> None:
        operating.archive(self._state, channel, archived=archived)

    def add_bot(self, channel: str) -> None:
        operating.add_bot(self._state, channel)

    def remove_bot(self, channel: str) -> None:
        operating.remove_bot(self._state, channel)

    def delete(self, channel: str, ts: str) -> None:
        operating.delete(self._state, channel, ts)

    def _request_url(self, url: str) -> RequestUrl:
        state = self._state
        return RequestUrl(url, state.installation.signing_secret, state.feed, state.sent)
