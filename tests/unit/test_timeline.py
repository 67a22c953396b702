"""What is seen of a task over time."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.restores import timeline
from bot.restores.looks import Answers, looked_at
from bot.restores.models import (
    Earlier,
    EventKind,
    PollResult,
    RestoreTask,
    Stage,
    Timeline,
    TrackedTask,
)
from tests import values
from tests.values import NOON

LOOK = timedelta(seconds=15)
MINUTE = timedelta(minutes=1)
PATIENCE = timedelta(minutes=15)


class Followed:
    """A task as the poller looks at it, at times that a test names in minutes."""

    def __init__(self, *, earlier: tuple[Earlier, ...] = (), size: int | None = None) -> None:
        self.tracked = TrackedTask(restore_task_id="s1", region="r", tracked_since=NOON, size=size)
        self._earlier = earlier
        self.result: PollResult

    def look(self, minutes: float, task: RestoreTask | None) -> list[EventKind]:
        now = NOON + minutes * MINUTE
        # Whatever was before, the last look was one interval ago.
        self.tracked = self.tracked.evolve(due_at=now)
        answers = Answers(asked={"s1"}, seen={"s1": task} if task else {}, earlier={"s1": self._earlier})
        self.result = looked_at(self.tracked, answers, now, LOOK, patience=PATIENCE)
        self.tracked = self.tracked.evolve(task=self.result.task or self.tracked.task)
        return [event.kind for event in self.result.events]

    def runs(self, minutes: float, *percents: int) -> list[EventKind]:
        return self.look(minutes, running(*percents))

    @property
    def task(self) -> RestoreTask:
        assert self.tracked.task is not None
        return self.tracked.task

    @property
    def line(self) -> Timeline:
        assert self.task.timeline is not None
        return self.task.timeline


def staged(*percents: int) -> dict[Stage, int]:
    stages = (Stage.STRUCTURE_BEFORE, Stage.FULL_DATA, Stage.STRUCTURE_AFTER)
    return dict(zip(stages, percents, strict=True))


def running(*percents: int) -> RestoreTask:
    return values.task("running", stages=staged(*percents))


def at(minutes: float) -> datetime:
    return NOON + minutes * MINUTE


@pytest.fixture
def followed() -> Followed:
    made = Followed()
    made.look(0, values.task("init", stages=staged(0, 0, 0)))
    return made


def test_stages_are_timed_as_they_are_seen(followed: Followed) -> None:
    followed.runs(1, 0, 0, 0)
    followed.runs(3, 100, 0, 0)
    followed.runs(10, 100, 50, 0)
    followed.runs(23, 100, 100, 0)
    followed.look(33, values.task("finish", stages=staged(100, 100, 100)))
    assert (followed.line.seen_at, followed.line.started_at) == (at(0), at(1))
    assert followed.line.ended_at == at(33)
    seconds = timeline.stage_seconds(followed.task)
    assert [round(each / 60) for each in seconds.values()] == [2, 20, 10]


def test_what_has_moved_when_it_is_first_seen_to_run_began_after_the_look_before(followed: Followed) -> None:
    followed.runs(10, 50, 0, 0)
    assert (followed.line.started_at, followed.line.moved_at) == (at(10) - LOOK, at(10))
    assert followed.line.stages[Stage.STRUCTURE_BEFORE].began_at == at(10) - LOOK


def test_stages_that_pass_between_two_looks_share_that_time(followed: Followed) -> None:
    followed.runs(1, 0, 0, 0)
    followed.tracked = followed.tracked.evolve(due_at=None)
    now = at(11)
    line = timeline.after(followed.task, running(100, 100, 50), now, since=at(1))
    times = [line.stages[stage] for stage in staged(0, 0, 0)]
    assert [time.began_at for time in times[1:]] == [time.done_at for time in times[:2]]
    # Structure 3, data 75 and half of the indexes' 22: of 89 together.
    assert times[1].began_at == pytest.approx(at(1 + 10 * 3 / 89), abs=timedelta(seconds=1))
    assert times[2].began_at == pytest.approx(at(1 + 10 * 78 / 89), abs=timedelta(seconds=1))
    assert times[2].done_at is None


def test_a_stage_under_way_when_first_seen_was_not_seen_to_begin() -> None:
    adopted = Followed()
    adopted.runs(0, 100, 60, 0)
    adopted.runs(10, 100, 100, 0)
    adopted.look(15, values.task("finish", stages=staged(100, 100, 100)))
    assert [*timeline.stage_seconds(adopted.task)] == [Stage.STRUCTURE_AFTER]
    assert timeline.lesson(adopted.task) is None


def test_what_happened_before_the_bot_looked_is_timed_as_unknown_and_nothing_breaks() -> None:
    late = Followed()
    late.look(0, values.task("finish", stages=staged(100, 100, 100)))
    assert timeline.stage_seconds(late.task) == {}
    assert timeline.overall(late.task) == 1


def test_durations_are_scaled_to_what_dbs_says_the_whole_took(followed: Followed) -> None:
    """Its clock may be another: what is said of the parts has to fit what is said of the whole."""
    followed.runs(1, 0, 0, 0)
    followed.runs(2, 100, 0, 0)
    followed.runs(9, 100, 100, 0)
    took = timedelta(minutes=200)
    ended = values.task("finish", stages=staged(100, 100, 100), finished_at=NOON + took)
    followed.look(10, ended)
    seconds = timeline.stage_seconds(followed.task)
    before_the_start = 20 * 60
    assert sum(seconds.values()) + before_the_start == pytest.approx(took.total_seconds(), abs=1)
    assert seconds[Stage.FULL_DATA] == pytest.approx(140 * 60, abs=1)


def test_a_task_that_was_adopted_late_is_not_scaled() -> None:
    adopted = Followed()
    created = NOON - timedelta(days=1)
    adopted.look(0, values.task("check_pass", stages=staged(0, 0, 0), created_at=created))
    adopted.runs(1, 0, 0, 0)
    ended = values.task("finish", stages=staged(100, 100, 100), created_at=created, finished_at=at(11))
    adopted.look(11, ended)
    assert sum(timeline.stage_seconds(adopted.task).values()) == pytest.approx(600, abs=30)


def test_what_waited_for_its_start_ran_only_from_then_on(followed: Followed) -> None:
    followed.look(60, values.task("check_pass", stages=staged(0, 0, 0)))
    followed.runs(61, 0, 0, 0)
    ended = values.task("finish", stages=staged(100, 100, 100), finished_at=at(70))
    followed.look(70, ended)
    assert timeline.ran(followed.task) == timedelta(minutes=9)


def test_of_what_was_not_seen_to_start_nobody_knows_how_long_it_ran() -> None:
    late = Followed()
    late.runs(0, 100, 50, 0)
    late.look(5, values.task("finish", stages=staged(100, 100, 100), finished_at=at(5)))
    assert timeline.ran(late.task) is None


def test_progress_as_a_whole_counts_stages_by_how_long_they_take(followed: Followed) -> None:
    assert timeline.overall(followed.task) == 0
    assert timeline.overall(running(100, 0, 0)) == pytest.approx(0.03)
    assert timeline.overall(running(100, 100, 0)) == pytest.approx(0.78)
    assert timeline.overall(values.task("running", stages={Stage.FULL_DATA: 100})) == pytest.approx(0.75)
    assert timeline.overall(values.task("running", stages={Stage.PHYSICAL: 50})) == pytest.approx(0.45)
    assert timeline.overall(values.task("running")) == 0


def test_earlier_restores_of_the_plan_tell_how_long_each_stage_takes() -> None:
    seconds = dict(zip(staged(0, 0, 0), (10.0, 100.0, 890.0), strict=True))
    known = Followed(earlier=(Earlier(size=10, seconds=seconds),), size=10)
    known.runs(0, 0, 0, 0)
    known.runs(1, 100, 100, 0)
    assert timeline.overall(known.task) == pytest.approx(0.11)


def test_marks_are_few_and_lead_from_the_first_to_the_latest(followed: Followed) -> None:
    followed.runs(0, 0, 0, 0)
    for percent in range(1, 100):
        followed.runs(percent, 100, percent, 0)
    marks = followed.line.marks
    assert len(marks) == timeline.MARKS
    assert (marks[0].at, marks[-1].at) == (at(0), at(99))
    assert [mark.at for mark in marks[-timeline.LATEST :]] == [at(minute) for minute in range(94, 100)]
    assert all(one.done < other.done for one, other in pairwise(marks))
    # Those in between are spread over the way.
    assert max(other.at - one.at for one, other in pairwise(marks)) < 40 * MINUTE


def test_a_pause_counts_neither_for_the_pace_nor_as_a_stall(followed: Followed) -> None:
    followed.runs(1, 0, 0, 0)
    followed.runs(2, 100, 10, 0)
    assert followed.look(3, values.task("pause", stages=staged(100, 10, 0))) == [EventKind.PAUSED]
    assert followed.line.ends is None
    assert followed.look(63, values.task("pause", stages=staged(100, 10, 0))) == []
    assert followed.runs(63, 100, 10, 0) == [EventKind.RESUMED]
    assert followed.runs(70, 100, 20, 0) == []
    assert followed.line.paused_seconds == 3600
    assert followed.line.marks[0].at == at(61)
    assert followed.line.stages[Stage.FULL_DATA].paused_seconds == 3600


def test_that_nothing_moves_is_told_once_and_taken_back_when_it_does(followed: Followed) -> None:
    followed.runs(1, 0, 0, 0)
    followed.runs(2, 100, 10, 0)
    assert followed.runs(16.9, 100, 10, 0) == []
    assert followed.runs(17, 100, 10, 0) == [EventKind.STALLED]
    assert followed.result.events[0].seconds == 15 * 60
    assert (followed.line.stalled, followed.line.ends) == (True, None)
    for minute in range(18, 60):
        assert followed.runs(minute, 100, 10, 0) == []
        assert followed.result.task is None
    assert followed.runs(60, 100, 30, 0) == [EventKind.MOVING_AGAIN, EventKind.DATA_PROGRESS]
    assert followed.runs(74, 100, 30, 0) == []
    assert followed.runs(76, 100, 30, 0) == [EventKind.STALLED]


def test_a_task_that_always_moves_in_slow_steps_is_given_more_time(followed: Followed) -> None:
    followed.runs(0, 0, 0, 0)
    for step in range(1, 6):
        followed.runs(step * 10, 100, step, 0)
    assert followed.runs(50 + 39, 100, 5, 0) == []
    assert followed.result.task is None or not followed.line.stalled
    assert followed.runs(50 + 40, 100, 5, 0) == [EventKind.STALLED]


@pytest.mark.parametrize("status", ["stop", "finish", "pause"])
def test_a_stalled_task_that_ends_or_pauses_is_not_said_to_move(followed: Followed, status: str) -> None:
    followed.runs(1, 10, 0, 0)
    assert EventKind.STALLED in followed.runs(30, 10, 0, 0)
    assert EventKind.MOVING_AGAIN not in followed.look(31, values.task(status, stages=staged(10, 0, 0)))
    assert not followed.line.stalled


def test_a_task_that_dbs_does_not_list_does_not_stall(followed: Followed) -> None:
    for minute in range(5):
        followed.runs(minute / 4, 2 * minute, 0, 0)
    followed.runs(1.25, 100, 5, 0)
    followed.runs(1.5, 100, 10, 0)
    followed.runs(1.75, 100, 15, 0)
    assert followed.line.ends is not None
    assert followed.look(10, None) == [EventKind.UNREPORTED]
    assert followed.line.ends is None
    assert followed.look(60, None) == []
    assert followed.runs(61, 10, 0, 0) == [EventKind.REPORTED_AGAIN]
    assert followed.runs(75, 10, 0, 0) == []
    assert followed.runs(76, 10, 0, 0) == [EventKind.STALLED]


def test_a_clock_that_is_set_back_does_not_hide_a_stall(followed: Followed) -> None:
    followed.runs(600, 10, 0, 0)
    assert followed.runs(1, 10, 0, 0) == []
    assert followed.runs(16, 10, 0, 0) == [EventKind.STALLED]
    assert followed.runs(900, 10, 0, 0) == []


def test_a_clock_that_is_set_back_makes_no_pause_shorter_than_none(followed: Followed) -> None:
    followed.runs(60, 10, 0, 0)
    followed.look(61, values.task("pause", stages=staged(10, 0, 0)))
    followed.runs(1, 10, 0, 0)
    assert followed.line.paused_seconds == 0


def test_an_expected_end_that_has_passed_is_told_anew_though_nothing_moved(followed: Followed) -> None:
    for percent in range(0, 60, 10):
        followed.runs(percent / 20, 100, percent, 0)
    assert followed.line.ends is not None
    over = (followed.line.ends.end - NOON) / MINUTE
    assert followed.runs(over - 0.1, 100, 50, 0) == []
    assert followed.result.task is None
    assert followed.runs(over, 100, 50, 0) == []
    assert followed.line.ends.end > at(over)


def test_a_time_in_which_dbs_did_not_answer_is_no_stall(followed: Followed) -> None:
    followed.runs(1, 10, 0, 0)
    followed.tracked = followed.tracked.evolve(silent=True)
    assert followed.runs(60, 10, 0, 0) == [EventKind.DBS_BACK]
    followed.tracked = followed.tracked.evolve(silent=False)
    assert followed.runs(74, 10, 0, 0) == []
    assert followed.runs(75, 10, 0, 0) == [EventKind.STALLED]


def test_a_task_that_is_as_it_was_is_not_written_again(followed: Followed) -> None:
    followed.runs(1, 100, 10, 0)
    followed.runs(1.25, 100, 10, 0)
    assert followed.result.task is None


def test_a_task_from_before_timelines_is_given_one_once() -> None:
    old = Followed()
    old.tracked = old.tracked.evolve(task=running(100, 10, 0))
    assert old.runs(0, 100, 10, 0) == []
    assert old.line.started_at == at(0)
    assert old.runs(1, 100, 10, 0) == []
    assert old.result.task is None


def test_a_restore_that_went_well_is_a_lesson_without_its_pauses(followed: Followed) -> None:
    followed.runs(0, 0, 0, 0)
    followed.runs(1, 100, 0, 0)
    followed.runs(5, 100, 50, 0)
    followed.look(5, values.task("pause", stages=staged(100, 50, 0)))
    followed.runs(25, 100, 50, 0)
    followed.runs(30, 100, 100, 0)
    followed.look(31, values.task("finish", stages=staged(100, 100, 100)))
    learned = timeline.lesson(followed.task)
    assert learned is not None
    assert round(learned.seconds[Stage.FULL_DATA] / 60) == 9
    assert timeline.stage_seconds(followed.task)[Stage.FULL_DATA] == pytest.approx(29 * 60, abs=30)
