"""What the control API can do whatever the service: order faults, let time pass, crash the bot."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.faults import EVERYTHING, FaultError, Faults
from bot.sandbox.jsonhttp import Refused, body, guarded, number, ok, refusal, text, whole
from bot.sandbox.process import BotProcess

_ORDER = frozenset({"kind", "target", "times", "probability", "seed"})


@dataclass(frozen=True)
class FaultControl:
    """`/control/<service>/faults`: see, order and clear faults."""

    faults: Faults

    def routes(self, service: str) -> list[web.RouteDef]:
        path = f"/control/{service}/faults"
        return [
            web.get(path, guarded(self._see)),
            web.post(path, guarded(self._order)),
            web.delete(path, guarded(self._clear)),
            web.delete(path + "/{fault}", guarded(self._clear)),
        ]

    async def _see(self, _: web.Request) -> web.Response:
        return ok(
            kinds=[kind.to_json() for kind in self.faults.kinds.values()],
            targets=self.faults.targets,
            faults=[fault.to_json() for fault in self.faults.all],
        )

    async def _order(self, request: web.Request) -> web.Response:
        given = await body(request)
        try:
            fault = self.faults.add(
                text(given, "kind"),
                text(given, "target", EVERYTHING),
                times=whole(given, "times"),
                probability=number(given, "probability"),
                seed=whole(given, "seed"),
                **{name: value for name, value in given.items() if name not in _ORDER},
            )
        except FaultError as error:
            raise Refused(str(error)) from error
        return ok(fault=fault.to_json())

    async def _clear(self, request: web.Request) -> web.Response:
        try:
            self.faults.clear(request.match_info.get("fault"))
        except KeyError as error:
            raise Refused("There is no such fault.", 404) from error
        return ok()


@dataclass(frozen=True)
class TimeControl:
    """`/control/<service>/time`: see and advance the time."""

    clock: SimulatedClock

    def routes(self, service: str) -> list[web.RouteDef]:
        path = f"/control/{service}/time"
        return [web.get(path, guarded(self._see)), web.post(path, guarded(self._advance))]

    async def _see(self, _: web.Request) -> web.Response:
        return ok(now=self.clock.now(), speed=self.clock.speed)

    async def _advance(self, request: web.Request) -> web.Response:
        seconds = number(await body(request), "advance")
        if seconds is None:
            raise Refused("advance is a number of seconds.")
        try:
            self.clock.advance(seconds)
        except ValueError as error:
            raise Refused(f"This does not work: {error}.") from error
        return await self._see(request)


@dataclass(frozen=True)
class BotControl:
    """`/control/bot`: see the process that is supervised here, if any, and crash it."""

    bot: Callable[[], BotProcess | None]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/control/bot", guarded(self._see)),
            web.post("/control/bot", guarded(self._do)),
        ]

    async def _see(self, _: web.Request) -> web.Response:
        bot = self._supervised()
        return ok(running=bot.pid is not None, pid=bot.pid, starts=bot.starts)

    async def _do(self, request: web.Request) -> web.Response:
        bot = self._supervised()
        if text(await body(request), "do") != "crash":
            raise Refused("The bot can only be told to crash.")
        await bot.crash()
        return await self._see(request)

    def _supervised(self) -> BotProcess:
        if (bot := self.bot()) is None:
            raise Refused("No bot is supervised here; `restorebot sandbox` starts one.", 404)
        return bot


def unknown(status: int) -> web.Response:
    """For an address or a method that the control API does not have."""
    return refusal(status, "The control API has no such address, or not with this method.")
