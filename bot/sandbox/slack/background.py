"""What goes on beside the calls: work after an answer has gone out, and waits on the workspace's clock."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from bot.sandbox.slack.feed import Feed


class Background:
    def __init__(self, now: Callable[[], float], feed: Feed) -> None:
        self._now = now
        self._feed = feed
        self._tasks: set[asyncio.Task[None]] = set()
        self._due: list[float] = []

    @property
    def due(self) -> list[float]:
        """When what waits for the clock goes on, soonest first."""
        return sorted(self._due)

    @property
    def is_settled(self) -> bool:
        """Nothing goes on but what waits for the clock."""
        return len(self._tasks) <= sum(due > self._now() for due in self._due)

    async def sleep(self, seconds: float) -> None:
        """Wait on the workspace's own clock, which may be advanced; the feed tells when it was."""
        due = self._now() + seconds
        self._due.append(due)
        self._feed.touch()
        try:
            while (left := due - self._now()) > 0:
                with suppress(TimeoutError):
                    await self._feed.until(lambda: self._now() >= due, within=left)
        finally:
            self._due.remove(due)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something after the answer has gone out, such as running a slash command."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._feed.touch()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
