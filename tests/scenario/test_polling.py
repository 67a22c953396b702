"""What following tasks costs."""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.app import dbs_client
from bot.dbs import Credentials, DbsClient
from bot.errors import DbsUnreachable
from bot.restores.models import RestoreObject, RestorePoint, RestoreTask
from bot.restores.poller import RestorePoller
from bot.sandbox.dbs import BackupPlan, LocalDbs
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
from tests import values
from tests.scenario.outbox import posted
from tests.scenario.stage import Stage

INTERVAL = timedelta(seconds=15)


class Round:
    """A poller with its store and DBS, whose rounds are called by hand."""

    def __init__(self, stage: Stage, store: SqliteStore, dbs: DbsClient) -> None:
        self.stage = stage
        self.store = store
        self.dbs = dbs
        self.time = datetime.now(UTC)
        self.poller = RestorePoller(
            values.accounts(dbs), store, interval=INTERVAL, tell=lambda: None, now=lambda: self.time
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
        """One round; the actions that arrived at DBS."""
        before = len(self.stage.dbs.journal)
        await self.poller.round()
        self.time += INTERVAL
        return [request.name for request in self.stage.dbs.journal[before:]]

    async def told(self) -> list[str]:
        """The kinds of all messages decided so far, posted in order as they come up."""
        return await posted(self.store, self.time)


@pytest.fixture
async def rounds(stage: Stage) -> AsyncIterator[Round]:
    connection = await Connection.open(database_path(stage.settings.database_url))
    async with dbs_client(stage.settings) as dbs:
        made = Round(stage, SqliteStore(connection), dbs)
        yield made
    await connection.close()


async def test_promise_10_a_round_over_250_active_tasks_costs_three_calls(rounds: Round) -> None:
    await rounds.follow(250)
    rounds.stage.clock.advance(120)
    await rounds.round()  # the prechecks have passed; from here on the tasks run
    for _ in range(3):
        rounds.stage.clock.advance(15)
        assert await rounds.round() == ["DescribeRestoreTaskList"] * 3
    asked = [request for request in rounds.stage.dbs.journal if request.name == "DescribeRestoreTaskList"]
    assert sorted(len(request.arguments["RestoreTaskId"].split(",")) for request in asked[-3:]) == [
        50,
        100,
        100,
    ]


async def test_a_round_over_many_tasks_in_precheck_asks_about_ten_of_them(rounds: Round) -> None:
    await rounds.follow(30)
    assert sorted(await rounds.round()) == ["DescribePreCheckProgressList"] * 10 + ["DescribeRestoreTaskList"]


async def test_tasks_that_have_ended_are_not_asked_about(rounds: Round) -> None:
    await rounds.follow(3)
    rounds.stage.clock.advance(3600)
    assert "DescribeRestoreTaskList" in await rounds.round()
    assert await rounds.round() == []


async def test_a_region_that_does_not_answer_is_asked_less_and_less_often(
    rounds: Round, stage: Stage, no_waiting: None
) -> None:
    await rounds.follow(1)
    unreachable = stage.settings.model_copy(update={"dbs_endpoint": "http://127.0.0.1:9/"})
    async with dbs_client(unreachable) as dbs:
        poller = RestorePoller(
            values.accounts(dbs),
            rounds.store,
            interval=INTERVAL,
            tell=lambda: None,
            now=lambda: rounds.time,
        )
        pauses = []
        for _ in range(3):
            due_at = await poller.round()
            assert due_at is not None
            pauses.append((due_at - rounds.time).total_seconds())
            rounds.time = due_at
    assert all(
        abs(pause - expected) <= expected / 4 for pause, expected in zip(pauses, (30, 60, 120), strict=True)
    )


class HalfDeaf(DbsClient):
    """One region does not answer."""

    async def describe_restore_tasks(self, ids: Collection[str], *, region: str) -> dict[str, RestoreTask]:
        if region == "cn-shenzhen":
            raise DbsUnreachable
        return await super().describe_restore_tasks(ids, region=region)


async def test_promise_9_a_region_that_does_not_answer_does_not_stop_another(
    rounds: Round, stage: Stage
) -> None:
    await rounds.follow(1)
    await rounds.follow(1, "catalog-maria")
    stage.clock.advance(90)
    credentials = Credentials(access_key_id="sandbox", access_key_secret=SecretStr("sandbox-secret"))
    async with HalfDeaf(credentials, endpoint=stage.settings.dbs_endpoint) as dbs:
        await RestorePoller(
            values.accounts(dbs), rounds.store, interval=INTERVAL, tell=lambda: None, now=lambda: rounds.time
        ).round()
    seen = {task.plan.name: await rounds.store.following(task.task_id) for task in stage.dbs.tasks}
    answered, silent = seen["orders-prod"], seen["catalog-maria"]
    assert answered is not None
    assert answered.task is not None
    assert answered.task.status == "running"
    assert silent is not None
    assert silent.task is None


async def test_promise_6_a_task_dbs_no_longer_lists_is_unreported_and_told_once(
    rounds: Round, stage: Stage
) -> None:
    await rounds.follow(1)
    stage.clock.advance(90)
    await rounds.round()
    (task,) = stage.dbs.tasks
    async with LocalDbs(clock=stage.clock).serve() as url:
        settings = stage.settings.model_copy(update={"dbs_endpoint": url})
        async with dbs_client(settings) as dbs:
            poller = RestorePoller(
                values.accounts(dbs),
                rounds.store,
                interval=INTERVAL,
                tell=lambda: None,
                now=lambda: rounds.time,
            )
            for _ in range(12):
                await poller.round()
                rounds.time += INTERVAL
    following = await rounds.store.following(task.task_id)
    assert following is not None
    assert following.task is not None
    assert (following.task.status, following.task.reported) == ("running", False)
    kinds = await rounds.told()
    assert kinds.count("unreported") == 1
    assert "failed" not in kinds
