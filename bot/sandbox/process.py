"""The bot as a process of its own that can be made to crash."""

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

STOPPED_WITHIN_SECONDS = 6


class BotProcess:
    """`restorebot run` with this environment: `async with bot.running(): ...`

    It is started again by `crash` alone; when it ends by itself, `ended` returns.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._process: Process | None = None
        self._changing = asyncio.Lock()
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """None when it does not run."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run it for the length of the block, and stop it in order at the end."""
        await self._start()
        try:
            yield
        finally:
            async with self._changing:
                await self._stop()

    async def crash(self) -> None:
        """Kill it as hard as it goes and start it again. One that has ended by itself stays down."""
        async with self._changing:
            if self._process is not None and self._process.returncode is None:
                self._process.kill()
                await self._process.wait()
                await self._start()

    async def ended(self) -> None:
        """Wait until it ends by itself."""
        while (process := self._process) is not None:
            await process.wait()
            async with self._changing:
                if self._process is process:
                    return

    async def _start(self) -> None:
        command = (sys.executable, "-m", "bot", "run")
        # In a session of its own: Ctrl-C reaches the parent alone, which stops the bot in order.
        self._process = await asyncio.create_subprocess_exec(
            *command, env=dict(self._environment), start_new_session=True
        )
        self.starts += 1

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOPPED_WITHIN_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
