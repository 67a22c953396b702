"""The life of a restore task as a pure function of its course, when it was created and started, and now."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from bot.sandbox.dbs.estate import BackupPlan, BackupSet, Engine, Failure, Script
from bot.sandbox.dbs.precheck import PRECHECK_MS, PrecheckManner, precheck_begin

_BASE_MS = 60_000
_MS_PER_GIGABYTE = 96_000
_GIGABYTE = 1_000_000_000

# Stages in their order, each with its share of the whole in percent: (method, to a time?) -> stages.
_STAGES: Mapping[tuple[str, bool], tuple[tuple[str, int], ...]] = {
    ("logical", False): (
        ("FullStruforeRestoreProgress", 5),
        ("FullDataRestoreProgress", 80),
        ("FullStruAfterRestoreProgress", 15),
    ),
    ("logical", True): (
        ("FullStruforeRestoreProgress", 5),
        ("FullDataRestoreProgress", 65),
        ("FullStruAfterRestoreProgress", 10),
        ("ContinuousRestoreProgress", 20),
    ),
    ("physical", False): (
        ("PhysicalFullBackupRecoverProgress", 85),
        ("PhysicalDatabaseOnlineProgress", 15),
    ),
    ("physical", True): (
        ("PhysicalFullBackupRecoverProgress", 65),
        ("PhysicalIncrementBackupRecoverProgress", 20),
        ("PhysicalDatabaseOnlineProgress", 15),
    ),
}
# No page says where DBS tells a physical restore in these two fields instead; here it does for MySQL.
_WHOLE_STAGES: Mapping[bool, tuple[tuple[str, int], ...]] = {
    False: (("PhysicalBackupRecoverProgress", 85), ("PhysicalDatabaseOnlineProgress", 15)),
    True: (("PhysicalFullAndIncrementBackupRecoverProgress", 85), ("PhysicalDatabaseOnlineProgress", 15)),
}


@dataclass(frozen=True)
class Course:
    """What a restore has before it, settled when it is created."""

    stages: tuple[tuple[str, int], ...]
    work_ms: int
    script: Script
    manner: PrecheckManner = PrecheckManner.AT_ONCE


@dataclass(frozen=True)
class Standing:
    """Where a restore stands: `status` in DBS's words, percent per stage, and how it ended, if it has."""

    status: str
    progress: Mapping[str, int]
    finished_ms: int | None = None
    failure: Failure | None = None


def course(plan: BackupPlan, backup_set: BackupSet, script: Script, *, to_a_time: bool) -> Course:
    """A set of 5 GB takes ten minutes with its precheck, a larger one longer in proportion."""
    work = _BASE_MS + backup_set.size * _MS_PER_GIGABYTE // _GIGABYTE
    is_whole = plan.method == "physical" and plan.engine is Engine.MYSQL
    stages = _WHOLE_STAGES[to_a_time] if is_whole else _STAGES[plan.method, to_a_time]
    return Course(stages, work, script)


def standing(course: Course, created_ms: int, started_ms: int | None, now_ms: int) -> Standing:
    begin_ms = precheck_begin(course.manner, created_ms, started_ms)
    if begin_ms is None:
        return Standing("init", _progress(course, 0))
    checked_ms = begin_ms + PRECHECK_MS
    failed_check = course.script.precheck_failure
    if now_ms < checked_ms or failed_check:
        return Standing("init", _progress(course, 0), failure=failed_check if now_ms >= checked_ms else None)
    if started_ms is None:
        return Standing("check_pass", _progress(course, 0))
    return _running(course, max(checked_ms, started_ms), now_ms)


def _running(course: Course, run_ms: int, now_ms: int) -> Standing:
    stop = course.script.stop
    end = course.work_ms if stop is None else _worked_at(course, stop.share)
    worked, rested, status = _worked(course, now_ms - run_ms)
    if worked < end:
        return Standing(status, _progress(course, worked))
    finished = run_ms + end + rested
    if stop is not None:
        return Standing("stop", _progress(course, end), finished, stop.failure)
    return Standing("finish", _progress(course, end), finished)


def _worked(course: Course, elapsed: int) -> tuple[int, int, str]:
    """Milliseconds of work done, those rested before, and what DBS says meanwhile."""
    rested = 0
    for at, length, status in _rests(course):
        if elapsed - rested < at:
            break
        if elapsed - rested < at + length:
            return at, rested, status
        rested += length
    return elapsed - rested, rested, "running"


def _rests(course: Course) -> list[tuple[int, int, str]]:
    """In their order: at which work, how long, and what DBS says meanwhile."""
    pause, stall = course.script.pause, course.script.stall
    rests = []
    if pause is not None:
        rests.append((int(course.work_ms * pause.share), int(pause.seconds * 1000), "pause"))
    if stall is not None:
        rests.append((_worked_at(course, stall.share), int(stall.seconds * 1000), "running"))
    return sorted(rests)


def _progress(course: Course, worked: int) -> dict[str, int]:
    """Percent per stage: one stage is done before the next begins."""
    return {
        name: max(0, min(100, (worked - begin) * 100 // max(length, 1)))
        for name, begin, length in _spans(course)
    }


def _worked_at(course: Course, share: float) -> int:
    """Milliseconds of work until this share of the data, the largest stage, is done."""
    _, begin, length = max(_spans(course), key=lambda span: span[2])
    return begin + int(length * share)


def _spans(course: Course) -> list[tuple[str, int, int]]:
    """Each stage with when it begins and how long it takes, in milliseconds of work."""
    whole = sum(share for _, share in course.stages)
    lengths = [course.work_ms * share // whole for _, share in course.stages]
    begins = accumulate(lengths, initial=0)
    return [
        (name, begin, length)
        for (name, _), begin, length in zip(course.stages, begins, lengths, strict=False)
    ]
