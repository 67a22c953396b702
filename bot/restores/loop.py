"""A worker that waits for whichever comes first: its next turn, a wake-up call, or the end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.restores.clock import utc_now

#: A turn is taken now and then even when nothing asked for it.
IDLE_SECONDS = 60.0


class Loop:
    """Runs `work` again and again. `work` returns when its next turn is due, None if nothing is planned.

    An exception of `work` ends `run`: what is worth surviving is handled inside `work`.
    """

    def __init__(
        self, work: Callable[[], Awaitable[datetime | None]], *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._work = work
        self._now = now
        self._bell = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        self._bell.set()

    def stop(self) -> None:
        """Finish the turn under way, take one more for what came up meanwhile, then end."""
        self._stopping = True
        self._bell.set()

    async def run(self) -> None:
        while not self._stopping:
            self._bell.clear()
            due_at = await self._work()
            try:
                async with asyncio.timeout(self._pause(due_at)):
                    await self._bell.wait()
            except TimeoutError:
                continue
        await self._work()

    def _pause(self, due_at: datetime | None) -> float:
        if due_at is None:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.0, (due_at - self._now()).total_seconds()))
