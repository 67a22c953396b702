"""The bot and its command line as processes of their own."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.scenario.stage import Stage

#: The bot, which takes others for dead, and for certain what is in doubt, after a second.
QUICK = (
    "-c",
    """
from datetime import timedelta
from bot.cli import main
from bot.restores import presence
from bot.slack import delivery
presence.BEAT, presence.LEASE = timedelta(seconds=0.1), timedelta(seconds=0.8)
delivery.QUARANTINE, delivery.SWEEP_AFTER = timedelta(seconds=1), timedelta(seconds=1)
main()
""",
)


class Running:
    """A process and all it has printed so far."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.printed = ""
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self._news:
                self.printed += line.decode()
                self._news.notify_all()
        async with self._news:
            self._news.notify_all()

    async def until_printed(self, words: str, *, timeout: float = 30) -> None:  # noqa: ASYNC109 - a test's word
        async with asyncio.timeout(timeout), self._news:
            await self._news.wait_for(lambda: words in self.printed or self._reading.done())
        assert words in self.printed, self.printed

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(number)
        return await self.ended()

    async def ended(self) -> int:
        await self._reading
        return await self.process.wait()


@asynccontextmanager
async def restorebot(
    *arguments: str,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
    program: tuple[str, str] = ("-m", "bot"),
) -> AsyncIterator[Running]:
    """`restorebot <arguments>`; killed at the end of the block if it still runs."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "default",
        *program,
        *arguments,
        stdout=PIPE,
        stderr=STDOUT,
        cwd=folder,
        env=inherited | {"PYTHONUNBUFFERED": "1"} | (environment or {}),
    )
    running = Running(process)
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await running.ended()


def environment(stage: Stage) -> dict[str, str]:
    """The stage's settings as a process is given them."""
    values = stage.settings.model_dump(mode="python", exclude_none=True)
    return {
        name.upper(): value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for name, value in values.items()
    }
