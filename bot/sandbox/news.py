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
    """

    def __init__(self, clock: SimulatedClock) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        pause = clock.real_seconds(_LOOK_EVERY)
        self._pause = None if pause is None else max(_LOOK_AT_MOST_EVERY, pause)
        clock.on_jump(self.touch)

    def touch(self) -> None:
        """Something changed."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def until(self, predicate: Callable[[], T | None], *, timeout: float) -> T:  # noqa: ASYNC109  (the callers' word)
        """The predicate's first true value, looked at anew after every change.

        Raises TimeoutError when it stays false.
        """
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                await self._next()
            return found

    async def _next(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await waiter
        finally:
            self._waiters.discard(waiter)
