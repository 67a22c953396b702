"""When a restore can be started or given up, and what is said if it cannot."""

import pytest

from bot.restores.models import (
    Following,
    PrecheckItem,
    PrecheckReport,
    RequestState,
    RestoreTask,
)
from bot.restores.possible import Obstacle, cannot_give_up, cannot_start
from tests import values
from tests.values import NOON

PASSED = values.task("check_pass")
NOT_CHECKED = values.task("init")
REFUSED = NOT_CHECKED.evolve(
    precheck=PrecheckReport(status="failed", items=(PrecheckItem(name="A", state="failed"),))
)


def waiting(task: RestoreTask | None = PASSED, **changes: object) -> Following:
    """Asked for without a start."""
    request = values.request(start=False, state=RequestState.CREATED, restore_task_id="s1")
    return values.following(request.evolve(**changes), task)


def ordered(task: RestoreTask | None = PASSED) -> Following:
    return waiting(task, start=True, state=RequestState.STARTED)


def by_hand(task: RestoreTask) -> Following:
    return values.following(None, task)


@pytest.mark.parametrize(
    "following",
    [
        waiting(),
        waiting(NOT_CHECKED),
        by_hand(PASSED),
        by_hand(NOT_CHECKED),
        waiting(start=True, state=RequestState.START_REFUSED),
    ],
)
def test_what_waits_for_its_start_can_be_started(following: Following) -> None:
    assert cannot_start(following) is None


@pytest.mark.parametrize(
    ("following", "words"),
    [
        (waiting(None), "no task to start yet"),
        (waiting(values.task("").evolve(reported=False)), "has not said yet"),
        (waiting(REFUSED), "precheck failed"),
        (ordered(), "ordered already"),
        (waiting(start=True), "ordered already"),
        (ordered(values.task("running")), "started already"),
        (by_hand(values.task("pause")), "started already"),
        (by_hand(values.task("stop")), "cannot start it again"),
        (by_hand(values.task("finish")), "nothing to start"),
        (waiting().evolve(given_up_by="U9"), "was given up"),
        # Started elsewhere after it was given up: that counts.
        (waiting(values.task("running")).evolve(given_up_by="U9"), "started already"),
    ],
)
def test_what_cannot_be_started_says_why(following: Following, words: str) -> None:
    assert words in (cannot_start(following) or "")


@pytest.mark.parametrize(
    "following",
    [waiting(), waiting(REFUSED), ordered(REFUSED), by_hand(PASSED), ordered(values.task("stop"))],
)
def test_what_waits_for_somebody_can_be_given_up(following: Following) -> None:
    assert cannot_give_up(following) is None


@pytest.mark.parametrize(
    ("following", "words"),
    [
        (waiting(None), "no task yet"),
        (ordered(values.task("running")), "no call to stop"),
        (by_hand(values.task("pause")), "no call to stop"),
        (ordered(values.task("finish")), "succeeded"),
        (ordered(), "take that back"),
        (waiting().evolve(given_up_by="U9"), "given up already"),
    ],
)
def test_what_cannot_be_given_up_says_why(following: Following, words: str) -> None:
    assert words in (cannot_give_up(following) or "")


def test_what_failed_is_given_up_once() -> None:
    failed = waiting(values.task("stop"))
    assert cannot_give_up(failed) is None
    assert cannot_give_up(failed.evolve(given_up_by="U9", given_up_at=NOON)) is Obstacle.GIVEN_UP
