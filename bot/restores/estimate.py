"""When a restore is expected to end: by its own pace, and by earlier restores of its plan. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import exp, hypot, log, sqrt
from statistics import fmean, pstdev
from typing import NamedTuple

from bot.restores.models import Mark, RestoreStatus, RestoreTask, Stage, Timeline, Window
from bot.restores.progress import DONE
from bot.restores.work import histories, shares

#: Less progress of its own than this tells nothing, nor do fewer marks.
ENOUGH = 0.03
MARKS_ENOUGH = 3
#: Progress counts half as much when it is older by this part of all the time so far.
FADES_AFTER = 0.5
#: How far, as a logarithm, the time for what is left may be off: of a stage whose pace was seen, of one that
#: is known from earlier restores, of one of which nothing is known; and of logs, which may be few or many.
SEEN, TOLD, UNKNOWN, LOGS = 0.3, 0.3, 0.85, 1.2
#: Bursts of so many seconds even out the more, the longer it takes.
BURST = 40.0
#: So many times all that is shown to each side at the end, and twice that at the beginning.
WIDTH = 1.2
MINUTE = timedelta(minutes=1)
#: A range is rounded to the longest of these minutes of which so many fit into it.
STEPS = (1, 2, 5, 10, 15, 30, 60, 120)
FIT = 4
#: Its end is so many seconds away at least; of one that is farther than that nothing is said.
SHORTEST, FARTHEST = 15.0, 30 * 86_400.0

_EPOCH = datetime.fromtimestamp(0, UTC)


class Pace(NamedTuple):
    """Seconds that all the work would take, and how far that may be off, as a logarithm."""

    seconds: float
    off: float

    def with_(self, other: "Pace") -> "Pace":
        """Between the two, nearer to the one that is less off."""
        weight = other.off**2 / (self.off**2 + other.off**2)
        seconds = exp(weight * log(self.seconds) + (1 - weight) * log(other.seconds))
        return Pace(seconds, max(SEEN, sqrt(1 / (self.off**-2 + other.off**-2))))


def ends(task: RestoreTask, line: Timeline, now: datetime) -> Window | None:
    """Between when a running task is expected to end; None when that cannot be told.

    The range reaches into the future, however late the task already is.
    """
    if task.state is not RestoreStatus.RUNNING or not task.reported or line.stalled or not line.marks:
        return None
    left = _left(task.evolve(timeline=line), line, now)
    if left is None:
        return None
    width = WIDTH * (2 - line.marks[-1].done)
    sooner, later = (abs(1 - exp(way * width * left.off)) * left.seconds for way in (-1, 1))
    bursts = width * sqrt(BURST * left.seconds)
    begin = max(0.0, left.seconds - hypot(sooner, bursts))
    end = max(SHORTEST, left.seconds + hypot(later, bursts))
    if end > FARTHEST:
        return None
    return _rounded(now + timedelta(seconds=begin), now + timedelta(seconds=end))


def overdue(line: Timeline, now: datetime) -> bool:
    """Whether the range that is shown is over."""
    return line.ends is not None and line.ends.end <= now


def _left(task: RestoreTask, line: Timeline, now: datetime) -> Pace | None:
    """Seconds for what is left, and how far that may be off."""
    told, parts = _told(line), shares(task)
    usual = _usual(line, told, parts, now)
    if usual is None:
        return None
    seconds = variance = 0.0
    for stage, part in parts.items():
        work = part * (1 - task.stages.get(stage, 0) / DONE)
        ahead = Pace(usual.seconds, TOLD if told else LOGS if stage is Stage.INCREMENTAL else UNKNOWN)
        pace = ahead if seconds else _here(stage, line, ahead, now)
        seconds += work * pace.seconds
        variance += (work * pace.seconds * pace.off) ** 2
    return Pace(seconds, sqrt(variance) / seconds if seconds else 0)


def _usual(line: Timeline, told: Pace | None, parts: Mapping[Stage, float], now: datetime) -> Pace | None:
    """The pace of the whole; None as long as there is neither enough of its own nor an earlier restore."""
    # How long the structure takes tells nothing of the data.
    marks = [mark for mark in line.marks if mark.done >= parts.get(Stage.STRUCTURE_BEFORE, 0)]
    own = _own(marks, now)
    if own and told:
        return own.with_(told)
    if told is None and (len(marks) < MARKS_ENOUGH or marks[-1].done - marks[0].done < ENOUGH):
        return None
    return told or own


def _here(stage: Stage, line: Timeline, ahead: Pace, now: datetime) -> Pace:
    """The pace in the stage that is under way."""
    marks = line.marks
    if time := line.stages.get(stage):
        began = time.began_at + timedelta(seconds=time.paused_seconds)
        marks = tuple(mark for mark in marks if mark.at >= began)
    own = _own(marks, now)
    return own.with_(ahead) if own else ahead


def _own(marks: Sequence[Mark], now: datetime) -> Pace | None:
    """Of late more than before. The time since the last mark counts too: nothing was done in it."""
    if not marks:
        return None
    all_of_it = max(1.0, (now - marks[0].at).total_seconds())
    seconds = work = 0.0
    for mark, later in pairwise((*marks, Mark(at=now, done=marks[-1].done))):
        age = max(0.0, (now - later.at).total_seconds())
        weight = 0.5 ** (age / (FADES_AFTER * all_of_it))
        seconds += weight * max(0.0, (later.at - mark.at).total_seconds())
        work += weight * (later.done - mark.done)
    if seconds == 0 or work == 0:
        return None
    return Pace(seconds / work, min(UNKNOWN, sqrt(SEEN**2 + BURST / seconds)))


def _told(line: Timeline) -> Pace | None:
    """The pace of the earlier restores."""
    logs = [log(seconds) for each in histories(line) if (seconds := sum(each.values())) > 0]
    return Pace(exp(fmean(logs)), min(LOGS, max(TOLD, pstdev(logs)))) if logs else None


def _rounded(begin: datetime, end: datetime) -> Window:
    """In steps, lest it changes at every look; it ends after `begin`, however that is rounded."""
    fitting = [step for step in STEPS if step * FIT * MINUTE <= end - begin]
    step = (fitting or STEPS)[-1 if fitting else 0] * MINUTE
    # One of a few minutes would leave the truth out if it were rounded to the nearest: it is widened.
    sooner, later = (step / 2, step / 2) if fitting else (timedelta(), step)
    first, last = (at - (at - _EPOCH) % step for at in (begin + sooner, end + later))
    return Window(begin=first, end=max(last, first + step))
