"""A poller whose rounds are called by hand, with a clock of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from bot.dbs import DbsClient
from bot.restores.models import RestoreObject, RestorePoint
from bot.restores.poller import RestorePoller
from bot.sandbox.dbs import BackupPlan
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
from tests import values
from tests.scenario.stage import Stage

INTERVAL = timedelta(seconds=15)


class Round:
    """A poller with its store and DBS, whose rounds are called by hand."""

    def __init__(self, stage: Stage, store: SqliteStore, dbs: DbsClient) -> None:
        self.stage = stage
        self.store = store
        self.dbs = dbs
        self.time = datetime.now(UTC)
        self.poller = self.new_poller()

    def new_poller(self, dbs: DbsClient | None = None) -> RestorePoller:
        """As after a restart: it knows what the store knows."""
        return RestorePoller(
            values.accounts(dbs or self.dbs),
            self.store,
            interval=INTERVAL,
            tell=lambda: None,
            now=lambda: self.time,
        )

    async def follow(self, count: int, plan_name: str = "orders-prod") -> None:
        """Create that many tasks in DBS, start them and have the store follow them."""
        plan = self.stage.plan(plan_name)
        point = RestorePoint(backup_set_id=plan.finished_sets()[0].backup_set_id)
        await asyncio.gather(*(self._follow(plan, point, number) for number in range(count)))

    async def _follow(self, plan: BackupPlan, point: RestorePoint, number: int) -> None:
        spec = values.spec(
            backup_plan_id=plan.plan_id,
            region=plan.region,
            task_name=f"{plan.name} {number}",
            point=point,
            objects=(RestoreObject(db_name=plan.objects[0].db_name),),
        )
        request = values.request(f"{plan.name}{number}", spec=spec, created_at=self.time)
        await self.store.add_request(request, wanted=lambda: True)
        token = request.client_token
        task_id = await self.dbs.create_restore_task(spec, password=SecretStr("pw"), client_token=token)
        await self.dbs.start_restore_task(task_id, region=spec.region, client_token=request.start_token)
        await self.store.save_request(request.evolve(restore_task_id=task_id), self.time)

    async def round(self) -> list[str]:
        """One round to its end, however slow the machine is; the actions that arrived at DBS."""
        before = len(self.stage.dbs.journal)
        await self.poller.round()
        await self.poller.loop.crew.wait(None)
        self.time += INTERVAL
        return [request.name for request in self.stage.dbs.journal[before:]]

    async def play(self, span: timedelta) -> None:
        """Take every round that is due within a span."""
        end = self.time + span
        while (due_at := await self.poller.round()) is not None and due_at <= end:
            self.time = max(due_at, self.time + timedelta(seconds=0.1))
        self.time = end

    async def told(self) -> list[str]:
        """The kinds of all messages decided so far, posted in order as they come up."""
        kinds = []
        while messages := await self.store.claim(self.time):
            for message in messages:
                kinds.append(message.event.kind.value if message.event else "card")
                await self.store.sent(message, ts=str(len(kinds)), card_digest="digest")
        return kinds


@asynccontextmanager
async def polling(stage: Stage, dbs: DbsClient) -> AsyncIterator[Round]:
    connection = await Connection.open(database_path(stage.settings.database_url))
    yield Round(stage, SqliteStore(connection), dbs)
    await connection.close()
