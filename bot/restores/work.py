"""How much of the work each stage is: as earlier restores of the plan tell, or else as usual. Pure."""

from collections.abc import Iterable, Mapping
from statistics import median

from bot.restores.models import Earlier, RestoreTask, Stage, Timeline

#: All of these come together, whichever of them DBS has reported so far.
_LOGICAL = {Stage.STRUCTURE_BEFORE: 3.0, Stage.FULL_DATA: 75.0, Stage.STRUCTURE_AFTER: 22.0}
_PHYSICAL = {Stage.DATABASE_ONLINE: 10.0}
_USUAL = {
    **_LOGICAL,
    Stage.INCREMENTAL: 15.0,
    **_PHYSICAL,
    Stage.PHYSICAL_FULL: 75.0,
    Stage.PHYSICAL_INCREMENT: 15.0,
    Stage.PHYSICAL_FULL_AND_INCREMENT: 90.0,
    Stage.PHYSICAL: 90.0,
}
_OF_ANY_SIZE = frozenset({Stage.STRUCTURE_BEFORE, Stage.INCREMENTAL, Stage.DATABASE_ONLINE})
#: A backup that many times as large, or more, says no more about how long it takes.
_FARTHEST = 20.0


def shares(task: RestoreTask) -> dict[Stage, float]:
    """What each stage, also of those DBS does not report yet, is of the whole: 1 together."""
    usual = _usual(task.stages)
    known = typical(histories(task.timeline), usual) if task.timeline else {}
    if sum(known.values()) > 0:
        # What no earlier restore had is put beside the others by what it usually is.
        unit = sum(known.values()) / sum(_USUAL[stage] for stage in known)
        # In one order, lest a sum differs from one process to the next.
        every = [stage for stage in Stage if stage in usual or stage in known]
        made = {stage: known.get(stage, _USUAL[stage] * unit) for stage in every}
    else:
        made = usual
    whole = sum(made.values())
    return {stage: made[stage] / whole for stage in Stage if stage in made}


def histories(line: Timeline) -> list[dict[Stage, float]]:
    """Seconds by stage of the earlier restores, as they would have been with a backup of this one's size.

    Where some can be compared by size, those that cannot are left out.
    """
    comparable = [each for each in line.earlier if each.size and line.size]
    return [_scaled(each, line.size) for each in comparable or line.earlier]


def typical(earlier: list[dict[Stage, float]], wanted: Iterable[Stage] = ()) -> dict[Stage, float]:
    """The usual seconds of each stage that is `wanted`, or that most of the earlier restores had."""
    times = {stage: [each[stage] for each in earlier if stage in each] for stage in Stage}
    return {
        stage: median(seconds)
        for stage, seconds in times.items()
        if seconds and (stage in wanted or len(seconds) * 2 > len(earlier))
    }


def _usual(reported: Mapping[Stage, int]) -> dict[Stage, float]:
    logical = reported.keys() & {*_LOGICAL, Stage.INCREMENTAL}
    together = _LOGICAL if logical or not reported else _PHYSICAL
    return together | {stage: _USUAL[stage] for stage in reported}


def _scaled(earlier: Earlier, size: int | None) -> dict[Stage, float]:
    ratio = 1.0
    if size and earlier.size:
        ratio = min(_FARTHEST, max(1 / _FARTHEST, size / earlier.size))
    return {
        stage: seconds * (1 if stage in _OF_ANY_SIZE else ratio) for stage, seconds in earlier.seconds.items()
    }
