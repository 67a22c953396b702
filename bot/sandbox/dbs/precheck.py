"""The precheck of a restore as a pure function of time: items one after the other, then the verdict."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from bot.sandbox.dbs.estate import Failure

# Item, its group, and the seconds it takes. DBS publishes no list of items; these are made up in its manner.
_ITEMS = (
    ("CHECK_BACKUP_SET", "CHECK_BACKUP", 6),
    ("CHECK_DEST_CONNECTION", "CHECK_DEST", 10),
    ("CHECK_DEST_VERSION", "CHECK_DEST", 8),
    ("CHECK_DEST_PRIVILEGE", "CHECK_DEST", 12),
    ("CHECK_RESTORE_OBJECTS", "CHECK_OBJECTS", 14),
    ("CHECK_OTHER", "CHECK_OTHER", 10),
)
PRECHECK_MS = sum(seconds for _, _, seconds in _ITEMS) * 1000
"""A minute in all."""


class PrecheckManner(Enum):
    """No page says when a precheck runs, and whether it always shows."""

    AT_ONCE = auto()
    AFTER_START = auto()
    SILENT = auto()
    """It passes, and DescribePreCheckProgressList never tells anything."""


@dataclass(frozen=True)
class CheckedItem:
    """`state` is init, running, finish or failed; times in epoch ms, absent until they come."""

    item: str
    group: str
    order: int
    state: str = "init"
    boot_ms: int | None = None
    finish_ms: int | None = None
    failure: Failure | None = None


_WAITING = tuple(
    CheckedItem(item, group, order * 10) for order, (item, group, _) in enumerate(_ITEMS, start=1)
)


@dataclass(frozen=True)
class PreCheck:
    """`status` is running, failed or finish; a failed item never keeps the later ones from running."""

    status: str
    progress: int
    items: tuple[CheckedItem, ...]


def precheck_begin(manner: PrecheckManner, created_ms: int, started_ms: int | None) -> int | None:
    """When the precheck of a restore begins; None as long as nobody knows."""
    return started_ms if manner is PrecheckManner.AFTER_START else created_ms


def precheck(begin_ms: int | None, now_ms: int, failure: Failure | None) -> PreCheck:
    """One that has not begun (None) is running all the same, and every item waits."""
    items = _WAITING if begin_ms is None else tuple(_checked(begin_ms, now_ms, failure))
    done = sum(item.finish_ms is not None for item in items)
    if done < len(items):
        return PreCheck("running", done * 100 // len(items), items)
    return PreCheck("failed" if failure else "finish", 100, items)


def _checked(begin_ms: int, now_ms: int, failure: Failure | None) -> Iterator[CheckedItem]:
    boot = begin_ms
    for item, (_, _, seconds) in zip(_WAITING, _ITEMS, strict=True):
        finish = boot + seconds * 1000
        fails = failure if failure is not None and failure.item == item.item else None
        yield _at(now_ms, item, boot, finish, fails)
        boot = finish


def _at(now_ms: int, item: CheckedItem, boot_ms: int, finish_ms: int, failure: Failure | None) -> CheckedItem:
    if now_ms < boot_ms:
        return item
    if now_ms < finish_ms:
        return replace(item, state="running", boot_ms=boot_ms)
    state = "failed" if failure else "finish"
    return replace(item, state=state, boot_ms=boot_ms, finish_ms=finish_ms, failure=failure)
