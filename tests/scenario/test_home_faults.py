"""App Home when Slack, the store or a restore is not as it should be."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.restores.models import Page, Which
from bot.slack.homes import AFTER_FAILURE, EVERY, OPEN_FOR, OpenHomes
from tests.scenario.delivering import Desk, delivering, every, healthy, once
from tests.scenario.homes import PUBLISH, alice_of, look, of, shown


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as desk:
        yield desk


@pytest.fixture
def homes(desk: Desk) -> OpenHomes:
    return of(desk.me)


async def test_slacks_wish_for_a_pause_counts_for_all_homes(desk: Desk, homes: OpenHomes) -> None:
    desk.client.fault = once(PUBLISH, "too many")
    look(homes, alice_of(desk))
    await homes.refresh()
    look(homes, desk.workspace.person("ben"))
    assert await homes.refresh() == desk.time + timedelta(seconds=30)
    assert desk.calls(PUBLISH) == 0
    desk.time += timedelta(seconds=30)
    await homes.refresh()
    assert desk.calls(PUBLISH) == 2


@pytest.mark.parametrize("reason", ["not_enabled", "user_not_found"])
async def test_a_home_that_is_no_more_is_forgotten_until_it_is_opened_again(
    desk: Desk, homes: OpenHomes, reason: str
) -> None:
    desk.client.fault = every(PUBLISH, reason)
    look(homes, alice_of(desk))
    await homes.refresh()
    assert await desk.store.open_homes(desk.time - OPEN_FOR) == []
    desk.client.fault = healthy
    look(homes, alice_of(desk))
    desk.time += EVERY
    await homes.refresh()
    assert shown(alice_of(desk))


@pytest.mark.parametrize("fault", ["internal_error", "answer lost", "never sent", "invalid_auth"])
async def test_a_home_that_was_not_published_is_tried_again_later(
    desk: Desk, homes: OpenHomes, fault: str
) -> None:
    desk.client.fault = once(PUBLISH, fault)
    look(homes, alice_of(desk))
    due_at = await homes.refresh()
    assert due_at == desk.time + AFTER_FAILURE
    desk.time += AFTER_FAILURE
    await homes.refresh()
    assert shown(alice_of(desk))
    desk.time += EVERY
    assert await homes.refresh() is None


async def test_one_home_that_fails_holds_up_no_other(desk: Desk, homes: OpenHomes) -> None:
    ben = desk.workspace.person("ben")
    desk.client.fault = lambda method, arguments: (
        "internal_error" if method == PUBLISH and arguments["user_id"] == ben.id else None
    )
    look(homes, ben)
    look(homes, alice_of(desk))
    await homes.refresh()
    assert shown(alice_of(desk))
    assert not shown(ben)


async def test_a_store_that_fails_forgets_nobody_who_looks(
    desk: Desk, homes: OpenHomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(homes, alice_of(desk))

    async def broken(*_: object, **__: object) -> None:
        raise StoreError("The database cannot be used.")

    monkeypatch.setattr(desk.store, "home_opened", broken)
    with pytest.raises(StoreError):
        await homes.refresh()
    monkeypatch.undo()
    await homes.refresh()
    assert shown(alice_of(desk))


async def test_promise_9_a_home_that_cannot_be_made_stops_nothing_else(
    desk: Desk, homes: OpenHomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_which: Which, _start: int, _most: int) -> Page:
        raise ValueError("a restore nobody can read")

    monkeypatch.setattr(desk.store, "page", broken)
    look(homes, alice_of(desk))
    assert await homes.refresh() == desk.time + AFTER_FAILURE
    assert desk.calls(PUBLISH) == 0


async def test_a_clock_that_goes_back_delays_nobody(desk: Desk, homes: OpenHomes) -> None:
    look(homes, alice_of(desk))
    await homes.refresh()
    desk.time -= timedelta(hours=2)
    await desk.request()
    await homes.refresh()
    assert "orders → rm-1" in shown(alice_of(desk))
