"""What happened between two looks at a task."""

from datetime import timedelta

import pytest

from bot.restores.models import (
    Event,
    EventKind,
    PrecheckItem,
    PrecheckReport,
    RestoreStatus,
    RestoreTask,
    Stage,
)
from bot.restores.progress import diff
from tests import values
from tests.values import NOON


def task(status: str = "init", **changes: object) -> RestoreTask:
    return values.task(status, **changes)


def kinds(before: RestoreTask | None, after: RestoreTask) -> list[EventKind]:
    return [event.kind for event in diff(before, after)]


def report(status: str, *states: str) -> PrecheckReport:
    items = tuple(PrecheckItem(name=f"item {n}", state=state) for n, state in enumerate(states))
    return PrecheckReport(status=status, items=items)


@pytest.mark.parametrize(
    ("status", "finished", "state"),
    [
        ("init", False, RestoreStatus.INIT),
        ("check_pass", False, RestoreStatus.CHECK_PASS),
        ("running", False, RestoreStatus.RUNNING),
        ("RUNNING ", False, RestoreStatus.RUNNING),
        ("pause", False, RestoreStatus.PAUSE),
        ("stop", False, RestoreStatus.STOP),
        ("stop", True, RestoreStatus.STOP),
        ("running", True, RestoreStatus.SUCCEEDED),
        ("Finished", False, RestoreStatus.SUCCEEDED),
        ("completed", False, RestoreStatus.SUCCEEDED),
        ("hibernating", False, RestoreStatus.OTHER),
        ("succeeded", False, RestoreStatus.OTHER),
        ("other", False, RestoreStatus.OTHER),
        ("restored", True, RestoreStatus.SUCCEEDED),
        ("failed", True, RestoreStatus.OTHER),
        ("Cancelled", True, RestoreStatus.OTHER),
        ("init", True, RestoreStatus.INIT),
        ("pause", True, RestoreStatus.PAUSE),
    ],
)
def test_promise_6_a_status_means_only_what_the_pages_say(
    status: str, finished: bool, state: RestoreStatus
) -> None:
    assert task(status, finished_at=NOON if finished else None).state is state


def test_nothing_is_told_when_nothing_changed() -> None:
    for status in ("init", "check_pass", "running", "pause", "stop", "finish", "odd"):
        same = task(status, stages={Stage.FULL_DATA: 40})
        assert diff(same, same) == ()


def test_a_restore_is_told_step_by_step() -> None:
    steps = [
        task("init", precheck=report("running", "finish", "running")),
        task("check_pass", precheck=report("finish", "finish", "finish")),
        task("running", stages={Stage.STRUCTURE_BEFORE: 30, Stage.FULL_DATA: 0}),
        task("running", stages={Stage.STRUCTURE_BEFORE: 100, Stage.FULL_DATA: 26}),
        task("running", stages={Stage.STRUCTURE_BEFORE: 100, Stage.FULL_DATA: 80}),
        task("finish", stages={Stage.STRUCTURE_BEFORE: 100, Stage.FULL_DATA: 100}),
    ]
    told = [kinds(before, after) for before, after in zip([None, *steps], steps, strict=False)]
    assert told == [
        [],
        [EventKind.PRECHECK_PASSED],
        [EventKind.STARTED],
        [EventKind.STAGE_DONE, EventKind.DATA_PROGRESS],
        [EventKind.DATA_PROGRESS],
        [EventKind.STAGE_DONE, EventKind.FINISHED],
    ]


def test_of_several_quarters_passed_at_once_the_highest_is_told() -> None:
    before, after = (task("running", stages={Stage.PHYSICAL_FULL: percent}) for percent in (10, 80))
    assert diff(before, after) == (
        Event(kind=EventKind.DATA_PROGRESS, stage=Stage.PHYSICAL_FULL, percent=75),
    )


def test_quarters_of_other_stages_than_the_data_are_not_told() -> None:
    before, after = (task("running", stages={Stage.STRUCTURE_AFTER: percent}) for percent in (0, 80))
    assert diff(before, after) == ()


def test_everything_missed_while_nobody_looked_is_told_at_once_in_order() -> None:
    finished = task(
        "finish",
        stages={Stage.STRUCTURE_BEFORE: 100, Stage.FULL_DATA: 100},
        finished_at=NOON + timedelta(minutes=10),
        precheck=report("finish", "finish"),
    )
    events = diff(task("init"), finished)
    assert [event.kind for event in events] == [
        EventKind.PRECHECK_PASSED,
        EventKind.STARTED,
        EventKind.STAGE_DONE,
        EventKind.STAGE_DONE,
        EventKind.FINISHED,
    ]
    assert events[-1].seconds == 600


def test_a_failed_precheck_is_told_with_its_failed_items_alone() -> None:
    failed = task("init", precheck=report("failed", "finish", "failed", "warning"))
    (event,) = diff(task("init"), failed)
    assert event.kind is EventKind.PRECHECK_FAILED
    assert [item.name for item in event.items] == ["item 1"]
    assert diff(failed, failed) == ()


def test_promise_6_init_without_a_failed_precheck_is_not_called_failed() -> None:
    assert diff(None, task("init")) == ()
    assert not task("init").precheck_failed
    assert not task("running", precheck=report("failed", "failed")).precheck_failed


def test_a_precheck_that_fails_then_passes_is_told_both_times() -> None:
    failed = task("init", precheck=report("failed", "failed"))
    passed = task("check_pass", precheck=report("finish", "finish"))
    assert kinds(failed, passed) == [EventKind.PRECHECK_PASSED]


def test_a_silent_precheck_is_not_called_passed() -> None:
    assert kinds(task("init"), task("running")) == [EventKind.STARTED]


def test_pause_and_resume_are_told() -> None:
    assert kinds(task("running"), task("pause")) == [EventKind.PAUSED]
    assert kinds(task("pause"), task("running")) == [EventKind.RESUMED]


def test_a_failure_is_told_in_the_words_of_dbs() -> None:
    (event,) = diff(task("running"), task("stop", error_message="disk full"))
    assert (event.kind, event.text) == (EventKind.FAILED, "disk full")


def test_promise_6_an_unknown_status_is_told_as_it_is_written_and_once() -> None:
    (event,) = diff(task("running"), task("hibernating"))
    assert (event.kind, event.text) == (EventKind.OTHER_STATUS, "hibernating")
    assert diff(task("hibernating"), task("hibernating")) == ()
    assert [event.text for event in diff(task("hibernating"), task("dreaming"))] == ["dreaming"]


def test_a_task_dbs_no_longer_lists_is_unreported_never_failed() -> None:
    gone = task("running", reported=False)
    assert kinds(task("running"), gone) == [EventKind.UNREPORTED]
    assert kinds(gone, task("running")) == [EventKind.REPORTED_AGAIN]


def test_progress_that_falls_back_is_not_told() -> None:
    before, after = (task("running", stages={Stage.FULL_DATA: percent}) for percent in (60, 40))
    assert diff(before, after) == ()
