"""The poller: one round asks DBS about every task that is due, in as few calls as can be."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.errors import DbsError, DbsNotAllowed, DbsRejected, StoreError
from bot.restores.accounts import Accounts
from bot.restores.clock import utc_now
from bot.restores.looks import Answers, failed_first, looked_at, precheck_in_question, runs_first
from bot.restores.loop import Job, Loop
from bot.restores.models import (
    LANGUAGES,
    Earlier,
    JobError,
    PollResult,
    PrecheckReport,
    RestoreTask,
    TrackedTask,
)
from bot.restores.pace import JITTER, LONGEST_BACKOFF, PATIENCE, WAITING_FACTOR, Place, Silence, silence
from bot.restores.ports import Dbs, TaskStore

log = structlog.get_logger()

#: What one call can ask about, and how many calls a place is sent side by side.
TASKS_A_CALL = 100
CALLS_AT_ONCE = 4
#: There is no batch call for prechecks, so a round asks about this many tasks of a place at most.
PRECHECKS_A_ROUND = 10
#: Nor one for the reasons of failures. Nobody is kept waiting for these.
JOB_ERRORS_A_ROUND = 10
JOB_ERRORS_WITHIN = timedelta(seconds=2)
#: Earlier restores that are kept with a task: enough to tell what is usual.
EARLIER = 5


class RestorePoller:
    """Follows tasks to their end. `tell` is called when a round brought something to post.

    `patience` is how long a running task may stand still before that is told.
    """

    def __init__(
        self,
        accounts: Accounts,
        store: TaskStore,
        *,
        interval: timedelta,
        patience: timedelta = PATIENCE,
        tell: Callable[[], None],
        now: Callable[[], datetime] = utc_now,
        chance: random.Random | None = None,
    ) -> None:
        self._accounts = accounts
        self._store = store
        self._interval = interval
        self._patience = patience
        self._tell = tell
        self._now = now
        self._chance = chance or random.Random()  # noqa: S311 - spreads load, keeps no secret
        self._silences: dict[Place, Silence] = {}
        self.loop = Loop(self.round, now=now)

    async def round(self) -> datetime | None:
        """Look at every task that is due, or nearly so: one call per 100 tasks, account and region.

        Returns when the next round is due.
        """
        now = self._now()
        horizon = now + max(LONGEST_BACKOFF, self._interval * WAITING_FACTOR) * 2
        places: dict[Place, list[TrackedTask]] = defaultdict(list)
        due = await self._store.due_tasks(now + self._interval / 2, horizon, self._busy())
        for tracked in due:
            places[Place(tracked.account, tracked.region)].append(tracked)
        jobs: dict[Hashable, Job] = {
            place: partial(self._poll, place, tasks) for place, tasks in places.items()
        }
        await self.loop.crew.work(jobs)
        # What is due and under way rings when it is done.
        return await self._store.next_poll_at(self._busy())

    def _busy(self) -> list[Place]:
        return [key for key in self.loop.crew.busy if isinstance(key, Place)]

    async def _poll(self, place: Place, tasks: Sequence[TrackedTask]) -> None:
        """Ask a place about tasks, and save what it says; a place that is silent is not asked every time."""
        quiet = self._silences.get(place)
        if quiet and quiet.lasts(self._now()):
            results = [quiet.put_off(tracked, self._now()) for tracked in tasks]
        else:
            answers = await self._ask(place, tasks)
            self._note(place, answers)
            answers.earlier = await self._earlier(place, tasks, answers.seen)
            results = self._results(self._silences.get(place), tasks, answers)
        await self._store.save_polls(results, self._now(), tasks[0].owner)
        if any(result.task or result.events for result in results):
            self._tell()

    async def _ask(self, place: Place, tasks: Sequence[TrackedTask]) -> Answers:
        """Describe the tasks, some calls side by side. After one that failed no more are sent.

        A place that refuses to describe any of them has nothing against one task alone.
        """
        answers = Answers()
        ids = [tracked.restore_task_id for tracked in tasks]
        batches = iter([ids[at : at + TASKS_A_CALL] for at in range(0, len(ids), TASKS_A_CALL)])

        async def ask(dbs: Dbs) -> None:
            for batch in batches:
                try:
                    await self._describe(dbs, place.region, batch, answers)
                except DbsError as error:
                    answers.error = error
                if answers.error:
                    return

        try:
            dbs = self._accounts[place.account].dbs
        except DbsError as error:
            answers.error = error
            return answers
        async with asyncio.TaskGroup() as calls:
            for _ in range(min(CALLS_AT_ONCE, len(ids))):
                calls.create_task(ask(dbs))
        if answers.refused and not answers.listed:
            answers.error = answers.error or answers.refused
            answers.asked.clear()
        if answers.error is None:
            answers.prechecks = await self._prechecks(dbs, place.region, tasks, answers.seen)
            answers.job_errors = await self._job_errors(dbs, place.region, tasks, answers.seen)
        return answers

    async def _describe(self, dbs: Dbs, region: str, ids: Sequence[str], answers: Answers) -> None:
        """The tasks DBS lists. When it refuses a list for one bad id, the others are still asked about."""
        try:
            answers.seen.update(await dbs.describe_restore_tasks(ids, region=region))
            answers.listed = True
        except DbsNotAllowed:
            raise
        except DbsRejected as error:
            if len(ids) == 1:
                log.warning("dbs does not describe a task", restore_task_id=ids[0], error=error.sentence)
                answers.refused = error
            else:
                middle = len(ids) // 2
                await self._describe(dbs, region, ids[:middle], answers)
                await self._describe(dbs, region, ids[middle:], answers)
        answers.asked.update(ids)

    def _note(self, place: Place, answers: Answers) -> None:
        """Keep whether the place answers; the first failure and the recovery are logged."""
        before = self._silences.pop(place, None)
        if answers.error is None:
            if before:
                log.info("dbs answers again", **place._asdict())
            return
        if before is None:
            log.warning("tasks wait for dbs", **place._asdict(), error=answers.error.sentence)
        # A place that answers some calls is not silent, only slow to be asked again.
        self._silences[place] = silence(
            None if answers.asked else before,
            answers.error,
            self._now(),
            interval=self._interval,
            spread=self._spread(),
        )

    def _spread(self) -> float:
        return self._chance.uniform(1 - JITTER, 1 + JITTER)

    async def _prechecks(
        self, dbs: Dbs, region: str, tasks: Sequence[TrackedTask], seen: dict[str, RestoreTask]
    ) -> dict[str, PrecheckReport]:
        """Precheck reports of tasks in `init`, which alone does not tell "not started" from "failed"."""
        open_ones: list[str] = []
        failed: list[str] = []
        for tracked in tasks:
            before, after = tracked.task, seen.get(tracked.restore_task_id)
            if after and precheck_in_question(before, after):
                (failed if before and before.precheck_failed else open_ones).append(after.restore_task_id)
        # One that failed may be repeated in the console, and may also stay like this for ever.
        asked = [*self._some(open_ones, PRECHECKS_A_ROUND), *self._some(failed, 1)]
        reports = await asyncio.gather(*(self._precheck(dbs, region, task_id) for task_id in asked))
        return {task_id: report for task_id, report in zip(asked, reports, strict=True) if report}

    def _some(self, task_ids: Sequence[str], most: int) -> list[str]:
        return self._chance.sample(task_ids, min(len(task_ids), most))

    async def _precheck(self, dbs: Dbs, region: str, restore_task_id: str) -> PrecheckReport | None:
        try:
            return await dbs.describe_precheck(restore_task_id, region=region)
        except DbsError as error:
            log.debug("no precheck report", restore_task_id=restore_task_id, error=error.sentence)
            return None

    async def _job_errors(
        self, dbs: Dbs, region: str, tasks: Sequence[TrackedTask], seen: dict[str, RestoreTask]
    ) -> dict[str, dict[str, JobError]]:
        """Why tasks failed, in each language, as far as DBS says so at once: their threads wait."""
        failed = [
            tracked.restore_task_id
            for tracked in tasks
            if (after := seen.get(tracked.restore_task_id)) and failed_first(tracked.task, after)
        ]
        asked = [(task_id, each) for task_id in failed[:JOB_ERRORS_A_ROUND] for each in LANGUAGES]
        answers: dict[str, dict[str, JobError]] = defaultdict(dict)

        async def ask(task_id: str, language: str) -> None:
            try:
                reason = await dbs.describe_job_error(task_id, region=region, language=language)
            except DbsError as error:
                log.debug("no reason for a failure", restore_task_id=task_id, error=error.sentence)
            else:
                if reason:
                    answers[task_id][language] = reason

        with suppress(TimeoutError):
            async with asyncio.timeout(JOB_ERRORS_WITHIN.total_seconds()), asyncio.TaskGroup() as calls:
                for task_id, language in asked:
                    calls.create_task(ask(task_id, language))
        return answers

    async def _earlier(
        self, place: Place, tasks: Sequence[TrackedTask], seen: dict[str, RestoreTask]
    ) -> dict[str, tuple[Earlier, ...]]:
        """What the store knows of earlier restores, for the tasks that are first seen to run."""
        plans = {
            tracked.restore_task_id: after.backup_plan_id
            for tracked in tasks
            if (after := seen.get(tracked.restore_task_id))
            and after.backup_plan_id
            and runs_first(tracked.task, after)
        }
        known: dict[str, tuple[Earlier, ...]] = {}
        try:
            for plan_id in dict.fromkeys(plans.values()):
                known[plan_id] = await self._store.earlier(place.account, plan_id, EARLIER)
        except StoreError as error:
            log.warning("earlier restores are not known", **place._asdict(), error=error.sentence)
        return {task_id: known.get(plan_id, ()) for task_id, plan_id in plans.items()}

    def _results(
        self, quiet: Silence | None, tasks: Sequence[TrackedTask], answers: Answers
    ) -> list[PollResult]:
        now, pause = self._now(), self._interval * self._spread()
        return [
            quiet.put_off(tracked, now)
            if quiet and tracked.restore_task_id not in answers.asked
            else looked_at(tracked, answers, now, pause, patience=self._patience)
            for tracked in tasks
        ]
