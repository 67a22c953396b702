"""How long a restore takes and whether it still moves, through the poller, the store and the local DBS."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.app import dbs_client
from bot.errors import StoreError
from bot.restores.models import Earlier, RestoreTask, Stage, Timeline
from bot.restores.timeline import stage_seconds
from bot.store.sqlite import SqliteStore
from tests.scenario.polling import INTERVAL, Round, polling
from tests.scenario.stage import Stage as Scene

MINUTE = timedelta(minutes=1)
SECONDS = {Stage.STRUCTURE_BEFORE: 30.0, Stage.FULL_DATA: 400.0, Stage.STRUCTURE_AFTER: 90.0}


@pytest.fixture
async def rounds(stage: Scene) -> AsyncIterator[Round]:
    """A task that runs, and was seen to."""
    async with dbs_client(stage.settings) as dbs, polling(stage, dbs) as made:
        await made.follow(1)
        await made.round()
        stage.clock.advance(90)
        await made.round()
        await made.told()
        yield made


async def seen(rounds: Round, number: int = 0) -> RestoreTask:
    following = await rounds.store.following(rounds.stage.dbs.tasks[number].task_id)
    assert following is not None
    assert following.task is not None
    return following.task


async def line(rounds: Round, number: int = 0) -> Timeline:
    made = (await seen(rounds, number)).timeline
    assert made is not None
    return made


async def works(rounds: Round, span: timedelta) -> None:
    """DBS and the bot both see that time pass."""
    for _ in range(int(span / INTERVAL)):
        rounds.stage.clock.advance(INTERVAL.total_seconds())
        await rounds.round()


async def test_a_stall_is_told_once_and_taken_back_when_it_moves(rounds: Round, stage: Scene) -> None:
    await rounds.play(14 * MINUTE)
    assert await rounds.told() == []
    await rounds.play(2 * MINUTE)
    assert await rounds.told() == ["stalled"]
    await rounds.play(60 * MINUTE)
    assert await rounds.told() == []
    stage.clock.advance(60)
    await rounds.play(MINUTE)
    assert (await rounds.told())[0] == "moving_again"
    assert not (await line(rounds)).stalled


async def test_a_plan_that_stands_still_for_an_hour_stalls_once_moves_again_and_finishes(
    stage: Scene,
) -> None:
    async with dbs_client(stage.settings) as dbs, polling(stage, dbs) as rounds:
        await rounds.follow(1, "tickets-prod")
        await works(rounds, 75 * MINUTE)
        told = await rounds.told()
        assert [kind for kind in told if kind in {"stalled", "moving_again"}] == ["stalled", "moving_again"]
        assert told[-1] == "finished"


async def test_promise_3_a_restart_forgets_neither_a_stall_nor_that_it_was_told(
    rounds: Round, stage: Scene
) -> None:
    await rounds.play(10 * MINUTE)
    rounds.poller = rounds.new_poller()
    await rounds.play(6 * MINUTE)
    assert await rounds.told() == ["stalled"]
    rounds.poller = rounds.new_poller()
    await rounds.play(30 * MINUTE)
    assert await rounds.told() == []
    rounds.poller = rounds.new_poller()
    stage.clock.advance(60)
    await rounds.play(MINUTE)
    assert "moving_again" in await rounds.told()


async def test_a_clock_that_jumps_tells_of_a_stall_once_at_most(rounds: Round) -> None:
    for hours in (5, -8, 20, -1):
        rounds.time += timedelta(hours=hours)
        await rounds.play(MINUTE)
    assert await rounds.told() == ["stalled"]


async def test_time_for_which_dbs_was_silent_is_no_stall(
    rounds: Round, stage: Scene, no_waiting: None
) -> None:
    async with dbs_client(stage.settings.model_copy(update={"dbs_endpoint": "http://127.0.0.1:9/"})) as dead:
        alive, rounds.poller = rounds.poller, rounds.new_poller(dead)
        await rounds.play(20 * MINUTE)
        rounds.poller = alive
    await rounds.play(10 * MINUTE)
    assert await rounds.told() == ["dbs_silent", "dbs_back"]


async def test_a_paused_restore_does_not_stall(stage: Scene) -> None:
    async with dbs_client(stage.settings) as dbs, polling(stage, dbs) as rounds:
        await rounds.follow(1, "sessions-prod")
        for _ in range(200):
            stage.clock.advance(15)
            await rounds.round()
            if (await seen(rounds)).status == "pause":
                break
        await rounds.play(60 * MINUTE)
        assert (await rounds.told())[-1] == "paused"
        assert (await line(rounds)).paused_at is not None


async def test_an_end_is_expected_once_there_is_enough_of_its_own_pace(rounds: Round) -> None:
    assert (await line(rounds)).ends is None
    await works(rounds, 4 * MINUTE)
    ends = (await line(rounds)).ends
    assert ends is not None
    # Five gigabytes take ten minutes there, and the clocks go alike.
    assert ends.begin - MINUTE <= rounds.time + 4 * MINUTE <= ends.end + MINUTE


async def test_an_expected_end_is_never_in_the_past(rounds: Round) -> None:
    await works(rounds, 4 * MINUTE)
    while not (await line(rounds)).stalled:
        ends = (await line(rounds)).ends
        assert ends is not None
        assert ends.end > rounds.time - INTERVAL
        await rounds.round()
    assert (await line(rounds)).ends is None


async def test_an_earlier_restore_of_the_plan_tells_when_the_next_one_ends(
    rounds: Round, stage: Scene
) -> None:
    await works(rounds, 12 * MINUTE)
    assert (await seen(rounds)).ended
    await rounds.follow(3)  # the first is the one that ended
    await rounds.round()
    stage.clock.advance(60)
    await rounds.round()
    for number in (1, 2):
        known = await line(rounds, number)
        assert len(known.earlier) == 1
        assert known.ends is not None


async def test_the_stages_of_a_restore_fit_what_dbs_says_the_whole_took(rounds: Round) -> None:
    await works(rounds, 12 * MINUTE)
    task = await seen(rounds)
    assert task.took == 10 * MINUTE
    seconds = stage_seconds(task)
    # The precheck takes a minute of the ten.
    assert sum(seconds.values()) == pytest.approx(540, abs=60)
    assert seconds[Stage.FULL_DATA] == pytest.approx(432, abs=60)


class Forgetful(SqliteStore):
    """Its earlier restores cannot be read."""

    async def earlier(self, account: str, backup_plan_id: str, most: int = 20) -> tuple[Earlier, ...]:
        raise StoreError("the disk is away")


async def test_promise_9_a_round_is_not_spoilt_when_earlier_restores_cannot_be_read(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqliteStore, "earlier", Forgetful.earlier)
    async with dbs_client(stage.settings) as dbs, polling(stage, dbs) as rounds:
        await rounds.follow(1)
        stage.clock.advance(90)
        await rounds.round()
        assert (await seen(rounds)).status == "running"
        assert (await line(rounds)).earlier == ()


async def test_earlier_restores_are_looked_up_once_for_all_tasks_of_a_plan(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def earlier(
        _: SqliteStore, account: str, backup_plan_id: str, most: int = 20
    ) -> tuple[Earlier, ...]:
        asked.append((account, backup_plan_id))
        return (Earlier(seconds=SECONDS),)

    monkeypatch.setattr(SqliteStore, "earlier", earlier)
    async with dbs_client(stage.settings) as dbs, polling(stage, dbs) as rounds:
        await rounds.follow(3)
        stage.clock.advance(90)
        for _ in range(3):
            await rounds.round()
        assert asked == [("default", stage.plan("orders-prod").plan_id)]
        assert (await line(rounds)).ends is not None
