"""From a saved request to exactly one restore task.

`settle`, run by a loop, brings every open request forward: it creates the task, or finds out whether an
attempt whose answer was lost made it, and starts it if wanted. A request belongs to one worker; what a step
of another brings is not saved, and it stops there.
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
from bot.restores.clock import backoff, utc_now
from bot.restores.credentials import Credentials
from bot.restores.loop import Job, Loop
from bot.restores.models import (
    Event,
    EventKind,
    RequestState,
    RestorePoint,
    RestoreRequest,
    RestoreSpec,
    RestoreStatus,
    RestoreTask,
)
from bot.restores.passwords import Passwords
from bot.restores.ports import Dbs, RequestStore

log = structlog.get_logger()

#: A request without a task and without a password is given up only when a late answer has become unlikely.
GIVE_UP_AFTER = timedelta(minutes=1)
#: How long an order to start that DBS refuses is repeated: it may have to wait for the precheck.
START_TRIED_FOR = timedelta(minutes=30)
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=1)
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
        self._accounts = accounts
        self._catalog = catalog
        self._store = store
        self._passwords = passwords
        self._credentials = credentials
        self._tell = tell
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
        busy = self.loop.crew.busy
        return min((request.due_at for request in left if request.nonce not in busy), default=None)

    async def _settle_one(self, request: RestoreRequest) -> None:
        try:
            match request.state:
                case RequestState.SUBMITTED:
                    await self._first_try(request)
                case RequestState.CREATING:
                    await self._find_or_create(request)
                case _:
                    await self._start(request)
        except StoreError:
            raise
        except Exception as error:
            log.exception("request not settled", nonce=request.nonce, error=type(error).__name__)
            await self._save(request.evolve(due_at=self._now() + LONGEST_RETRY))

    async def _first_try(self, request: RestoreRequest) -> None:
        """Turn "latest" into the time it means now, commit to it, and only then call DBS."""
        if not await self._password_at_hand(request):
            await self._give_up(request, EventKind.NEVER_SENT)
            return
        try:
            spec = await self._resolved(request.spec)
        except DbsRejected as error:
            await self._refuse(request, error)
        except DbsError as error:
            await self._later(request, error)
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
            task = await self._find(request)
        except DbsError as error:
            await self._later(request, error)
            return
        give_up_at = (request.doubt_at or request.created_at) + GIVE_UP_AFTER
        if task is not None:
            await self._created(request, task.restore_task_id)
        elif await self._password_at_hand(request):
            await self._create(request)
        elif self._now() >= give_up_at:
            await self._give_up(request, EventKind.ABANDONED)
        else:
            await self._save(request.evolve(due_at=give_up_at))

    async def _find(self, request: RestoreRequest) -> RestoreTask | None:
        spec = request.spec
        tasks = await self._dbs(request).describe_plan_restore_tasks(spec.backup_plan_id, region=spec.region)
        return next((task for task in tasks if task.name.endswith(request.mark)), None)

    async def _create(self, request: RestoreRequest) -> None:
        """One try. That it may have happened is saved before it happens."""
        before = request.doubt_at
        # A refusal settles nothing while an earlier try may have created the task.
        open_before = before is not None and self._now() - before < GIVE_UP_AFTER
        try:
            dbs = self._dbs(request)
            password = await self._password(request)
        except (DbsError, CredentialMissing) as error:
            if isinstance(error, DbsError) or open_before:
                await self._later(request, error)
            else:
                await self._refuse(request, error)
            return
        request = request.evolve(doubt_at=self._now())
        if not await self._save(request):
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
                await self._later(request, error)
        else:
            await self._created(request, await self._proven(request, restore_task_id))

    async def _proven(self, request: RestoreRequest, answered: str) -> str:
        """The id of the task whose name has the mark: an answer may name another. None listed: that one."""
        try:
            task = await self._find(request)
        except DbsError:
            return answered
        return answered if task is None else task.restore_task_id

    async def _created(self, request: RestoreRequest, restore_task_id: str) -> None:
        following = await self._store.following(restore_task_id)
        if following is not None and following.request and following.request.nonce != request.nonce:
            await self._later(request, DbsUnreadable("DBS answered with the id of another restore task."))
            return
        self._passwords.drop(request.nonce)
        request = request.evolve(
            state=RequestState.CREATED,
            restore_task_id=restore_task_id,
            error=None,
            attempts=0,
            due_at=self._now(),
        )
        if not await self._save(request, Event(kind=EventKind.CREATED)):
            await self._created_late(request)
            return
        log.info("task created", nonce=request.nonce, restore_task_id=restore_task_id)
        self._follow()
        if request.start:
            await self._start(request)

    async def _created_late(self, request: RestoreRequest) -> None:
        """Another worker went on and finds the task by itself, unless it had given up: then it is told."""
        saved = await self._store.request(request.nonce)
        if saved is not None and saved.state in {RequestState.ABANDONED, RequestState.REFUSED}:
            log.warning(
                "task created after all", nonce=request.nonce, restore_task_id=request.restore_task_id
            )
            await self._save(request.evolve(owner=None), Event(kind=EventKind.CREATED))
            self._follow()

    async def _start(self, request: RestoreRequest) -> None:
        """Order the start. DBS may refuse until the precheck has passed: then it is ordered again later."""
        task_id, region = request.restore_task_id or "", request.spec.region
        try:
            await self._dbs(request).start_restore_task(
                task_id, region=region, client_token=request.start_token
            )
        except DbsRejected as error:
            await self._start_refused(request, task_id, error)
        except DbsError as error:
            await self._later(request, error)
        else:
            await self._save(request.evolve(state=RequestState.STARTED, error=None))

    async def _start_refused(self, request: RestoreRequest, task_id: str, error: DbsRejected) -> None:
        """It may run already, or have to wait for its precheck. Only DBS knows which."""
        try:
            found = await self._dbs(request).describe_restore_tasks([task_id], region=request.spec.region)
        except DbsError as silent:
            await self._later(request, silent)
            return
        task = found.get(task_id)
        following = await self._store.following(task_id)
        failed = following is not None and following.task is not None and following.task.precheck_failed
        waiting = task is None or (task.state is RestoreStatus.INIT and not failed)
        if task is not None and task.state not in {RestoreStatus.INIT, RestoreStatus.CHECK_PASS}:
            await self._save(request.evolve(state=RequestState.STARTED, error=None))
        elif waiting and self._now() - (request.ordered_at or request.created_at) < START_TRIED_FOR:
            await self._later(request, error)
        else:
            refused = request.evolve(state=RequestState.START_REFUSED, error=error.sentence)
            await self._save(refused, Event(kind=EventKind.START_REFUSED, text=error.sentence))

    async def _later(self, request: RestoreRequest, error: DbsError | CredentialMissing) -> None:
        """Try again after a pause. A doubt whether the task was created is told in the thread, once."""
        if request.attempts == 0:
            log.warning("request waits", nonce=request.nonce, state=request.state, error=error.sentence)
        creating = request.state is RequestState.CREATING
        tell = creating and request.doubt_at is not None and not request.doubt_told
        pause = backoff(request.attempts, first=FIRST_RETRY, longest=LONGEST_RETRY)
        request = request.evolve(
            attempts=request.attempts + 1,
            due_at=self._now() + pause,
            error=error.sentence,
            doubt_told=request.doubt_told or tell,
        )
        events = [Event(kind=EventKind.UNSETTLED, text=error.sentence)] if tell else []
        await self._save(request, *events)

    async def _refuse(self, request: RestoreRequest, error: DbsRejected | CredentialMissing) -> None:
        self._passwords.drop(request.nonce)
        code = error.code if isinstance(error, DbsRejected) else type(error).__name__
        log.info("request refused", nonce=request.nonce, code=code)
        await self._save(
            request.evolve(state=RequestState.REFUSED, error=error.sentence),
            Event(kind=EventKind.REFUSED, text=error.sentence),
        )

    async def _give_up(self, request: RestoreRequest, why: EventKind) -> None:
        await self._save(request.evolve(state=RequestState.ABANDONED), Event(kind=why))

    async def _save(self, request: RestoreRequest, *events: Event) -> bool:
        """Whether the request was still this worker's; if not, nothing is saved."""
        held = await self._store.save_request(request, self._now(), events)
        if not held:
            log.warning("another worker goes on with the request", nonce=request.nonce)
        self._tell()
        return held

    def _dbs(self, request: RestoreRequest) -> Dbs:
        """Raises `AccountNotConfigured`."""
        return self._accounts[request.spec.account].dbs

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
