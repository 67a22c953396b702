"""What a look at tasks brought, and what it means for each of them. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import DbsError
from bot.restores.models import (
    Event,
    EventKind,
    PollResult,
    PrecheckReport,
    RestoreStatus,
    RestoreTask,
    TrackedTask,
)
from bot.restores.pace import WAITING_FACTOR, waits
from bot.restores.progress import diff, furthest

#: A task DBS does not list is young, or gone. Until this age it is taken to be young.
YOUNG = timedelta(minutes=2)


@dataclass(slots=True)
class Answers:
    """What a place said of the tasks it was asked about; of those not `asked` it said nothing.

    `listed`: it did list tasks when asked to; `refused` is why it would not say anything of some.
    """

    asked: set[str] = field(default_factory=set)
    listed: bool = False
    refused: DbsError | None = None
    seen: dict[str, RestoreTask] = field(default_factory=dict)
    prechecks: dict[str, PrecheckReport] = field(default_factory=dict)
    error: DbsError | None = None


def looked_at(tracked: TrackedTask, answers: Answers, now: datetime, pause: timedelta) -> PollResult:
    """What is new of a task about which DBS was asked, and when to look again: after `pause`, or later."""
    before, after = tracked.task, _after(tracked, answers, now)
    # Most tasks are as they were, and there may be very many: no more is made of these than needs be.
    new = after if after != before else None
    back = (Event(kind=EventKind.DBS_BACK),) if tracked.silent else ()
    ended = after is not None and after.ended
    factor = WAITING_FACTOR if after and waits(tracked, after, now) else 1
    return PollResult(
        restore_task_id=tracked.restore_task_id,
        task=new,
        events=(*back, *(diff(before, new) if new else ())),
        next_poll_at=None if ended else now + pause * factor,
        silent=False if tracked.silent else None,
    )


def _after(tracked: TrackedTask, answers: Answers, now: datetime) -> RestoreTask | None:
    """What is known now. Without a status nothing is: not even a finish time says how a task ended."""
    before, seen = tracked.task, answers.seen.get(tracked.restore_task_id)
    if seen is None:
        return before if now - tracked.tracked_since < YOUNG else _unreported(tracked)
    if not seen.status:
        return before
    return seen.evolve(
        precheck=answers.prechecks.get(seen.restore_task_id, before.precheck if before else None),
        stages=furthest(before.stages if before else {}, seen.stages),
    )


def _unreported(tracked: TrackedTask) -> RestoreTask:
    """DBS did not list the task: that is all it says, not that the task failed."""
    before = tracked.task or RestoreTask(restore_task_id=tracked.restore_task_id, status="")
    return before.evolve(reported=False)


def precheck_in_question(before: RestoreTask | None, after: RestoreTask) -> bool:
    """While the task is in `init`, and once when it left `init` without a word on its precheck."""
    if after.state is RestoreStatus.INIT:
        return True
    passed = before is not None and before.precheck is not None and before.precheck.passed
    return (before is None or before.state is RestoreStatus.INIT) and not passed
