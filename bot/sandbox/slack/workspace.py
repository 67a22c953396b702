"""The local workspace: a Slack on loopback, with its Web API, its Socket Mode and its page."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from aiohttp import web

from bot.sandbox.slack.arguments import read_arguments
from bot.sandbox.slack.installation import DEFAULT_COMMANDS, Installation, SlashCommand
from bot.sandbox.slack.page_api import PageApi
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.responding import respond
from bot.sandbox.slack.state import ApiCall, State
from bot.sandbox.slack.web_api import WebApi
from bot.sandbox.slack.wire import Json, SlackError

T = TypeVar("T")


class LocalWorkspace:
    """One workspace with one app in it, in memory.

    `now` gives the time for timestamps and for the lives of trigger ids and response_urls.
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
    ) -> None:
        installation = Installation(bot_token, app_token, signing_secret, app_name, tuple(commands))
        self._state = State(installation, now)

    def app(self) -> web.Application:
        """The whole workspace as an aiohttp application."""
        app = web.Application(client_max_size=4 * 2**20)
        app.router.add_route("*", "/api/{method}", WebApi(self._state).handle)
        app.router.add_get("/link/", self._state.sockets.connection)
        app.router.add_post("/response/{key}", self._response_url)
        page = PageApi(self._state)
        page.add_to(app)

        async def close(_: web.Application) -> None:
            await self._state.close()
            await page.close()

        app.on_shutdown.append(close)
        return app

    @asynccontextmanager
    async def serve(self, port: int = 8010, host: str = "127.0.0.1") -> AsyncIterator[str]:
        """Serve until the block ends; gives the page's address. Port 0 takes a free one."""
        runner = web.AppRunner(self.app(), access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            bound = runner.addresses[0][1]
            yield f"http://{host}:{bound}/"
        finally:
            await runner.cleanup()

    @property
    def calls(self) -> list[ApiCall]:
        """The Web API calls that arrived, oldest first."""
        return self._state.calls

    @property
    def sent_to_app(self) -> list[Json]:
        """The envelopes sent to the app, oldest first."""
        return self._state.sockets.sent

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

    async def until(self, predicate: Callable[[], T], timeout: float = 5) -> T:  # noqa: ASYNC109  (a test's word)
        """The predicate's first true value, looked at anew after every change in the workspace.

        Raises TimeoutError when it stays false.
        """
        return await self._state.feed.until(predicate, timeout=timeout)

    async def _response_url(self, request: web.Request) -> web.Response:
        """What the app posts to a response_url."""
        try:
            url = self._state.response_urls.use(request.match_info["key"])
        except SlackError as error:
            return web.json_response(error.to_json(), status=404)
        try:
            respond(self._state, url, await read_arguments(request))
        except SlackError as error:
            return web.json_response(error.to_json(), status=400)
        return web.json_response({"ok": True})
