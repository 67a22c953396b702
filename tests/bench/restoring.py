"""Simulated restores for the estimate, uneven in every way that a restore may be."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.restores.models import Earlier, RestoreTask, Stage
from tests import values

STEP = 5.0
GIGABYTE = 1_000_000_000
HISTORY = 6


@dataclass(frozen=True)
class Plan:
    """What is alike in all restores of a plan: bytes a second, and its stages beside the data."""

    rate: float
    indexes: float
    structure: float
    logs: float

    @classmethod
    def any(cls, chance: random.Random) -> "Plan":
        """Indexes take a tenth of the data's time, or longer than that; a third of the plans have logs."""
        return cls(
            rate=chance.uniform(8e6, 60e6),
            indexes=chance.lognormvariate(-1.2, 0.7),
            structure=chance.uniform(10, 90),
            logs=chance.choice([0.0, 0.0, chance.lognormvariate(-1.5, 0.8)]),
        )

    def seconds(self, size: int, chance: random.Random) -> dict[Stage, float]:
        """How long each stage of a restore takes at an even pace."""
        data = size / self.rate * chance.lognormvariate(0, 0.15)
        taken = {
            Stage.STRUCTURE_BEFORE: self.structure * chance.lognormvariate(0, 0.2),
            Stage.FULL_DATA: data,
            Stage.STRUCTURE_AFTER: data * self.indexes * chance.lognormvariate(0, 0.2),
        }
        logs = {Stage.INCREMENTAL: data * self.logs * chance.lognormvariate(0, 0.4)} if self.logs else {}
        return taken | logs


@dataclass(frozen=True)
class Look:
    """A task as it was seen, what share of its working time was over, and how much of that is to come."""

    at: datetime
    task: RestoreTask
    way: float
    left: timedelta


class Simulated:
    """One restore. Its pace drifts by up to 60 %, comes in bursts, and now and then it pauses."""

    def __init__(self, chance: random.Random, *, with_history: bool) -> None:
        self._chance = chance
        plan = Plan.any(chance)
        self.size = _size(chance)
        self._stages = plan.seconds(self.size, chance)
        self.earlier = (
            tuple(_earlier(plan, self.size, chance) for _ in range(chance.randint(1, HISTORY)))
            if with_history
            else ()
        )
        self._pause_at = chance.uniform(0, 1) if chance.random() < 0.3 else None
        self._bursts = chance.random() < 0.6

    def looks(self) -> Iterator[Look]:
        """Every 15 to 60 seconds, from the start to the end."""
        states = list(self._course())
        end = len(states) * STEP
        interval, at = self._chance.uniform(15, 60), 0.0
        began, rested = values.NOON, 0.0
        paused = False
        while at < end:
            percents = states[int(at / STEP)]
            if self._pause_at is not None and not paused and at >= self._pause_at * end:
                paused = True
                yield self._look(began, at + rested, at, end, percents, "pause")
                rested += self._chance.uniform(120, 3600)
            yield self._look(began, at + rested, at, end, percents, "running")
            at += interval * self._chance.uniform(0.9, 1.1)

    def _look(
        self, began: datetime, clock: float, at: float, end: float, percents: dict[Stage, int], status: str
    ) -> Look:
        task = values.task(status, stages=percents)
        return Look(began + timedelta(seconds=clock), task, at / end, timedelta(seconds=end - at))

    def _course(self) -> Iterator[dict[Stage, int]]:
        """Percent of each stage at each step."""
        done = dict.fromkeys(self._stages, 0.0)
        drift, aim = 1.0, self._chance.uniform(0.4, 1.6)
        whole = sum(self._stages.values())
        burst, until, now = 1.0, 0.0, 0.0
        while True:
            yield {stage: int(100 * min(1.0, part)) for stage, part in done.items()}
            stage = next((stage for stage, part in done.items() if part < 1), None)
            if stage is None:
                return
            if abs(aim - drift) < 0.05:
                aim = self._chance.uniform(0.4, 1.6)
            drift += (1 if aim > drift else -1) * STEP / whole * 4 * 0.6
            if self._bursts and now >= until:
                burst, until = self._chance.choice([0.2, 0.6, 1.8, 2.2]), now + self._chance.uniform(20, 120)
            done[stage] += drift * burst * STEP / max(STEP, self._stages[stage])
            now += STEP


def _size(chance: random.Random) -> int:
    """1 to 500 GB, the small ones as often as the large ones."""
    return int(GIGABYTE * 500 ** chance.random())


def _earlier(plan: Plan, size: int, chance: random.Random) -> Earlier:
    """Of a backup that is alike, but not the same."""
    size = int(size * chance.lognormvariate(0, 0.5))
    pace = chance.lognormvariate(0, 0.15)
    seconds = {stage: taken * pace for stage, taken in plan.seconds(size, chance).items()}
    return Earlier(size=size if chance.random() < 0.8 else None, seconds=seconds)
