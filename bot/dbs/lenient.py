"""Reading what DBS sends as leniently as possible: nothing here raises on an odd value, it reads as absent.

Numbers come as strings, booleans too; a time of 0 or "" means none; a missing text is null, "" or the word
NULL; a list can be absent, null, "" or {}, and a list of one can be the bare object.
"""

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, TypeVar

import structlog
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

log = structlog.get_logger(__name__)

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def text(value: object) -> str:
    if isinstance(value, str):
        if not value.isascii():
            # JSON can name half of a surrogate pair, which no database and no wire would take.
            value = value.encode(errors="replace").decode()
        stripped = value.strip()
        return "" if stripped.lower() == "null" else stripped
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def whole(value: object) -> int | None:
    """A whole number, from a number or its text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    return value if isinstance(value, int) else int(number)


def percent(value: object) -> int | None:
    number = whole(value)
    return None if number is None else max(0, min(100, number))


def moment(value: object) -> datetime | None:
    """An aware UTC datetime from epoch milliseconds."""
    milliseconds = whole(value)
    if milliseconds is None or milliseconds <= 0:
        return None
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def flag(value: object) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).strip().lower())


def listed(value: object) -> list[object]:
    """The items of a list, however it was sent."""
    if value is None or value in ("", {}):
        return []
    return value if isinstance(value, list) else [value]


def items(answer: Mapping[str, object], container: str, element: str) -> list[object]:
    """The items of a list as DBS writes one: `{"Items": {"RestoreTaskDetail": [...]}}`."""
    held = answer.get(container)
    return listed(held.get(element) if isinstance(held, dict) else held)


def names(value: object, key: str) -> tuple[str, ...]:
    r"""The distinct values under `key` in a JSON text like `[{"DBName": "orders"}]`, in order.

    DBS also sends that text with its quotes escaped once more: `[{\"DBName\": ...}]`.
    """
    found = (text(item.get(key)) for item in listed(_decoded(value)) if isinstance(item, dict))
    return tuple(dict.fromkeys(name for name in found if name))


def _decoded(value: object) -> object:
    if not isinstance(value, str):
        return value
    for candidate in (value, value.replace('\\"', '"')):
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    return None


Text = Annotated[str, BeforeValidator(text)]
OptionalText = Annotated[str | None, BeforeValidator(lambda value: text(value) or None)]
Id = Annotated[str, BeforeValidator(text), Field(min_length=1)]
Whole = Annotated[int | None, BeforeValidator(whole)]
Percent = Annotated[int | None, BeforeValidator(percent)]
Moment = Annotated[datetime | None, BeforeValidator(moment)]
Flag = Annotated[bool | None, BeforeValidator(flag)]


class Wire(BaseModel):
    """Something DBS sends. A field's wire name is its own without underscores, in any case."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="ignore", alias_generator=lambda name: name.replace("_", "")
    )

    @model_validator(mode="before")
    @classmethod
    def _any_case(cls, data: Any) -> Any:
        return {name.lower(): value for name, value in data.items()} if isinstance(data, dict) else data


def readable(items: list[object], read: Callable[[object], T], *, kind: str) -> tuple[T, ...]:
    """The items that `read` can make sense of. The others are left out, and logged by position only."""
    found: list[T] = []
    skipped: list[int] = []
    for position, item in enumerate(items):
        try:
            found.append(read(item))
        except ValueError:  # pydantic's ValidationError is one
            skipped.append(position)
    if skipped:
        log.warning("dbs.items_unreadable", kind=kind, positions=skipped, of=len(items))
    return tuple(found)
