"""The workspace's part of the control API: channels, messages, the app's connections, rate limits."""

from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.jsonhttp import Refused, body, guarded, ok, text, truth
from bot.sandbox.slack import operating
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import SlackError


@dataclass(frozen=True)
class WorkspaceControl:
    """`/control/slack/channel`, `/message`, `/disconnect`, `/rates`."""

    state: State

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/slack/channel", guarded(self._channel)),
            web.post("/control/slack/message", guarded(self._message)),
            web.post("/control/slack/disconnect", guarded(self._disconnect)),
            web.get("/control/slack/rates", guarded(self._see_rates)),
            web.post("/control/slack/rates", guarded(self._set_rates)),
        ]

    async def _channel(self, request: web.Request) -> web.Response:
        given = await body(request)
        name, archived, bot = text(given, "channel"), truth(given, "archived"), truth(given, "bot")
        if archived is None and bot is None:
            raise Refused("archived or bot is needed, true or false.")
        try:
            if archived is not None:
                operating.archive(self.state, name, archived=archived)
            if bot is not None:
                (operating.add_bot if bot else operating.remove_bot)(self.state, name)
        except SlackError as error:
            raise Refused("There is no such channel.", 404) from error
        return ok()

    async def _message(self, request: web.Request) -> web.Response:
        given = await body(request)
        try:
            operating.delete(self.state, text(given, "channel"), text(given, "ts"))
        except SlackError as error:
            raise Refused("There is no such message.", 404) from error
        return ok()

    async def _disconnect(self, request: web.Request) -> web.Response:
        reason = text(await body(request), "reason")
        try:
            await operating.disconnect(self.state, reason)
        except ValueError as error:
            raise Refused(f"This does not work: {error}.") from error
        return ok()

    async def _see_rates(self, _: web.Request) -> web.Response:
        return ok(on=self.state.rates.on)

    async def _set_rates(self, request: web.Request) -> web.Response:
        if (on := truth(await body(request), "on")) is None:
            raise Refused("on is true or false.")
        self.state.rates.on = on
        return await self._see_rates(request)
