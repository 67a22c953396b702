"""What people do with restores that are under way, or over: look them up, watch, start, give up, ask why."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog

from bot.errors import DbsError, NotPossible, StoreError
from bot.restores.accounts import Account, Accounts
from bot.restores.catalog import Catalog
from bot.restores.clock import utc_now
from bot.restores.meant import ids_in, named, spellings
from bot.restores.models import (
    Following,
    JobError,
    Page,
    PrecheckReport,
    RestorePoint,
    RestoreTask,
    Told,
    Which,
)
from bot.restores.ports import Roster, Watched, Watching
from bot.restores.possible import Obstacle, cannot_give_up, cannot_start
from bot.restores.sizes import size_of

log = structlog.get_logger()


class Register:
    """`tell` is called when there is something to post, `settle` and `follow` when there is more to do."""

    def __init__(
        self,
        accounts: Accounts,
        catalog: Catalog,
        roster: Roster,
        *,
        tell: Callable[[], None],
        settle: Callable[[], None],
        follow: Callable[[], None],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._accounts = accounts
        self._catalog = catalog
        self._roster = roster
        self._tell = tell
        self._settle = settle
        self._follow = follow
        self._now = now

    # Looking up

    async def find(self, text: str) -> tuple[Following, ...]:
        """By task id, name or part of a name, however it is spelt, the newest first.

        Alone those that the text names whole.
        """
        for name in spellings(text):
            if found := named(name, await self._roster.named(name)):
                return tuple(found)
        return ()

    async def listed(self, text: str) -> tuple[Account, RestoreTask] | None:
        """The task of that id which DBS lists, whoever made it, and whose it is. Raises `DbsError`."""
        for task_id in ids_in(text):
            if located := await self._catalog.located(task_id):
                account, task = located
                return account, await self._catalog.with_plan_name(account, task)
        return None

    async def page(self, which: Which, start: int, most: int) -> Page:
        return await self._roster.page(which, start, most)

    async def link(self, link_id: int) -> Following | None:
        return await self._roster.link(link_id)

    async def at(self, channel_id: str, thread_ts: str) -> Following | None:
        """The restore whose card this message is."""
        return await self._roster.link_at(channel_id, thread_ts)

    async def here(self, channel_id: str, restore_task_id: str) -> Following | None:
        """The thread of a task in this channel, while it is told there."""
        return await self._roster.link_in(channel_id, restore_task_id)

    async def watched(self, channel_id: str) -> tuple[Following, ...]:
        """The tasks this channel watches beside its own restores, the newest first."""
        return await self._roster.watched(channel_id)

    async def log(self, following: Following) -> tuple[Told, ...]:
        """What the thread was told, or is to be told."""
        return await self._roster.log(following.link.link_id)

    # Watching

    async def watch(
        self, restore_task_id: str, channel_id: str, user_id: str, language: str
    ) -> Watched | None:
        """Follow a task, whoever made it, in this channel. None: DBS lists no such task.

        Raises `DbsError` when DBS gives no answer about a task that is followed nowhere yet.
        """
        known = await self._roster.link_in(channel_id, restore_task_id)
        if known is not None:
            return Watched(known, is_new=False)
        found = await self._followed(restore_task_id) or await self._located(restore_task_id)
        if found is None:
            return None
        account, region, task, size = found
        watching = Watching(task, account, region, channel_id, user_id, language, size)
        watched = await self._roster.watch(watching, self._now())
        log.info("task watched", restore_task_id=restore_task_id, channel_id=channel_id, user_id=user_id)
        self._tell()
        self._follow()
        return watched

    async def _followed(self, restore_task_id: str) -> tuple[str, str, RestoreTask, None] | None:
        """As it is known from another thread: DBS need not be asked."""
        for each in await self._roster.named(restore_task_id):
            if each.link.restore_task_id == restore_task_id and each.task is not None:
                return each.account, each.region, each.task, None
        return None

    async def _located(self, restore_task_id: str) -> tuple[str, str, RestoreTask, int | None] | None:
        found = await self._catalog.located(restore_task_id)
        if found is None:
            return None
        account, task = found
        task, size = await asyncio.gather(
            self._catalog.with_plan_name(account, task), self._size(account, task)
        )
        return account.name, account.region, task, size

    async def _size(self, account: Account, task: RestoreTask) -> int | None:
        """Worth a call, not worth a failure."""
        if not task.backup_plan_id:
            return None
        try:
            sets = await account.dbs.describe_backup_sets(task.backup_plan_id, region=account.region)
        except DbsError:
            return None
        return size_of(sets, RestorePoint(time=task.restore_time, backup_set_id=task.backup_set_id))

    async def unwatch(self, following: Following) -> bool:
        """False: nothing was told there any more. Raises `NotPossible` for a restore's own thread."""
        if following.link.nonce is not None:
            raise NotPossible("This is the restore's own thread: it is told to the end.")
        done = await self._roster.unwatch(following.link.link_id, self._now())
        self._tell()
        return done

    # Deciding

    async def start(self, following: Following, user_id: str, channel_id: str | None) -> None:
        """Order the start of a task that waits for it. Raises `NotPossible` with why not, and `DbsError`.

        `channel_id` is where the person said so, None outside of all channels.
        """
        await self.may_start(following, channel_id)
        task_id = following.link.restore_task_id or ""
        if following.request is not None:
            ordered = await self._roster.order_start(following.request.nonce, user_id, self._now())
        else:
            ordered = await self._start_unasked(following, user_id)
        if not ordered:
            # Somebody was faster: with the same, or with giving it up.
            current = await self._roster.link(following.link.link_id) or following
            await self.may_start(current, channel_id)
            raise await self._impossible(following, Obstacle.ORDERED)
        log.info("start ordered", restore_task_id=task_id, user_id=user_id)
        self._settle()
        self._tell()
        # The order stands, whether or not the next look at the task comes at once.
        with suppress(StoreError):
            await self._roster.look_now(task_id, self._now())
        self._follow()

    async def may_start(self, following: Following, channel_id: str | None) -> None:
        """Raises `NotPossible` with why not."""
        if obstacle := cannot_start(following):
            raise await self._impossible(following, obstacle)
        if not self._catalog.startable(following, channel_id):
            raise NotPossible(Obstacle.NOT_OFFERED)

    async def _start_unasked(self, following: Following, user_id: str) -> bool:
        """Of a task nobody asked for here. DBS takes the same token again without doing anything."""
        task_id = following.link.restore_task_id or ""
        if await self._ordered_by(following) is not None:
            return False
        dbs = self._accounts[following.account].dbs
        await dbs.start_restore_task(task_id, region=following.region, client_token=f"rs-{task_id}")
        return await self._roster.start_ordered(task_id, user_id, self._now())

    async def _impossible(self, following: Following, obstacle: Obstacle) -> NotPossible:
        """With who was first, where somebody was."""
        match obstacle:
            case Obstacle.ORDERED | Obstacle.STARTED:
                first = await self._ordered_by(following)
            case Obstacle.LEFT | Obstacle.GIVEN_UP:
                first = following.given_up_by
            case _:
                first = None
        return NotPossible(obstacle, user_id=first)

    async def _ordered_by(self, following: Following) -> str | None:
        """Who ordered the start last, as far as anybody was told."""
        return await self._roster.ordered_by(following.link.restore_task_id or "")

    async def give_up(self, following: Following, user_id: str) -> None:
        """Say that nothing more is to be done about a task. Raises `NotPossible` with why."""
        await self.may_give_up(following)
        task_id = following.link.restore_task_id or ""
        if not await self._roster.give_up(task_id, user_id, self._now(), wanted=_can_give_up):
            current = await self._roster.link(following.link.link_id) or following
            raise await self._impossible(current, cannot_give_up(current) or Obstacle.GIVEN_UP)
        log.info("restore given up", restore_task_id=task_id, user_id=user_id)
        self._tell()

    async def may_give_up(self, following: Following) -> None:
        """Raises `NotPossible` with why not."""
        obstacle = cannot_give_up(following)
        waits_unasked = following.request is None and cannot_start(following) is None
        if obstacle is None and waits_unasked and await self._ordered_by(following) is not None:
            obstacle = Obstacle.STANDS
        if obstacle:
            raise await self._impossible(following, obstacle)

    async def check_now(self, following: Following) -> bool:
        """Ask DBS about the task at once; False if it is not asked about any more."""
        due = await self._roster.look_now(following.link.restore_task_id or "", self._now())
        self._follow()
        return due

    # Asking DBS

    async def seen_now(self, following: Following) -> Following:
        """With the task as DBS tells of it at this moment, which the store does not know yet.

        Raises `DbsError`, and `NotPossible` if there is no task.
        """
        task_id, before = following.link.restore_task_id, following.task
        if task_id is None:
            raise NotPossible(Obstacle.NO_TASK)
        dbs = self._accounts[following.account].dbs
        found = (await dbs.describe_restore_tasks([task_id], region=following.region)).get(task_id)
        if found is None:
            task = (before or RestoreTask(restore_task_id=task_id, status="")).evolve(reported=False)
        elif before is None:
            task = found
        else:
            # What DBS does not tell with it stays as it was.
            kept = ("plan_name", "precheck", "timeline", "job_errors")
            task = found.evolve(**{name: getattr(before, name) for name in kept})
        return following.evolve(task=task, changed_at=self._now(), silent=False)

    async def explain(self, following: Following, language: str) -> JobError | None:
        """Why the task failed, as DBS says now. Raises `DbsError`."""
        account, task_id = self._accounts[following.account], following.link.restore_task_id or ""
        return await account.dbs.describe_job_error(task_id, region=following.region, language=language)

    async def precheck(self, following: Following) -> PrecheckReport | None:
        """The precheck as DBS told of it last, else as it tells now. Raises `DbsError`."""
        if following.task is not None and following.task.precheck is not None:
            return following.task.precheck
        if following.link.restore_task_id is None:
            return None
        dbs = self._accounts[following.account].dbs
        return await dbs.describe_precheck(following.link.restore_task_id, region=following.region)


def _can_give_up(following: Following) -> bool:
    return cannot_give_up(following) is None
