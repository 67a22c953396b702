"""A worker that waits for whichever comes first: its next turn, a wake-up call, or the end."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errors import StoreError
from bot.restores.clock import backoff, utc_now

log = structlog.get_logger()

#: A turn is taken now and then even when nothing asked for it.
IDLE_SECONDS = 60.0
#: How long a turn waits for its jobs before it lets the slow ones go on by themselves.
PATIENCE_SECONDS = 1.0
#: After the store failed.
FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(seconds=30)

Job = Callable[[], Coroutine[Any, Any, None]]


class Crew:
    """Jobs side by side, one at a time for each key: a slow one holds up nobody else."""

    def __init__(self, done: Callable[[], None]) -> None:
        self._done = done
        self._running: dict[Hashable, asyncio.Task[None]] = {}

    @property
    def busy(self) -> frozenset[Hashable]:
        return frozenset(self._running)

    async def work(self, jobs: Mapping[Hashable, Job]) -> None:
        """Start the jobs whose keys are free and wait a little. Raises what a finished job raised."""
        for key, job in jobs.items():
            if key not in self._running:
                self._running[key] = asyncio.create_task(job())
        await self.wait(PATIENCE_SECONDS)
        for task in self._running.values():
            task.add_done_callback(lambda _: self._done())

    async def wait(self, seconds: float | None) -> None:
        """Wait for all jobs, so long at most."""
        if self._running:
            await asyncio.wait(self._running.values(), timeout=seconds)
        for key in [key for key, task in self._running.items() if task.done()]:
            self._running.pop(key).result()

    async def cancel(self) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Loop:
    """Runs `work` again and again. `work` returns when its next turn is due, None if nothing is planned.

    While the store cannot be used turns are repeated; any other exception of `work` ends `run`: what is worth
    surviving is handled inside `work`. What `work` gives to the `crew` is finished before `run` ends.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[datetime | None]],
        *,
        now: Callable[[], datetime] = utc_now,
        longest_retry: timedelta = LONGEST_RETRY,
    ) -> None:
        self._work = work
        self._now = now
        self._longest_retry = longest_retry
        self._bell = asyncio.Event()
        self._stopping = False
        self._failures = 0
        self.crew = Crew(self.wake)
        #: Set once a turn was taken to its end.
        self.turned = asyncio.Event()

    def wake(self) -> None:
        self._bell.set()

    def stop(self) -> None:
        """Finish the turn under way, take one more for what came up meanwhile, then end."""
        self._stopping = True
        self._bell.set()

    async def run(self) -> None:
        try:
            while not self._stopping:
                self._bell.clear()
                due_at = await self._turn()
                try:
                    async with asyncio.timeout(self._pause(due_at)):
                        await self._bell.wait()
                except TimeoutError:
                    continue
            await self._turn()
            await self.crew.wait(None)
        finally:
            await self.crew.cancel()

    async def _turn(self) -> datetime | None:
        try:
            due_at = await self._work()
        except StoreError as error:
            if self._failures == 0:
                log.warning("the store cannot be used", error=error.sentence)
            self._failures += 1
            return self._now() + backoff(self._failures - 1, first=FIRST_RETRY, longest=self._longest_retry)
        self.turned.set()
        if self._failures:
            log.info("the store can be used again")
            self._failures = 0
        return due_at

    def _pause(self, due_at: datetime | None) -> float:
        if due_at is None:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.0, (due_at - self._now()).total_seconds()))
