"""Two workers on one database: what one holds the other leaves alone, and loses nothing of."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.restores.models import Event, EventKind, Link, Outgoing, PollResult, RequestState, RestoreRequest
from bot.restores.ports import FARTHEST, SealedPassword
from bot.restores.ports.roster import Watching
from bot.store import sqlite
from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore
from tests import values

HOUR = timedelta(hours=1)
HORIZON = values.NOON + HOUR
LATER = values.NOON + timedelta(minutes=1)
HANGZHOU = ("default", "cn-hangzhou")

Stores = tuple[SqliteStore, SqliteStore]


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    connections = [await Connection.open(tmp_path / "bot.db") for _ in range(2)]
    first, second = map(SqliteStore, connections)
    yield first, second
    for connection in connections:
        await connection.close()


async def followed(store: SqliteStore, number: int = 1, **changes: object) -> RestoreRequest:
    """A request whose task exists; its card is due."""
    request = values.request(
        f"n{number}",
        spec=values.spec(task_name=f"task {number}", **changes),
        state=RequestState.STARTED,
        restore_task_id=f"s{number}",
    )
    await store.add_request(request, wanted=lambda: True)
    await store.save_request(request, values.NOON)
    return request


async def posted(store: SqliteStore) -> Link:
    """Its card stands there."""
    (card,) = await store.claim(values.NOON)
    await store.sent(card, "1.1", "digest")
    following = await store.following("s1")
    assert following is not None
    return following.link


async def happened(store: SqliteStore, *kinds: EventKind, task_id: str = "s1") -> None:
    events = tuple(Event(kind=kind) for kind in kinds)
    result = PollResult(restore_task_id=task_id, events=events, next_poll_at=values.NOON)
    assert await store.save_polls([result], values.NOON)


def kinds(messages: list[Outgoing]) -> list[str]:
    return [message.event.kind if message.event else "card" for message in messages]


# Tasks


async def test_a_task_is_looked_at_by_one_worker_at_a_time(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    (task,) = await first.due_tasks(values.NOON, HORIZON)
    assert await second.due_tasks(values.NOON, HORIZON) == []
    assert await second.next_poll_at() is None
    result = PollResult(restore_task_id="s1", next_poll_at=values.NOON)
    assert not await second.save_polls([result], values.NOON, "somebody else")
    assert await first.save_polls([result], values.NOON, task.owner)
    assert len(await second.due_tasks(values.NOON, HORIZON)) == 1


async def test_what_one_worker_takes_in_a_round_leaves_some_for_another(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "TASKS_A_ROUND", 2)
    first, second = stores
    for number in range(3):
        await followed(first, number)
    taken = [await store.due_tasks(values.NOON, HORIZON) for store in (first, second)]
    assert [len(tasks) for tasks in taken] == [2, 1]


async def test_what_a_look_brought_is_not_saved_when_the_task_is_lost(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    (task,) = await first.due_tasks(values.NOON, HORIZON)
    await first.leave(values.NOON)
    await second.due_tasks(values.NOON, HORIZON)
    seen = PollResult(
        restore_task_id="s1", task=values.task(), events=(Event(kind=EventKind.STARTED),), next_poll_at=None
    )
    assert not await first.save_polls([seen], values.NOON, task.owner)
    following = await second.following("s1")
    assert following is not None
    assert following.task is None


async def test_tasks_of_a_place_that_is_busy_are_left_and_what_was_lost_track_of_is_taken_again(
    stores: Stores,
) -> None:
    first, _ = stores
    await followed(first, 1)
    await followed(first, 2, region="cn-shenzhen")
    assert len(await first.due_tasks(values.NOON, HORIZON)) == 2
    (free,) = await first.due_tasks(values.NOON, HORIZON, [HANGZHOU])
    assert free.region == "cn-shenzhen"
    assert await first.next_poll_at([HANGZHOU, ("default", "cn-shenzhen")]) is None
    assert len(await first.due_tasks(values.NOON, HORIZON)) == 2


async def test_that_dbs_is_silent_is_remembered_and_told_without_a_new_snapshot(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    await posted(first)
    told = Event(kind=EventKind.UNREPORTED)
    silent = PollResult(restore_task_id="s1", next_poll_at=values.NOON, silent=True, events=(told,))
    await first.save_polls([silent], values.NOON)
    (task,) = await second.due_tasks(values.NOON, HORIZON)
    assert task.silent
    assert kinds(await second.claim(values.NOON)) == ["unreported"]
    await second.save_polls([silent.evolve(silent=None, events=())], values.NOON, task.owner)
    (task,) = await second.due_tasks(values.NOON, HORIZON)
    assert task.silent


# Requests


async def test_a_request_stays_with_the_worker_that_took_it(stores: Stores) -> None:
    first, second = stores
    await first.add_request(values.request(), wanted=lambda: True)
    assert await second.claim_requests(values.NOON) == []
    (mine,) = await first.claim_requests(values.NOON)
    await first.save_request(mine, values.NOON)
    assert len(await first.open_requests()) == 1


async def test_a_new_owner_begins_anew_with_time_and_doubt(stores: Stores) -> None:
    """The clock of the one before was an hour ahead, and its last call may be under way."""
    first, second = stores
    ahead = values.NOON + HOUR
    await first.add_request(values.request(created_at=ahead, due_at=ahead), wanted=lambda: True)
    (mine,) = await first.claim_requests(ahead)
    doubtful = mine.evolve(state=RequestState.CREATING, doubt_at=ahead - timedelta(minutes=5))
    await first.save_request(doubtful, ahead)
    await first.leave(ahead)
    (taken,) = await second.claim_requests(values.NOON)
    assert (taken.due_at, taken.doubt_at) == (values.NOON, values.NOON)
    (again,) = await second.claim_requests(LATER)
    assert again.doubt_at == values.NOON


async def test_a_kept_password_of_another_worker_is_not_judged_by_a_clock_that_differs(
    stores: Stores,
) -> None:
    first, second = stores
    sealed = SealedPassword("token", LATER)
    await first.add_request(values.request(), wanted=lambda: True, password=sealed)
    await second.drop_passwords(values.NOON + HOUR, values.NOON + HOUR)
    assert await first.password("a" * 32) is not None
    await first.leave(values.NOON)
    await second.drop_passwords(values.NOON + HOUR, values.NOON + HOUR)
    assert await second.password("a" * 32) is None


# Messages


async def test_a_thread_is_told_by_one_worker_at_a_time(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    await followed(first, 2)
    cards = await first.claim(values.NOON)
    assert len(cards) == 2
    assert await second.claim(values.NOON) == []
    await first.sent(cards[0], "1.1", "digest")
    await happened(first, EventKind.STARTED)
    assert kinds(await second.claim(values.NOON)) == ["started"]


async def test_a_message_in_doubt_stays_with_its_worker_and_any_other_does_not(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    (card,) = await first.claim(values.NOON)
    await first.defer(card.evolve(attempts=1), values.NOON)
    (card,) = await second.claim(values.NOON)
    await second.defer(card.evolve(uncertain=True), LATER)
    assert await first.claim(LATER + timedelta(minutes=5)) == []
    assert await first.next_due_at() is None
    (card,) = await second.claim(LATER)
    assert (card.uncertain, card.attempts) == (True, 1)


async def test_what_was_put_off_by_a_clock_far_ahead_is_due(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    (card,) = await first.claim(values.NOON + HOUR)
    await first.defer(card, values.NOON + HOUR)
    assert len(await second.claim(values.NOON)) == 1


async def test_nothing_decided_waits_for_a_clock(stores: Stores) -> None:
    first, second = stores
    ahead = values.NOON + FARTHEST / 2
    await first.add_request(values.request(created_at=ahead, due_at=ahead), wanted=lambda: True)
    assert len(await second.claim(values.NOON)) == 1


async def test_a_worker_finds_what_it_lost_track_of_and_leaves_what_others_send(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    (card,) = await first.claim(values.NOON)
    await second.reclaim(values.NOON)
    assert await second.claim(values.NOON) == []
    await first.reclaim(LATER)
    assert await first.claim(values.NOON) == []
    (again,) = await first.claim(LATER)
    assert (again.event_id, again.uncertain, again.taken_over) == (card.event_id, True, False)


# Folding


async def test_messages_folded_into_one_are_carried_by_it_to_the_end(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    await posted(first)
    await happened(first, EventKind.STARTED, EventKind.PAUSED, EventKind.RESUMED, EventKind.FINISHED)
    (head,) = await first.claim(values.NOON)
    others = await first.behind(head)
    assert kinds(others) == ["paused", "resumed", "finished"]
    carrier = await first.fold(head, others[:2])
    assert carrier is not None
    assert [event.kind for event in carrier.carried] == ["paused", "resumed"]
    await first.defer(carrier, values.NOON)
    (head,) = await second.claim(values.NOON)
    assert [event.kind for event in head.carried] == ["paused", "resumed"]
    await second.sent(head, "1.2")
    assert kinds(await first.claim(values.NOON)) == ["finished"]


async def test_what_may_have_been_posted_is_neither_folded_nor_folds(stores: Stores) -> None:
    first, _ = stores
    await followed(first)
    await posted(first)
    await happened(first, EventKind.STARTED, EventKind.PAUSED)
    (head,) = await first.claim(values.NOON)
    others = await first.behind(head)
    await first.defer(head.evolve(uncertain=True), values.NOON)
    (head,) = await first.claim(values.NOON)
    assert await first.fold(head, others) is None
    await first.sent(head, "1.2")
    (head,) = await first.claim(values.NOON)
    assert await first.fold(head, [head]) is None


# Sweeps


async def test_a_message_taken_over_is_looked_at_once_more(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    (card,) = await first.claim(values.NOON)
    await first.sent(card, "1.1", "digest", sweep_at=LATER)
    assert await first.claim_sweeps(values.NOON, LATER) == []
    assert await first.next_due_at() == LATER
    (swept,) = await second.claim_sweeps(LATER, LATER + timedelta(minutes=1))
    assert (swept.event_id, swept.ts) == (card.event_id, "1.1")
    assert await first.claim_sweeps(LATER, LATER) == []
    await second.swept(swept)
    assert await first.next_due_at() is None


# Links


async def test_a_parked_link_is_left_alone_until_its_time_or_until_it_is_resumed(stores: Stores) -> None:
    first, _ = stores
    await followed(first)
    (card,) = await first.claim(values.NOON)
    link = card.following.link
    assert await first.park_link(link, "is_archived", LATER)
    await first.defer(card, values.NOON)
    assert await first.claim(values.NOON) == []
    assert await first.next_due_at() == LATER
    (card,) = await first.claim(LATER)
    assert card.following.link.parked == LATER
    await first.park_link(link, "is_archived", LATER + timedelta(minutes=5))
    await first.defer(card, values.NOON)
    await first.resume_links("another")
    assert await first.claim(LATER) == []
    await first.resume_links(link.channel_id)
    (card,) = await first.claim(values.NOON)
    await first.sent(card, "1.1", "digest")
    following = await first.following("s1")
    assert following is not None
    assert following.link.parked is None


async def test_that_a_link_is_parked_is_told_once_until_it_works_again(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    (card,) = await first.claim(values.NOON)
    link = card.following.link
    assert await first.park_link(link, "is_archived", LATER)
    assert await first.told(link, values.NOON)
    assert not await second.told(link, values.NOON)
    assert not await second.park_link(link, "is_archived", LATER)
    await first.sent(card, "1.1", "digest")
    assert await first.park_link(link, "is_archived", LATER)


async def test_a_deleted_card_is_posted_anew_once_and_before_what_is_still_to_be_told(
    stores: Stores,
) -> None:
    first, second = stores
    await followed(first)
    link = await posted(first)
    await happened(first, EventKind.STARTED, EventKind.PAUSED)
    (event,) = await first.claim(values.NOON)
    assert await first.repost_card(link, values.NOON)
    assert await second.claim(values.NOON) == [], "an event is under way"
    await first.defer(event, values.NOON)
    (card,) = await second.claim(values.NOON)
    assert kinds([card]) == ["card"]
    assert card.following.card_digest is None
    await second.sent(card, "2.1", "new")
    assert not await first.repost_card(link, values.NOON), "seen late"
    await first.card_shown(card.following.evolve(link=link), "late")
    following = await first.following("s1")
    assert following is not None
    assert following.card_digest == "new", "what the deleted card shows is nothing to the new one"
    assert not await first.repost_card(link.evolve(thread_ts="2.1"), values.NOON), "a second time"
    assert kinds(await first.claim(values.NOON)) == ["started"]


# Cards


async def test_a_card_is_edited_by_one_worker_and_a_late_one_is_corrected(stores: Stores) -> None:
    first, second = stores
    await followed(first)
    await posted(first)
    await happened(first, EventKind.STARTED)
    (late,) = await first.stale_cards(values.NOON, most=9)
    assert await second.stale_cards(values.NOON, most=9) == []
    await first.leave(values.NOON)
    await happened(second, EventKind.PAUSED)
    (current,) = await second.stale_cards(values.NOON, most=9)
    await second.card_shown(current, "current")
    await first.card_shown(late, "late")
    (corrected,) = await second.stale_cards(values.NOON, most=9)
    assert (corrected.version, corrected.card_digest) == (current.version, "late")


async def test_of_the_cards_of_one_task_that_which_missed_the_most_is_edited_first(stores: Stores) -> None:
    """Slack may take one edit at a time: no thread of a task is left behind for ever."""
    first, _ = stores
    await followed(first)
    await posted(first)
    watching = Watching(
        task=values.task(), account="default", region="cn-hangzhou", channel_id="C2", user_id="U2"
    )
    await first.watch(watching, values.NOON)
    (card,) = await first.claim(values.NOON)
    await first.sent(card, "2.1", "digest")
    edited = []
    for percent in range(4):
        await happened(first, EventKind.DATA_PROGRESS)
        winner, _ = await first.stale_cards(values.NOON, most=9)
        await first.card_shown(winner, str(percent))
        edited.append(winner.link.channel_id)
    assert set(edited[:2]) == set(edited[2:]) == {"C1", "C2"}


async def test_cards_where_nothing_moves_come_first_and_the_others_in_turn(stores: Stores) -> None:
    first, _ = stores
    statuses = {1: "running", 2: "running", 3: "running", 4: "pause", 5: "stop", 6: "init"}
    for number, status in statuses.items():
        await followed(first, number)
        (card,) = await first.claim(values.NOON)
        await first.sent(card, f"{number}.1", "digest")
        task = values.task(status).evolve(restore_task_id=f"s{number}")
        moved_at = values.NOON + timedelta(minutes=number)
        result = PollResult(restore_task_id=f"s{number}", task=task, next_poll_at=moved_at)
        await first.save_polls([result], moved_at)
    edited = [5, 3, 1]
    due = await first.stale_cards(values.NOON, [], edited, most=9)
    assert [card.link.link_id for card in due] == [4, 6, 5, 2, 3, 1]
    (left,) = await first.stale_cards(values.NOON, [4, 5, 6], edited, most=1)
    assert left.link.link_id == 2


# History


async def test_what_ended_long_ago_is_forgotten_with_all_that_hangs_on_it(
    stores: Stores, tmp_path: Path
) -> None:
    first, _ = stores
    await followed(first)
    await posted(first)
    await first.save_polls([PollResult(restore_task_id="s1", next_poll_at=None)], values.NOON)
    assert await first.prune(values.NOON, 10) == 0
    assert await first.prune(LATER, 10) == 1
    assert await first.request("n1") is None
    assert await first.following("s1") is None
    assert await first.due_tasks(values.NOON, values.NOON) == []


@pytest.mark.parametrize("left", ["a request", "a task", "a message", "a sweep"])
async def test_nothing_is_forgotten_while_something_is_left_to_do(stores: Stores, left: str) -> None:
    first, _ = stores
    request = await followed(first)
    if left != "a task":
        await first.save_polls([PollResult(restore_task_id="s1", next_poll_at=None)], values.NOON)
    (card,) = await first.claim(values.NOON)
    if left != "a message":
        await first.sent(card, "1.1", "digest", sweep_at=LATER if left == "a sweep" else None)
    if left == "a request":
        await first.save_request(request.evolve(state=RequestState.CREATED), values.NOON)
    assert await first.prune(LATER, 10) == 0


async def test_few_are_forgotten_at_a_time_the_longest_unchanged_first(stores: Stores) -> None:
    first, _ = stores
    for number in range(3):
        request = values.request(
            f"n{number}",
            spec=values.spec(task_name=f"task {number}"),
            created_at=values.NOON - timedelta(days=number),
            state=RequestState.REFUSED,
        )
        await first.add_request(request, wanted=lambda: True)
    for card in await first.claim(values.NOON):
        await first.sent(card, "1.1", "digest")
    assert await first.prune(LATER, 2) == 2
    assert [await first.request(f"n{number}") is None for number in range(3)] == [False, True, True]
