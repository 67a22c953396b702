"""How often to look at a task, and how long to leave a place alone that does not answer. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.errors import DbsError, DbsThrottled
from bot.restores.clock import backoff
from bot.restores.models import Event, EventKind, PollResult, RestoreStatus, RestoreTask, TrackedTask

#: A task that waits for somebody is looked at this many times less often, unless it was only just created.
WAITING_FACTOR = 4
FRESH = timedelta(minutes=5)
#: One that waits for longer than this may wait for ever.
LONG = timedelta(hours=1)
#: Looks are spread by so much of their interval, so that nothing stays in step with anything.
JITTER = 0.1
LONGEST_BACKOFF = timedelta(minutes=5)
#: How long DBS is silent before its threads are told.
TOLD_AFTER = timedelta(minutes=3)

#: How long a running task stands still, at least, before that is told.
PATIENCE = timedelta(minutes=15)

_WAITING = frozenset({RestoreStatus.CHECK_PASS, RestoreStatus.PAUSE})


class Place(NamedTuple):
    """What one call can ask about: a fault in one place touches no other."""

    account: str
    region: str


def rests(task: RestoreTask) -> bool:
    """Whether nothing is to be expected of a task soon: somebody has to do something about it first."""
    return task.precheck_failed or task.state in _WAITING or not task.reported


def rest(tracked: TrackedTask, task: RestoreTask, now: datetime, pause: timedelta) -> timedelta:
    """How long a task is left alone: `pause`, or longer if it rests itself."""
    age = now - tracked.tracked_since
    if not rests(task) or age < FRESH:
        return pause
    return pause * WAITING_FACTOR if age < LONG else max(pause * WAITING_FACTOR, LONGEST_BACKOFF + pause)


@dataclass(frozen=True, slots=True)
class Silence:
    """A place that brings no answers: since when, how often it was asked, and when it is asked again."""

    since: datetime
    failures: int
    ask_at: datetime
    reason: str

    def lasts(self, now: datetime) -> bool:
        """Whether the place is left alone. A clock that was set back does not make that longer."""
        return now < self.ask_at <= now + 2 * LONGEST_BACKOFF

    def put_off(self, tracked: TrackedTask, now: datetime) -> PollResult:
        """A task of the place is not looked at; its thread is told once, when this goes on for long."""
        tell = now - self.since >= TOLD_AFTER and not tracked.silent
        return PollResult(
            restore_task_id=tracked.restore_task_id,
            next_poll_at=self.ask_at,
            events=(Event(kind=EventKind.DBS_SILENT, text=self.reason),) if tell else (),
            silent=True if tell else None,
        )


def silence(
    before: Silence | None, error: DbsError, now: datetime, *, interval: timedelta, spread: float
) -> Silence:
    """The silence that an error begins or prolongs. `spread` is around 1.

    The place is asked less and less often, but once when it is time to tell its threads.
    """
    since = before.since if before and before.since <= now else now
    failures = before.failures + 1 if before else 1
    pause = backoff(failures, first=interval, longest=LONGEST_BACKOFF)
    if isinstance(error, DbsThrottled) and error.retry_after is not None:
        pause = min(LONGEST_BACKOFF, max(pause, timedelta(seconds=error.retry_after)))
    ask_at = now + pause * spread
    if now < since + TOLD_AFTER < ask_at:
        ask_at = since + TOLD_AFTER
    return Silence(since, failures, ask_at, error.sentence)
