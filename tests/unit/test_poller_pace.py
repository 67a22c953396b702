"""How often a task is looked at."""

from datetime import datetime, timedelta

import pytest

from bot.errors import DbsThrottled, DbsUnreachable
from bot.restores.looks import Answers, looked_at
from bot.restores.models import EventKind, PollResult, PrecheckItem, PrecheckReport, RestoreTask, TrackedTask
from bot.restores.pace import FRESH, LONG, LONGEST_BACKOFF, TOLD_AFTER, Silence, silence
from tests import values
from tests.values import NOON

PAUSE = timedelta(seconds=15)
FAILED = PrecheckReport(status="failed", items=(PrecheckItem(name="privileges", state="failed"),))


def looked(
    seen: RestoreTask | None, *, age: timedelta, before: RestoreTask | None = None, silent: bool = False
) -> PollResult:
    tracked = TrackedTask(
        restore_task_id="s1", region="cn-hangzhou", tracked_since=NOON - age, task=before, silent=silent
    )
    answers = Answers(asked={"s1"}, seen={"s1": seen} if seen else {})
    return looked_at(tracked, answers, NOON, PAUSE)


def next_look(seen: RestoreTask | None, *, age: timedelta, before: RestoreTask | None = None) -> timedelta:
    at = looked(seen, age=age, before=before).next_poll_at
    assert at is not None
    return at - NOON


@pytest.mark.parametrize(
    "waiting", [values.task("pause"), values.task("check_pass"), values.task("init", precheck=FAILED)]
)
def test_a_task_that_waits_for_somebody_is_looked_at_four_times_less_often(waiting: RestoreTask) -> None:
    assert next_look(waiting, before=waiting, age=2 * FRESH) == 4 * PAUSE


def test_promise_10_a_task_that_waits_for_hours_is_looked_at_every_five_minutes() -> None:
    waiting = values.task("init", precheck=FAILED)
    assert next_look(waiting, before=waiting, age=LONG) == LONGEST_BACKOFF + PAUSE


@pytest.mark.parametrize("status", ["init", "running", "hibernating"])
def test_a_task_that_moves_is_looked_at_often(status: str) -> None:
    assert next_look(values.task(status), age=timedelta(days=1)) == PAUSE


def test_a_task_that_was_just_created_is_looked_at_often_whatever_it_waits_for() -> None:
    assert next_look(values.task("check_pass"), age=FRESH / 2) == PAUSE


def test_a_task_dbs_does_not_list_is_looked_at_less_often_once_it_is_no_longer_young() -> None:
    assert next_look(None, before=values.task(), age=2 * FRESH) == 4 * PAUSE
    assert next_look(None, age=timedelta(seconds=5)) == PAUSE


def test_promise_6_a_task_dbs_never_listed_is_unreported_and_nothing_else() -> None:
    result = looked(None, age=FRESH)
    assert [event.kind for event in result.events] == [EventKind.UNREPORTED]
    assert looked(None, before=result.task, age=FRESH).events == ()
    assert [event.kind for event in looked(values.task(), before=result.task, age=FRESH).events] == [
        EventKind.REPORTED_AGAIN,
        EventKind.STARTED,
    ]


def test_a_young_task_dbs_does_not_list_yet_is_no_news() -> None:
    assert looked(None, age=timedelta(seconds=5)).events == ()


def test_a_task_that_ended_is_not_looked_at_again() -> None:
    assert looked(values.task("stop"), age=FRESH).next_poll_at is None


def test_that_dbs_is_back_is_told_before_what_it_says() -> None:
    result = looked(values.task("stop"), before=values.task(), age=FRESH, silent=True)
    assert [event.kind for event in result.events] == [EventKind.DBS_BACK, EventKind.FAILED]
    assert result.silent is False


def hushed(times: list[datetime], *, spread: float = 1) -> Silence:
    made = None
    for at in times:
        made = silence(made, DbsUnreachable("no answer"), at, interval=PAUSE, spread=spread)
    assert made is not None
    return made


def test_a_silent_place_is_asked_when_it_is_time_to_tell() -> None:
    told_at = NOON + TOLD_AFTER
    assert hushed([NOON]).ask_at == NOON + 2 * PAUSE
    assert hushed([NOON, NOON + timedelta(seconds=170)]).ask_at == told_at
    assert hushed([NOON, told_at]).ask_at == told_at + 4 * PAUSE
    assert hushed([NOON] * 3 + [told_at] * 20).ask_at == told_at + LONGEST_BACKOFF


def test_the_wait_dbs_asks_for_is_kept_within_reason() -> None:
    for named, waits in ((1, 30), (100, 100), (100_000, 180)):
        error = DbsThrottled("slowly", retry_after=named)
        made = silence(None, error, NOON, interval=PAUSE, spread=1)
        assert made.ask_at - NOON == timedelta(seconds=waits)
