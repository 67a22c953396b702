"""How much of the work each stage is."""

import pytest

from bot.restores.looks import runs_first
from bot.restores.models import Earlier, Stage, Timeline
from bot.restores.work import histories, shares, typical
from tests import values

STRUCTURE, DATA = Stage.STRUCTURE_BEFORE, Stage.FULL_DATA


def line(*earlier: Earlier, size: int | None = None) -> Timeline:
    return Timeline(size=size).with_past((), earlier)


def test_data_takes_longer_the_more_there_is_but_not_the_structure() -> None:
    known = line(Earlier(size=10, seconds={STRUCTURE: 5, DATA: 100}), size=30)
    assert histories(known) == [{STRUCTURE: 5, DATA: 300}]


@pytest.mark.parametrize(("size", "seconds"), [(10_000, 2000), (1, 5)])
def test_a_backup_of_quite_another_size_tells_only_that_much(size: int, seconds: float) -> None:
    known = line(Earlier(size=100, seconds={DATA: 100}), size=size)
    assert histories(known) == [{DATA: seconds}]


def test_a_stage_that_few_of_the_earlier_restores_had_is_usual_only_where_it_is_wanted() -> None:
    usual, with_logs = {DATA: 100.0}, {DATA: 100.0, Stage.INCREMENTAL: 40.0}
    assert typical([usual, usual, with_logs]) == usual
    assert typical([usual, usual, with_logs], [Stage.INCREMENTAL]) == with_logs


def test_what_no_earlier_restore_had_stands_beside_the_others_as_usual() -> None:
    task = values.task(stages={DATA: 10, Stage.INCREMENTAL: 0})
    assert shares(task)[Stage.INCREMENTAL] / shares(task)[DATA] == pytest.approx(15 / 75)
    learned = line(Earlier(seconds={STRUCTURE: 3, DATA: 75, Stage.STRUCTURE_AFTER: 22}))
    parts = shares(task.evolve(timeline=learned))
    assert parts[Stage.INCREMENTAL] / parts[DATA] == pytest.approx(15 / 75)
    assert sum(parts.values()) == pytest.approx(1)


def test_what_earlier_restores_tell_is_wanted_once_when_a_task_begins() -> None:
    paused = values.task("pause", stages={DATA: 10})
    begun = paused.evolve(timeline=Timeline(started_at=values.NOON))
    assert runs_first(None, values.task("running"))
    assert runs_first(values.task("init", timeline=Timeline(seen_at=values.NOON)), paused)
    assert not runs_first(values.task("init"), values.task("check_pass"))
    assert not runs_first(begun, paused)
