"""What can be said of a draft before DBS hears of it: one sentence for each field that is wrong. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.restores import shapes
from bot.restores.clock import written
from bot.restores.models import Destination, Location, RestoreDraft, RestoreObject, Window
from bot.restores.names import folded
from bot.restores.requirements import TABLE, Field, Need, Requirement, Step, given, given_target

POINT = "choice"
TIME = Field.TIME.value
TASK_NAME = Field.TASK_NAME.value
TASK_NAME_LENGTH = shapes.TASK_NAME_LENGTH

#: A database, and a schema of it.
Name = tuple[str, str | None]

_NO_TIME = "This plan has no restorable time. Choose a backup set."
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def problems(draft: RestoreDraft) -> dict[str, str]:
    """The sentences, keyed by a `Field` value or `POINT`. Empty: nothing is wrong."""
    values = {
        **given(draft.spec),
        Field.USER_NAME: draft.spec.destination.user_name or draft.credential,
        Field.PASSWORD: draft.password or draft.credential,
    }
    found = _row_problems(TABLE, values, draft.spec.destination.location, draft.plan.engine)
    if sentence := _point_problem(draft):
        found[TIME if draft.spec.point.time else POINT] = sentence
    if sentence := objects_problem(draft.spec.objects, draft.plan.databases):
        found[Field.OBJECTS.value] = sentence
    return found


def target_problems(
    destination: Destination, engine: str, *, credential: str | None = None
) -> dict[str, str]:
    """Those of the target alone, keyed by `Field` values. A stored credential brings the account with it."""
    values = {**given_target(destination), Field.USER_NAME: destination.user_name or credential}
    rows = [row for row in TABLE if row.step is Step.WHERE]
    return _row_problems(rows, values, destination.location, engine)


def _row_problems(
    rows: Iterable[Requirement], values: Mapping[Field, object], location: Location, engine: str
) -> dict[str, str]:
    """What is missing or malformed in these rows of the table."""
    found = {}
    for row in rows:
        value = values[row.field]
        text = "" if value is None else str(value).strip()
        if (not text or value == ()) and row.rule(location, engine) is Need.REQUIRED:
            found[row.field.value] = row.missing.format(engine=engine)
        elif text and (sentence := shapes.wrong(row.field, text)):
            found[row.field.value] = sentence
    return found


def _point_problem(draft: RestoreDraft) -> str | None:
    """`more_windows` without any window: none is known, and DBS decides."""
    point, windows = draft.spec.point, draft.windows
    if point.time and point.backup_set_id:
        return "Choose a time or a backup set, one of the two."
    if point.latest and not windows and not draft.more_windows:
        return _NO_TIME
    unknown = draft.more_windows and (not windows or point.time is None or point.time < windows[0].begin)
    return None if point.time is None or unknown else _outside(point.time, windows)


def _outside(time: datetime, windows: Sequence[Window]) -> str | None:
    """Why a time cannot be restored to, with the nearest times that can; None if it can."""
    if any(time in window for window in windows):
        return None
    if not windows:
        return _NO_TIME
    edges = " or ".join(written(edge) for edge in nearest(time, windows))
    return f"{written(time)} cannot be restored. Nearest restorable time: {edges}."


def nearest(time: datetime, windows: Sequence[Window]) -> tuple[datetime, ...]:
    """The last restorable time before one that cannot be restored, and the first after it, if there are any.

    Whole minutes, as the form's picker shows them, or whole seconds in a window that holds no such minute.
    Empty for a time that can be restored.
    """
    if any(time in window for window in windows):
        return ()
    before = max((_last(window) for window in windows if window.end < time), default=None)
    after = min((_first(window) for window in windows if window.begin > time), default=None)
    return tuple(edge for edge in (before, after) if edge is not None)


def _last(window: Window) -> datetime:
    whole = window.end.replace(microsecond=0)
    return next((time for time in (whole.replace(second=0), whole) if time in window), window.end)


def _first(window: Window) -> datetime:
    second = window.begin.replace(microsecond=0)
    second += _SECOND if second < window.begin else timedelta()
    minute = second.replace(second=0)
    minute += _MINUTE if minute < second else timedelta()
    return next((time for time in (minute, second) if time in window), window.begin)


def objects_problem(objects: Sequence[RestoreObject], databases: Sequence[str]) -> str | None:
    """Nothing can be restored twice, and no two things can get one name. No `databases`: not known here."""
    sources = [(item.db_name, item.schema_name) for item in objects]
    whole = {name for name, schema in sources if schema is None}
    if twice := _twice(sources) or next((each for each in sources if each[1] and each[0] in whole), None):
        return f"{_path(twice)} is named twice."
    if any(not item.db_name.strip() for item in objects):
        return "Every database needs its name."
    if any(item.new_schema_name and not item.schema_name for item in objects):
        return "To rename a schema, name it."
    targets = [
        (item.new_db_name or item.db_name, item.new_schema_name or item.schema_name) for item in objects
    ]
    if twice := _twice(targets):
        what = "schemas" if twice[1] else "databases"
        return f"Two {what} would both be called {_path(twice)} on the target."
    if alike := _alike(sources, targets, databases):
        one, other = map(_path, alike)
        return f"“{one}” and “{other}” are one name to many servers. Give one of them another."
    known = set(databases)
    unknown = [name for name in dict.fromkeys(item.db_name for item in objects) if name not in known]
    if known and unknown:
        return f"Not in this plan: {_listed(unknown)}. It has {_listed(databases)}."
    return None


def _twice(names: Iterable[Name]) -> Name | None:
    return next((name for name, times in Counter(names).items() if times > 1), None)


def _alike(
    sources: Sequence[Name], targets: Sequence[Name], databases: Sequence[str]
) -> tuple[Name, Name] | None:
    """Two targets that differ in case or in blanks at the end alone, unless the source tells such apart."""
    there = {*databases, *(name for name, _ in sources)}
    pairs = {(name, schema) for name, schema in sources if schema is not None}
    if len({folded(name) for name in there}) < len(there) or len(set(map(_folded, pairs))) < len(pairs):
        return None
    first: dict[Name, Name] = {}
    for target in targets:
        if (earlier := first.setdefault(_folded(target), target)) != target:
            return earlier, target
    return None


def _folded(name: Name) -> Name:
    return folded(name[0]) or "", folded(name[1])


def _path(name: Name) -> str:
    return ".".join(filter(None, name))


def _listed(names: Iterable[str], most: int = 10) -> str:
    quoted = [f"“{name}”" for name in names]
    return ", ".join(quoted[:most]) + (" …" if len(quoted) > most else "")
