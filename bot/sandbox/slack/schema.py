"""The small language in which the Block Kit tables are written: checks, fields and shapes.

A check looks at one value and yields the problems it sees, worded and pointed at as Slack does it.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.wire import Json


@dataclass(frozen=True)
class Problem:
    """What is wrong, and the JSON pointer to where."""

    message: str
    pointer: str


Check = Callable[[Any, str], Iterator[Problem]]


@dataclass(frozen=True)
class Required:
    """A field that must be there."""

    check: Check


Fields = Mapping[str, Check | Required]


def string(most: int, least: int = 1) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("must provide a string", pointer)
        elif len(value) > most:
            yield Problem(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield Problem(f"must be more than {least - 1} characters", pointer)

    return check


def integer(least: int, most: int) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem("must provide an integer", pointer)
        elif not least <= value <= most:
            yield Problem(f"must be between {least} and {most}", pointer)

    return check


def boolean(value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem("must provide a boolean", pointer)


def matching(pattern: str, what: str, most: int = 3000) -> Check:
    """A string of up to `most` characters that is what it should be."""
    known = re.compile(pattern, re.ASCII)

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        problems = list(string(most)(value, pointer))
        yield from problems
        if not problems and not known.fullmatch(value):
            yield Problem(f"must be {what}", pointer)

    return check


url = matching(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", "a valid URL")
number = matching(r"-?\d+(\.\d+)?", "a number", 100)
time = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time (HH:mm)")


def date(value: Any, pointer: str) -> Iterator[Problem]:
    """A day such as "2024-02-29", which the calendar has."""
    try:
        known = isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        known = False
    if not known:
        yield Problem("must be a date (YYYY-MM-DD)", pointer)


def anything(value: Any, pointer: str) -> Iterator[Problem]:  # noqa: ARG001  (the shape of every check)
    """Passed through unchecked."""
    return iter(())


def one_of(*allowed: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(f"must be one of: {', '.join(allowed)}", pointer)

    return check


def array(item: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` items."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("must provide an array", pointer)
        elif len(value) > most:
            yield Problem(f"no more than {most} items allowed", pointer)
        elif len(value) < least:
            yield Problem(f"no fewer than {least} items allowed", pointer)
        else:
            for index, each in enumerate(value):
                yield from item(each, f"{pointer}/{index}")

    return check


def shape(fields: Fields) -> Check:
    """An object with these fields and no others."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", pointer)
            return
        yield from check_fields(value, fields, pointer)

    return check


def check_fields(value: Json, fields: Fields, pointer: str) -> Iterator[Problem]:
    """The problems of an object's fields: missing ones, unknown ones, and those whose check fails."""
    for name, field in fields.items():
        if isinstance(field, Required) and name not in value:
            yield Problem(f"missing required field: {name}", pointer)
    for name, each in value.items():
        if name not in fields:
            yield Problem(f"invalid additional property: {name}", pointer)
            continue
        field = fields[name]
        yield from (field.check if isinstance(field, Required) else field)(each, f"{pointer}/{name}")


def plain_text(most: int) -> Check:
    """A plain_text object of 1 to `most` characters."""
    return shape({
        "type": Required(one_of("plain_text")),
        "text": Required(string(most)),
        "emoji": boolean,
    })  # fmt: skip


def any_text(most: int) -> Check:
    """A plain_text or mrkdwn object of 1 to `most` characters."""
    return shape({
        "type": Required(one_of("plain_text", "mrkdwn")),
        "text": Required(string(most)),
        "emoji": boolean,
        "verbatim": boolean,
    })  # fmt: skip


def size(value: Json) -> int:
    """Bytes of the value as JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"))
