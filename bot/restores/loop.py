"""A worker that waits for whichever comes first: its next turn, a wake-up call, or the end."""

import asyncio
from collections.abc import Awaitable, Callable


class Loop:
    """Runs `work` again and again. `work` returns how many seconds it can wait for its next turn.

    An exception of `work` ends `run`: what is worth surviving is handled inside `work`.
    """

    def __init__(self, work: Callable[[], Awaitable[float]]) -> None:
        self._work = work
        self._bell = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        self._bell.set()

    def stop(self) -> None:
        """Finish the turn under way, take one more if there was a wake-up call, then end."""
        self._stopping = True
        self._bell.set()

    async def run(self) -> None:
        while not self._stopping:
            self._bell.clear()
            pause = await self._work()
            try:
                async with asyncio.timeout(pause):
                    await self._bell.wait()
            except TimeoutError:
                continue
        await self._work()
