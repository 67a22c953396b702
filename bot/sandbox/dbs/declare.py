"""Declaring backup plans in a few words: ages before the clock's start become times, names become ids."""

import hashlib
from collections.abc import Sequence

from bot.sandbox.dbs.estate import (
    BackupPlan,
    BackupSet,
    Engine,
    Location,
    Script,
    Source,
    SourceObject,
    Window,
)

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
GIGABYTE = 1_000_000_000
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_PORTS = {
    Engine.MYSQL: 3306, Engine.MARIADB: 3306, Engine.DRDS: 3306, Engine.POSTGRESQL: 5432,
    Engine.MSSQL: 1433, Engine.ORACLE: 1521, Engine.MONGODB: 27017, Engine.REDIS: 6379,
}  # fmt: skip
_ALL_ALONG = ((-1, None),)


def vendor_id(prefix: str, name: str, length: int = 12) -> str:
    """An id that looks like the vendor's and is the same for the same name."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest())
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return prefix + "".join(letters)


def backup_ms(size: int) -> int:
    """How long a full backup of so many bytes takes."""
    return 60_000 + size * 20_000 // GIGABYTE


def backup_plan(
    start_ms: int,
    name: str,
    *,
    databases: Sequence[str] = ("app",),
    gigabytes: Sequence[float] = (5.0, 4.9, 4.8),
    engine: Engine = Engine.MYSQL,
    region: str = "cn-hangzhou",
    location: Location = Location.RDS,
    instance_id: str | None = None,
    ip: str | None = None,
    oracle_sid: str | None = None,
    method: str = "logical",
    status: str = "running",
    log_backups: Sequence[tuple[int, float | None]] = _ALL_ALONG,
    newest_set: str = "finish",
    gateway_id: int | None = None,
    cross_account: tuple[str, str] | None = None,
    script: Script | None = None,
) -> BackupPlan:
    """A plan with a full backup a day, the newest five hours old at the clock's start, or half done.

    `databases` are names, or `name/schema`. `gigabytes` are the sets' sizes, newest first. `log_backups` are
    stretches of log backup: from the end of which set (an index into `gigabytes`) to how many days before the
    start, None meaning "and on"; without any, only the sets themselves can be restored. `newest_set` is the
    status of the newest set.
    """
    sets = tuple(_set(start_ms, name, n, size, newest_set) for n, size in enumerate(gigabytes))
    objects = tuple(_object(database) for database in databases)
    return BackupPlan(
        plan_id=vendor_id("dbs", name),
        name=name,
        region=region,
        engine=engine,
        source=Source(
            location=location,
            region=region,
            user_name="dbs_backup",
            instance_id=instance_id,
            ip_port=f"{ip}:{_PORTS[engine]}" if ip else None,
            database_name=objects[0].db_name if engine in {Engine.POSTGRESQL, Engine.MONGODB} else None,
            oracle_sid=oracle_sid,
        ),
        objects=objects,
        sets=sets,
        windows=tuple(_window(start_ms, sets[first], to) for first, to in log_backups) or points(sets),
        created_ms=start_ms - 200 * DAY_MS,
        method=method,
        status=status,
        gateway_id=gateway_id,
        cross_account=cross_account,
        script=script or Script(),
    )


def _set(start_ms: int, plan: str, age_days: int, gigabytes: float, newest: str) -> BackupSet:
    set_id, size = vendor_id("1i", f"{plan} {age_days}", 10), int(gigabytes * GIGABYTE)
    begin, status = start_ms - age_days * DAY_MS - 5 * HOUR_MS, newest if age_days == 0 else "finish"
    if status == "running":
        return BackupSet(set_id, start_ms - backup_ms(size) // 2, None, size, status)
    failure = "java.sql.SQLException: Connection reset by peer" if status == "stop" else None
    return BackupSet(set_id, begin, begin + backup_ms(size), size, status, failure)


def _object(text: str) -> SourceObject:
    database, _, schema = text.partition("/")
    return SourceObject(database, schema or None)


def _window(start_ms: int, first: BackupSet, to_days: float | None) -> Window:
    end = None if to_days is None else start_ms - int(to_days * DAY_MS)
    return Window(first.end_ms or first.start_ms, end)


def points(sets: tuple[BackupSet, ...]) -> tuple[Window, ...]:
    """The one window of a plan without log backup: from set to set."""
    ends = [s.end_ms for s in sets if s.status == "finish" and s.end_ms]
    return (Window(min(ends), max(ends), "point"),) if ends else ()
