"""A service that creates tasks, and the way to DBS on which things get lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
from pydantic import SecretStr

from bot.dbs import DbsClient
from bot.restores.catalog import Catalog
from bot.restores.models import BackupPlan, RequestState, RestoreDraft
from bot.restores.passwords import Passwords
from bot.restores.service import RestoreService
from bot.store.sqlite import SqliteStore
from tests import values
from tests.scenario.outbox import posted
from tests.scenario.stage import Stage

PASSWORD = SecretStr("correct horse")

Fault = Callable[[str], bool]


class Wire(httpx.AsyncHTTPTransport):
    """The way to DBS. Each fault says whether it befalls an action.

    `lose`: the answer gets lost. `cut`: the call does. `refuse`: DBS says no. `hide`: DBS lists nothing.
    `foreign`: the next task created is answered with this id.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lose: Fault = _never
        self.cut: Fault = _never
        self.refuse: Fault = _never
        self.hide: Fault = _never
        self.foreign: str | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        action = request.headers["x-acs-action"]
        if self.cut(action):
            raise httpx.ConnectError("cut")
        if self.refuse(action):
            return _answer({"Success": False, "ErrCode": "Task.Busy", "ErrMessage": "The instance is busy."})
        response = await super().handle_async_request(request)
        if self.lose(action):
            await response.aread()
            raise httpx.ReadError("lost")
        if self.hide(action):
            return _answer({"Success": True, "Items": {}})
        if self.foreign and action == "CreateRestoreTask":
            self.foreign, task_id = None, self.foreign
            return _answer({"Success": True, "RestoreTaskId": task_id})
        return response


def _never(_action: str) -> bool:
    return False


def _answer(body: dict[str, object]) -> httpx.Response:
    return httpx.Response(200, json={"RequestId": "r1", **body})


class Desk:
    """A service whose turns are taken by hand, with its own clock; `restart` forgets what is in memory."""

    def __init__(self, stage: Stage, store: SqliteStore, dbs: DbsClient, wire: Wire) -> None:
        self.stage = stage
        self.store = store
        self.dbs = dbs
        self.wire = wire
        self.time = datetime.now(UTC)
        self.restart()

    def restart(self) -> None:
        self.passwords = Passwords(monotonic=self._seconds)
        self.service = RestoreService(
            self.dbs,
            Catalog(self.dbs, region="cn-hangzhou"),
            self.store,
            self.passwords,
            tell=lambda: None,
            follow=lambda: None,
            now=lambda: self.time,
        )

    def _seconds(self) -> float:
        return self.time.timestamp()

    def draft(self, nonce: str = "a" * 32, *, start: bool = False) -> RestoreDraft:
        known = self.stage.plan("orders-prod")
        plan = BackupPlan(backup_plan_id=known.plan_id, name=known.name, engine="MySQL", region="cn-hangzhou")
        return RestoreDraft(
            nonce=nonce,
            plan=plan,
            windows=(),
            spec=values.spec(backup_plan_id=known.plan_id),
            start=start,
            password=PASSWORD,
            channel_id="C1",
            user_id="U1",
        )

    async def settle(self, *, times: int = 1, pause: float = 120) -> None:
        """Let the service take its turn, then let time pass."""
        for _ in range(times):
            await self.service.settle()
            self.time += timedelta(seconds=pause)

    async def kinds(self) -> list[str]:
        """The kinds of all messages decided so far, posted in order as they come up."""
        return await posted(self.store, self.time)

    async def open_states(self) -> list[RequestState]:
        return [request.state for request in await self.store.open_requests()]

    def tokens(self) -> set[str]:
        return {
            request.parameters["ClientToken"]
            for request in self.stage.dbs.requests
            if request.action == "CreateRestoreTask"
        }
