"""How much a restore has to bring back. Pure."""

from collections.abc import Iterable
from datetime import datetime

from bot.restores.models import BackupSet, RestorePoint


def size_of(sets: Iterable[BackupSet], point: RestorePoint) -> int | None:
    """Bytes of the backup set that is restored, or of the last one before that time; None: not known."""
    if point.backup_set_id is not None:
        return next((each.size for each in sets if each.backup_set_id == point.backup_set_id), None)
    timed = [(each.time, each.size) for each in sets if each.time is not None and _before(each.time, point)]
    return max(timed, key=lambda each: each[0], default=(None, None))[1]


def _before(time: datetime, point: RestorePoint) -> bool:
    return point.time is None or time <= point.time
