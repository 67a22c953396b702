"""The clocks of the local services: simulated time that flows at a speed and can be advanced."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime

#: Time ends here, a century before what a datetime can hold: what is counted from now must fit as well.
END = datetime(9900, 1, 1, tzinfo=UTC).timestamp()


class SimulatedClock:
    """Time in epoch seconds (UTC). `speed` simulated seconds pass per real second; 0 stands still.

    It starts at the real time. `advance(seconds)` jumps ahead; time never runs backwards, nor past `END`.
    """

    def __init__(
        self,
        speed: float = 1.0,
        *,
        start: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not 0 <= speed < math.inf:
            raise ValueError("speed is a number that is not negative")
        self._monotonic = monotonic
        self._speed = speed
        self._base = time.time() if start is None else start
        self._since = monotonic()
        self._told: list[Callable[[], None]] = []

    @property
    def speed(self) -> float:
        return self._speed

    def now(self) -> float:
        return min(END, self._base + (self._monotonic() - self._since) * self._speed)

    def now_ms(self) -> int:
        """The time as DBS gives it: epoch milliseconds."""
        return int(self.now() * 1000)

    def real_seconds(self, simulated: float) -> float | None:
        """How long so many simulated seconds last; None when time stands still."""
        return simulated / self._speed if self._speed else None

    def advance(self, seconds: float) -> None:
        """Raises ValueError for a time that is past, or beyond the end of time."""
        if not seconds >= 0:
            raise ValueError("time does not run backwards")
        if seconds > END - self.now():
            raise ValueError("time ends with the year 9899")
        self._base += seconds
        for tell in self._told:
            tell()

    def on_jump(self, tell: Callable[[], None]) -> None:
        """Call this whenever time was advanced."""
        self._told.append(tell)
