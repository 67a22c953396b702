"""What happens in the moment a request is saved: others at the same time, and a database that is slow."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pydantic import SecretStr

from bot.restores.dangers import DangerKind
from bot.restores.models import RestoreDraft
from bot.store.connection import database_path
from tests.scenario.desk import PASSWORD, Desk
from tests.scenario.stage import Stage


def draft(desk: Desk, nonce: str) -> RestoreDraft:
    return desk.draft(nonce * 32).evolve(password=SecretStr(PASSWORD.get_secret_value()))


@contextmanager
def locked(desk: Desk) -> Iterator[None]:
    """Nobody else can write into the database."""
    other = sqlite3.connect(database_path(desk.stage.settings.database_url))
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.rollback()
    other.close()


async def test_of_two_restores_submitted_at_once_the_second_is_told_of_the_first(desk: Desk) -> None:
    first, second = draft(desk, "a"), draft(desk, "b")
    shown = [await desk.service.dangers(each) for each in (first, second)]
    assert [[danger.kind for danger in each] for each in shown] == [[DangerKind.SAME_NAME]] * 2
    told = await asyncio.gather(desk.service.submit(first, shown[0]), desk.service.submit(second, shown[1]))
    (unseen,) = filter(None, told)
    assert [danger.kind for danger in unseen] == [
        DangerKind.SAME_NAME,
        DangerKind.BUSY_TARGET,
        DangerKind.REPEATED,
    ]
    assert len(await desk.open_states()) == 1
    assert await desk.passwords.get(second.nonce if told[1] else first.nonce) is None
    late = second if told[1] else first
    assert await desk.service.submit(late, unseen) == ()
    assert len(await desk.open_states()) == 2


async def test_the_same_form_again_is_not_told_of_itself(desk: Desk) -> None:
    wanted = draft(desk, "a")
    shown = await desk.service.dangers(wanted)
    assert await desk.service.submit(wanted, shown) == ()
    assert await desk.service.submit(wanted, shown) == ()
    assert len(await desk.open_states()) == 1


async def test_a_submission_that_comes_too_late_leaves_the_password_of_an_earlier_one(desk: Desk) -> None:
    await desk.service.submit(draft(desk, "a"))
    with locked(desk), pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await desk.service.submit(draft(desk, "a"))
    assert await desk.passwords.get("a" * 32) == PASSWORD
    await desk.settle()
    assert await desk.kinds() == ["card", "created"]


async def test_a_submission_that_comes_too_late_leaves_no_password_of_its_own(desk: Desk) -> None:
    with locked(desk), pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await desk.service.submit(draft(desk, "a"))
    assert await desk.passwords.get("a" * 32) is None


async def test_of_two_forms_submitted_at_once_one_is_shown_what_is_dangerous(stage: Stage) -> None:
    async with stage.bot():
        people, answers = (stage.alice, stage.ben), []
        typed = {}
        for person in people:
            stage.alice = person
            await stage.open_form("orders-prod")
            await stage.to_step("check")
            typed[person] = {stage.block("password"): "x", stage.block("confirm"): "rm-bp1target0001"}
        answers = await asyncio.gather(*(person.submit(typed[person]) for person in people))
        assert answers == [{}, {}]
        (stage.alice,) = (person for person in people if person.view)
        assert "have not seen yet" in stage.shown()
        assert "The same restore was asked for a moment ago" in stage.shown()
        await stage.until_told("created the task")
    assert len(stage.dbs.tasks) == 1
