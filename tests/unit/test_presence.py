"""Workers that watch each other, without a look at each other's clocks."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import StoreError
from bot.restores.models import Outgoing, RequestState
from bot.restores.presence import BEAT, LEASE, Presence
from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore
from tests import values

QUARANTINE = timedelta(seconds=12)


class Worker:
    """A store and the presence of a process, whose clocks a test sets."""

    def __init__(self, connection: Connection) -> None:
        self.store = SqliteStore(connection)
        self.time = values.NOON
        self.seconds = 0.0
        self.heirlooms = 0
        self.presence = Presence(
            self.store,
            quarantine=QUARANTINE,
            took_over=self.inherit,
            now=lambda: self.time,
            monotonic=lambda: self.seconds,
        )

    def inherit(self) -> None:
        self.heirlooms += 1

    async def beat(self, times: int = 1, every: timedelta = BEAT) -> None:
        for _ in range(times):
            self.seconds += every.total_seconds()
            self.time += every
            await self.presence.watch()

    async def submit(self, nonce: str = "a" * 32) -> None:
        request = values.request(nonce, spec=values.spec(task_name=nonce))
        await self.store.add_request(request, wanted=lambda: True)


#: Beats until a silent worker is dead: the first shows its last beat, the lease counts from there.
LONG = int(LEASE / BEAT) + 1


@pytest.fixture
async def workers(tmp_path: Path) -> AsyncIterator[tuple[Worker, Worker, Worker]]:
    connections = [await Connection.open(tmp_path / "bot.db") for _ in range(3)]
    first, second, third = map(Worker, connections)
    yield first, second, third
    for connection in connections:
        await connection.close()


Workers = tuple[Worker, Worker, Worker]


async def test_who_beats_lives(workers: Workers) -> None:
    first, second, _ = workers
    for _ in range(LONG * 2):
        await first.beat()
        await second.beat()
    assert (first.heirlooms, second.heirlooms) == (0, 0)


async def test_who_does_not_beat_for_a_lease_is_dead_and_buried_once(workers: Workers) -> None:
    first, second, third = workers
    await first.beat()
    for _ in range(LONG - 1):
        await second.beat()
        await third.beat()
    assert second.heirlooms + third.heirlooms == 0
    with capture_logs() as logs:
        await second.beat()
        await third.beat()
    assert [each["event"] for each in logs] == ["a worker is dead, others go on with what it held"]


async def test_clocks_that_differ_make_nobody_dead_and_keep_nobody_alive(workers: Workers) -> None:
    first, second, _ = workers
    second.time += timedelta(hours=1)
    second.seconds = 1e6
    for _ in range(LONG):
        await first.beat()
        await second.beat()
    assert (first.heirlooms, second.heirlooms) == (0, 0)
    await second.beat(LONG)
    assert second.heirlooms == 1


async def test_who_was_frozen_itself_buries_nobody_for_it(workers: Workers) -> None:
    """Both slept, as when a machine is suspended: neither saw the other beat."""
    first, second, _ = workers
    await first.beat()
    await second.beat()
    await second.beat(every=timedelta(minutes=10))
    assert second.heirlooms == 0
    await first.beat()
    await second.beat(2)
    assert second.heirlooms == 0


async def test_a_beat_in_the_last_moment_is_seen(workers: Workers) -> None:
    first, second, _ = workers
    await first.beat()
    worker_id, beats = await second.store.beat()
    (other,) = beats
    await first.beat()
    assert not await second.store.bury(other, beats[other], values.NOON)
    assert other in (await second.store.beat())[1]
    assert worker_id != other


async def test_who_wakes_up_removed_is_another_worker_and_says_so(workers: Workers) -> None:
    first, second, _ = workers
    await first.beat()
    before, _ = await first.store.beat()
    await second.beat(LONG)
    with capture_logs() as logs:
        await first.beat()
    assert [each["event"] for each in logs] == ["taken for dead, going on as another worker"]
    assert (await first.store.beat())[0] != before


async def test_what_the_dead_held_goes_on_with_others(workers: Workers) -> None:
    first, second, _ = workers
    await first.submit()
    await first.beat()
    assert await second.store.open_requests() == []
    await second.beat(LONG)
    (request,) = await second.store.claim_requests(second.time)
    assert request.nonce == "a" * 32


async def test_a_message_the_dead_was_sending_is_in_doubt_by_the_clock_of_its_heir(workers: Workers) -> None:
    first, second, third = workers
    await first.submit()
    (mine,) = await first.store.claim(first.time)
    await first.beat()
    second.time += timedelta(hours=1)
    third.time += timedelta(hours=2)
    await second.beat(LONG)
    assert await second.store.claim(second.time) == []
    assert await third.store.claim(third.time) == [], "its clock says that the time is long over"
    (taken,) = await second.store.claim(second.time + QUARANTINE)
    assert (taken.event_id, taken.uncertain, taken.taken_over) == (mine.event_id, True, True)
    await holds_no_longer(first.store, mine)
    assert await second.store.sent(taken, "1.2", "digest")


async def holds_no_longer(store: SqliteStore, message: Outgoing) -> None:
    """Nothing that would conclude it is written."""
    assert not await store.sent(message, "1.1", "digest")
    assert not await store.defer(message, values.NOON)
    assert not await store.park(message, "refused")
    assert await store.fold(message, [message]) is None


async def test_a_request_is_not_saved_by_an_owner_that_lost_it(workers: Workers) -> None:
    first, second, _ = workers
    await first.submit()
    (mine,) = await first.store.claim_requests(first.time)
    await first.beat()
    await second.beat(LONG)
    assert not await first.store.save_request(mine.evolve(state=RequestState.REFUSED), first.time)
    (theirs,) = await second.store.claim_requests(second.time)
    assert theirs.state is RequestState.SUBMITTED
    assert await second.store.save_request(theirs.evolve(state=RequestState.REFUSED), second.time)


async def test_who_leaves_in_order_leaves_everything_at_once(workers: Workers) -> None:
    first, second, _ = workers
    await first.submit()
    (mine,) = await first.store.claim(first.time)
    await first.presence.aclose()
    assert len(await second.store.claim_requests(second.time)) == 1
    assert await second.store.claim(second.time) == [], "it may be on its way yet"
    (taken,) = await second.store.claim(second.time + QUARANTINE)
    assert (taken.event_id, taken.uncertain, taken.taken_over) == (mine.event_id, True, True)
    assert (await second.store.beat())[1] == {}


async def test_others_go_on_when_one_left(workers: Workers) -> None:
    first, second, _ = workers
    await first.beat()
    await second.beat()
    await first.presence.aclose()
    assert second.heirlooms == 0
    await second.beat()
    assert second.heirlooms == 1


async def test_a_store_that_fails_at_the_end_keeps_nobody_from_ending(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _, _ = workers

    async def locked(_: object) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(first.store, "leave", locked)
    with capture_logs() as logs:
        await first.presence.aclose()
    assert [each["error"] for each in logs] == ["locked"]
