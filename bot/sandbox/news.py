"""Waiting for a condition without looking at it again and again."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from bot.sandbox.clock import SimulatedClock

T = TypeVar("T")

_LOOK_EVERY = 1.0  # simulated seconds
_LOOK_AT_MOST_EVERY = 0.02  # real seconds: time can be very fast


class News:
    """Wakes whoever waits for a condition, whenever something changed or time was advanced.

    While time flows it changes things all along: then conditions are looked at every second of it as well.
    Several services can share their news; each lets it follow its clock.
    """

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        self._pauses: list[float] = []

    def follow(self, clock: SimulatedClock) -> None:
        """The time of this clock is news."""
        clock.on_jump(self.touch)
        if (pause := clock.real_seconds(_LOOK_EVERY)) is not None:
            self._pauses.append(max(_LOOK_AT_MOST_EVERY, pause))

    def touch(self) -> None:
        """Something changed."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def until(self, predicate: Callable[[], T | None], *, within: float) -> T:
        """The predicate's first true value, looked at anew after every change.

        Raises TimeoutError when it stays false.
        """
        async with asyncio.timeout(within):
            while not (found := predicate()):
                await self._next()
            return found

    async def _next(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(self._pauses, default=None)):
                    await waiter
        finally:
            self._waiters.discard(waiter)
