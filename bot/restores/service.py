"""From a filled form to exactly one restore task.

`submit` saves the request before DBS hears of it. `settle`, run by a loop, brings every open request forward:
it creates the task, or finds out whether an attempt whose answer was lost made it, and starts it if wanted.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.errors import AlreadySubmitted, DbsError, DbsRejected
from bot.restores.catalog import Catalog
from bot.restores.clock import backoff, utc_now
from bot.restores.loop import Loop
from bot.restores.models import (
    Event,
    EventKind,
    Following,
    RequestState,
    RestoreDraft,
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


class RestoreService:
    """`tell` is called when there is something new to post, `follow` when there is a new task to poll."""

    def __init__(
        self,
        dbs: Dbs,
        catalog: Catalog,
        store: RequestStore,
        passwords: Passwords,
        *,
        tell: Callable[[], None],
        follow: Callable[[], None],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._dbs = dbs
        self._catalog = catalog
        self._store = store
        self._passwords = passwords
        self._tell = tell
        self._follow = follow
        self._now = now
        self.loop = Loop(self.settle, now=now)

    async def submit(self, draft: RestoreDraft) -> None:
        """Save what was asked for. The same draft again changes nothing.

        Raises `AlreadySubmitted` when the form was saved before with something else in it.
        """
        request = _request(draft, self._now())
        kept = self._passwords.get(draft.nonce)
        if draft.password is not None and kept is None:
            self._passwords.keep(draft.nonce, draft.password)
        saved = await self._store.add_request(request)
        if kept is None and not saved.unfinished:
            self._passwords.drop(draft.nonce)
        if not _same(saved, request) or (kept is not None and kept != draft.password):
            raise AlreadySubmitted
        log.info("request saved", nonce=request.nonce, backup_plan_id=request.spec.backup_plan_id)
        self._tell()
        self.loop.wake()

    async def status(self, restore_task_id: str) -> Following | None:
        """What is known of a task the bot follows; None for any other."""
        return await self._store.following(restore_task_id)

    async def settle(self) -> datetime | None:
        """Bring every request that is due one step forward. Returns when the next is due."""
        self._passwords.expire()
        now = self._now()
        due = [request for request in await self._store.open_requests() if request.due_at <= now]
        await asyncio.gather(*(self._settle_one(request) for request in due))
        return min((request.due_at for request in await self._store.open_requests()), default=None)

    async def _settle_one(self, request: RestoreRequest) -> None:
        match request.state:
            case RequestState.SUBMITTED:
                await self._first_try(request)
            case RequestState.CREATING:
                await self._find_or_create(request)
            case _:
                await self._start(request)

    async def _first_try(self, request: RestoreRequest) -> None:
        """Turn "latest" into the time it means now, commit to it, and only then call DBS."""
        if not self._password_at_hand(request):
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
        _, windows = await self._catalog.plan(spec.backup_plan_id)
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
        give_up_at = (request.tried_at or request.created_at) + GIVE_UP_AFTER
        if task is not None:
            await self._created(request, task.restore_task_id)
        elif self._password_at_hand(request):
            await self._create(request)
        elif self._now() >= give_up_at:
            await self._give_up(request, EventKind.ABANDONED)
        else:
            await self._save(request.evolve(due_at=give_up_at))

    async def _find(self, request: RestoreRequest) -> RestoreTask | None:
        spec = request.spec
        tasks = await self._dbs.describe_plan_restore_tasks(spec.backup_plan_id, region=spec.region)
        return next((task for task in tasks if task.name == spec.task_name), None)

    async def _create(self, request: RestoreRequest) -> None:
        request = request.evolve(tried_at=self._now())
        await self._save(request)
        try:
            restore_task_id = await self._dbs.create_restore_task(
                request.spec,
                password=self._passwords.get(request.nonce),
                client_token=request.client_token,
            )
        except DbsError as error:
            if isinstance(error, DbsRejected) and error.certain:
                await self._refuse(request, error)
            else:
                await self._later(request, error)
        else:
            await self._created(request, restore_task_id)

    async def _created(self, request: RestoreRequest, restore_task_id: str) -> None:
        self._passwords.drop(request.nonce)
        request = request.evolve(
            state=RequestState.CREATED,
            restore_task_id=restore_task_id,
            error=None,
            in_doubt=False,
            attempts=0,
            due_at=self._now(),
        )
        await self._save(request, Event(kind=EventKind.CREATED))
        log.info("task created", nonce=request.nonce, restore_task_id=restore_task_id)
        self._follow()
        if request.start:
            await self._start(request)

    async def _start(self, request: RestoreRequest) -> None:
        """Order the start. DBS may refuse until the precheck has passed: then it is ordered again later."""
        task_id = request.restore_task_id or ""
        try:
            await self._dbs.start_restore_task(
                task_id, region=request.spec.region, client_token=request.start_token
            )
        except DbsRejected as error:
            if await self._precheck_may_pass(request, task_id):
                await self._later(request, error)
                return
            event = Event(kind=EventKind.START_REFUSED, text=error.sentence)
            await self._save(request.evolve(state=RequestState.START_REFUSED, error=error.sentence), event)
        except DbsError as error:
            await self._later(request, error)
        else:
            await self._save(request.evolve(state=RequestState.STARTED, error=None))

    async def _precheck_may_pass(self, request: RestoreRequest, task_id: str) -> bool:
        following = await self._store.following(task_id)
        task = following.task if following else None
        waiting = task is None or (task.state is RestoreStatus.INIT and not task.precheck_failed)
        return waiting and self._now() - request.created_at < START_TRIED_FOR

    async def _later(self, request: RestoreRequest, error: DbsError) -> None:
        """Try again after a pause. A doubt whether the task was made is told in the thread, once."""
        if request.attempts == 0:
            log.warning("no result from dbs", nonce=request.nonce, state=request.state, error=error.sentence)
        doubt = request.state is RequestState.CREATING and not error.certain and not request.in_doubt
        pause = backoff(request.attempts, first=FIRST_RETRY, longest=LONGEST_RETRY)
        request = request.evolve(
            attempts=request.attempts + 1,
            due_at=self._now() + pause,
            error=error.sentence,
            in_doubt=request.in_doubt or doubt,
        )
        events = [Event(kind=EventKind.UNSETTLED, text=error.sentence)] if doubt else []
        await self._save(request, *events)

    async def _refuse(self, request: RestoreRequest, error: DbsRejected) -> None:
        self._passwords.drop(request.nonce)
        log.info("request refused", nonce=request.nonce, code=error.code)
        await self._save(
            request.evolve(state=RequestState.REFUSED, error=error.sentence, in_doubt=False),
            Event(kind=EventKind.REFUSED, text=error.sentence),
        )

    async def _give_up(self, request: RestoreRequest, why: EventKind) -> None:
        await self._save(request.evolve(state=RequestState.ABANDONED, in_doubt=False), Event(kind=why))

    async def _save(self, request: RestoreRequest, *events: Event) -> None:
        await self._store.save_request(request, self._now(), events)
        self._tell()

    def _password_at_hand(self, request: RestoreRequest) -> bool:
        return not request.has_password or self._passwords.get(request.nonce) is not None


def _request(draft: RestoreDraft, now: datetime) -> RestoreRequest:
    return RestoreRequest(
        nonce=draft.nonce,
        spec=draft.spec.evolve(task_name=marked(draft.spec.task_name, draft.nonce)),
        plan_name=draft.plan.name,
        engine=draft.plan.engine,
        source_instance_id=draft.plan.source_instance_id,
        start=draft.start,
        has_password=draft.password is not None,
        channel_id=draft.channel_id,
        user_id=draft.user_id,
        created_at=now,
        due_at=now,
    )


def _same(saved: RestoreRequest, asked: RestoreRequest) -> bool:
    """Whether both ask for the same. "Latest" may have become a time since."""
    point = saved.spec.point if asked.spec.point.latest else asked.spec.point
    return saved.spec == asked.spec.evolve(point=point) and saved.start == asked.start


def marked(task_name: str, nonce: str) -> str:
    """A task name no other request has: by it a task is found again without its id."""
    return f"{task_name.strip()} rb-{nonce[:10]}"
