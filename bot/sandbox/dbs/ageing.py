"""What time does to a backup plan: a set a day comes, what ran finishes, what is old enough goes."""

from collections.abc import Iterator
from dataclasses import replace

from bot.sandbox.dbs.declare import DAY_MS, backup_ms, points, vendor_id
from bot.sandbox.dbs.estate import RETENTION_MS, BackupPlan, BackupSet, Window


def aged(plan: BackupPlan, now_ms: int) -> BackupPlan:
    """The plan as it is now, from how it was declared; a plan that does not run makes no more sets."""
    declared = (_finished(each, now_ms) if each.status == "running" else each for each in plan.sets)
    sets = tuple(each for each in (*_since(plan, now_ms), *declared) if each.expires_ms > now_ms)
    kept = replace(plan, sets=sets)
    return replace(kept, windows=tuple(_windows(plan.windows, kept.finished_sets(), now_ms)))


def _since(plan: BackupPlan, now_ms: int) -> Iterator[BackupSet]:
    """The sets made since the plan was declared, newest first, as far as they are kept."""
    if plan.status != "running" or not plan.sets:
        return
    model = plan.sets[0]
    newest = (now_ms - model.start_ms) // DAY_MS
    for day in range(newest, max(0, newest - RETENTION_MS // DAY_MS - 1), -1):
        begun = BackupSet(
            vendor_id("1i", f"{plan.name} {-day}", 10),
            model.start_ms + day * DAY_MS,
            None,
            model.size,
            "running",
        )
        yield _finished(begun, now_ms)


def _finished(running: BackupSet, now_ms: int) -> BackupSet:
    """The same set, finished if it had the time to."""
    end = running.start_ms + backup_ms(running.size)
    return running if now_ms < end else replace(running, end_ms=end, status="finish")


def _windows(declared: tuple[Window, ...], finished: tuple[BackupSet, ...], now_ms: int) -> Iterator[Window]:
    """What can still be restored: nothing from before the oldest set that is there."""
    if any(window.kind == "point" for window in declared):
        yield from points(finished)
        return
    oldest = min((each.end_ms for each in finished if each.end_ms is not None), default=None)
    for window in declared:
        if oldest is not None and (begin := max(window.begin_ms, oldest)) <= window.end(now_ms):
            yield replace(window, begin_ms=begin)
