"""Why a restore failed, in the languages DBS explains it in."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.dbs import Credentials, DbsClient
from bot.errors import DbsUnreachable
from bot.restores import poller
from bot.restores.models import JobError
from bot.restores.poller import JOB_ERRORS_A_ROUND
from tests.scenario.polling import Round, polling
from tests.scenario.stage import Stage


class Explaining(DbsClient):
    """DBS as it answers; why something failed it tells as a test has it."""

    def __init__(self, endpoint: str | None) -> None:
        key = Credentials(access_key_id="sandbox", access_key_secret=SecretStr("sandbox-secret"))
        super().__init__(key, endpoint=endpoint)
        self.manner = "tells"
        self.asked: list[tuple[str, str]] = []

    async def describe_job_error(self, task_id: str, *, region: str, language: str = "en") -> JobError | None:
        self.asked.append((task_id, language))
        match self.manner:
            case "hangs":
                await asyncio.Event().wait()
            case "fails":
                raise DbsUnreachable
            case "knows of none":
                return None
            case "fails in Chinese" if language == "cn":
                raise DbsUnreachable
        return await super().describe_job_error(task_id, region=region, language=language)


@pytest.fixture
async def dbs(stage: Stage) -> AsyncIterator[Explaining]:
    async with Explaining(stage.settings.dbs_endpoint) as made:
        yield made


@pytest.fixture
async def rounds(stage: Stage, dbs: Explaining) -> AsyncIterator[Round]:
    async with polling(stage, dbs) as made:
        yield made


async def fails(rounds: Round, count: int = 1) -> None:
    """So many restores run, and the next look finds that they stopped."""
    await rounds.follow(count, "billing-prod")
    rounds.stage.clock.advance(90)
    await rounds.round()
    await rounds.told()
    rounds.stage.clock.advance(3600)


async def reasons(rounds: Round, number: int = 0) -> dict[str, JobError]:
    following = await rounds.store.following(rounds.stage.dbs.tasks[number].task_id)
    assert following is not None
    assert following.task is not None
    return following.task.job_errors


async def test_a_failure_is_explained_in_both_languages(rounds: Round, dbs: Explaining) -> None:
    await fails(rounds)
    await rounds.round()
    assert (await rounds.told())[-1] == "failed"
    why = await reasons(rounds)
    assert {error.code for error in why.values()} == {"DBS.Restore.DestinationDiskFull"}
    assert "storage" in why["en"].message
    assert "存储空间" in why["cn"].message
    assert len(dbs.asked) == 2


async def test_a_task_that_has_failed_when_it_is_first_seen_is_explained_too(
    rounds: Round, stage: Stage
) -> None:
    await rounds.follow(1, "billing-prod")
    stage.clock.advance(3600)
    await rounds.round()
    assert (await reasons(rounds)).keys() == {"en", "cn"}


@pytest.mark.parametrize("manner", ["fails", "knows of none", "hangs"])
async def test_promise_4_a_failure_is_told_when_dbs_does_not_say_why(
    rounds: Round, dbs: Explaining, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "JOB_ERRORS_WITHIN", timedelta(seconds=0.01))
    dbs.manner = manner
    await fails(rounds)
    await rounds.round()
    assert (await rounds.told())[-1] == "failed"
    assert await reasons(rounds) == {}


async def test_one_language_is_better_than_none(rounds: Round, dbs: Explaining) -> None:
    dbs.manner = "fails in Chinese"
    await fails(rounds)
    await rounds.round()
    assert (await reasons(rounds)).keys() == {"en"}


async def test_a_round_asks_why_for_ten_tasks_at_most_and_tells_all(rounds: Round, dbs: Explaining) -> None:
    await fails(rounds, JOB_ERRORS_A_ROUND + 2)
    await rounds.round()
    assert (await rounds.told()).count("failed") == JOB_ERRORS_A_ROUND + 2
    assert len({task_id for task_id, _ in dbs.asked}) == JOB_ERRORS_A_ROUND


async def test_a_restore_that_does_not_fail_is_not_asked_about(
    rounds: Round, dbs: Explaining, stage: Stage
) -> None:
    await rounds.follow(1)
    stage.clock.advance(3600)
    await rounds.round()
    assert "finished" in await rounds.told()
    assert dbs.asked == []
