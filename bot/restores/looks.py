"""What a look at tasks brought, and what it means for each of them. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import DbsError
from bot.restores import estimate, timeline
from bot.restores.models import (
    Earlier,
    Event,
    EventKind,
    JobError,
    PollResult,
    PrecheckReport,
    RestoreStatus,
    RestoreTask,
    Timeline,
    TrackedTask,
)
from bot.restores.pace import PATIENCE, rest
from bot.restores.progress import diff, furthest

#: A task DBS does not list is young, or gone. Until this age it is taken to be young.
YOUNG = timedelta(minutes=2)


@dataclass(slots=True)
class Answers:
    """What a place said of the tasks it was asked about; of those not `asked` it said nothing.

    `listed`: it did list tasks when asked to; `refused` is why it would not say anything of some.
    `earlier` is not DBS's: it is what the store knows of earlier restores, of tasks that begin to run.
    """

    asked: set[str] = field(default_factory=set)
    listed: bool = False
    refused: DbsError | None = None
    seen: dict[str, RestoreTask] = field(default_factory=dict)
    prechecks: dict[str, PrecheckReport] = field(default_factory=dict)
    job_errors: dict[str, dict[str, JobError]] = field(default_factory=dict)
    earlier: dict[str, tuple[Earlier, ...]] = field(default_factory=dict)
    error: DbsError | None = None


def looked_at(
    tracked: TrackedTask,
    answers: Answers,
    now: datetime,
    pause: timedelta,
    *,
    patience: timedelta = PATIENCE,
) -> PollResult:
    """What is new of a task about which DBS was asked, and when to look again: after `pause`, or later.

    `patience` is how long a task may stand still, at least, before that is told.
    """
    before, after = tracked.task, _after(tracked, answers, now)
    # Most tasks are as they were, and there may be very many: no more is made of these than needs be.
    new = after if after != before else None
    if after and (new or tracked.silent or _time_tells(after, now, patience)):
        timed = _timed(tracked, after, answers, now, pause, patience)
        new = timed if timed != before else None
    back = (Event(kind=EventKind.DBS_BACK),) if tracked.silent else ()
    ended = after is not None and after.ended
    return PollResult(
        restore_task_id=tracked.restore_task_id,
        task=new,
        events=(*back, *(_events(before, new, now) if new else ())),
        next_poll_at=None if ended else now + (rest(tracked, after, now, pause) if after else pause),
        silent=False if tracked.silent else None,
    )


def _after(tracked: TrackedTask, answers: Answers, now: datetime) -> RestoreTask | None:
    """What is known now. Without a status nothing is: not even a finish time says how a task ended."""
    before, seen = tracked.task, answers.seen.get(tracked.restore_task_id)
    if seen is None:
        return before if now - tracked.tracked_since < YOUNG else _unreported(tracked)
    if not seen.status:
        return before
    task_id = seen.restore_task_id
    return seen.evolve(
        plan_name=before.plan_name if before else "",
        precheck=answers.prechecks.get(task_id, before.precheck if before else None),
        stages=furthest(before.stages if before else {}, seen.stages),
        timeline=before.timeline if before else None,
        job_errors=answers.job_errors.get(task_id, before.job_errors if before else {}),
    )


def _unreported(tracked: TrackedTask) -> RestoreTask:
    """DBS did not list the task: that is all it says, not that the task failed."""
    before = tracked.task or RestoreTask(restore_task_id=tracked.restore_task_id, status="")
    return before.evolve(reported=False)


def _time_tells(task: RestoreTask, now: datetime, patience: timedelta) -> bool:
    """Whether something may be new of a task that is as it was, for the time that has passed alone."""
    line = task.timeline
    if line is None:
        return not task.ended
    if line.moved_at is None or line.stalled or task.state is not RestoreStatus.RUNNING or not task.reported:
        return False
    # A clock that was set back would hide a stall until it has caught up.
    return not timedelta() <= now - line.moved_at < patience or estimate.overdue(line, now)


def _timed(
    tracked: TrackedTask,
    task: RestoreTask,
    answers: Answers,
    now: datetime,
    pause: timedelta,
    patience: timedelta,
) -> RestoreTask:
    """The task with what the bot makes of the time."""
    before = tracked.task
    known = before.timeline if before else None
    line = timeline.after(
        before,
        task,
        now,
        since=_last_look(tracked, known, now, pause),
        earlier=answers.earlier.get(task.restore_task_id, ()),
        size=tracked.size,
    )
    if line.moved_at and (tracked.silent or line.moved_at > now):
        line = line.evolve(moved_at=now)
    if task.state is RestoreStatus.RUNNING and task.reported:
        stalled = line.stalled or timeline.still_for(line, now, patience) is not None
        line = line.evolve(stalled=stalled)
        if line != known or estimate.overdue(line, now):
            line = line.evolve(ends=estimate.ends(task, line, now))
    return task.evolve(timeline=line)


def _last_look(tracked: TrackedTask, line: Timeline | None, now: datetime, pause: timedelta) -> datetime:
    """When it was looked at before this, as far as that is known."""
    moved_at = (line.moved_at or line.seen_at) if line else None
    if moved_at is None:
        return now
    looked_at = moved_at if tracked.silent or tracked.due_at is None else tracked.due_at - pause
    return min(now, max(moved_at, looked_at))


def _events(before: RestoreTask | None, after: RestoreTask, now: datetime) -> tuple[Event, ...]:
    line, known = after.timeline, before.timeline if before else None
    stalls = line is not None and line.stalled and not (known and known.stalled)
    if not (stalls and line and line.moved_at):
        return diff(before, after)
    still = (now - line.moved_at).total_seconds()
    return (*diff(before, after), Event(kind=EventKind.STALLED, seconds=still))


def runs_first(before: RestoreTask | None, after: RestoreTask) -> bool:
    """Whether the task is first seen to run: from now on its end can be expected."""
    begun = before is not None and before.timeline is not None and before.timeline.started_at is not None
    return not begun and after.state in {RestoreStatus.RUNNING, RestoreStatus.PAUSE}


def failed_first(before: RestoreTask | None, after: RestoreTask) -> bool:
    """Whether the task is first seen to have failed."""
    return after.state is RestoreStatus.STOP and not (before and before.state is RestoreStatus.STOP)


def precheck_in_question(before: RestoreTask | None, after: RestoreTask) -> bool:
    """While the task is in `init`, and once when it left `init` without a word on its precheck."""
    if after.state is RestoreStatus.INIT:
        return True
    passed = before is not None and before.precheck is not None and before.precheck.passed
    return (before is None or before.state is RestoreStatus.INIT) and not passed
