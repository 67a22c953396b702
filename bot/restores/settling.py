"""From a saved request to exactly one restore task.

A restore overwrites a database, so a request goes through these steps:

1. It is saved with its token, and with a mark of its own in the task's name, before DBS hears of it.
2. "Latest" becomes the time it means now, once: every try sends the same.
3. That DBS may have been called is saved before it is called. From then on it is in doubt.
4. After a yes the task that has the mark is its own, whatever the answer named. A definite no ends it, unless
   an earlier try may have made the task.
5. After anything else (an answer lost, a crash, a worker that died) the task is looked for by its mark; if it
   is not there, the same token is sent again. The thread is told of the doubt once.
6. When its password is gone meanwhile, it is given up as soon as no task can come late, and the person asked.
7. The task is started if wanted.

A request belongs to one worker; what a step of another brings is not saved, and it stops there.
"""

import asyncio
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from functools import partial

import structlog
from pydantic import SecretStr

from bot.errors import CredentialMissing, DbsError, DbsRejected, DbsUnreadable, StoreError
from bot.restores.accounts import Accounts
from bot.restores.catalog import Catalog
from bot.restores.clock import utc_now
from bot.restores.credentials import Credentials
from bot.restores.loop import Job, Loop
from bot.restores.models import (
    Event,
    EventKind,
    RequestState,
    RestorePoint,
    RestoreRequest,
    RestoreSpec,
)
from bot.restores.passwords import Passwords
from bot.restores.ports import RequestStore
from bot.restores.starting import Starter
from bot.restores.steps import LONGEST_RETRY, Steps

log = structlog.get_logger()

#: A request without a task and without a password is given up only when a late answer has become unlikely.
GIVE_UP_AFTER = timedelta(minutes=1)
#: Nothing is planned further ahead; what seems to be was planned before the clock was set back.
LONGEST_WAIT = 2 * LONGEST_RETRY


class Settler:
    """`tell` is called when there is something new to post, `follow` when there is a new task to poll."""

    def __init__(
        self,
        accounts: Accounts,
        catalog: Catalog,
        store: RequestStore,
        passwords: Passwords,
        credentials: Credentials,
        *,
        tell: Callable[[], None],
        follow: Callable[[], None],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._steps = Steps(accounts, store, tell=tell, now=now)
        self._starter = Starter(self._steps, store, now=now)
        self._catalog = catalog
        self._store = store
        self._passwords = passwords
        self._credentials = credentials
        self._follow = follow
        self._now = now
        self.loop = Loop(self.settle, now=now)

    async def settle(self) -> datetime | None:
        """Bring every request that is due one step forward. Returns when the next is due."""
        await self._passwords.expire()
        now = self._now()
        jobs: dict[Hashable, Job] = {
            request.nonce: partial(self._settle_one, request)
            for request in await self._store.claim_requests(now)
            if request.due_at <= now or request.due_at > now + LONGEST_WAIT
        }
        await self.loop.crew.work(jobs)
        left = await self._store.open_requests()
        return min((each.due_at for each in left if each.nonce not in self.loop.crew.busy), default=None)

    async def _settle_one(self, request: RestoreRequest) -> None:
        # If the clock was set back, a doubt begins anew: nobody knows how long it lasted.
        request = request.evolve(doubt_at=request.doubt_at and min(request.doubt_at, self._now()))
        try:
            match request.state:
                case RequestState.SUBMITTED:
                    await self._first_try(request)
                case RequestState.CREATING:
                    await self._find_or_create(request)
                case _:
                    await self._starter.start(request)
        except StoreError:
            raise
        except Exception as error:
            log.exception("request not settled", nonce=request.nonce, error=type(error).__name__)
            await self._put_off(request)

    async def _put_off(self, request: RestoreRequest) -> None:
        """It goes on from where it stands: DBS may have been called since it was claimed."""
        saved = await self._store.request(request.nonce) or request
        await self._steps.save(saved.evolve(owner=request.owner, due_at=self._now() + LONGEST_RETRY))

    async def _first_try(self, request: RestoreRequest) -> None:
        """Turn "latest" into the time it means now, commit to it, and only then call DBS."""
        if not await self._password_at_hand(request):
            await self._give_up(request, EventKind.NEVER_SENT)
            return
        try:
            spec = await self._resolved(request.spec)
        except DbsRejected as error:
            await self._refuse(request, error, own=True)
        except DbsError as error:
            await self._steps.later(request, error)
        else:
            request = request.evolve(spec=spec, state=RequestState.CREATING, attempts=0, error=None)
            await self._create(request)

    async def _resolved(self, spec: RestoreSpec) -> RestoreSpec:
        if not spec.point.latest:
            return spec
        _, windows = await self._catalog.plan(spec.backup_plan_id, spec.account)
        if not windows:
            raise DbsRejected("This plan has no time it can be restored to.", code="NoRestorableWindow")
        return spec.evolve(point=RestorePoint(time=max(window.end for window in windows)))

    async def _find_or_create(self, request: RestoreRequest) -> None:
        """An earlier attempt may have created the task: look for it, and only then send the same token."""
        try:
            found = await self._find(request)
        except DbsError as error:
            await self._steps.later(request, error)
            return
        give_up_at = request.doubt_at + GIVE_UP_AFTER if request.doubt_at else self._now()
        if found:
            await self._created(request, found[0])
        elif await self._password_at_hand(request):
            await self._create(request)
        elif self._now() >= give_up_at:
            await self._give_up(request, EventKind.ABANDONED)
        else:
            await self._steps.save(request.evolve(due_at=give_up_at))

    async def _find(self, request: RestoreRequest) -> list[str]:
        """The task whose name has the mark; were its name given to others later, it comes first."""
        spec = request.spec
        tasks = await self._steps.dbs(request).describe_plan_restore_tasks(
            spec.backup_plan_id, region=spec.region
        )
        marked = [task for task in tasks if task.name.endswith(request.mark)]
        marked.sort(key=lambda task: task.created_at or self._now())
        return [task.restore_task_id for task in marked]

    async def _create(self, request: RestoreRequest) -> None:
        """One try. That it may have happened is saved before it happens."""
        before = request.doubt_at
        # A refusal settles nothing while an earlier try may have created the task.
        open_before = before is not None and self._now() - before < GIVE_UP_AFTER
        try:
            dbs = self._steps.dbs(request)
            password = await self._password(request)
        except (DbsError, CredentialMissing) as error:
            if isinstance(error, DbsError) or open_before:
                await self._steps.later(request, error)
            else:
                await self._refuse(request, error, own=True)
            return
        request = request.evolve(doubt_at=self._now())
        if not await self._steps.save(request):
            return
        try:
            restore_task_id = await dbs.create_restore_task(
                request.spec, password=password, client_token=request.client_token
            )
        except DbsError as error:
            if error.certain:
                request = request.evolve(doubt_at=before)
            if isinstance(error, DbsRejected) and error.certain and not open_before:
                await self._refuse(request, error)
            else:
                await self._steps.later(request, error)
        else:
            await self._created(request, await self._proven(request, restore_task_id))

    async def _proven(self, request: RestoreRequest, answered: str) -> str:
        """The id of the task whose name has the mark: an answer may name another. None listed: that one."""
        try:
            found = await self._find(request)
        except DbsError:
            return answered
        return answered if answered in found or not found else found[0]

    async def _created(self, request: RestoreRequest, restore_task_id: str) -> None:
        following = await self._store.following(restore_task_id)
        if following is not None and following.request and following.request.nonce != request.nonce:
            await self._steps.later(
                request, DbsUnreadable("DBS answered with the id of another restore task.")
            )
            return
        request = request.evolve(
            state=RequestState.CREATED,
            restore_task_id=restore_task_id,
            made_at=self._now(),
            error=None,
            attempts=0,
            due_at=self._now(),
        )
        held = await self._steps.save(request, Event(kind=EventKind.CREATED))
        self._passwords.drop(request.nonce)
        if not held:
            await self._created_late(request)
            return
        log.info("task created", nonce=request.nonce, restore_task_id=restore_task_id)
        self._follow()
        if request.start:
            await self._starter.start(request)

    async def _created_late(self, request: RestoreRequest) -> None:
        """Another worker went on and finds the task by itself, unless it had given up: then it is told."""
        saved = await self._store.request(request.nonce)
        if saved is not None and saved.state in {RequestState.ABANDONED, RequestState.REFUSED}:
            log.warning(
                "task created after all", nonce=request.nonce, restore_task_id=request.restore_task_id
            )
            await self._steps.save(request.evolve(owner=None), Event(kind=EventKind.CREATED))
            self._follow()

    async def _refuse(
        self, request: RestoreRequest, error: DbsRejected | CredentialMissing, *, own: bool = False
    ) -> None:
        """There is no task, and will be none. `own`: DBS did not say so."""
        code = error.code if isinstance(error, DbsRejected) else type(error).__name__
        log.info("request refused", nonce=request.nonce, code=code)
        await self._steps.save(
            request.evolve(state=RequestState.REFUSED, error=error.sentence),
            Event(kind=EventKind.REFUSED, text=error.sentence, own=own),
        )
        self._passwords.drop(request.nonce)

    async def _give_up(self, request: RestoreRequest, why: EventKind) -> None:
        await self._steps.save(request.evolve(state=RequestState.ABANDONED), Event(kind=why))

    async def _password(self, request: RestoreRequest) -> SecretStr | None:
        """As it is now: typed, or from its stored credential. Raises `CredentialMissing`."""
        if request.credential is not None:
            return await asyncio.to_thread(self._credentials.password, request.credential)
        password = await self._passwords.get(request.nonce)
        if request.has_password and password is None:
            raise CredentialMissing("The password is no longer held. Submit again.")
        return password

    async def _password_at_hand(self, request: RestoreRequest) -> bool:
        return not request.has_password or await self._passwords.get(request.nonce) is not None
