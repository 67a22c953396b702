"""Restores that ended are kept for a while and then forgotten, a few at a time so that nobody waits."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.restores.clock import utc_now
from bot.restores.loop import Loop
from bot.restores.ports import History

#: So many in one transaction.
BATCH = 100
PAUSE = timedelta(hours=1)


class Pruner:
    """Forgets restores that ended and did not change for as long as `keep`."""

    def __init__(self, history: History, *, keep: timedelta, now: Callable[[], datetime] = utc_now) -> None:
        self._history = history
        self._keep = keep
        self._now = now
        self.loop = Loop(self.prune, now=now)

    async def prune(self) -> datetime:
        """Forget all whose time is over. Returns when to look again."""
        before = self._now() - self._keep
        while await self._history.prune(before, BATCH) == BATCH:
            continue
        return self._now() + PAUSE
