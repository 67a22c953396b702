"""What following tasks costs."""

from collections.abc import AsyncIterator, Collection
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.app import dbs_client
from bot.dbs import Credentials, DbsClient
from bot.errors import DbsUnreachable
from bot.restores.models import RestoreTask
from bot.sandbox.dbs import LocalDbs
from tests.scenario.polling import INTERVAL, Round, polling
from tests.scenario.stage import Stage


@pytest.fixture
async def rounds(stage: Stage) -> AsyncIterator[Round]:
    async with dbs_client(stage.settings) as dbs, polling(stage, dbs) as made:
        yield made


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


async def test_promise_10_failed_prechecks_that_stay_so_keep_no_new_one_waiting(rounds: Round) -> None:
    failing = next(plan for plan in rounds.stage.dbs.estate.plans if plan.script.precheck_failure)
    await rounds.follow(30, failing.name)
    rounds.stage.clock.advance(600)
    known = 0
    while known < 30:
        await rounds.round()
        await rounds.poller.loop.crew.wait(None)
        known += (await rounds.told()).count("precheck_failed")
    rounds.time += timedelta(minutes=10)
    await rounds.follow(9)
    before = len(rounds.stage.dbs.journal)
    await rounds.round()
    await rounds.poller.loop.crew.wait(None)
    calls = [call for call in rounds.stage.dbs.journal[before:] if call.name.startswith("DescribePreCheck")]
    asked = {call.arguments["RestoreTaskId"] for call in calls}
    new = {task.task_id for task in rounds.stage.dbs.tasks if task.plan.name == "orders-prod"}
    assert new <= asked
    assert len(asked) == len(new) + 1, "one of those that failed, lest it is repeated unseen"


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
        poller = rounds.new_poller(dbs)
        pauses = []
        for _ in range(5):
            due_at = await poller.round()
            assert due_at is not None
            pauses.append((due_at - rounds.time).total_seconds())
            rounds.time = due_at
    # In between they are asked when it is time to tell their threads, three minutes after it began.
    assert sum(pauses[:3]) == pytest.approx(180)
    expected = (30, 60, None, 240, 300)
    assert all(
        abs(pause - about) <= about / 10
        for pause, about in zip(pauses, expected, strict=True)
        if about is not None
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
        await rounds.new_poller(dbs).round()
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
            poller = rounds.new_poller(dbs)
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
