"""DBS that does not answer: who is told, how often, and how rarely it is asked."""

from collections.abc import AsyncIterator, Collection
from datetime import timedelta

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.dbs import Credentials, DbsClient
from bot.errors import DbsRejected, DbsThrottled, DbsUnreachable
from bot.restores import poller as poller_module
from bot.restores.models import RestoreTask
from bot.store import sqlite as sqlite_module
from tests.scenario.polling import INTERVAL, Round, polling
from tests.scenario.stage import Stage

MINUTE = timedelta(minutes=1)


class Moody(DbsClient):
    """Counts the lists it is asked for, and answers when it is in the mood."""

    def __init__(self, endpoint: str | None) -> None:
        key = Credentials(access_key_id="sandbox", access_key_secret=SecretStr("sandbox-secret"))
        super().__init__(key, endpoint=endpoint)
        self.silent = False
        self.deaf_to: set[str] = set()
        self.refused: set[str] = set()
        self.retry_after: float | None = None
        self.asked = 0

    async def describe_restore_tasks(self, ids: Collection[str], *, region: str) -> dict[str, RestoreTask]:
        self.asked += 1
        if self.retry_after is not None:
            raise DbsThrottled("slowly", retry_after=self.retry_after)
        if self.silent or self.deaf_to & set(ids):
            raise DbsUnreachable("no answer in time")
        if self.refused & set(ids):
            raise DbsRejected("The account is in arrears.", code="Account.Arrears")
        return await super().describe_restore_tasks(ids, region=region)


@pytest.fixture
async def dbs(stage: Stage) -> AsyncIterator[Moody]:
    async with Moody(stage.settings.dbs_endpoint) as made:
        yield made


@pytest.fixture
async def rounds(stage: Stage, dbs: Moody) -> AsyncIterator[Round]:
    """Three tasks that run, and were seen once."""
    async with polling(stage, dbs) as made:
        await made.follow(3)
        stage.clock.advance(90)
        await made.round()
        await made.told()
        yield made


async def test_after_three_minutes_every_thread_is_told_once_and_once_when_dbs_is_back(
    rounds: Round, dbs: Moody
) -> None:
    dbs.silent = True
    await rounds.play(3 * MINUTE - INTERVAL)
    assert await rounds.told() == []
    await rounds.play(2 * INTERVAL)
    assert await rounds.told() == ["dbs_silent"] * 3
    await rounds.play(30 * MINUTE)
    assert await rounds.told() == []
    dbs.silent = False
    await rounds.play(6 * MINUTE)
    assert await rounds.told() == ["dbs_back"] * 3


async def test_a_short_silence_is_not_told(rounds: Round, dbs: Moody) -> None:
    dbs.silent = True
    await rounds.play(2 * MINUTE)
    dbs.silent = False
    await rounds.play(10 * MINUTE)
    assert await rounds.told() == []


async def test_a_restart_forgets_neither_that_silence_was_told_nor_that_its_end_was_not(
    rounds: Round, dbs: Moody
) -> None:
    dbs.silent = True
    await rounds.play(4 * MINUTE)
    assert await rounds.told() == ["dbs_silent"] * 3
    rounds.poller = rounds.new_poller()
    await rounds.play(20 * MINUTE)
    assert await rounds.told() == []
    rounds.poller = rounds.new_poller()
    dbs.silent = False
    await rounds.play(10 * MINUTE)
    assert await rounds.told() == ["dbs_back"] * 3


async def test_what_happened_during_the_silence_is_told_after_its_end(
    rounds: Round, dbs: Moody, stage: Stage
) -> None:
    dbs.silent = True
    await rounds.play(4 * MINUTE)
    await rounds.told()
    stage.clock.advance(3600)
    dbs.silent = False
    await rounds.play(6 * MINUTE)
    kinds = await rounds.told()
    assert kinds[:3] == ["dbs_back"] * 3
    assert kinds[-3:] == ["finished"] * 3


async def test_the_first_failure_and_the_recovery_are_logged_and_nothing_in_between(
    rounds: Round, dbs: Moody
) -> None:
    dbs.silent = True
    with capture_logs() as logs:
        await rounds.play(20 * MINUTE)
        dbs.silent = False
        await rounds.play(10 * MINUTE)
    noticed = [entry for entry in logs if entry["log_level"] != "debug"]
    assert [entry["event"] for entry in noticed] == ["tasks wait for dbs", "dbs answers again"]
    assert {entry["region"] for entry in noticed} == {"cn-hangzhou"}


async def test_a_silent_place_is_asked_once_however_many_tasks_are_due(
    rounds: Round, dbs: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_module, "TASKS_A_ROUND", 1)
    dbs.silent, dbs.asked = True, 0
    for _ in range(3):
        await rounds.poller.round()
    assert dbs.asked == 1
    await rounds.play(20 * MINUTE)
    assert dbs.asked < 10
    assert await rounds.told() == ["dbs_silent"] * 3


async def test_promise_9_a_list_that_is_not_answered_does_not_hold_up_the_others(
    rounds: Round, dbs: Moody, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller_module, "TASKS_A_CALL", 1)
    dbs.deaf_to = {stage.dbs.tasks[1].task_id}
    stage.clock.advance(3600)
    await rounds.play(10 * MINUTE)
    finished = [await rounds.store.following(task.task_id) for task in stage.dbs.tasks]
    assert [each.task.ended for each in finished if each and each.task] == [True, False, True]


async def test_dbs_is_not_asked_before_the_time_it_names(rounds: Round, dbs: Moody) -> None:
    dbs.retry_after = 150
    due_at = await rounds.poller.round()
    assert due_at is not None
    assert due_at - rounds.time >= timedelta(seconds=150 * 0.9)


async def test_a_clock_that_is_set_back_does_not_prolong_the_silence(rounds: Round, dbs: Moody) -> None:
    dbs.silent = True
    await rounds.play(10 * MINUTE)
    dbs.silent = False
    rounds.time -= timedelta(hours=3)
    await rounds.play(MINUTE)
    assert (await rounds.told())[-3:] == ["dbs_back"] * 3


async def test_promise_6_and_10_who_is_refused_every_task_hears_of_no_task_that_is_gone_and_asks_rarely(
    rounds: Round, dbs: Moody
) -> None:
    dbs.refused = {task.task_id for task in rounds.stage.dbs.tasks}
    dbs.asked = 0
    await rounds.play(10 * MINUTE)
    assert await rounds.told() == ["dbs_silent"] * 3
    assert dbs.asked <= 10 * (2 * len(dbs.refused) - 1), "some ten times, not forty"
    dbs.refused = set()
    await rounds.play(6 * MINUTE)
    assert (await rounds.told())[:3] == ["dbs_back"] * 3


async def test_promise_9_one_task_that_is_refused_hides_no_other(rounds: Round, dbs: Moody) -> None:
    bad, *others = [task.task_id for task in rounds.stage.dbs.tasks]
    dbs.refused = {bad}
    rounds.stage.clock.advance(3600)
    await rounds.play(MINUTE)
    assert (await rounds.told()).count("finished") == len(others)
