"""A desk on the stage: the service, its turns taken by hand, with a wire to DBS that tests can disturb."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.config import Channel, Credential
from bot.dbs import DbsClient
from bot.restores.accounts import Account, Accounts
from bot.restores.catalog import Catalog
from bot.restores.credentials import Credentials
from bot.restores.models import DEFAULT_ACCOUNT, BackupPlan, RequestState, RestoreDraft, RestoreObject
from bot.restores.passwords import Passwords
from bot.restores.service import RestoreService
from bot.restores.settling import Settler
from bot.sandbox import dbs as sandbox
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
        self.lose: Fault = never
        self.cut: Fault = never
        self.refuse: Fault = never
        self.hide: Fault = never
        self.foreign: str | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        action = request.headers["x-acs-action"]
        if self.cut(action):
            raise httpx.ConnectError("cut")
        if self.refuse(action):
            return answer({"Success": False, "ErrCode": "Task.Busy", "ErrMessage": "The instance is busy."})
        response = await super().handle_async_request(request)
        if self.lose(action):
            await response.aread()
            raise httpx.ReadError("lost")
        if self.hide(action):
            return answer({"Success": True, "Items": {}})
        if self.foreign and action == "CreateRestoreTask":
            self.foreign, task_id = None, self.foreign
            return answer({"Success": True, "RestoreTaskId": task_id})
        return response


def never(_action: str) -> bool:
    return False


def answer(body: dict[str, object]) -> httpx.Response:
    return httpx.Response(200, json={"RequestId": "r1", **body})


def drafted(plan: sandbox.BackupPlan, nonce: str = "a" * 32, **changes: object) -> RestoreDraft:
    """The latest state of a plan of the local DBS, to an instance, with a typed password."""
    account = str(changes.pop("account", DEFAULT_ACCOUNT))
    known = BackupPlan(
        backup_plan_id=plan.plan_id, name=plan.name, engine=plan.engine, region=plan.region, account=account
    )
    draft = RestoreDraft(
        nonce=nonce,
        plan=known,
        windows=(),
        spec=values.spec(
            backup_plan_id=plan.plan_id,
            region=plan.region,
            account=account,
            objects=(RestoreObject(db_name=plan.objects[0].db_name),),
        ),
        start=False,
        password=PASSWORD,
        channel_id="C0DBONCALL1",
        user_id="U1",
    )
    return draft.evolve(**changes)


class Desk:
    """A service whose turns are taken by hand, with its own clock; `restart` forgets what is in memory."""

    def __init__(self, stage: Stage, store: SqliteStore, dbs: DbsClient, wire: Wire) -> None:
        self.stage = stage
        self.store = store
        self.dbs = dbs
        self.wire = wire
        self.time = datetime.now(UTC)
        self.restart()

    def restart(
        self,
        *,
        key: Fernet | None = None,
        accounts: tuple[str, ...] = (DEFAULT_ACCOUNT,),
        stored: dict[str, Credential] | None = None,
        typing_allowed: bool = True,
        channels: dict[str, Channel] | None = None,
    ) -> None:
        """A new process with this configuration: what was in memory is gone."""
        known = Accounts(Account(name, self.dbs, "cn-hangzhou") for name in accounts)
        credentials = Credentials(stored, typing_allowed=typing_allowed)
        catalog = Catalog(known, channels=channels)
        self.passwords = Passwords(self.store, key=key, now=lambda: self.time)
        self.settler = Settler(
            known,
            catalog,
            self.store,
            self.passwords,
            credentials,
            tell=lambda: None,
            follow=lambda: None,
            now=lambda: self.time,
        )
        self.service = RestoreService(
            catalog,
            self.store,
            self.passwords,
            credentials,
            tell=lambda: None,
            settle=lambda: None,
            now=lambda: self.time,
        )

    def draft(self, nonce: str = "a" * 32, *, start: bool = False) -> RestoreDraft:
        return drafted(self.stage.plan("orders-prod"), nonce, start=start)

    async def settle(self, *, times: int = 1, pause: float = 120) -> None:
        """Let the service take its turn, then let time pass."""
        for _ in range(times):
            await self.settler.settle()
            self.time += timedelta(seconds=pause)

    async def kinds(self) -> list[str]:
        return await posted(self.store, self.time)

    async def open_states(self) -> list[RequestState]:
        return [request.state for request in await self.store.open_requests()]

    def tokens(self) -> set[str]:
        return {
            request.arguments["ClientToken"]
            for request in self.stage.dbs.journal
            if request.name == "CreateRestoreTask"
        }
