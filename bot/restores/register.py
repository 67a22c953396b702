"""What people do with restores that are under way, or over: look them up, watch, start, give up, ask why."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.errors import DbsError, NotPossible
from bot.restores.accounts import Account, Accounts
from bot.restores.catalog import Catalog
from bot.restores.clock import utc_now
from bot.restores.models import (
    Event,
    EventKind,
    Following,
    JobError,
    Page,
    PrecheckReport,
    RequestState,
    RestorePoint,
    RestoreStatus,
    RestoreTask,
    Told,
    Which,
)
from bot.restores.ports import Roster, Watching
from bot.restores.sizes import size_of

log = structlog.get_logger()

PAGE = 10


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
        """By task id, name or part of a name. One alone if the text names it whole, else the newest first."""
        found = await self._roster.named(text.strip())
        whole = [each for each in found if _is_named(each, text.strip())]
        return tuple(whole[:1]) or found

    async def page(self, which: Which, start: int = 0, most: int = PAGE) -> Page:
        return await self._roster.page(which, start, most)

    async def link(self, link_id: int) -> Following | None:
        return await self._roster.link(link_id)

    async def at(self, channel_id: str, thread_ts: str) -> Following | None:
        """The restore whose card this message is."""
        return await self._roster.link_at(channel_id, thread_ts)

    async def here(self, channel_id: str, restore_task_id: str) -> Following | None:
        """The thread of a task in this channel, while it is told there."""
        return await self._roster.link_in(channel_id, restore_task_id)

    async def log(self, following: Following) -> tuple[Told, ...]:
        """What the thread was told, or is to be told."""
        return await self._roster.log(following.link.link_id)

    # Watching

    async def watch(
        self, restore_task_id: str, channel_id: str, user_id: str, language: str
    ) -> tuple[Following, bool] | None:
        """Follow a task, whoever made it, in this channel; whether that is new. None: DBS lists no such task.

        Raises `DbsError` when DBS gives no answer about a task that is followed nowhere yet.
        """
        known = await self._roster.link_in(channel_id, restore_task_id)
        if known is not None:
            return known, False
        located = await self._located(restore_task_id)
        if located is None:
            return None
        account, region, task, size = located
        watching = Watching(task, account.name, region, channel_id, user_id, language, size)
        following, is_new = await self._roster.watch(watching, self._now())
        log.info("task watched", restore_task_id=restore_task_id, channel_id=channel_id, user_id=user_id)
        self._tell()
        self._follow()
        return following, is_new

    async def _located(self, restore_task_id: str) -> tuple[Account, str, RestoreTask, int | None] | None:
        found = await self._catalog.located(restore_task_id)
        if found is None:
            return None
        account, task = found
        return account, account.region, task, await self._size(account, task)

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

    async def start(self, following: Following, user_id: str) -> None:
        """Order the start of a task that waits for it. Raises `NotPossible` with why, and `DbsError`."""
        if sentence := cannot_start(following):
            raise NotPossible(sentence)
        request, task_id = following.request, following.link.restore_task_id or ""
        if request is not None:
            if not await self._roster.order_start(request.nonce, user_id, self._now()):
                raise NotPossible("Its start was ordered already.")
            self._settle()
        else:
            dbs = self._accounts[following.account].dbs
            await dbs.start_restore_task(task_id, region=following.region, client_token=f"rs-{task_id}")
            event = Event(kind=EventKind.START_ORDERED, user_id=user_id)
            await self._roster.tell(task_id, event, self._now())
        log.info("start ordered", restore_task_id=task_id, user_id=user_id)
        await self._roster.look_now(task_id, self._now())
        self._tell()
        self._follow()

    async def give_up(self, following: Following, user_id: str) -> None:
        """Say that nothing more is to be done about a task. Raises `NotPossible` with why."""
        if sentence := cannot_give_up(following):
            raise NotPossible(sentence)
        task_id = following.link.restore_task_id or ""
        if not await self._roster.give_up(task_id, user_id, self._now()):
            raise NotPossible("It was given up already.")
        log.info("restore given up", restore_task_id=task_id, user_id=user_id)
        self._tell()

    async def check_now(self, following: Following) -> bool:
        """Ask DBS about the task at once; False if it is not asked about any more."""
        due = await self._roster.look_now(following.link.restore_task_id or "", self._now())
        self._follow()
        return due

    # Asking why

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


def cannot_start(following: Following) -> str | None:
    """Why its start cannot be ordered; None if it can. Pure."""
    request, task = following.request, following.task
    if following.link.restore_task_id is None:
        return "There is no task to start yet."
    if task is None:
        return "DBS has not said yet how far the task is. Try again in a moment."
    if task.precheck_failed:
        return "Its precheck failed: DBS cannot start it. Edit it and try again."
    if task.state not in {RestoreStatus.INIT, RestoreStatus.CHECK_PASS}:
        return "It was started already."
    if request is not None and (request.unfinished or request.state is RequestState.STARTED):
        return "Its start was ordered already."
    return None


def cannot_give_up(following: Following) -> str | None:
    """Why it makes no sense to give it up; None if it does. Pure."""
    task = following.task
    if following.link.restore_task_id is None or task is None:
        return "There is no task yet. If none comes of it, its thread says so."
    if task.state is RestoreStatus.SUCCEEDED:
        return "It succeeded."
    if task.state not in {RestoreStatus.INIT, RestoreStatus.CHECK_PASS, RestoreStatus.STOP}:
        return "DBS is restoring. It has no call to stop a restore: nothing here could."
    if following.given_up_by is not None:
        return "It was given up already."
    return None


def _is_named(following: Following, text: str) -> bool:
    request, task = following.request, following.task
    names = [following.link.restore_task_id, request and request.spec.task_name, task and task.name]
    marks = [request.mark, request.nonce] if request else []
    return text.lower() in {name.lower() for name in [*names, *marks] if name}
