"""One submission, one task: whatever gets lost on the way."""

import asyncio
import sqlite3

import pytest
from pydantic import SecretStr

from bot.errors import AlreadySubmitted
from bot.restores.dangers import DangerKind
from bot.restores.models import PollResult, PrecheckReport, RequestState, RestorePoint, RestoreSpec
from bot.restores.possible import cannot_give_up
from bot.store.connection import database_path
from tests import values
from tests.scenario.desk import PASSWORD, Desk


async def test_promise_1_the_same_form_submitted_twice_is_one_task(desk: Desk) -> None:
    await asyncio.gather(*(desk.service.submit(desk.draft()) for _ in range(5)))
    await desk.settle(times=2)
    await desk.service.submit(desk.draft())
    await desk.settle(times=2)
    assert len(desk.stage.dbs.tasks) == 1
    assert await desk.kinds() == ["card", "created"]


async def test_two_forms_are_two_tasks(desk: Desk) -> None:
    await desk.service.submit(desk.draft("a" * 32))
    await desk.service.submit(desk.draft("b" * 32))
    await desk.settle()
    assert len(desk.stage.dbs.tasks) == 2
    assert len({task.parameters["RestoreTaskName"] for task in desk.stage.dbs.tasks}) == 2


async def test_promise_1_and_6_a_lost_answer_is_called_unknown_and_the_task_is_found(desk: Desk) -> None:
    desk.wire.lose = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(desk.draft())
    await desk.settle()
    assert await desk.open_states() == [RequestState.CREATING]
    desk.wire.lose = lambda _: False
    await desk.settle()
    assert await desk.kinds() == ["card", "unsettled", "created"]
    assert len(desk.stage.dbs.tasks) == 1
    assert len(desk.tokens()) == 1


async def test_promise_1_a_call_that_never_arrived_is_sent_again_under_its_token(desk: Desk) -> None:
    desk.wire.cut = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(desk.draft())
    await desk.settle(times=3)
    desk.wire.cut = lambda _: False
    await desk.settle()
    assert len(desk.stage.dbs.tasks) == 1
    assert await desk.kinds() == ["card", "created"], "nothing was in doubt: no call ever left"


async def test_a_doubt_is_told_once_however_long_it_lasts(desk: Desk) -> None:
    desk.wire.lose = lambda _: True
    await desk.service.submit(desk.draft().evolve(spec=with_a_set(desk)))
    await desk.settle(times=6)
    desk.wire.lose = lambda _: False
    await desk.settle()
    assert await desk.kinds() == ["card", "unsettled", "created"]
    assert len(desk.stage.dbs.tasks) == 1


def with_a_set(desk: Desk) -> RestoreSpec:
    newest = desk.stage.plan("orders-prod").finished_sets()[0].backup_set_id
    return desk.draft().spec.evolve(point=RestorePoint(backup_set_id=newest))


async def test_promise_2_a_crash_before_the_call_leaves_no_task_and_says_so(desk: Desk) -> None:
    await desk.service.submit(desk.draft())
    desk.restart()
    await desk.settle(times=3)
    assert desk.stage.dbs.tasks == ()
    assert await desk.kinds() == ["card", "never_sent"]
    assert await desk.open_states() == []
    with pytest.raises(AlreadySubmitted):
        await desk.service.submit(desk.draft())


async def test_promise_2_a_crash_after_the_call_is_settled_by_finding_the_task(desk: Desk) -> None:
    desk.wire.lose = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(desk.draft(start=True))
    await desk.settle()
    desk.restart()
    desk.wire.lose = lambda _: False
    await desk.settle()
    assert len(desk.stage.dbs.tasks) == 1
    assert await desk.kinds() == ["card", "unsettled", "created"]
    assert desk.stage.dbs.tasks[0].started_ms is not None


async def test_promise_6_a_request_is_given_up_only_when_a_late_task_has_become_unlikely(desk: Desk) -> None:
    """The password is gone a second after the last try, whose answer was lost."""
    desk.wire.cut = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(desk.draft())
    await desk.settle(times=9, pause=60)
    await desk.settle(pause=1)
    desk.restart()
    await desk.settle(pause=1)
    assert await desk.open_states() == [RequestState.CREATING]
    await desk.settle(times=2, pause=60)
    assert await desk.open_states() == []
    assert await desk.kinds() == ["card", "abandoned"]


async def test_promise_1_a_form_that_was_saved_cannot_be_saved_with_something_else_in_it(desk: Desk) -> None:
    await desk.service.submit(desk.draft())
    other = desk.draft()
    edited = other.evolve(
        spec=other.spec.evolve(destination=other.spec.destination.evolve(instance_id="rm-2"))
    )
    with pytest.raises(AlreadySubmitted):
        await desk.service.submit(edited)
    with pytest.raises(AlreadySubmitted):
        await desk.service.submit(other.evolve(password=SecretStr("another")))
    await desk.settle()
    (task,) = desk.stage.dbs.tasks
    assert task.parameters["DestinationEndpointInstanceID"] == "rm-1"
    assert task.parameters["DestinationEndpointPassword"] == PASSWORD.get_secret_value()


async def test_latest_is_resolved_once_so_that_every_try_sends_the_same(desk: Desk) -> None:
    desk.wire.cut = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(desk.draft())
    await desk.settle()
    desk.stage.clock.advance(3600)
    desk.wire.cut = lambda _: False
    await desk.settle()
    (task,) = desk.stage.dbs.tasks
    assert int(task.parameters["RestoreTime"]) < desk.stage.clock.now_ms() - 3_600_000


async def test_a_refusal_is_final_and_told_in_the_words_of_dbs(desk: Desk) -> None:
    refused = desk.draft()
    spec = refused.spec.evolve(destination=refused.spec.destination.evolve(region="nowhere-1"))
    await desk.service.submit(refused.evolve(spec=spec))
    await desk.settle(times=3)
    assert await desk.kinds() == ["card", "refused"]
    creations = [request for request in desk.stage.dbs.journal if request.name == "CreateRestoreTask"]
    assert len(creations) == 1


async def test_a_lost_start_is_ordered_again_and_starts_once(desk: Desk) -> None:
    desk.wire.lose = lambda action: action == "StartRestoreTask"
    await desk.service.submit(desk.draft(start=True))
    await desk.settle()
    assert await desk.open_states() == [RequestState.CREATED]
    desk.wire.lose = lambda _: False
    await desk.settle()
    assert await desk.open_states() == []
    assert await desk.kinds() == ["card", "created"]


async def test_an_order_that_never_reached_dbs_goes_with_a_restore_that_is_given_up(desk: Desk) -> None:
    desk.wire.cut = lambda action: action == "StartRestoreTask"
    await desk.service.submit(desk.draft(start=True))
    await desk.settle()
    (task,) = desk.stage.dbs.tasks
    seen = values.task("init", restore_task_id=task.task_id, precheck=PrecheckReport(status="failed"))
    result = PollResult(restore_task_id=task.task_id, task=seen, next_poll_at=desk.time)
    await desk.store.save_polls([result], desk.time)
    assert await desk.store.give_up(
        task.task_id, "U2", desk.time, wanted=lambda each: cannot_give_up(each) is None
    )
    desk.wire.cut = lambda _: False
    # Somebody puts its precheck right in the console.
    await desk.store.save_polls([result.evolve(task=seen.evolve(status="check_pass"))], desk.time)
    await desk.settle(times=3)
    assert await desk.open_states() == []
    assert [each for each in desk.stage.dbs.journal if each.name == "StartRestoreTask"] == []
    assert await desk.kinds() == ["card", "created", "given_up"]


async def test_promise_7_a_password_is_forgotten_when_the_outcome_is_known(desk: Desk) -> None:
    await desk.service.submit(desk.draft())
    assert await desk.passwords.get("a" * 32) == PASSWORD
    await desk.settle()
    assert await desk.passwords.get("a" * 32) is None
    await desk.service.submit(desk.draft())
    assert await desk.passwords.get("a" * 32) is None, "the form came again when all was done"


async def test_promise_7_a_password_is_forgotten_after_fifteen_minutes(desk: Desk) -> None:
    desk.wire.cut = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(desk.draft())
    for _ in range(13):
        await desk.settle(pause=60)
    assert await desk.passwords.get("a" * 32) == PASSWORD
    await desk.settle(times=2, pause=60)
    assert desk.passwords._in_memory == {}  # noqa: SLF001 - looking would not tell it from one that is hidden
    await desk.settle(pause=60)
    assert (await desk.kinds())[-1] == "abandoned"


async def test_promise_6_a_refusal_after_a_lost_answer_settles_nothing(desk: Desk) -> None:
    """The task exists, the list does not show it yet, and the repeated call is refused."""
    desk.wire.lose = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(desk.draft())
    await desk.settle(pause=5)
    desk.wire.lose = lambda _: False
    desk.wire.refuse = lambda action: action == "CreateRestoreTask"
    desk.wire.hide = lambda action: action == "DescribeRestoreTaskList"
    await desk.settle(pause=5)
    assert await desk.open_states() == [RequestState.CREATING]
    desk.wire.hide = lambda _: False
    await desk.settle()
    assert await desk.kinds() == ["card", "unsettled", "created"]


async def test_promise_1_a_task_is_found_by_its_mark_although_its_name_was_changed(desk: Desk) -> None:
    desk.wire.lose = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(desk.draft())
    await desk.settle()
    request = (await desk.store.open_requests())[0]
    assert request.spec.task_name.endswith(request.mark)
    other = request.evolve(spec=request.spec.evolve(task_name=f"shortened {request.mark}"))
    await desk.store.save_request(other, desk.time)
    desk.wire.lose = lambda _: False
    await desk.settle()
    assert (await desk.kinds())[-1] == "created"


async def test_promise_6_an_order_to_start_that_is_refused_because_it_runs_is_no_failure(desk: Desk) -> None:
    desk.wire.lose = lambda action: action == "StartRestoreTask"
    await desk.service.submit(desk.draft(start=True))
    await desk.settle(pause=5)
    desk.stage.clock.advance(120)
    desk.wire.lose = lambda _: False
    desk.wire.refuse = lambda action: action == "StartRestoreTask"
    await desk.settle()
    assert await desk.kinds() == ["card", "created"]
    assert await desk.open_states() == []


async def test_an_order_to_start_that_stays_refused_is_told(desk: Desk) -> None:
    desk.wire.refuse = lambda action: action == "StartRestoreTask"
    await desk.service.submit(desk.draft(start=True))
    await desk.settle(pause=5)
    desk.stage.clock.advance(120)
    await desk.settle()
    assert await desk.kinds() == ["card", "created", "start_refused"]
    assert await desk.open_states() == []


async def test_promise_9_an_answer_with_the_id_of_another_task_is_not_believed(desk: Desk) -> None:
    await desk.service.submit(desk.draft("a" * 32))
    await desk.settle()
    (first,) = desk.stage.dbs.tasks
    desk.wire.foreign = first.task_id
    desk.wire.hide = lambda action: action == "DescribeRestoreTaskList"
    await desk.service.submit(desk.draft("b" * 32))
    await desk.settle(pause=5)
    assert await desk.open_states() == [RequestState.CREATING]
    desk.wire.hide = lambda _: False
    await desk.settle()
    assert len(desk.stage.dbs.tasks) == 2
    assert await desk.open_states() == []


async def test_promise_8_a_request_nobody_waits_for_any_more_is_not_saved(desk: Desk) -> None:
    with sqlite3.connect(database_path(desk.stage.settings.database_url), isolation_level=None) as locked:
        locked.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await desk.service.submit(desk.draft())
        locked.execute("ROLLBACK")
    locked.close()
    assert await desk.store.open_requests() == []
    assert await desk.passwords.get("a" * 32) is None


async def test_what_was_typed_for_another_restore_is_not_used_for_the_one_that_was_saved(desk: Desk) -> None:
    """The bot died since, and with it the password: that of an edited form is none for the old target."""
    await desk.service.submit(desk.draft())
    desk.restart()
    edited = desk.draft()
    elsewhere = edited.spec.destination.evolve(instance_id="rm-2")
    edited = edited.evolve(spec=edited.spec.evolve(destination=elsewhere), password=SecretStr("another"))
    with pytest.raises(AlreadySubmitted):
        await desk.service.submit(edited)
    await desk.settle()
    assert desk.stage.dbs.tasks == ()
    assert await desk.kinds() == ["card", "never_sent"]


async def test_the_dangers_of_a_restore_are_judged_by_what_else_is_going_on(desk: Desk) -> None:
    kinds = [danger.kind for danger in await desk.service.dangers(desk.draft("b" * 32))]
    assert DangerKind.BUSY_TARGET not in kinds
    await desk.service.submit(desk.draft("a" * 32))
    kinds = [danger.kind for danger in await desk.service.dangers(desk.draft("b" * 32))]
    assert {DangerKind.BUSY_TARGET, DangerKind.REPEATED} <= set(kinds)
    kinds = [danger.kind for danger in await desk.service.dangers(desk.draft("a" * 32))]
    assert DangerKind.REPEATED not in kinds, "a form submitted again is no danger to itself"


async def test_a_request_can_be_looked_up_by_its_form(desk: Desk) -> None:
    assert await desk.service.request("a" * 32) is None
    await desk.service.submit(desk.draft())
    request = await desk.service.request("a" * 32)
    assert request is not None
    assert request.plan_name == "orders-prod"
