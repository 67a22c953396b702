"""The small language in which the tables are written: checks, and the shapes they make up.

A check looks at one value and yields the problems it sees, worded and pointed at as Slack does it.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple


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


Fields = dict[str, Check | Required]


class _Shaped:
    """An object with these fields and no others; its rules are asked once every field is right by itself."""

    fields: Fields
    rules: tuple[Check, ...]

    def __call__(self, value: Any, pointer: str) -> Iterator[Problem]:
        flaws = list(self.check_fields(value, pointer))
        yield from flaws or self.check_rules(value, pointer)

    def check_fields(self, value: Any, pointer: str) -> Iterator[Problem]:
        """The problems of the fields: missing ones, unknown ones, and those whose check fails."""
        if not isinstance(value, dict):
            yield Problem("must provide an object", pointer)
            return
        for name, field in self.fields.items():
            if isinstance(field, Required) and name not in value:
                yield Problem(f"missing required field: {name}", pointer)
        for name, each in value.items():
            if name not in self.fields:
                yield Problem(f"invalid additional property: {name}", pointer)
                continue
            field = self.fields[name]
            yield from (field.check if isinstance(field, Required) else field)(each, f"{pointer}/{name}")

    def check_rules(self, value: Any, pointer: str) -> Iterator[Problem]:
        for rule in self.rules:
            yield from rule(value, pointer)


@dataclass(frozen=True)
class Shape(_Shaped):
    fields: Fields
    rules: tuple[Check, ...] = ()


class State(NamedTuple):
    """How an element appears in `view.state.values`: the value's key, and the field it starts from."""

    key: str
    initial: str

    @property
    def is_list(self) -> bool:
        return self.key.endswith("s")


@dataclass(frozen=True)
class Kind(_Shaped):
    """The objects of one `type`: the places where they may stand, as words, and what they take.

    An element may be for some surfaces only, wherever it stands; with a state it keeps a value.
    """

    places: str
    fields: Fields
    rules: tuple[Check, ...] = ()
    surfaces: str = "message modal home"
    state: State | None = None


Kinds = dict[str, Kind]

NOT_EMULATED = Kind("", {})


def one_kind(kinds: Kinds, place: str | None) -> Check:
    """An object whose `type` is one of these kinds and may stand in this place, or with None in any."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        name = value.get("type") if isinstance(value, dict) else None
        kind = kinds.get(name) if isinstance(name, str) else None
        if kind is NOT_EMULATED:
            yield Problem(f"unsupported type: {name}, which is Slack's but not emulated", f"{pointer}/type")
        elif kind is None or not fits(kind.places, place):
            yield Problem(f"unsupported type: {name}", f"{pointer}/type")
        else:
            yield from kind(value, pointer)

    return check


def fits(places: str, place: str | None) -> bool:
    """Whether a place is among these; None is any."""
    return place is None or place in places.split()


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


def plain(most: int) -> Shape:
    """A plain_text object of 1 to `most` characters."""
    return Shape({"type": Required(one_of("plain_text")), "text": Required(string(most)), "emoji": boolean})


def mrkdwn(most: int) -> Shape:
    """A mrkdwn object of 1 to `most` characters."""
    return Shape({"type": Required(one_of("mrkdwn")), "text": Required(string(most)), "verbatim": boolean})


def text(most: int) -> Check:
    """A plain_text or mrkdwn object of 1 to `most` characters."""
    kind = Required(one_of("plain_text", "mrkdwn"))
    in_plain, in_mrkdwn = (Shape({**each(most).fields, "type": kind}) for each in (plain, mrkdwn))

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        is_mrkdwn = isinstance(value, dict) and value.get("type") == "mrkdwn"
        yield from (in_mrkdwn if is_mrkdwn else in_plain)(value, pointer)

    return check


def _matching(pattern: str, what: str, most: int) -> Check:
    """A string of up to `most` characters that is what it should be."""
    known = re.compile(pattern, re.ASCII)

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        problems = list(string(most)(value, pointer))
        yield from problems
        if not problems and not known.fullmatch(value):
            yield Problem(f"must be {what}", pointer)

    return check


def url(most: int) -> Check:
    return _matching(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", "a valid URL", most)


number = _matching(r"-?\d+(\.\d+)?", "a number", 100)
time = _matching(r"([01]\d|2[0-3]):[0-5]\d", "a time (HH:mm)", 100)


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


def not_emulated(value: Any, pointer: str) -> Iterator[Problem]:  # noqa: ARG001  (the shape of every check)
    """A field that Slack takes and the page could not honour."""
    yield Problem("is Slack's but not emulated", pointer)
