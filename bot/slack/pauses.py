"""Pauses that Slack wants, because it is called too often."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.restores.ports import FARTHEST

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
        self._until: dict[str, datetime] = {}

    def begin(self, place: str, seconds: float) -> None:
        if place not in self._until:
            log.warning("slack wants fewer calls", method=self._method, place=place, seconds=seconds)
        self._until[place] = self._now() + timedelta(seconds=seconds)

    def held(self) -> dict[str, datetime]:
        """The places that are left alone now, and until when. A clock set back makes that no longer."""
        now = self._now()
        over = [at for at, until in self._until.items() if not until - FARTHEST <= now < until + CALM]
        for place in over:
            del self._until[place]
            log.info("slack takes calls as before", method=self._method, place=place)
        return {place: until for place, until in self._until.items() if now < until}

    def lately(self, place: str) -> bool:
        """Whether Slack wants a pause there, or did a moment ago: it will not take much more."""
        return place in self._until
