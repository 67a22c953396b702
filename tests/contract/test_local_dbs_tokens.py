"""The promises of a ClientToken."""

import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from tests.contract.shapes import Ask, Order

DAY = 86_400


async def test_the_same_request_under_the_same_token_is_one_task(
    dbs_ask: Ask, dbs_order: Order, local_dbs: LocalDbs, dbs_clock: SimulatedClock
) -> None:
    order = dbs_order(ClientToken="t" * 64)
    first = await dbs_ask("CreateRestoreTask", order)
    dbs_clock.advance(7 * DAY)
    second = await dbs_ask("CreateRestoreTask", order)
    assert first["RestoreTaskId"] == second["RestoreTaskId"]
    assert first["RequestId"] != second["RequestId"]
    assert len(local_dbs.tasks) == 1


async def test_without_a_token_each_request_is_a_task(
    dbs_ask: Ask, dbs_order: Order, local_dbs: LocalDbs
) -> None:
    first = await dbs_ask("CreateRestoreTask", dbs_order())
    second = await dbs_ask("CreateRestoreTask", dbs_order())
    assert first["RestoreTaskId"] != second["RestoreTaskId"]
    assert len(local_dbs.tasks) == 2


@pytest.mark.parametrize(
    "change",
    [{"RestoreTaskName": "other"}, {"DestinationEndpointPassword": "other"}, {"RestoreDir": "/added"}],
)
async def test_a_token_refuses_other_parameters(
    dbs_ask: Ask, dbs_order: Order, local_dbs: LocalDbs, change: dict[str, str]
) -> None:
    await dbs_ask("CreateRestoreTask", dbs_order(ClientToken="t-1"))
    body = await dbs_ask("CreateRestoreTask", dbs_order(ClientToken="t-1", **change))
    assert (body["Success"], body["ErrCode"]) == (False, "IdempotentParameterMismatch")
    assert len(local_dbs.tasks) == 1


async def test_a_refused_request_leaves_its_token_free(dbs_ask: Ask, dbs_order: Order) -> None:
    wrong = dbs_order(ClientToken="t-1", DuplicateConflict="overwrite")
    assert (await dbs_ask("CreateRestoreTask", wrong))["ErrCode"] == "Param.Invalid"
    assert (await dbs_ask("CreateRestoreTask", dbs_order(ClientToken="t-1")))["Success"] is True


async def test_a_token_means_something_to_its_own_action_only(dbs_ask: Ask, dbs_order: Order) -> None:
    created = await dbs_ask("CreateRestoreTask", dbs_order(ClientToken="t-1"))
    start = {"RestoreTaskId": created["RestoreTaskId"], "ClientToken": "t-1"}
    assert (await dbs_ask("StartRestoreTask", start))["RestoreTaskId"] == created["RestoreTaskId"]


async def test_a_start_under_its_token_is_answered_again_even_when_the_task_is_done(
    dbs_ask: Ask, dbs_order: Order, dbs_clock: SimulatedClock
) -> None:
    task_id = (await dbs_ask("CreateRestoreTask", dbs_order()))["RestoreTaskId"]
    start = {"RestoreTaskId": task_id, "ClientToken": "t-2"}
    await dbs_ask("StartRestoreTask", start)
    dbs_clock.advance(DAY)
    assert (await dbs_ask("StartRestoreTask", start))["RestoreTaskId"] == task_id
    other = await dbs_ask("StartRestoreTask", {**start, "ClientToken": "t-3"})
    assert other["ErrCode"] == "Task.StatusInvalid"


async def test_a_start_token_refuses_another_task(dbs_ask: Ask, dbs_order: Order) -> None:
    one, other = [(await dbs_ask("CreateRestoreTask", dbs_order()))["RestoreTaskId"] for _ in range(2)]
    await dbs_ask("StartRestoreTask", {"RestoreTaskId": one, "ClientToken": "t-4"})
    body = await dbs_ask("StartRestoreTask", {"RestoreTaskId": other, "ClientToken": "t-4"})
    assert body["ErrCode"] == "IdempotentParameterMismatch"
