"""Faults on demand: what can go wrong at a service, what of it is ordered now, and when it strikes."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from bot.sandbox.news import News

EVERYTHING = "*"
Value = int | float | str


class FaultError(Exception):
    """A fault that cannot be ordered; the sentence says why."""


@dataclass(frozen=True)
class Field:
    """What a kind of fault wants to know: a text or a number within `span`, like its default."""

    name: str
    label: str
    default: Value
    span: tuple[float, float] = (0, 3600)

    @property
    def type(self) -> str:
        return "text" if isinstance(self.default, str) else "number"

    def read(self, value: object) -> Value:
        """Raises `FaultError`."""
        if isinstance(self.default, str):
            if not isinstance(value, str) or not value:
                raise FaultError(f"{self.name} is a text.")
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FaultError(f"{self.name} is a number.")
        low, high = self.span
        if not low <= value <= high:
            raise FaultError(f"{self.name} lies between {low:g} and {high:g}.")
        if isinstance(self.default, int) and value != int(value):
            raise FaultError(f"{self.name} is a whole number.")
        return int(value) if isinstance(self.default, int) else value


@dataclass(frozen=True)
class Kind:
    """A way to fail. `targets` are the calls it can strike; None means every call of the service."""

    name: str
    title: str
    fields: tuple[Field, ...] = ()
    targets: frozenset[str] | None = None

    def to_json(self) -> dict[str, Any]:
        shown = [
            {"name": each.name, "type": each.type, "default": each.default, "label": each.label}
            for each in self.fields
        ]
        limits = {} if self.targets is None else {"targets": sorted(self.targets)}
        return {"kind": self.name, "title": self.title, "fields": shown, **limits}

    def values(self, given: Mapping[str, object]) -> dict[str, Value]:
        """The fields, with defaults where nothing is given. Raises `FaultError`."""
        if unknown := given.keys() - {each.name for each in self.fields}:
            raise FaultError(f"{self.name} has no field {min(unknown)}.")
        wanted = {name: value for name, value in given.items() if value is not None}
        return {each.name: each.read(wanted.get(each.name, each.default)) for each in self.fields}


@dataclass(eq=False)
class Fault:
    """One ordered fault: for the next `times` calls, for a share of them, or until it is cleared."""

    id: str
    kind: Kind
    target: str
    times: int | None
    probability: float | None
    seed: int | None
    fields: Mapping[str, Value]
    dice: Random = field(repr=False)
    hits: int = 0
    cleared: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def left(self) -> int | None:
        return None if self.times is None else self.times - self.hits

    def hit(self, call: str) -> bool:
        """Strike this call, if it can: whether it did."""
        aimed = self.target in {EVERYTHING, call} and (self.kind.targets is None or call in self.kind.targets)
        if not aimed or self.left == 0:
            return False
        if self.probability is not None and self.dice.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.name,
            "target": self.target,
            "times": self.times,
            "left": self.left,
            "probability": self.probability,
            "seed": self.seed,
            "hits": self.hits,
            **self.fields,
        }


Condition = Callable[[Fault], bool]


class Faults:
    """The faults ordered of one service. One that is used up stays listed until it is cleared."""

    def __init__(self, kinds: Iterable[Kind], news: News) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self._news = news
        self._calls: list[str] = []
        self._ids = count(1)
        self._ordered: dict[str, Fault] = {}

    @property
    def all(self) -> tuple[Fault, ...]:
        return tuple(self._ordered.values())

    @property
    def targets(self) -> list[str]:
        """What a kind without targets of its own can strike."""
        return [EVERYTHING, *self._calls]

    def aim_at(self, calls: Collection[str]) -> None:
        """These are the calls of the service."""
        self._calls = sorted(calls)

    def add(
        self,
        kind: str,
        target: str = EVERYTHING,
        /,
        *,
        times: int | None = None,
        probability: float | None = None,
        seed: int | None = None,
        **fields: object,
    ) -> Fault:
        """Order a fault. Raises `FaultError`."""
        if (known := self.kinds.get(kind)) is None:
            raise FaultError(f"There is no fault {kind}; there are {', '.join(self.kinds)}.")
        self._check_target(known, target)
        if times is not None and times < 1:
            raise FaultError("times is at least 1.")
        if probability is not None and not 0 <= probability <= 1:
            raise FaultError("probability lies between 0 and 1.")
        values, dice = known.values(fields), Random(seed)  # noqa: S311  (dice for faults, no secret)
        fault = Fault(f"F{next(self._ids)}", known, target, times, probability, seed, values, dice)
        self._ordered[fault.id] = fault
        self._news.touch()
        return fault

    def clear(self, fault_id: str | None = None) -> None:
        """End one fault, or all of them; calls that hang by it are let go. KeyError: no such fault."""
        for each in [fault_id] if fault_id is not None else list(self._ordered):
            self._ordered.pop(each).cleared.set()
        self._news.touch()

    def strike(self, call: str, *kinds: str, when: Condition = lambda _: True) -> Fault | None:
        """The first fault of these kinds that strikes this call; one that `when` is not true of does not."""
        for fault in self.all:
            if fault.kind.name in kinds and when(fault) and fault.hit(call):
                self._news.touch()
                return fault
        return None

    def _check_target(self, kind: Kind, target: str) -> None:
        possible = self._calls if kind.targets is None else kind.targets
        if target != EVERYTHING and target not in possible:
            raise FaultError(f"{kind.name} cannot strike {target}.")


@dataclass(frozen=True)
class Strikes:
    """What strikes one call; the kinds that do are written down in `struck`."""

    faults: Faults
    call: str
    struck: list[str]

    def first(self, *kinds: str, when: Condition = lambda _: True) -> Fault | None:
        """As `Faults.strike`."""
        fault = self.faults.strike(self.call, *kinds, when=when)
        if fault is not None:
            self.struck.append(fault.kind.name)
        return fault
