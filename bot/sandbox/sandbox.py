"""The local workspace and the local DBS, served together: one face for tests, and for trying the bot."""

import errno
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Self, TypeVar

from aiohttp import web

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.controls import BotControl
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.journal import Arrival
from bot.sandbox.process import BotProcess
from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.someone import Someone

T = TypeVar("T")

_UNUSABLE = {errno.EADDRINUSE: "is taken", errno.EACCES: "is not open to you"}


class PortError(Exception):
    """A port that cannot be used, and why; `option` of the command line chooses another."""

    def __init__(self, port: int, why: str, option: str) -> None:
        super().__init__(f"Port {port} {why}. Choose another with {option}.")


class Sandbox:
    """Both services on loopback, from entering to leaving: `async with Sandbox(speed=0) as sandbox: ...`

    `speed` is simulated seconds per real second in DBS; with 0 its time stands still until it is advanced.
    Slack's time goes with the real one. `advance` moves both, `clock.advance` DBS's alone and
    `workspace.clock.advance` Slack's. Port 0 is any free one. `rates` limits how often Slack may be called.
    A sandbox is entered once; entering raises `PortError`.
    """

    def __init__(self, *, speed: float = 0, port: int = 0, dbs_port: int = 0, rates: bool = False) -> None:
        self.clock = SimulatedClock(speed)
        self.workspace = LocalWorkspace(rates=rates)
        self.dbs = LocalDbs(clock=self.clock, news=self.workspace.news)
        self.alice = Someone(self.workspace, "alice")
        self.ben = Someone(self.workspace, "ben")
        self.bot: BotProcess | None = None
        """The bot's process, where one is supervised; the control API can crash it."""
        self._ports = (port, dbs_port)
        self._stack = AsyncExitStack()
        self.workspace_url = ""
        """Ends in a slash, as does `dbs_url`; empty before entering."""
        self.dbs_url = ""
        self.workspace.extensions.append(self._extend)

    async def __aenter__(self) -> Self:
        if self.workspace_url:
            raise RuntimeError("This sandbox was entered before; make another one.")
        port, dbs_port = self._ports
        async with AsyncExitStack() as stack:
            self.dbs_url = await _entered(stack, self.dbs, dbs_port, "--dbs-port")
            self.workspace_url = await _entered(stack, self.workspace, port, "--port")
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def urls(self) -> tuple[str, str]:
        """The workspace's and DBS's."""
        return self.workspace_url, self.dbs_url

    @property
    def journal(self) -> list[Arrival]:
        """Every request that arrived at either service, in order."""
        return sorted([*self.workspace.journal, *self.dbs.journal], key=lambda arrival: arrival.at)

    def advance(self, seconds: float) -> None:
        """Let time pass in Slack and in DBS."""
        self.clock.advance(seconds)
        self.workspace.clock.advance(seconds)

    def environment(self) -> dict[str, str]:
        """What points a bot at both services."""
        return {
            "SLACK_API_URL": f"{self.workspace_url}api/",
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_SIGNING_SECRET": "sandbox-signing-secret",
            "DBS_ENDPOINT": self.dbs_url,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "sandbox",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "sandbox-secret",
            "ALIBABA_CLOUD_SECURITY_TOKEN": "",
            "ALIBABA_CLOUD_REGION_ID": "cn-hangzhou",
        }

    async def until(self, condition: Callable[[], T | None], *, within: float = 5) -> T:
        """The condition's first true value, looked at anew after every change and as time passes.

        Raises TimeoutError when it stays false.
        """
        return await self.workspace.until(condition, within=within)

    def _extend(self, app: web.Application) -> None:
        """Serve the whole control API at the page's address."""
        app.add_routes([*self.dbs.controls(), *BotControl(lambda: self.bot).routes()])


async def _entered(stack: AsyncExitStack, service: LocalDbs | LocalWorkspace, port: int, option: str) -> str:
    try:
        return await stack.enter_async_context(service.serve(port=port))
    except OSError as error:
        if error.errno not in _UNUSABLE:
            raise
        raise PortError(port, _UNUSABLE[error.errno], option) from error
