"""What the store keeps of tasks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.restores.models import (
    Earlier,
    PollResult,
    TrackedTask,
)


class TaskStore(Protocol):
    """Tasks the poller follows. Each method is one transaction."""

    async def due_tasks(
        self, now: datetime, horizon: datetime, busy: Collection[tuple[str, str]] = ()
    ) -> list[TrackedTask]:
        """Claim tasks due by `now`, and those due after `horizon`: a clock must have jumped.

        1,000 at most, the longest due first. Those whose account and region are `busy` are left alone; of the
        others this worker looks at none, so what it still holds of them is claimed again.
        """
        ...

    async def next_poll_at(self, busy: Collection[tuple[str, str]] = ()) -> datetime | None:
        """When the next task is due that this worker may claim."""
        ...

    async def earlier(self, account: str, backup_plan_id: str, most: int) -> tuple[Earlier, ...]:
        """What restores of the plan tell that succeeded (`timeline.lesson`), the latest first."""
        ...

    async def save_polls(
        self, results: Sequence[PollResult], now: datetime, owner: str | None = None
    ) -> bool:
        """Snapshots, the events they mean and the messages these become, together or not at all.

        The tasks are free again. `owner` is the one that claimed them: of what it no longer holds nothing is
        saved. Whether it still held them all.
        """
        ...


class History(Protocol):
    """Restores that ended."""

    async def prune(self, before: datetime, most: int) -> int:
        """Forget restores that ended and did not change since, so many at most, in one transaction."""
        ...
