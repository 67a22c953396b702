"""The poller: one round asks DBS about every task that is due, in as few calls as can be."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import structlog

from bot.errors import DbsError, DbsNotAllowed, DbsRejected
from bot.restores.accounts import Accounts
from bot.restores.clock import backoff, utc_now
from bot.restores.loop import Job, Loop
from bot.restores.models import PollResult, PrecheckReport, RestoreStatus, RestoreTask, TrackedTask
from bot.restores.ports import Dbs, TaskStore
from bot.restores.progress import diff, furthest

log = structlog.get_logger()

#: There is no batch call for prechecks, so a round asks about this many tasks of a place at most.
PRECHECKS_A_ROUND = 10
#: A task DBS does not list is young, or gone. Until this age it is taken to be young.
YOUNG = timedelta(minutes=2)
#: A task that waits for a person is looked at this many times less often.
WAITING_FACTOR = 4
LONGEST_BACKOFF = timedelta(minutes=5)


class Place(NamedTuple):
    """What one call can ask about: a fault in one place touches no other."""

    account: str
    region: str


class RestorePoller:
    """Follows tasks to their end. `tell` is called when a round brought something to post."""

    def __init__(
        self,
        accounts: Accounts,
        store: TaskStore,
        *,
        interval: timedelta,
        tell: Callable[[], None],
        now: Callable[[], datetime] = utc_now,
        chance: random.Random | None = None,
    ) -> None:
        self._accounts = accounts
        self._store = store
        self._interval = interval
        self._tell = tell
        self._now = now
        self._chance = chance or random.Random()  # noqa: S311 - spreads load, keeps no secret
        self._failures: dict[Place, int] = {}
        self.loop = Loop(self.round, now=now)

    async def round(self) -> datetime | None:
        """Look at every task that is due, or nearly so: one call per 100 tasks, account and region.

        Returns when the next round is due.
        """
        now = self._now()
        horizon = now + max(LONGEST_BACKOFF, self._interval * WAITING_FACTOR) * 2
        places: dict[Place, list[TrackedTask]] = defaultdict(list)
        for tracked in await self._store.due_tasks(now + self._interval / 2, horizon):
            places[Place(tracked.account, tracked.region)].append(tracked)
        jobs: dict[Hashable, Job] = {
            place: partial(self._poll, place, tasks) for place, tasks in places.items()
        }
        await self.loop.crew.work(jobs)
        next_at = await self._store.next_poll_at()
        if next_at is not None and self.loop.crew.busy:
            # What is due and under way rings when it is done.
            return max(next_at, self._now() + self._interval)
        return next_at

    async def _poll(self, place: Place, tasks: Sequence[TrackedTask]) -> None:
        try:
            dbs = self._accounts[place.account].dbs
            seen = await self._describe(dbs, place.region, [tracked.restore_task_id for tracked in tasks])
        except DbsError as error:
            await self._store.save_polls(self._backed_off(place, tasks, error), self._now())
            return
        if self._failures.pop(place, 0):
            log.info("dbs answers again", account=place.account, region=place.region)
        prechecks = await self._prechecks(dbs, place.region, tasks, seen)
        results = [self._result(tracked, seen, prechecks) for tracked in tasks]
        await self._store.save_polls(results, self._now())
        self._tell()

    async def _describe(self, dbs: Dbs, region: str, ids: Sequence[str]) -> dict[str, RestoreTask]:
        """The tasks DBS lists. When it refuses a list for one bad id, the others are still asked about."""
        try:
            return await dbs.describe_restore_tasks(ids, region=region)
        except DbsNotAllowed:
            raise
        except DbsRejected as error:
            if len(ids) == 1:
                log.warning("dbs does not describe a task", restore_task_id=ids[0], error=error.sentence)
                return {}
            middle = len(ids) // 2
            first = await self._describe(dbs, region, ids[:middle])
            return first | await self._describe(dbs, region, ids[middle:])

    def _backed_off(self, place: Place, tasks: Sequence[TrackedTask], error: DbsError) -> list[PollResult]:
        failures = self._failures[place] = self._failures.get(place, 0) + 1
        if failures == 1:
            log.warning("tasks wait for dbs", **place._asdict(), tasks=len(tasks), error=error.sentence)
        pause = backoff(failures, first=self._interval, longest=LONGEST_BACKOFF)
        next_at = self._now() + pause * self._chance.uniform(0.75, 1.25)
        return [PollResult(restore_task_id=task.restore_task_id, next_poll_at=next_at) for task in tasks]

    async def _prechecks(
        self, dbs: Dbs, region: str, tasks: Sequence[TrackedTask], seen: dict[str, RestoreTask]
    ) -> dict[str, PrecheckReport]:
        """Precheck reports of tasks in `init`, which alone does not tell "not started" from "failed"."""
        wanted = [
            tracked.restore_task_id
            for tracked in tasks
            if (after := seen.get(tracked.restore_task_id)) and _precheck_in_question(tracked.task, after)
        ]
        asked = self._chance.sample(wanted, min(len(wanted), PRECHECKS_A_ROUND))
        reports = await asyncio.gather(*(self._precheck(dbs, region, task_id) for task_id in asked))
        return {task_id: report for task_id, report in zip(asked, reports, strict=True) if report}

    async def _precheck(self, dbs: Dbs, region: str, restore_task_id: str) -> PrecheckReport | None:
        try:
            return await dbs.describe_precheck(restore_task_id, region=region)
        except DbsError as error:
            log.debug("no precheck report", restore_task_id=restore_task_id, error=error.sentence)
            return None

    def _result(
        self, tracked: TrackedTask, seen: dict[str, RestoreTask], prechecks: dict[str, PrecheckReport]
    ) -> PollResult:
        task_id = tracked.restore_task_id
        before = tracked.task
        after = seen.get(task_id)
        if after is None:
            return self._unlisted(tracked)
        after = after.evolve(
            precheck=prechecks.get(task_id, before.precheck if before else None),
            stages=furthest(before.stages if before else {}, after.stages),
        )
        return PollResult(
            restore_task_id=task_id,
            task=after if after != before else None,
            events=diff(before, after),
            next_poll_at=None if after.ended else self._next_poll_at(after),
        )

    def _unlisted(self, tracked: TrackedTask) -> PollResult:
        """DBS did not list the task: it is shown as unreported, never as failed."""
        next_at = self._now() + self._interval
        young = self._now() - tracked.tracked_since < YOUNG
        if young or tracked.task is None or not tracked.task.reported:
            return PollResult(restore_task_id=tracked.restore_task_id, next_poll_at=next_at)
        after = tracked.task.evolve(reported=False)
        return PollResult(
            restore_task_id=tracked.restore_task_id,
            task=after,
            events=diff(tracked.task, after),
            next_poll_at=next_at,
        )

    def _next_poll_at(self, task: RestoreTask) -> datetime:
        waiting = task.precheck_failed or task.state in {RestoreStatus.CHECK_PASS, RestoreStatus.PAUSE}
        return self._now() + self._interval * (WAITING_FACTOR if waiting else 1)


def _precheck_in_question(before: RestoreTask | None, after: RestoreTask) -> bool:
    """While the task is in `init`, and once when it left `init` without a word on its precheck."""
    if after.state is RestoreStatus.INIT:
        return True
    passed = before is not None and before.precheck is not None and before.precheck.passed
    return (before is None or before.state is RestoreStatus.INIT) and not passed
