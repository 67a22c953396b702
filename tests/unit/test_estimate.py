"""When a restore is expected to end."""

from datetime import datetime, timedelta

import pytest

from bot.restores import estimate
from bot.restores.models import Earlier, Mark, RestoreTask, Stage, StageTime, Timeline, Window
from tests import values
from tests.bench.estimate import judge, simulated
from tests.values import NOON

MINUTE = timedelta(minutes=1)
GIGABYTE = 10**9


def task(data: int, status: str = "running") -> RestoreTask:
    return values.task(status, stages={Stage.PHYSICAL: data, Stage.DATABASE_ONLINE: 0})


def line(*percents: int, earlier: tuple[Earlier, ...] = (), size: int | None = None) -> Timeline:
    """One mark a minute, the last of them now."""
    began = NOON - (len(percents) - 1) * MINUTE
    marks = tuple(Mark(at=began + at * MINUTE, done=each * 0.9 / 100) for at, each in enumerate(percents))
    made = Timeline(seen_at=began, started_at=began, moved_at=NOON, size=size)
    return made.with_past(marks, earlier)


def took(minutes: float, size: int | None = None) -> Earlier:
    seconds = {Stage.PHYSICAL: minutes * 54, Stage.DATABASE_ONLINE: minutes * 6}
    return Earlier(size=size, seconds=seconds)


def middle(window: Window | None) -> float:
    """Minutes from now."""
    assert window is not None
    return ((window.begin - NOON) + (window.end - NOON)) / (2 * MINUTE)


@pytest.mark.parametrize("percents", [(), (0,), (0, 50), (0, 1, 2)])
def test_without_enough_of_its_own_pace_and_without_history_it_cannot_be_told(
    percents: tuple[int, ...],
) -> None:
    assert estimate.ends(task(percents[-1] if percents else 0), line(*percents), NOON) is None


def test_its_own_pace_tells_when_it_ends() -> None:
    expected = estimate.ends(task(50), line(0, 10, 20, 30, 40, 50), NOON)
    assert expected is not None
    assert expected.begin < NOON + 6 * MINUTE < expected.end


def test_its_latest_pace_counts_for_more() -> None:
    slower = estimate.ends(task(50), line(0, 20, 40, 44, 47, 50), NOON)
    faster = estimate.ends(task(50), line(0, 3, 6, 10, 30, 50), NOON)
    assert middle(slower) > 1.5 * middle(faster)


def test_the_longer_nothing_moves_the_later_it_is_expected_to_end() -> None:
    """Measured from the same moment: none of the time that passes since the last mark is forgotten."""
    moved = line(0, 10, 20, 30, 40, 50)
    later = estimate.ends(task(50), moved, NOON + 10 * MINUTE)
    assert middle(later) - 10 > 1.5 * middle(estimate.ends(task(50), moved, NOON))


def test_how_fast_the_structure_is_restored_tells_nothing_of_the_data() -> None:
    stages = {Stage.STRUCTURE_BEFORE: 100, Stage.FULL_DATA: 0, Stage.STRUCTURE_AFTER: 0}
    marks = tuple(Mark(at=NOON + (minute - 3) * MINUTE, done=minute / 100) for minute in range(4))
    quick = Timeline(started_at=NOON, moved_at=NOON).with_past(marks, ())
    assert estimate.ends(values.task("running", stages=stages), quick, NOON) is None


def test_the_stage_under_way_ends_by_its_own_pace() -> None:
    stages = {Stage.STRUCTURE_BEFORE: 100, Stage.FULL_DATA: 100, Stage.STRUCTURE_AFTER: 50}
    slow = [Mark(at=NOON + minute * MINUTE, done=0.78 + (minute + 5) / 100) for minute in (-80, -55, -30, -5)]
    fast = [Mark(at=NOON + minute * MINUTE, done=0.89 + 0.022 * minute) for minute in (-4, -3, -2, -1, 0)]
    seen = values.task("running", stages=stages)
    unknown = Timeline(started_at=slow[0].at, moved_at=NOON).with_past((*slow, *fast), ())
    began = StageTime(began_at=NOON - 5 * MINUTE)
    known = unknown.evolve(stages={Stage.STRUCTURE_AFTER: began})
    assert middle(estimate.ends(seen, known, NOON)) < 0.8 * middle(estimate.ends(seen, unknown, NOON))


def test_earlier_restores_tell_before_it_has_a_pace() -> None:
    expected = estimate.ends(task(0), line(0, earlier=(took(60), took(70))), NOON)
    assert expected is not None
    assert expected.begin < NOON + 65 * MINUTE < expected.end


def test_earlier_restores_of_another_size_are_scaled_and_those_of_no_known_size_left_out() -> None:
    earlier = (took(10, 10 * GIGABYTE), took(1000))
    expected = estimate.ends(task(0), line(0, earlier=earlier, size=60 * GIGABYTE), NOON)
    assert expected is not None
    assert expected.begin < NOON + 55 * MINUTE < expected.end


def test_its_own_pace_prevails_over_earlier_restores() -> None:
    percents = range(0, 60, 2)
    expected = estimate.ends(task(58), line(*percents, earlier=(took(2000),)), NOON)
    assert middle(expected) < 200


@pytest.mark.parametrize(
    "seen",
    [task(50, "pause"), task(50, "init"), task(50, "odd"), task(50, "stop"), task(50).evolve(reported=False)],
)
def test_what_does_not_run_is_not_expected_to_end(seen: RestoreTask) -> None:
    assert estimate.ends(seen, line(0, 10, 20, 30, 40, 50), NOON) is None


def test_what_is_stalled_is_not_expected_to_end() -> None:
    stalled = line(0, 10, 20, 30, 40, 50).evolve(stalled=True)
    assert estimate.ends(task(50), stalled, NOON) is None


@pytest.mark.parametrize("late", [0.1, 1, 7, 60, 600, 6000])
@pytest.mark.parametrize("data", [50, 99, 100])
def test_however_late_it_is_the_end_lies_ahead(late: float, data: int) -> None:
    now = NOON + late * MINUTE
    seen = values.task("running", stages={Stage.PHYSICAL: data, Stage.DATABASE_ONLINE: data})
    expected = estimate.ends(seen, line(0, 10, 20, 30, 40, data), now)
    assert expected is None or expected.end > now
    assert expected is None or expected.begin < expected.end


def test_an_end_that_is_too_far_away_to_mean_anything_is_not_told() -> None:
    marks = tuple(Mark(at=NOON + day * 1440 * MINUTE, done=day / 50) for day in range(3))
    slow = Timeline(started_at=NOON).with_past(marks, ())
    assert estimate.ends(task(4), slow, NOON + 3000 * MINUTE) is None
    ages = (Earlier(seconds={Stage.PHYSICAL: 1e11}),)
    assert estimate.ends(task(0), line(0, earlier=ages), NOON) is None


def test_ranges_are_rounded_lest_they_change_at_every_look() -> None:
    def whole(at: datetime, minutes: int) -> bool:
        return at.timestamp() % (minutes * 60) == 0

    soon = estimate.ends(task(50), line(0, 10, 20, 30, 40, 50), NOON)
    later = estimate.ends(task(5), line(0, 1, 2, 3, 4, 5), NOON)
    assert soon is not None
    assert later is not None
    assert whole(soon.begin, 1)
    assert whole(soon.end, 1)
    assert whole(later.begin, 15)
    assert whole(later.end, 15)


@pytest.mark.parametrize("second", [0, 20, 31, 45])
def test_the_end_of_a_short_restore_is_not_rounded_out_of_its_range(second: int) -> None:
    """Ten seconds before it, in whichever part of a minute."""
    now = NOON + timedelta(seconds=second)
    marks = tuple(Mark(at=now - timedelta(seconds=30 - ago), done=ago / 40) for ago in range(31))
    short = Timeline(seen_at=NOON, started_at=marks[0].at, moved_at=now).with_past(marks, ())
    expected = estimate.ends(task(83), short, now)
    assert expected is not None
    assert expected.begin <= now + timedelta(seconds=10) < expected.end


@pytest.mark.parametrize("with_history", [False, True])
def test_the_true_end_lies_within_the_range_at_least_eight_times_out_of_ten(with_history: bool) -> None:
    """From a quarter of the way on; `tests.bench.estimate` prints this for more restores."""
    judged = judge(simulated(60, seed=2, with_history=with_history))
    assert {way: at.share >= 0.8 for way, at in judged.items()} == {0.25: True, 0.5: True, 0.75: True}
