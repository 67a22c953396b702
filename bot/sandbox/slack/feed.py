"""News of every change: to the pages that are open, and to whoever waits for a condition."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.news import News
from bot.sandbox.slack.wire import Json


class Feed(News):
    """Publishes page events (see the page's socket) too, without ever blocking the change."""

    def __init__(self, clock: SimulatedClock) -> None:
        super().__init__()
        self.follow(clock)
        self._pages: dict[asyncio.Queue[Json], str] = {}

    def publish(self, event: Json, *, to: Collection[str] | None = None) -> None:
        """Send the event to the open pages of these people; None means everyone."""
        for queue, user in self._pages.items():
            if to is None or user in to:
                queue.put_nowait(event)
        self.touch()

    @contextmanager
    def page(self, user: str) -> Iterator[asyncio.Queue[Json]]:
        """The events for one open page, as a queue that lives as long as the page."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._pages[queue] = user
        try:
            yield queue
        finally:
            del self._pages[queue]
