"""Starting a task that was created to be started: ordered again while DBS may yet take the order."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.errors import DbsError, DbsRejected
from bot.restores.models import Event, EventKind, RequestState, RestoreRequest, RestoreStatus
from bot.restores.ports import RequestStore
from bot.restores.possible import given_up
from bot.restores.steps import Steps

#: How long an order that DBS refuses is repeated: it may have to wait for the precheck.
TRIED_FOR = timedelta(minutes=30)


class Starter:
    """Orders the start of tasks, under one token for each: to DBS all orders are one."""

    def __init__(self, steps: Steps, store: RequestStore, *, now: Callable[[], datetime]) -> None:
        self._steps = steps
        self._store = store
        self._now = now

    async def start(self, request: RestoreRequest) -> None:
        """Order the start. DBS may refuse until the precheck has passed: then it is ordered again later.

        What was given up meanwhile is not started: nobody expects that any more.
        """
        following = await self._store.following(request.restore_task_id or "")
        if following is not None and given_up(following):
            await self._steps.save(request.evolve(start=False, error=None))
            return
        task_id, region = request.restore_task_id or "", request.spec.region
        try:
            await self._steps.dbs(request).start_restore_task(
                task_id, region=region, client_token=request.start_token
            )
        except DbsRejected as error:
            await self._refused(request, task_id, error)
        except DbsError as error:
            await self._steps.later(request, error)
        else:
            await self._steps.save(request.evolve(state=RequestState.STARTED, error=None))

    async def _refused(self, request: RestoreRequest, task_id: str, error: DbsRejected) -> None:
        """It may run already, or have to wait for its precheck. Only DBS knows which."""
        try:
            found = await self._steps.dbs(request).describe_restore_tasks(
                [task_id], region=request.spec.region
            )
        except DbsError as silent:
            await self._steps.later(request, silent)
            return
        task = found.get(task_id)
        following = await self._store.following(task_id)
        failed = following is not None and following.task is not None and following.task.precheck_failed
        # One that is listed without a status may wait as well.
        waiting = task is None or not task.status or (task.state is RestoreStatus.INIT and not failed)
        if task and task.status and task.state not in {RestoreStatus.INIT, RestoreStatus.CHECK_PASS}:
            await self._steps.save(request.evolve(state=RequestState.STARTED, error=None))
        elif waiting and self._now() - (request.made_at or request.created_at) < TRIED_FOR:
            await self._steps.later(request, error)
        else:
            refused = request.evolve(state=RequestState.START_REFUSED, error=error.sentence)
            await self._steps.save(refused, Event(kind=EventKind.START_REFUSED, text=error.sentence))
