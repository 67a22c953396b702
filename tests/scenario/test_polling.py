"""What following tasks costs."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.app import dbs_client
from bot.dbs import DbsClient
from bot.restores.models import (
    Destination,
    Location,
    RestoreObject,
    RestorePoint,
    RestoreRequest,
    RestoreSpec,
)
from bot.restores.poller import RestorePoller
from bot.sandbox.dbs import LocalDbs
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
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
            dbs, store, interval=INTERVAL, tell=lambda: None, now=lambda: self.time, jitter=lambda: 0.5
        )

    async def follow(self, count: int, *, channel: str = "C1") -> None:
        """Make that many tasks in DBS, start them and have the store follow them."""
        plan = self.stage.plan("orders-prod")
        point = RestorePoint(backup_set_id=plan.finished_sets()[0].backup_set_id)
        await asyncio.gather(*(self._follow(plan.plan_id, point, number, channel) for number in range(count)))

    async def _follow(self, plan_id: str, point: RestorePoint, number: int, channel: str) -> None:
        destination = Destination(
            location=Location.RDS, region="cn-hangzhou", instance_id="rm-1", user_name="root"
        )
        spec = RestoreSpec(
            backup_plan_id=plan_id,
            region="cn-hangzhou",
            task_name=f"task {number}",
            point=point,
            destination=destination,
            objects=(RestoreObject(db_name="orders"),),
        )
        request = RestoreRequest(
            nonce=f"n{number}",
            spec=spec,
            plan_name="orders-prod",
            engine="MySQL",
            source_instance_id=None,
            start=True,
            has_password=True,
            channel_id=channel,
            user_id="U1",
            created_at=self.time,
            due_at=self.time,
        )
        await self.store.add_request(request)
        token = request.client_token
        task_id = await self.dbs.create_restore_task(spec, password=SecretStr("pw"), client_token=token)
        await self.dbs.start_restore_task(task_id, region=spec.region, client_token=request.start_token)
        await self.store.save_request(request.evolve(restore_task_id=task_id))

    async def round(self) -> list[str]:
        """One round; the actions that arrived at DBS."""
        before = len(self.stage.dbs.requests)
        await self.poller.round()
        self.time += INTERVAL
        return [request.action for request in self.stage.dbs.requests[before:]]

    async def told(self) -> list[str]:
        """The kinds of all messages decided so far, posted in order as they come up."""
        kinds = []
        while messages := await self.store.claim(self.time):
            for message in messages:
                kinds.append(message.event.kind.value if message.event else "card")
                await self.store.sent(message, ts=str(len(kinds)), card_digest="digest")
        return kinds


@pytest.fixture
async def rounds(stage: Stage) -> AsyncIterator[Round]:
    connection = await Connection.open(database_path(stage.settings.database_url))
    async with dbs_client(stage.settings) as dbs:
        made = Round(stage, SqliteStore(connection, now=lambda: made.time), dbs)
        yield made
    await connection.close()


async def test_promise_10_a_round_over_250_active_tasks_costs_three_calls(rounds: Round) -> None:
    await rounds.follow(250)
    rounds.stage.clock.advance(120)
    await rounds.round()  # the prechecks have passed; from here on the tasks run
    for _ in range(3):
        rounds.stage.clock.advance(15)
        assert await rounds.round() == ["DescribeRestoreTaskList"] * 3
    asked = [request for request in rounds.stage.dbs.requests if request.action == "DescribeRestoreTaskList"]
    assert sorted(len(request.parameters["RestoreTaskId"].split(",")) for request in asked[-3:]) == [
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
    rounds: Round, stage: Stage
) -> None:
    await rounds.follow(1)
    unreachable = stage.settings.model_copy(update={"dbs_endpoint": "http://127.0.0.1:9/"})
    async with dbs_client(unreachable) as dbs:
        poller = RestorePoller(
            dbs,
            rounds.store,
            interval=INTERVAL,
            tell=lambda: None,
            now=lambda: rounds.time,
            jitter=lambda: 0.5,
        )
        pauses = []
        for _ in range(3):
            pauses.append(await poller.round())
            rounds.time += timedelta(seconds=pauses[-1])
    assert pauses == pytest.approx([30, 60, 120])


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
                dbs, rounds.store, interval=INTERVAL, tell=lambda: None, now=lambda: rounds.time
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
