"""The command line: `restorebot run`, `restorebot sandbox`, `restorebot check`."""

import asyncio
import math
import os
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click

from bot import app, checkup, logs, settings
from bot.dbs.secrecy import quiet_http_logs
from bot.errors import RestoreBotError
from bot.sandbox.process import BotProcess
from bot.sandbox.sandbox import PortError, Sandbox

#: Simulated seconds per real one: a small restore of ten minutes lasts half a minute.
DEFAULT_SPEED = 20.0
#: Seconds between two rounds of polling in the sandbox, whose restores are that fast.
SANDBOX_POLL_INTERVAL = "1"
CONNECTED_WITHIN_SECONDS = 60
_PASSWORD = "RESTOREBOT_SANDBOX_PASSWORD"  # noqa: S105 - the name of a variable
#: One stored credential, so that the form has one to offer.
SANDBOX_CONFIG = f"""\
# Written by each start of `restorebot sandbox`.
[credentials.sandbox]
user_name = "restore_rw"
password_env = "{_PASSWORD}"
"""

T = TypeVar("T")


class Speed(click.FloatRange):
    """How fast time goes: zero or more, and a number at that (a range alone lets nan and inf pass)."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        speed = super().convert(value, param, ctx)
        return speed if math.isfinite(speed) else self.fail(f"{value} is no speed.", param, ctx)


PORT = click.IntRange(0, 65535)
SPEED = Speed(min=0)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Restore databases from Alibaba Cloud DBS without leaving Slack."""
    logs.configure()
    quiet_http_logs()


@main.command()
def run() -> None:
    """Serve a real Slack workspace."""
    _complete(_run())


@main.command()
def check() -> None:
    """Is everything configured and reachable? One line per finding; exit code 1 if not."""
    if not _complete(_check()):
        sys.exit(1)


@main.command()
@click.option(
    "--port", type=PORT, default=8010, show_default=True, help="Port of the local workspace and its page."
)
@click.option("--dbs-port", type=PORT, default=8011, show_default=True, help="Port of the local DBS.")
@click.option(
    "--speed",
    type=SPEED,
    default=DEFAULT_SPEED,
    show_default=True,
    help="Simulated seconds per real second.",
)
@click.option("--no-bot", is_flag=True, help="Serve the workspace and DBS alone, for any other client.")
@click.option("--no-browser", is_flag=True, help="Do not open the page.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the bot's database. Without it the database is thrown away at the end.",
)
def sandbox(
    *, port: int, dbs_port: int, speed: float, no_bot: bool, no_browser: bool, data: Path | None
) -> None:
    """Serve against an embedded local workspace and local DBS."""
    _complete(_sandbox(port, dbs_port, speed, bot=not no_bot, browser=not no_browser, data=data))


def _complete(work: Coroutine[object, object, T]) -> T:
    """Run to the end. What the bot can name ends in one sentence and exit code 1, without a traceback."""
    try:
        return asyncio.run(work)
    except (RestoreBotError, PortError) as error:
        raise click.ClickException(str(error)) from None
    except BaseExceptionGroup as group:
        named = group.subgroup((RestoreBotError, PortError))
        if named is None:
            raise
        raise click.ClickException(_first_sentence(named)) from None


def _first_sentence(error: BaseException) -> str:
    return _first_sentence(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else str(error)


async def _run() -> None:
    async with app.built(settings.load()) as bot:
        _on_signals(bot.stop)
        await bot.run()


async def _check() -> bool:
    good = True
    async for finding in checkup.findings():
        click.echo(finding)
        good = good and finding.good
    return good


async def _sandbox(
    port: int, dbs_port: int, speed: float, *, bot: bool, browser: bool, data: Path | None
) -> None:
    stopping = asyncio.Event()
    # The bot's process does not hear of a terminal that closes: it has a session of its own.
    _on_signals(stopping.set, signal.SIGHUP)
    async with (
        Sandbox(port=port, dbs_port=dbs_port, speed=speed, rates=True) as served,
        AsyncExitStack() as stack,
    ):
        ends: list[asyncio.Task[Any]] = [asyncio.create_task(stopping.wait())]
        if bot:
            child = await stack.enter_async_context(_bot_process(served, data))
            ends.append(asyncio.create_task(child.ended()))
            connected = asyncio.create_task(_connected(served))
            await _first([*ends, connected])
            if connected.done():
                connected.result()
        if not any(end.done() for end in ends):
            click.echo(f"Ready: {served.workspace_url} (the local DBS is {served.dbs_url})")
            if browser and _has_a_browser():
                await asyncio.to_thread(webbrowser.open, served.workspace_url)
            await _first(ends)
        if not stopping.is_set():
            raise click.ClickException("The bot ended by itself; its last lines above say why.")


def _has_a_browser() -> bool:
    """Without a screen Python would open a browser for terminals, in this one."""
    return not sys.platform.startswith("linux") or any(
        os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    )


async def _first(ends: list[asyncio.Task[Any]]) -> None:
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)


async def _connected(served: Sandbox) -> None:
    """Wait for the bot's socket, however slow the machine is."""
    try:
        await served.workspace.app_connected(within=CONNECTED_WITHIN_SECONDS)
    except TimeoutError:
        raise click.ClickException("The bot did not connect within a minute.") from None


@asynccontextmanager
async def _bot_process(served: Sandbox, data: Path | None) -> AsyncIterator[BotProcess]:
    """The bot as a process of its own, as it would run elsewhere: only the addresses differ."""
    with TemporaryDirectory(prefix="restorebot-") as thrown_away:
        folder = (data or Path(thrown_away)).absolute()
        config = folder / "sandbox.toml"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            config.write_text(SANDBOX_CONFIG)
        except OSError as error:
            raise click.ClickException(f"--data: {folder} cannot be used ({error.strerror}).") from error
        served.bot = BotProcess({
            **os.environ,
            **served.environment(),
            # Another could name accounts with an address of their own: the sandbox never calls the real DBS.
            "RESTOREBOT_CONFIG": str(config),
            _PASSWORD: "sandbox-password",
            "DATABASE_URL": f"sqlite:///{folder / 'restorebot.db'}",
            "RESTOREBOT_POLL_INTERVAL": SANDBOX_POLL_INTERVAL,
        })  # fmt: skip
        async with served.bot.running():
            yield served.bot


def _on_signals(stop: Callable[[], None], *more: signal.Signals) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, *more):
        loop.add_signal_handler(number, stop)
