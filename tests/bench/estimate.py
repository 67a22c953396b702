"""How good the shown ranges are: `python -m tests.bench.estimate [restores]` prints a table.

Simulated restores of 1 to 500 GB are looked at every 15 to 60 seconds. At a quarter, half and three quarters
of the time that a restore works it is asked: does its true end lie within the range that is shown, and how
wide is that range, measured by what is left? A pause that is still to come is not held against it: nobody
can know of one.
"""

import random
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from bot.restores.looks import Answers, looked_at
from bot.restores.models import TrackedTask
from tests import values
from tests.bench.restoring import Simulated

RESTORES = 400
QUARTERS = (0.25, 0.5, 0.75)
INTERVAL = timedelta(seconds=15)


@dataclass
class Judged:
    """What was shown at one point of the way: hits and misses, widths, and how often nothing."""

    held: list[bool] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    untold: int = 0

    @property
    def share(self) -> float:
        return statistics.fmean(self.held) if self.held else 0.0

    @property
    def untold_share(self) -> float:
        return self.untold / (self.untold + len(self.held))


def judge(restores: Iterable[Simulated]) -> dict[float, Judged]:
    judged: dict[float, Judged] = defaultdict(Judged)
    for restore in restores:
        _follow(restore, judged)
    return judged


def _follow(restore: Simulated, judged: dict[float, Judged]) -> None:
    """Look at it as the poller does, and judge what is shown at each point of the way."""
    tracked = TrackedTask(
        restore_task_id="s1", region="cn-hangzhou", tracked_since=values.NOON, size=restore.size
    )
    asked = list(QUARTERS)
    for look in restore.looks():
        answers = Answers(asked={"s1"}, seen={"s1": look.task}, earlier={"s1": restore.earlier})
        result = looked_at(tracked, answers, look.at, INTERVAL)
        tracked = tracked.evolve(task=result.task or tracked.task, due_at=result.next_poll_at)
        if asked and look.way >= asked[0] and look.task.status == "running":
            at = judged[asked.pop(0)]
            ends = tracked.task.timeline.ends if tracked.task and tracked.task.timeline else None
            if ends is None:
                at.untold += 1
                continue
            at.held.append(ends.begin <= look.at + look.left <= ends.end)
            at.widths.append((ends.end - ends.begin) / look.left)


def simulated(restores: int, *, seed: int, with_history: bool) -> list[Simulated]:
    return [
        Simulated(random.Random(f"{seed} {number}"), with_history=with_history) for number in range(restores)
    ]


def table(restores: int) -> Iterator[str]:
    yield "| earlier restores | of the way | true end within | width / left, median | can't tell |"
    yield "| --- | --- | --- | --- | --- |"
    for with_history in (False, True):
        judged = judge(simulated(restores, seed=1, with_history=with_history))
        for way, at in judged.items():
            width = f"{statistics.median(at.widths):.2f}"
            known = "known" if with_history else "none"
            yield f"| {known} | {way:.0%} | {at.share:.0%} | {width} | {at.untold_share:.0%} |"


if __name__ == "__main__":
    for line in table(int(sys.argv[1]) if sys.argv[1:] else RESTORES):
        print(line, flush=True)  # noqa: T201  (the table)
