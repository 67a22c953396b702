"""Each person's zone and language, as Slack knows them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.restores.models import CHINESE, ENGLISH
from bot.slack import zones as zones_module
from bot.slack.zones import KEPT_SECONDS, Zones
from tests.scenario.delivering import Desk, delivering, every, once

ALICE, BEN, MARA = "U0ALICECHEN", "U0BENOKORO1", "U0MARASILVA"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with delivering(tmp_path) as desk:
        yield desk


async def test_whoever_uses_slack_in_chinese_reads_chinese_and_all_others_english(desk: Desk) -> None:
    languages = [await Zones().language(desk.client, user_id) for user_id in (ALICE, BEN, MARA)]
    assert languages == [ENGLISH, CHINESE, ENGLISH]


async def test_zone_and_language_are_asked_for_together_once_an_hour(desk: Desk) -> None:
    time = 0.0
    zones = Zones(monotonic=lambda: time)
    for _ in range(2):
        assert await zones.of(desk.client, BEN) == "Europe/Berlin"
        assert await zones.language(desk.client, BEN) == CHINESE
        assert zones.known(BEN) == "Europe/Berlin"
    assert desk.calls("users.info") == 1
    time = KEPT_SECONDS
    assert zones.known(BEN) is None
    assert await zones.language(desk.client, BEN) == CHINESE
    assert desk.calls("users.info") == 2


@pytest.mark.parametrize("fault", ["internal_error", "user_not_found", "too many", "answer lost"])
async def test_a_person_slack_does_not_tell_of_reads_english_until_it_does(desk: Desk, fault: str) -> None:
    zones = Zones()
    desk.client.fault = once("users.info", fault)
    assert await zones.language(desk.client, BEN) == ENGLISH
    assert await zones.language(desk.client, BEN) == CHINESE
    desk.client.fault = every("users.info", fault)
    assert await zones.of(desk.client, BEN) == "Europe/Berlin"
    assert await zones.of(desk.client, ALICE) is None


async def test_nobody_waits_long_for_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zones_module, "ASKED_FOR_SECONDS", 0.05)
    desk.client.fault = every("users.info", "frozen")
    async with asyncio.timeout(2):
        assert await Zones().language(desk.client, BEN) == ENGLISH
