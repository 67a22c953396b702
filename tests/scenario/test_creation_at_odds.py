"""One submission, one task, when what goes wrong is none of the faults that were thought of."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlite_utils import Database

from bot.errors import StoreError
from bot.restores.models import Event, EventKind, RequestState, RestoreRequest
from bot.slack.events import event_message
from bot.store import connection as connection_module
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
from tests import values
from tests.scenario.desk import PASSWORD, Desk


async def test_promise_1_an_error_nobody_thought_of_forgets_no_call_that_was_made(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DBS made the task; "latest" stays the time it was, and the task is looked for before any other call."""
    create = desk.dbs.create_restore_task
    errors = iter([RuntimeError("nobody thought of it")])

    async def created(*given: Any, **named: Any) -> str:
        task_id = await create(*given, **named)
        for error in errors:
            raise error
        return task_id

    monkeypatch.setattr(desk.dbs, "create_restore_task", created)
    await desk.service.submit(desk.draft())
    await desk.settle()
    (request,) = await desk.store.open_requests()
    assert request.state is RequestState.CREATING
    assert not request.spec.point.latest
    desk.stage.clock.advance(3600)
    await desk.settle(times=2)
    assert len(desk.stage.dbs.tasks) == 1
    assert await desk.kinds() == ["card", "created"]


async def test_an_order_to_start_waits_for_the_precheck_however_long_the_creation_took(desk: Desk) -> None:
    desk.wire.cut = lambda action: action == "CreateRestoreTask"
    draft = desk.draft(start=True)
    await desk.service.submit(draft)
    await desk.settle(times=13, pause=60)
    (request,) = await desk.store.open_requests()
    long_ago = desk.time - timedelta(hours=2)
    await desk.store.save_request(request.evolve(created_at=long_ago, due_at=desk.time), desk.time)
    desk.wire.cut = lambda _: False
    desk.wire.refuse = lambda action: action == "StartRestoreTask"
    await desk.settle(pause=5)
    assert await desk.open_states() == [RequestState.CREATED]
    desk.wire.refuse = lambda _: False
    await desk.settle()
    assert await desk.kinds() == ["card", "created"]
    assert desk.stage.dbs.tasks[0].started_ms is not None


async def test_a_password_is_not_lost_when_saving_the_request_takes_longer_than_anybody_waits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is slow: the person was told to submit again, and the request is saved all the same."""
    writing, written = threading.Event(), threading.Event()
    in_transaction = connection_module._in_transaction  # noqa: SLF001 - the commit is to be slow

    def slow(db: Database, work: Callable[[Database], Any]) -> Any:
        def slowly(db: Database) -> Any:
            result = work(db)
            if "add_request" in work.__qualname__:
                writing.set()
                written.wait(5)
            return result

        return in_transaction(db, slowly)

    monkeypatch.setattr(connection_module, "_in_transaction", slow)
    submitting = asyncio.create_task(desk.service.submit(desk.draft()))
    await asyncio.to_thread(writing.wait, 5)
    submitting.cancel()
    await asyncio.gather(submitting, return_exceptions=True)
    written.set()
    assert await desk.service.submit(desk.draft()) == ()
    await desk.settle()
    assert len(desk.stage.dbs.tasks) == 1
    assert await desk.kinds() == ["card", "created"]


async def test_of_two_at_once_the_second_is_told_of_the_first_although_their_clocks_differ(
    desk: Desk,
) -> None:
    connection = await Connection.open(database_path(desk.stage.settings.database_url))
    behind = desk.time - timedelta(hours=1)
    draft = desk.draft("b" * 32)
    seen = await desk.service.dangers(draft)
    spec = draft.spec.evolve(task_name="the other's")
    other = values.request(spec=spec, created_at=behind, due_at=behind)
    await SqliteStore(connection).add_request(other, wanted=lambda: True)
    await connection.close()
    assert [danger.task_name for danger in await desk.service.submit(draft, seen) if danger.task_name] == [
        "the other's"
    ]
    assert await desk.service.request("b" * 32) is None


async def test_promise_6_what_dbs_was_never_asked_is_not_said_to_be_refused_by_dbs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.dbs, "describe_restorable_windows", no_windows)
    await desk.service.submit(desk.draft())
    await desk.settle()
    await desk.store.sent((await desk.store.claim(desk.time))[0], "1.1")
    (message,) = await desk.store.claim(desk.time)
    assert message.event is not None
    assert message.event.kind is EventKind.REFUSED
    told = event_message(message.event, message.following).text
    assert "DBS refused" not in told
    assert "no time it can be restored to" in told
    assert not any(call.name == "CreateRestoreTask" for call in desk.stage.dbs.journal)


async def no_windows(*_given: object, **_named: object) -> tuple[()]:
    return ()


async def test_promise_1_of_several_tasks_of_one_name_the_one_that_was_made_first_is_followed(
    desk: Desk,
) -> None:
    """Somebody gave the name to another task, in the console, while the answer was lost."""
    desk.wire.lose = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(desk.draft())
    await desk.settle()
    (request,) = await desk.store.open_requests()
    desk.wire.lose = lambda _: False
    desk.stage.clock.advance(60)
    copied = await desk.dbs.create_restore_task(request.spec, password=PASSWORD, client_token="by hand")
    await desk.settle()
    saved = await desk.service.request(request.nonce)
    assert saved is not None
    assert saved.restore_task_id in {task.task_id for task in desk.stage.dbs.tasks} - {copied}


async def test_promise_6_that_the_token_was_taken_before_is_no_refusal_of_the_restore(desk: Desk) -> None:
    """A stored password was changed after the lost answer, and DBS is slow to list the task."""
    desk.wire.lose = lambda action: action == "CreateRestoreTask"
    await desk.service.submit(desk.draft())
    await desk.settle()
    desk.passwords.drop("a" * 32)
    desk.passwords.keep("a" * 32, SecretStr("another"))
    desk.wire.lose = lambda _: False
    desk.wire.hide = lambda action: action == "DescribeRestoreTaskList"
    await desk.settle()
    assert await desk.open_states() == [RequestState.CREATING]
    desk.wire.hide = lambda _: False
    await desk.settle()
    assert await desk.kinds() == ["card", "unsettled", "created"]
    assert len(desk.stage.dbs.tasks) == 1


@pytest.mark.parametrize("refused", [False, True])
async def test_a_password_is_kept_until_the_outcome_is_saved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, refused: bool
) -> None:
    """The disk is full in the moment the outcome is known, and DBS is slow to list the task."""
    desk.wire.refuse = lambda action: refused and action == "CreateRestoreTask"
    desk.wire.hide = lambda action: action == "DescribeRestoreTaskList"
    save, failures = desk.store.save_request, iter([StoreError("The disk is full.")])

    async def full_once(request: RestoreRequest, now: datetime, events: Sequence[Event] = ()) -> bool:
        for failure in failures if events else ():
            raise failure
        return await save(request, now, events)

    monkeypatch.setattr(desk.store, "save_request", full_once)
    await desk.service.submit(desk.draft())
    with pytest.raises(StoreError):
        await desk.settle()
    await desk.settle(times=2)
    assert (await desk.kinds())[-1] == ("refused" if refused else "created")
    assert await desk.passwords.get("a" * 32) is None
