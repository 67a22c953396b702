"""Pauses that Slack wants, because it is called too often."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

log = structlog.get_logger()

#: How long after a pause Slack has to want no other before it is over.
CALM = timedelta(minutes=1)


class Pauses:
    """How long to leave a method alone, each place for itself.

    The first pause is logged, and when Slack has wanted no other for a while.
    """

    def __init__(self, method: str, *, now: Callable[[], datetime]) -> None:
        self._method = method
        self._now = now
        #: Since when and until when.
        self._pauses: dict[str, tuple[datetime, datetime]] = {}

    def begin(self, place: str, seconds: float) -> None:
        if place not in self._pauses:
            log.warning("slack wants fewer calls", method=self._method, place=place, seconds=seconds)
        now = self._now()
        self._pauses[place] = (now, now + timedelta(seconds=seconds))

    def held(self) -> dict[str, datetime]:
        """The places that are left alone now, and until when. A clock set back makes that no longer."""
        now = self._now()
        over = [at for at, (since, until) in self._pauses.items() if not since <= now < until + CALM]
        for place in over:
            del self._pauses[place]
            log.info("slack takes calls as before", method=self._method, place=place)
        return {place: until for place, (_, until) in self._pauses.items() if now < until}

    def lately(self, place: str) -> bool:
        """Whether Slack wants a pause there, or did a moment ago: it will not take much more."""
        return place in self._pauses
