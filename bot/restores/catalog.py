"""What there is to restore, as DBS lists it: plans (kept for a minute), windows, backup sets, regions."""

import time
from collections.abc import Callable

from bot.errors import DbsRejected
from bot.restores.models import BackupPlan, BackupSet, RestoreTask, Window
from bot.restores.ports import Dbs

PLANS_KEPT_SECONDS = 60.0


class Catalog:
    """Answers the form's questions. Every method raises `DbsError` when DBS gives no answer."""

    def __init__(self, dbs: Dbs, *, region: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._dbs = dbs
        self._region = region
        self._monotonic = monotonic
        self._plans: tuple[BackupPlan, ...] = ()
        self._plans_until = float("-inf")

    async def plans(self, text: str = "") -> list[BackupPlan]:
        """Plans in whose name, id, engine, region or source every word is found; those named so first."""
        if self._monotonic() >= self._plans_until:
            self._plans = await self._dbs.describe_backup_plans(region=self._region)
            self._plans_until = self._monotonic() + PLANS_KEPT_SECONDS
        words = text.lower().split()
        found = [plan for plan in self._plans if all(word in _searchable(plan) for word in words)]
        first = words[0] if words else ""
        return sorted(found, key=lambda plan: (not plan.name.lower().startswith(first), plan.name.lower()))

    async def plan(self, backup_plan_id: str) -> tuple[BackupPlan, tuple[Window, ...]]:
        """A plan as it is now, with the windows it can be restored to, oldest first.

        Raises `DbsError` also when DBS does not list the plan.
        """
        plans = await self._dbs.describe_backup_plans(region=self._region, backup_plan_id=backup_plan_id)
        plan = next((plan for plan in plans if plan.backup_plan_id == backup_plan_id), None)
        if plan is None:
            raise DbsRejected(f"DBS does not list the backup plan {backup_plan_id}.", code="PlanNotListed")
        return plan, await self.windows(plan)

    async def windows(self, plan: BackupPlan) -> tuple[Window, ...]:
        if plan.window is None:
            return ()
        found = await self._dbs.describe_restorable_windows(
            plan.backup_plan_id, region=plan.region, begin=plan.window.begin, end=plan.window.end
        )
        return tuple(sorted(found, key=lambda window: window.begin))

    async def backup_sets(self, plan: BackupPlan) -> tuple[BackupSet, ...]:
        return await self._dbs.describe_backup_sets(plan.backup_plan_id, region=plan.region)

    async def regions(self) -> tuple[str, ...]:
        return await self._dbs.describe_regions(region=self._region)

    async def task(self, restore_task_id: str) -> RestoreTask | None:
        """A restore task as it is now, whoever made it; None if DBS lists no such task."""
        found = await self._dbs.describe_restore_tasks([restore_task_id], region=self._region)
        return found.get(restore_task_id)


def _searchable(plan: BackupPlan) -> str:
    return " ".join((plan.name, plan.backup_plan_id, plan.engine, plan.region, plan.source or "")).lower()
