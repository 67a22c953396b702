"""What was seen of a task over time: its stages, its progress as a whole, its pauses. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

from bot.restores.models import Earlier, Mark, RestoreStatus, RestoreTask, Stage, StageTime, Timeline
from bot.restores.progress import DONE
from bot.restores.work import shares

#: Marks kept: the first, the latest of them, and between these some that are spread over the way.
MARKS = 12
LATEST = 6
#: That nothing moves is told after so many times what usually lies between two marks.
USUAL_GAPS = 4
#: A task that is older than this when it is first seen was not seen from its beginning.
YOUNG = timedelta(minutes=2)

_UNDER_WAY = frozenset({RestoreStatus.RUNNING, RestoreStatus.PAUSE})


def after(
    before: RestoreTask | None,
    task: RestoreTask,
    now: datetime,
    *,
    since: datetime,
    earlier: Sequence[Earlier] = (),
    size: int | None = None,
) -> Timeline:
    """The timeline of a task that is not as it was `before`: what is new happened between `since` and `now`.

    `earlier` and `size` are kept when it is first seen to run.
    """
    line = (before.timeline if before else None) or Timeline(seen_at=now)
    if not task.reported:
        return line.evolve(ends=None)
    was = before.stages if before and before.status else task.stages
    moved = any(percent > was.get(stage, 0) for stage, percent in task.stages.items())
    if before and not before.reported:
        line = unseen(line, now)
    if line.started_at is None:
        if not _has_begun(task):
            return line
        at = since if moved else now
        line = line.evolve(started_at=at, moved_at=at, size=size).with_past((), tuple(earlier))
    line = _rested(line, task, now)
    task = task.evolve(timeline=line)
    first = Mark(at=line.started_at or now, done=_done(task, was))
    marks = _marks(line.marks or (first,), Mark(at=now, done=overall(task)))
    line = line.with_past(marks, line.earlier).evolve(
        stages=_stages(line, task, was, since if moved else now, now),
        moved_at=now if moved else line.moved_at,
        stalled=line.stalled and not moved,
    )
    return line.evolve(ended_at=now, ends=None, stalled=False) if task.ended else line


def unseen(line: Timeline, now: datetime) -> Timeline:
    """After a time in which no progress could have been seen."""
    return line.evolve(moved_at=now) if line.moved_at else line


def still_for(line: Timeline, now: datetime, patience: timedelta) -> timedelta | None:
    """For how long a task has not moved, if that is longer than `patience` and than is usual for it."""
    if line.moved_at is None or (still := now - line.moved_at) < patience:
        return None
    gaps = [(later.at - mark.at).total_seconds() for mark, later in pairwise(line.marks[-LATEST:])]
    return still if not gaps or still.total_seconds() >= USUAL_GAPS * median_low(gaps) else None


def overall(task: RestoreTask) -> float:
    """How much of all its work a task has done, 0-1: stages count by how long they take."""
    return 1.0 if task.state is RestoreStatus.SUCCEEDED else _done(task, task.stages)


def stage_seconds(task: RestoreTask) -> dict[Stage, float]:
    """How long each stage took that is over, its pauses included.

    Scaled to DBS's clock where that is possible: together with the time before the start they are then what
    DBS says that the whole took.
    """
    line = task.timeline
    if line is None:
        return {}
    scale = _scale(task, line)
    return {
        stage: max(0.0, (done_at - time.began_at).total_seconds()) * scale
        for stage, time in line.stages.items()
        if (done_at := time.done_at or line.ended_at)
    }


def ran(task: RestoreTask) -> timedelta | None:
    """From its start to its end, by DBS's clock where that is possible; None if it was not seen to start."""
    line = task.timeline
    if line is None or line.seen_at is None or line.started_at is None or line.ended_at is None:
        return None
    if line.started_at <= line.seen_at:
        return None
    return max(timedelta(), line.ended_at - line.started_at) * _scale(task, line)


def lesson(task: RestoreTask) -> Earlier | None:
    """What a restore that succeeded tells of the next ones: seconds by the bot's clock, without pauses.

    None if its stages were not all seen from their beginning.
    """
    line = task.timeline
    if line is None or task.state is not RestoreStatus.SUCCEEDED or task.stages.keys() - line.stages.keys():
        return None
    seconds = {
        stage: max(0.0, (time.done_at - time.began_at).total_seconds() - time.paused_seconds)
        for stage, time in line.stages.items()
        if time.done_at
    }
    return Earlier(size=line.size, seconds=seconds) if sum(seconds.values()) > 0 else None


def _scale(task: RestoreTask, line: Timeline) -> float:
    """Seconds of DBS for one of the bot: 1 unless the bot saw all of it."""
    if not (
        task.took and task.created_at and line.seen_at and line.ended_at and line.ended_at > line.seen_at
    ):
        return 1.0
    if line.seen_at - task.created_at > YOUNG:
        return 1.0
    return task.took / (line.ended_at - line.seen_at)


def _has_begun(task: RestoreTask) -> bool:
    return task.state in _UNDER_WAY or (task.ended and any(task.stages.values()))


def _done(task: RestoreTask, percents: Mapping[Stage, int]) -> float:
    return sum(share * percents.get(stage, 0) for stage, share in shares(task).items()) / DONE


def _rested(line: Timeline, task: RestoreTask, now: datetime) -> Timeline:
    """A pause begins, or is over: then it is as if there had been none."""
    if task.state is RestoreStatus.PAUSE:
        return line if line.paused_at else line.evolve(paused_at=now, ends=None, stalled=False)
    if line.paused_at is None:
        return line
    length = max(timedelta(), now - line.paused_at)
    seconds = length.total_seconds()
    put_off = tuple(mark.evolve(at=mark.at + length) for mark in line.marks)
    return line.with_past(put_off, line.earlier).evolve(
        paused_at=None,
        paused_seconds=line.paused_seconds + seconds,
        moved_at=now,
        stages={
            stage: time if time.done_at else time.evolve(paused_seconds=time.paused_seconds + seconds)
            for stage, time in line.stages.items()
        },
    )


def _stages(
    line: Timeline, task: RestoreTask, was: Mapping[Stage, int], since: datetime, now: datetime
) -> dict[Stage, StageTime]:
    """When each stage began and was done; of several that moved at once each had its share of the time.

    A stage begins when those before it are done, or when it moves. One that had moved before anybody looked
    was not seen to begin.
    """
    over = task.state is RestoreStatus.SUCCEEDED
    percents = {stage: DONE if over else task.stages[stage] for stage in Stage if stage in task.stages}
    parts = shares(task)
    work = {stage: parts[stage] * max(0, percents[stage] - was.get(stage, 0)) for stage in percents}
    whole = sum(work.values())
    times, at, is_next = dict(line.stages), since, True
    for stage, percent in percents.items():
        if stage not in times and was.get(stage, 0) == 0 and (percent > 0 or is_next):
            times[stage] = StageTime(began_at=at)
        if whole:
            at += max(timedelta(), now - since) * (work[stage] / whole)
        time = times.get(stage)
        if time and time.done_at is None and percent >= DONE:
            times[stage] = time.evolve(done_at=at)
        is_next = is_next and percent >= DONE
    return times


def _marks(marks: tuple[Mark, ...], new: Mark) -> tuple[Mark, ...]:
    if new.done <= marks[-1].done:
        return marks
    marks = (*marks, new)
    if len(marks) <= MARKS:
        return marks
    # Left out is the one that tells the least, neither the first nor one of the latest.
    least = min(range(1, len(marks) - LATEST), key=lambda at: marks[at + 1].done - marks[at - 1].done)
    return marks[:least] + marks[least + 1 :]
