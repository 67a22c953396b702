"""Reading an action's parameters, which arrive as text and have passed the gateway's types."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.dbs.errors import conflict, invalid, missing
from bot.sandbox.dbs.regions import KNOWN

Parameters = Mapping[str, str]

ANY_SIZE = range(1, 101)
FIXED_SIZES = (30, 50, 100)
_TOKEN_LIMIT = 64
_OBJECT_KEYS = {"DBName", "NewDBName", "SchemaName", "NewSchemaName"}


@dataclass(frozen=True)
class Page:
    number: int
    size: int

    def of(self, items_name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The page of these rows, in the vendor's `Items.<name>[]` with its totals. Page 0 is the first."""
        first = self.number * self.size
        return {
            "PageNum": self.number,
            "PageSize": self.size,
            "TotalElements": len(rows),
            "TotalPages": -(-len(rows) // self.size),
            "Items": {items_name: list(rows[first : first + self.size])},
        }


def number(parameters: Parameters, name: str) -> int | None:
    return int(value) if (value := parameters.get(name)) else None


def names(parameters: Parameters, name: str) -> tuple[str, ...]:
    """A comma-joined list; empty when the parameter is absent."""
    return tuple(part.strip() for part in parameters.get(name, "").split(",") if part.strip())


def page(parameters: Parameters, sizes: Sequence[int]) -> Page:
    size, at = number(parameters, "PageSize"), number(parameters, "PageNum") or 0
    if size is not None and size not in sizes:
        allowed = "1 to 100" if sizes is ANY_SIZE else ", ".join(map(str, sizes))
        raise invalid("PageSize", f"use {allowed}")
    if at < 0:
        raise invalid("PageNum", "pages count from 0")
    return Page(at, 30 if size is None else size)


def either(parameters: Parameters, one: str, other: str) -> None:
    """Exactly one of the two must be given."""
    if parameters.get(one) and parameters.get(other):
        raise conflict(one, other)
    if not (parameters.get(one) or parameters.get(other)):
        raise missing(f"{one} or {other}", "specify one of the two")


def region(parameters: Parameters, name: str) -> str | None:
    value = parameters.get(name) or None
    if value is not None and value not in KNOWN:
        raise invalid(name, "no such region")
    return value


def in_span(parameters: Parameters, time_ms: int) -> bool:
    """Does this time lie between StartTimestamp and EndTimestamp, as far as they are given?"""
    since, until = number(parameters, "StartTimestamp"), number(parameters, "EndTimestamp")
    return (since is None or time_ms >= since) and (until is None or time_ms <= until)


def truth(parameters: Parameters, name: str, *, default: bool) -> bool:
    return (parameters.get(name) or str(default)).lower() == "true"


def client_token(parameters: Parameters) -> str | None:
    value = parameters.get("ClientToken") or None
    if value is not None and not (value.isascii() and len(value) <= _TOKEN_LIMIT):
        raise invalid("ClientToken", f"at most {_TOKEN_LIMIT} ASCII characters")
    return value


def restore_objects(parameters: Parameters) -> tuple[dict[str, str], ...]:
    """`[{"DBName", "NewDBName", "SchemaName", "NewSchemaName"}]`; only `DBName` is needed in each."""
    text = parameters.get("RestoreObjects")
    if not text:
        return ()
    try:
        objects = json.loads(text)
    except (ValueError, RecursionError):
        raise invalid("RestoreObjects", "not JSON") from None
    if not isinstance(objects, list) or not objects:
        raise invalid("RestoreObjects", "a JSON array with at least one object is expected")
    return tuple(_restore_object(entry) for entry in objects)


def _restore_object(entry: object) -> dict[str, str]:
    if not isinstance(entry, dict) or not entry.get("DBName"):
        raise invalid("RestoreObjects", "each entry is an object with a DBName")
    if unknown := entry.keys() - _OBJECT_KEYS:
        raise invalid("RestoreObjects", f"only databases and schemas are restored here, not {min(unknown)}")
    if not all(isinstance(value, str) and value for value in entry.values()):
        raise invalid("RestoreObjects", "every name is a text that is not empty")
    return entry
