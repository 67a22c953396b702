"""What there is to restore in every account, as DBS lists it, and through what."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.config import Channel
from bot.errors import DbsError, DbsRejected
from bot.restores.accounts import Account, Accounts
from bot.restores.listing import Entry, Listing, nearest, ranked
from bot.restores.models import BackupGateway, BackupPlan, BackupSet, Following, RestoreTask, Window

#: Slack waits 3 seconds for the entries of a list: an account that takes longer is said to be silent.
PATIENCE_SECONDS = 2.0
#: A list that is a minute old is shown as it is when DBS takes longer than this to renew it.
RENEWAL_SECONDS = 0.3
#: The name of a task's plan is worth a call, and no longer wait.
NAME_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """Plans, the best match first, and a sentence for every account that could not be asked.

    `nearest` are those that may be meant where there are none.
    """

    plans: tuple[BackupPlan, ...]
    silent: tuple[str, ...] = ()
    nearest: tuple[BackupPlan, ...] = ()


class Catalog:
    """Answers the form's questions. Every method raises `DbsError` when DBS gives no answer.

    `channels` bind a channel to accounts, to plans, or to both: it is then shown no others.
    """

    def __init__(
        self,
        accounts: Accounts,
        *,
        channels: Mapping[str, Channel] | None = None,
        patience: float = PATIENCE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._accounts = accounts
        self._channels = channels or {}
        self._patience = patience
        self._listings = {account.name: Listing(account, monotonic=monotonic) for account in accounts}

    async def aclose(self) -> None:
        """Give up what is still being loaded."""
        await asyncio.gather(*(listing.aclose() for listing in self._listings.values()))

    @property
    def accounts(self) -> frozenset[str]:
        return frozenset(account.name for account in self._accounts)

    @property
    def many_accounts(self) -> bool:
        return len(self._accounts) > 1

    def allowed(self, plan: BackupPlan, channel_id: str | None) -> bool:
        """Whether this channel may restore the plan."""
        return self._offers(channel_id, plan.account, plan.backup_plan_id, plan.name)

    def startable(self, following: Following, channel_id: str | None) -> bool:
        """Whether the task could have been asked for in this channel, as far as its plan is known."""
        task, request = following.task, following.request
        plans = {task.backup_plan_id, task.plan_name} if task else set()
        if request:
            plans |= {request.spec.backup_plan_id, request.plan_name}
        return self._offers(channel_id, following.account, *plans)

    def _offers(self, channel_id: str | None, account: str, *plans: str | None) -> bool:
        bound = self._channels.get(channel_id or "")
        if bound is None:
            return True
        return (bound.accounts is None or account in bound.accounts) and (
            bound.plans is None or not set(bound.plans).isdisjoint(plans)
        )

    async def plans(self, text: str = "", channel_id: str | None = None) -> Found:
        """Plans in whose name, id, engine, source, region or account every word is found.

        Only those the channel may restore. Raises `DbsError` when no account has anything to show.
        """
        asked = self._visible(channel_id)
        loads = [load for listing in asked if (load := listing.refreshed()) is not None]
        if loads:
            missing = any(listing.entries is None for listing in asked)
            patience = self._patience if missing else RENEWAL_SECONDS
            done, _ = await asyncio.wait(loads, timeout=patience)
            for load in done:
                load.result()
        silent = [(listing, error) for listing in asked if (error := listing.trouble()) is not None]
        if silent and not any(listing.entries is not None for listing in asked):
            raise silent[0][1]
        entries: list[Entry] = [
            entry
            for listing in asked
            for entry in listing.entries or ()
            if self.allowed(entry.plan, channel_id)
        ]
        plans = ranked(entries, text)
        said = tuple(self._said(listing, error) for listing, error in silent)
        return Found(plans, said, () if plans else nearest(entries, text))

    async def plan(self, backup_plan_id: str, account: str) -> tuple[BackupPlan, tuple[Window, ...]]:
        """A plan as it is now, with the windows it can be restored to, oldest first.

        Raises `DbsError` also when DBS does not list the plan.
        """
        plan = await self._plan(backup_plan_id, self._accounts[account])
        return plan, await self.windows(plan)

    async def windows(self, plan: BackupPlan) -> tuple[Window, ...]:
        if plan.window is None:
            return ()
        found = await self._accounts[plan.account].dbs.describe_restorable_windows(
            plan.backup_plan_id, region=plan.region, begin=plan.window.begin, end=plan.window.end
        )
        return tuple(sorted(found, key=lambda window: window.begin))

    async def backup_sets(self, plan: BackupPlan) -> tuple[BackupSet, ...]:
        dbs = self._accounts[plan.account].dbs
        return await dbs.describe_backup_sets(plan.backup_plan_id, region=plan.region)

    async def databases(self, plan: BackupPlan) -> tuple[str, ...]:
        """The databases of a plan that may have travelled without them."""
        listing = self._listings.get(plan.account)
        kept = listing.kept(plan.backup_plan_id) if listing else None
        return (kept or await self._plan(plan.backup_plan_id, self._accounts[plan.account])).databases

    async def regions(self, account: str) -> tuple[str, ...]:
        asked = self._accounts[account]
        return await asked.dbs.describe_regions(region=asked.region)

    async def gateways(self, account: str, region: str) -> tuple[BackupGateway, ...]:
        return await self._accounts[account].dbs.describe_backup_gateways(region=region)

    async def located(self, restore_task_id: str) -> tuple[Account, RestoreTask] | None:
        """A restore task as it is now, and where it was found."""
        answers = await asyncio.gather(*(self._task(account, restore_task_id) for account in self._accounts))
        for answer in answers:
            if isinstance(answer, tuple):
                return answer
        for answer in answers:
            if isinstance(answer, DbsError):
                raise answer
        return None

    async def with_plan_name(self, account: Account, task: RestoreTask) -> RestoreTask:
        """With the name of its plan, where that is known or DBS tells it soon."""
        if not task.backup_plan_id:
            return task
        plan = self._listings[account.name].kept(task.backup_plan_id)
        try:
            async with asyncio.timeout(NAME_SECONDS):
                plan = plan or await self._plan(task.backup_plan_id, account)
        except (DbsError, TimeoutError):
            return task
        return task.evolve(plan_name=plan.name)

    async def _task(
        self, account: Account, restore_task_id: str
    ) -> tuple[Account, RestoreTask] | DbsError | None:
        try:
            found = await account.dbs.describe_restore_tasks([restore_task_id], region=account.region)
        except DbsError as error:
            return error
        task = found.get(restore_task_id)
        return (account, task) if task else None

    async def _plan(self, backup_plan_id: str, account: Account) -> BackupPlan:
        plans = await account.dbs.describe_backup_plans(region=account.region, backup_plan_id=backup_plan_id)
        plan = next((plan for plan in plans if plan.backup_plan_id == backup_plan_id), None)
        if plan is None:
            raise DbsRejected(f"DBS does not list the backup plan {backup_plan_id}.", code="PlanNotListed")
        return plan.evolve(account=account.name)

    def _visible(self, channel_id: str | None) -> list[Listing]:
        bound = self._channels.get(channel_id or "")
        names = bound.accounts if bound else None
        return [listing for name, listing in self._listings.items() if names is None or name in names]

    def _said(self, listing: Listing, error: DbsError) -> str:
        return f"{listing.account.name}: {error.sentence}" if self.many_accounts else error.sentence
