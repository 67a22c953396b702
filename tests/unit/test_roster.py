"""Restores looked up, watched and decided about, on a real database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.restores.models import (
    EventKind,
    PollResult,
    RequestState,
    RestoreTask,
    Scope,
    Which,
)
from bot.restores.ports import Watching
from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore
from tests import values
from tests.values import NOON


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    connection = await Connection.open(tmp_path / "bot.db")
    yield SqliteStore(connection)
    await connection.close()


async def asked(store: SqliteStore, nonce: str, **changes: object) -> None:
    named = {"spec": values.spec(task_name=f"restore {nonce}")} | changes
    request = values.request(nonce, **named)
    await store.add_request(request, wanted=lambda: True)
    await store.save_request(request, NOON)


def watching(task: RestoreTask | None = None, **changes: object) -> Watching:
    made = {
        "task": task or values.task("running"),
        "account": "default",
        "region": "cn-hangzhou",
        "channel_id": "C2",
        "user_id": "U2",
        **changes,
    }
    return Watching(**made)  # type: ignore[arg-type]  # as above


async def saw(store: SqliteStore, task: RestoreTask) -> None:
    due = None if task.ended else NOON
    result = PollResult(restore_task_id=task.restore_task_id, next_poll_at=due, task=task)
    await store.save_polls([result], NOON)


async def test_a_watching_thread_knows_the_request_behind_its_task(store: SqliteStore) -> None:
    await asked(store, "n1", restore_task_id="s1", state=RequestState.STARTED)
    following, is_new = await store.watch(watching(), NOON)
    assert is_new
    assert following.request is not None
    assert following.request.nonce == "n1"
    assert following.link.nonce is None
    assert following.link.user_id == "U2"


async def test_a_task_is_watched_once_in_a_channel(store: SqliteStore) -> None:
    first, _ = await store.watch(watching(), NOON)
    second, is_new = await store.watch(watching(user_id="U3"), NOON)
    assert not is_new
    assert second.link.link_id == first.link.link_id


async def test_all_threads_of_a_task_are_told_but_none_that_was_closed(store: SqliteStore) -> None:
    await asked(store, "n1", restore_task_id="s1", state=RequestState.STARTED)
    open_one, _ = await store.watch(watching(), NOON)
    closed, _ = await store.watch(watching(channel_id="C3"), NOON)
    assert await store.unwatch(closed.link.link_id, NOON)
    assert not await store.unwatch(closed.link.link_id, NOON)
    assert await store.give_up("s1", "U9", NOON, wanted=lambda _: True)
    assert not await store.give_up("s1", "U9", NOON, wanted=lambda current: not current.given_up_by)
    own = await store.following("s1")
    assert own is not None
    assert [told.event.kind for told in await store.log(own.link.link_id)] == [EventKind.GIVEN_UP]
    assert [told.event.user_id for told in await store.log(open_one.link.link_id)] == ["U9"]
    assert await store.log(closed.link.link_id) == ()


async def test_the_own_thread_is_never_closed(store: SqliteStore) -> None:
    await asked(store, "n1", restore_task_id="s1", state=RequestState.STARTED)
    own = await store.following("s1")
    assert own is not None
    assert not await store.unwatch(own.link.link_id, NOON)


async def test_what_nobody_watches_is_not_polled_until_it_is_watched_again(store: SqliteStore) -> None:
    following, _ = await store.watch(watching(), NOON)
    await store.unwatch(following.link.link_id, NOON)
    assert await store.next_poll_at() is None
    _, is_new = await store.watch(watching(), NOON)
    assert is_new
    assert await store.next_poll_at() == NOON


async def test_a_task_watched_elsewhere_and_asked_for_here_is_no_foreign_one(store: SqliteStore) -> None:
    """Somebody found it in the console before the bot knew that its own call had made it."""
    await store.watch(watching(channel_id="C1"), NOON)
    await asked(store, "n1", channel_id="C1", restore_task_id="s1", state=RequestState.CREATED)
    following = await store.following("s1")
    assert following is not None
    assert following.link.nonce == "n1"


async def test_what_a_channel_watches_is_listed_the_newest_first_without_its_own(store: SqliteStore) -> None:
    await asked(store, "n1", channel_id="C2", restore_task_id="s9", state=RequestState.STARTED)
    for task_id in ("s1", "s2", "s3"):
        await store.watch(watching(values.task(restore_task_id=task_id)), NOON)
    await store.watch(watching(values.task(restore_task_id="s4"), channel_id="C3"), NOON)
    (newest, *_) = await store.watched("C2")
    await store.unwatch(newest.link.link_id, NOON)
    assert [each.link.restore_task_id for each in await store.watched("C2")] == ["s2", "s1"]
    assert [each.link.restore_task_id for each in await store.watched("C2", 1)] == ["s2"]


async def test_pages_hold_each_restore_once_the_newest_first(store: SqliteStore) -> None:
    for number in range(3):
        await asked(store, f"n{number}", restore_task_id=f"s{number}", state=RequestState.STARTED)
    await store.watch(watching(values.task("running").evolve(restore_task_id="s0")), NOON)
    await store.watch(watching(values.task("running").evolve(restore_task_id="x1")), NOON)
    await store.watch(watching(values.task("running").evolve(restore_task_id="x1"), channel_id="C3"), NOON)
    page = await store.page(Which(scope=Scope.ALL), 0, 3)
    assert [each.link.restore_task_id for each in page.restores] == ["x1", "s2", "s1"]
    assert page.total == 4
    rest = await store.page(Which(scope=Scope.ALL), 3, 3)
    assert [each.link.restore_task_id for each in rest.restores] == ["s0"]


async def test_pages_of_what_goes_on_of_what_ended_and_of_a_person(store: SqliteStore) -> None:
    await asked(store, "n1", restore_task_id="s1", state=RequestState.STARTED, user_id="U1")
    await asked(store, "n2", restore_task_id="s2", state=RequestState.STARTED, user_id="U2")
    await saw(store, values.task("stop").evolve(restore_task_id="s2"))

    async def ids(which: Which) -> list[str | None]:
        return [each.link.restore_task_id for each in (await store.page(which, 0, 10)).restores]

    assert await ids(Which(scope=Scope.ACTIVE)) == ["s1"]
    assert await ids(Which(scope=Scope.ENDED)) == ["s2"]
    assert await ids(Which(scope=Scope.ALL, user_id="U2")) == ["s2"]
    assert await ids(Which(scope=Scope.ACTIVE, user_id="U2")) == []
    assert await ids(Which(scope=Scope.ALL, plan="dbs1")) == ["s2", "s1"]
    assert await ids(Which(scope=Scope.ALL, plan="nosuch")) == []


async def test_a_restore_is_found_by_its_id_its_name_or_a_part_of_it(store: SqliteStore) -> None:
    spec = values.spec(task_name="nightly rb-1")
    await asked(store, "n1", restore_task_id="s1", state=RequestState.STARTED, spec=spec)
    await asked(store, "n2", restore_task_id="s12", state=RequestState.STARTED)
    for text in ("s1", "nightly rb-1", "NIGHTLY"):
        assert (await store.named(text))[0].link.restore_task_id == "s1", text
    assert await store.named("nothing like it") == ()


async def test_a_start_is_ordered_once(store: SqliteStore) -> None:
    await asked(store, "n1", restore_task_id="s1", state=RequestState.CREATED, start=False)
    assert await store.order_start("n1", "U2", NOON + timedelta(hours=9))
    assert not await store.order_start("n1", "U3", NOON)
    (open_one,) = await store.claim_requests(NOON)
    assert open_one.start
    assert open_one.start_token != values.request("n1").start_token


async def test_what_was_given_up_before_it_ran_is_not_active(store: SqliteStore) -> None:
    await asked(store, "n1", restore_task_id="s1", state=RequestState.CREATED, start=False)
    await saw(store, values.task("check_pass"))
    await store.give_up("s1", "U1", NOON, wanted=lambda _: True)
    assert (await store.page(Which(scope=Scope.ACTIVE), 0, 10)).total == 0
    assert (await store.page(Which(scope=Scope.ENDED), 0, 10)).total == 1
    await saw(store, values.task("running"))
    assert (await store.page(Which(scope=Scope.ACTIVE), 0, 10)).total == 1
    assert (await store.page(Which(scope=Scope.ENDED), 0, 10)).total == 0


async def test_what_was_given_up_stands_among_what_ended_at_its_time(store: SqliteStore) -> None:
    for number, status in enumerate(("stop", "check_pass", "Init", "stop")):
        await asked(store, f"n{number}", restore_task_id=f"s{number}", state=RequestState.CREATED)
        at = NOON + timedelta(minutes=number)
        task = values.task(status, finished_at=at if status == "stop" else None)
        task = task.evolve(restore_task_id=f"s{number}")
        due = None if task.ended else at
        result = PollResult(restore_task_id=task.restore_task_id, next_poll_at=due, task=task)
        await store.save_polls([result], at)
    for number in (2, 1):
        assert await store.give_up(
            f"s{number}", "U1", NOON + timedelta(seconds=90 + number), wanted=lambda _: True
        )
    ended = await store.page(Which(scope=Scope.ENDED), 0, 10)
    assert [each.link.restore_task_id for each in ended.restores] == ["s3", "s2", "s1", "s0"]
    assert ended.total == 4


async def test_a_task_made_elsewhere_is_found_by_the_name_of_its_plan(store: SqliteStore) -> None:
    await store.watch(watching(values.task(backup_plan_id="dbs7", plan_name="ledger")), NOON)
    assert [each.link.restore_task_id for each in await store.named("LEDG")] == ["s1"]
    assert (await store.page(Which(scope=Scope.ALL, plan="ledger"), 0, 10)).total == 1


async def test_what_moved_after_it_was_given_up_is_given_up_again_once(store: SqliteStore) -> None:
    """Started in the console, and failed there: the mark that was known then is the one that is replaced."""
    await asked(store, "n1", restore_task_id="s1", state=RequestState.CREATED, start=False)
    await store.give_up("s1", "U1", NOON + timedelta(seconds=0.1), wanted=lambda _: True)
    (known,) = await store.named("s1")
    later = NOON + timedelta(hours=1)
    assert await store.give_up(
        "s1", "U2", later, wanted=lambda current: current.given_up_at == known.given_up_at
    )
    assert not await store.give_up(
        "s1", "U3", later, wanted=lambda current: current.given_up_at == known.given_up_at
    )
    (given_up,) = await store.named("s1")
    assert (given_up.given_up_by, given_up.given_up_at) == ("U2", later)


async def test_a_restore_watched_before_it_was_known_as_asked_for_is_listed_once(
    store: SqliteStore,
) -> None:
    await store.watch(watching(), NOON)
    await asked(store, "n1", restore_task_id="s1", state=RequestState.STARTED)
    page = await store.page(Which(scope=Scope.ALL), 0, 10)
    assert [each.link.nonce for each in page.restores] == ["n1"]
    assert page.total == 1


async def test_of_a_task_made_elsewhere_a_thread_is_listed_that_is_still_told(store: SqliteStore) -> None:
    first, _ = await store.watch(watching(), NOON)
    second, _ = await store.watch(watching(channel_id="C3"), NOON)
    await store.unwatch(first.link.link_id, NOON)
    page = await store.page(Which(scope=Scope.ALL), 0, 10)
    assert [each.link.link_id for each in page.restores] == [second.link.link_id]


async def test_a_task_is_polled_as_long_as_anybody_watches_it(store: SqliteStore) -> None:
    first, _ = await store.watch(watching(), NOON)
    await store.watch(watching(channel_id="C3"), NOON)
    await store.unwatch(first.link.link_id, NOON)
    assert await store.next_poll_at() == NOON


async def test_what_was_not_told_yet_is_not_told_any_more_where_nobody_watches(store: SqliteStore) -> None:
    following, _ = await store.watch(watching(), NOON)
    await store.give_up("s1", "U9", NOON, wanted=lambda _: True)
    await store.unwatch(following.link.link_id, NOON)
    assert await store.claim(NOON) == []


async def test_what_has_ended_is_watched_and_not_polled(store: SqliteStore) -> None:
    ended = values.task("stop")
    for channel_id in ("C2", "C3"):
        await store.watch(watching(ended, channel_id=channel_id), NOON)
        assert await store.next_poll_at() is None
    assert not await store.look_now("s1", NOON)


async def test_a_look_that_is_wanted_at_once_is_put_off_for_nobody(store: SqliteStore) -> None:
    await store.watch(watching(), NOON)
    assert await store.look_now("s1", NOON + timedelta(hours=1))
    assert await store.next_poll_at() == NOON
    assert await store.look_now("s1", NOON - timedelta(hours=1))
    assert await store.next_poll_at() == NOON - timedelta(hours=1)


async def test_the_start_of_a_task_made_elsewhere_is_told_once(store: SqliteStore) -> None:
    following, _ = await store.watch(watching(values.task("check_pass")), NOON)
    assert await store.start_ordered("s1", "U1", NOON)
    assert not await store.start_ordered("s1", "U2", NOON)
    assert [told.event.user_id for told in await store.log(following.link.link_id)] == ["U1"]


async def test_whole_names_are_found_before_newer_ones_that_hold_them(store: SqliteStore) -> None:
    for number, name in enumerate(("drill", "drill again", "a drill")):
        spec = values.spec(task_name=name)
        await asked(store, f"n{number}", restore_task_id=f"s{number}", state=RequestState.STARTED, spec=spec)
    (first,) = await store.named("Drill", 1)
    assert first.link.restore_task_id == "s0"


async def test_all_of_a_whole_name_are_found_however_many_newer_ones_hold_it(store: SqliteStore) -> None:
    """Who names one of two like it may not be taken to mean the other."""
    await asked(store, "n0", restore_task_id="s0", spec=values.spec(task_name="drill rb-n0"))
    await store.watch(watching(values.task("check_pass", restore_task_id="s1", name="Drill")), NOON)
    for number in range(2, 12):
        spec = values.spec(task_name=f"drill {number}")
        await asked(store, f"n{number}", restore_task_id=f"s{number}", spec=spec)
    found = await store.named("drill", 3)
    assert [each.link.restore_task_id for each in found] == ["s1", "s0", "s11"]
