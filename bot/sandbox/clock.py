"""The one clock of the local services: simulated time that flows at a speed and can be advanced."""

import time
from collections.abc import Callable


class SimulatedClock:
    """Time in epoch seconds (UTC). `speed` simulated seconds pass per real second; 0 stands still.

    It starts at the real time. `advance(seconds)` jumps ahead; time never runs backwards.
    """

    def __init__(
        self,
        speed: float = 1.0,
        *,
        start: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if speed < 0:
            raise ValueError("speed must not be negative")
        self._monotonic = monotonic
        self._speed = speed
        self._base = time.time() if start is None else start
        self._since = monotonic()

    @property
    def speed(self) -> float:
        return self._speed

    def now(self) -> float:
        return self._base + (self._monotonic() - self._since) * self._speed

    def now_ms(self) -> int:
        """The time as DBS gives it: epoch milliseconds."""
        return int(self.now() * 1000)

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self._base += seconds
