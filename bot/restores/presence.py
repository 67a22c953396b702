"""Which workers live: each beats, and watches the beats of the others.

The clocks of two processes may differ, so the time of one is never compared with that of another. A worker
is dead when its beat did not change for `LEASE`, in the time its watcher lived through: others go on with
what it held. Should it wake up, it finds itself removed. It is another worker then, and what the old one had
in flight concludes nothing.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.errors import StoreError
from bot.restores.clock import utc_now
from bot.restores.loop import Loop
from bot.restores.ports import WorkerStore

log = structlog.get_logger()

BEAT = timedelta(seconds=2)
LEASE = timedelta(seconds=10)


class Presence:
    """Shows that this worker lives. `took_over` is called when another left something to go on with.

    What a dead worker was sending is in doubt for `quarantine`.
    """

    def __init__(
        self,
        store: WorkerStore,
        *,
        quarantine: timedelta,
        took_over: Callable[[], None],
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._quarantine = quarantine
        self._took_over = took_over
        self._now = now
        self._monotonic = monotonic
        self._worker_id: str | None = None
        self._watched_at = monotonic()
        #: Seconds this worker was awake.
        self._lived = 0.0
        #: The last beat of each other worker, and when in this worker's life it was new.
        self._seen: dict[str, tuple[int, float]] = {}
        self.loop = Loop(self.watch, now=now, longest_retry=BEAT)

    async def watch(self) -> datetime:
        """Beat, and take over from those who do no longer. Returns when the next beat is due."""
        worker_id, beats = await self._store.beat()
        if self._worker_id not in {None, worker_id}:
            log.warning("taken for dead, going on as another worker", worker_id=worker_id)
        self._worker_id = worker_id
        self._live()
        gone = self._seen.keys() - beats.keys()
        self._seen = {other: self._look(other, beat) for other, beat in beats.items()}
        if gone:
            self._took_over()
        for other, (beat, since) in list(self._seen.items()):
            silent = timedelta(seconds=self._lived - since)
            if silent >= LEASE:
                await self._take_over(other, beat, silent)
        return self._now() + BEAT

    async def aclose(self) -> None:
        """Leave what is held to others, now rather than after a lease."""
        try:
            await self._store.leave(self._now() + self._quarantine)
        except StoreError as error:
            log.warning("left without a word: others wait for the lease", error=error.sentence)

    def _live(self) -> None:
        """Whoever was frozen did not see who beat meanwhile: that time counts for nobody."""
        at = self._monotonic()
        self._lived += min(at - self._watched_at, 2 * BEAT.total_seconds())
        self._watched_at = at

    def _look(self, other: str, beat: int) -> tuple[int, float]:
        seen = self._seen.get(other)
        return seen if seen is not None and seen[0] == beat else (beat, self._lived)

    async def _take_over(self, other: str, beat: int, silent: timedelta) -> None:
        """It died before its next beat was due: since then what it was sending had time to arrive."""
        left = max(timedelta(0), self._quarantine - (silent - BEAT))
        if await self._store.bury(other, beat, self._now() + left):
            del self._seen[other]
            log.warning("a worker is dead, others go on with what it held", worker_id=other)
            self._took_over()
