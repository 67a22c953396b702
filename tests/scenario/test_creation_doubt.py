"""A request of which it is not known whether it became a task."""

from datetime import timedelta

import pytest

from tests.scenario.desk import Desk

CREATE = "CreateRestoreTask"


async def test_promise_1_a_call_that_is_repeated_is_made_with_the_same_token(desk: Desk) -> None:
    """The first may be on its way for longer than anybody waits: by its token DBS knows it again."""
    desk.stage.dbs.faults.add("close_before", CREATE, times=2)
    await desk.service.submit(desk.draft())
    await desk.settle(times=3)
    calls = [call.arguments for call in desk.stage.dbs.journal if call.name == CREATE]
    assert len(calls) == 3
    assert len({(call["ClientToken"], call["RestoreTaskName"]) for call in calls}) == 1
    assert await desk.kinds() == ["card", "unsettled", "created"]


@pytest.mark.parametrize("told", [[], ["unsettled"]], ids=["never sent", "in doubt"])
async def test_a_clock_set_back_does_not_keep_a_request_without_a_password_open(
    desk: Desk, told: list[str]
) -> None:
    if told:
        desk.stage.dbs.faults.add("close_before", CREATE)
    else:
        desk.wire.cut = lambda action: action == CREATE
    await desk.service.submit(desk.draft())
    await desk.settle()
    desk.restart()
    desk.time -= timedelta(days=1)
    await desk.settle(times=2)
    assert await desk.kinds() == ["card", *told, "abandoned"]
