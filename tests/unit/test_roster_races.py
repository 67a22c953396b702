"""What people decide about a task while others decide, poll and post: on a real database, two workers."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.restores.models import (
    EventKind,
    PollResult,
    RequestState,
    RestoreTask,
    Scope,
    Stage,
    StageTime,
    Timeline,
    Which,
)
from bot.restores.ports import Watching
from bot.restores.possible import cannot_give_up, given_up
from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore
from tests import values
from tests.values import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    connection = await Connection.open(tmp_path / "bot.db")
    yield SqliteStore(connection)
    await connection.close()


def watching(task: RestoreTask, channel_id: str = "C2") -> Watching:
    return Watching(task, "default", "cn-hangzhou", channel_id, "U2")


async def made(store: SqliteStore, **changes: object) -> None:
    """A request comes to have a task."""
    request = values.request(spec=values.spec(task_name="restore"))
    await store.add_request(request, wanted=lambda: True)
    assert await store.save_request(request.evolve(restore_task_id="s1", **changes), NOON)


async def polled(store: SqliteStore, task: RestoreTask) -> None:
    result = PollResult(restore_task_id="s1", task=task, next_poll_at=None if task.ended else LATER)
    await store.save_polls([result], NOON)


async def kinds(store: SqliteStore, link_id: int) -> list[EventKind]:
    return [told.event.kind for told in await store.log(link_id)]


# Watched no longer


async def test_promise_10_what_nobody_follows_any_more_is_not_polled_again_by_who_was_just_looking(
    store: SqliteStore,
) -> None:
    following, _ = await store.watch(watching(values.task("running")), NOON)
    (held,) = await store.due_tasks(NOON, LATER)
    await store.unwatch(following.link.link_id, NOON)
    result = PollResult(restore_task_id="s1", next_poll_at=LATER)
    assert await store.save_polls([result], NOON, held.owner)
    assert await store.next_poll_at() is None


async def test_nothing_more_is_told_once_unwatched_not_even_what_slack_had_no_time_for(
    store: SqliteStore,
) -> None:
    following, _ = await store.watch(watching(values.task("running")), NOON)
    (card,) = await store.claim(NOON)
    await store.sent(card, "1.1", "digest")
    await store.give_up("s1", "U1", NOON, wanted=lambda _: True)
    (message,) = await store.claim(NOON)
    await store.unwatch(following.link.link_id, NOON)
    assert await store.defer(message.evolve(attempts=1), NOON)
    assert await store.claim(LATER) == []
    assert await store.next_due_at() is None


async def test_a_card_that_was_deleted_is_not_posted_anew_to_say_that_it_is_watched_no_longer(
    store: SqliteStore,
) -> None:
    following, _ = await store.watch(watching(values.task("running")), NOON)
    (card,) = await store.claim(NOON)
    await store.sent(card, "1.1", "digest")
    await store.unwatch(following.link.link_id, NOON)
    closed = await store.link(following.link.link_id)
    assert closed is not None
    assert not await store.repost_card(closed.link, NOON)


# Adopted before its request knew of it


async def test_promise_4_a_task_that_was_watched_and_let_go_is_polled_for_the_request_that_made_it(
    store: SqliteStore,
) -> None:
    following, _ = await store.watch(watching(values.task("init")), NOON)
    await store.unwatch(following.link.link_id, NOON)
    await made(store, state=RequestState.CREATED)
    assert await store.next_poll_at() == NOON


async def test_promise_4_what_happened_before_a_request_knew_of_its_task_is_told_in_its_thread(
    store: SqliteStore,
) -> None:
    other, _ = await store.watch(watching(values.task("init")), NOON)
    await polled(store, values.task("running", finished_at=NOON))
    await made(store, state=RequestState.CREATED)
    own = await store.following("s1")
    assert own is not None
    assert own.link.nonce is not None
    assert (await kinds(store, own.link.link_id))[-1] is EventKind.FINISHED
    assert EventKind.FINISHED not in await kinds(store, other.link.link_id), "it was told by its poll"


# Started and given up


async def test_what_was_given_up_is_not_ordered_to_start_by_who_did_not_know_yet(store: SqliteStore) -> None:
    await made(store, state=RequestState.CREATED, start=False)
    assert await store.give_up("s1", "U1", NOON, wanted=lambda _: True)
    assert not await store.order_start("a" * 32, "U2", NOON)


async def test_what_is_ordered_to_start_is_not_given_up_by_who_did_not_know_yet(store: SqliteStore) -> None:
    await made(store, state=RequestState.CREATED, start=False)
    assert await store.order_start("a" * 32, "U2", NOON)
    assert not await store.give_up("s1", "U1", NOON, wanted=lambda each: cannot_give_up(each) is None)


@pytest.mark.parametrize("status", ["running", "pause", "stop", "finish"])
async def test_that_it_was_given_up_is_forgotten_when_it_moves_whatever_was_missed_and_whatever_the_time(
    store: SqliteStore, status: str
) -> None:
    """Started in the console, it may have ended by the next look; the clock of who gave it up was ahead."""
    await made(store, state=RequestState.CREATED, start=False)
    await polled(store, values.task("check_pass"))
    assert await store.give_up("s1", "U1", LATER, wanted=lambda _: True)
    moved = Timeline(seen_at=NOON, started_at=NOON, moved_at=NOON)
    await polled(store, values.task(status, timeline=moved))
    (known,) = await store.named("s1")
    assert not given_up(known)
    if status == "stop":
        assert await store.give_up("s1", "U2", LATER, wanted=lambda each: cannot_give_up(each) is None)
        (known,) = await store.named("s1")
        assert given_up(known)
        assert known.given_up_by == "U2"


@pytest.mark.parametrize("status", ["init", " Check_Pass"])
async def test_what_is_only_checked_anew_stays_given_up(store: SqliteStore, status: str) -> None:
    await made(store, state=RequestState.CREATED, start=False)
    await polled(store, values.task("check_pass"))
    assert await store.give_up("s1", "U1", NOON, wanted=lambda _: True)
    for then in ("who knows", status):
        await polled(store, values.task(then))
    (known,) = await store.named("s1")
    assert given_up(known)
    assert (await store.page(Which(scope=Scope.ACTIVE), 0, 10)).total == 0


# Lists


async def test_of_restores_that_ended_the_last_to_end_comes_first(store: SqliteStore) -> None:
    for task_id, ended in (("s1", 3), ("s2", 1), ("s3", 2)):
        await store.watch(watching(values.task("running", restore_task_id=task_id)), NOON)
        over = values.task("stop", restore_task_id=task_id)
        result = PollResult(restore_task_id=task_id, task=over, next_poll_at=None)
        await store.save_polls([result], NOON + timedelta(hours=ended))
    page = await store.page(Which(scope=Scope.ENDED), 0, 10)
    assert [each.link.restore_task_id for each in page.restores] == ["s1", "s3", "s2"]


async def test_promise_9_a_watched_task_of_a_later_version_hides_no_other(
    store: SqliteStore, tmp_path: Path
) -> None:
    for task_id in ("s1", "s2"):
        await store.watch(watching(values.task("running", restore_task_id=task_id)), NOON)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as db:
        db.execute("UPDATE tasks SET snapshot = '{}' WHERE restore_task_id = 's1'")
        db.commit()
    assert [each.link.restore_task_id for each in await store.watched("C2")] == ["s2"]


async def test_some_failures_do_not_hide_the_restores_that_tell_how_long_it_takes(store: SqliteStore) -> None:
    times = {Stage.FULL_DATA: StageTime(began_at=NOON, done_at=LATER)}
    good = values.task("running", finished_at=LATER, stages={Stage.FULL_DATA: 100}, backup_plan_id="dbs1")
    good = good.evolve(timeline=Timeline(seen_at=NOON, stages=times))
    bad = values.task("stop", backup_plan_id="dbs1")
    for number, task in enumerate((good, *[bad] * 6)):
        over = task.evolve(restore_task_id=f"s{number}")
        await store.watch(watching(over.evolve(status="running", finished_at=None)), NOON)
        result = PollResult(restore_task_id=over.restore_task_id, task=over, next_poll_at=None)
        await store.save_polls([result], NOON + timedelta(minutes=number))
    (lesson,) = await store.earlier("default", "dbs1", 5)
    assert lesson.seconds == {Stage.FULL_DATA: 3600.0}
