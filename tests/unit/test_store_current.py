"""Restores that a new one could collide with."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.restores.models import PollResult, RequestState
from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore
from tests import values

LATER = values.NOON + timedelta(hours=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    connection = await Connection.open(tmp_path / "bot.db")
    yield SqliteStore(connection)
    await connection.close()


async def asked(store: SqliteStore, letter: str, state: RequestState, task_id: str | None = None) -> None:
    request = values.request(letter * 32, spec=values.spec(task_name=letter))
    await store.add_request(request, wanted=lambda: True)
    await store.save_request(request.evolve(state=state, restore_task_id=task_id), values.NOON)


async def current(store: SqliteStore) -> list[str]:
    return [(each.link.nonce or "")[:1] for each in await store.current(LATER)]


async def test_what_has_not_ended_is_current_however_old(store: SqliteStore) -> None:
    await asked(store, "a", RequestState.SUBMITTED)
    await asked(store, "b", RequestState.CREATING)
    await asked(store, "c", RequestState.STARTED, "s1")
    await asked(store, "d", RequestState.REFUSED)
    assert await current(store) == ["a", "b", "c"]
    await store.save_polls([PollResult(restore_task_id="s1", next_poll_at=None)], values.NOON)
    assert await current(store) == ["a", "b"]


async def test_what_was_asked_for_a_moment_ago_is_current_although_it_ended(store: SqliteStore) -> None:
    await asked(store, "a", RequestState.REFUSED)
    assert await current(store) == []
    assert len(await store.current(values.NOON)) == 1


async def test_a_request_is_found_by_its_nonce(store: SqliteStore) -> None:
    await asked(store, "a", RequestState.CREATING)
    found = await store.request("a" * 32)
    assert found is not None
    assert found.state is RequestState.CREATING
    assert await store.request("b" * 32) is None


async def test_a_task_is_followed_in_the_account_of_its_plan(store: SqliteStore) -> None:
    request = values.request(restore_task_id="s1", spec=values.spec(account="eu"))
    await store.add_request(request, wanted=lambda: True)
    await store.save_request(request, values.NOON)
    (tracked,) = await store.due_tasks(values.NOON, LATER)
    assert tracked.account == "eu"
