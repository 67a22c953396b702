"""News of every change: to the pages that are open, and to whoever waits for a condition."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

from bot.sandbox.slack.wire import Json

T = TypeVar("T")


class Feed:
    """Publishes page events (see the page's socket) and wakes waiters, without ever blocking the change."""

    def __init__(self) -> None:
        self._pages: dict[asyncio.Queue[Json], str] = {}
        self._waiters: set[asyncio.Future[None]] = set()

    def publish(self, event: Json, *, to: Collection[str] | None = None) -> None:
        """Send the event to the open pages of these people; None means everyone."""
        for queue, user in self._pages.items():
            if to is None or user in to:
                queue.put_nowait(event)
        self.touch()

    def touch(self) -> None:
        """Something changed that no page shows: only wake the waiters."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    @contextmanager
    def page(self, user: str) -> Iterator[asyncio.Queue[Json]]:
        """The events for one open page, as a queue that lives as long as the page."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._pages[queue] = user
        try:
            yield queue
        finally:
            del self._pages[queue]

    async def until(self, predicate: Callable[[], T], *, timeout: float) -> T:  # noqa: ASYNC109  (the callers' word)
        """The predicate's first true value, looked at anew after every change.

        Raises TimeoutError when it stays false.
        """
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.add(waiter)
                await waiter
            return found
