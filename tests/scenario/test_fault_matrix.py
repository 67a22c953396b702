"""Every fault of the control API by creation, polling and delivery: the table is in `fault_matrix`.

Here DBS fails. The restore of a trial is created and started at once; the fault is ordered over HTTP, lasts,
and is cleared.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import Sandbox
from tests.scenario.fault_matrix import (
    ANY_FAULT,
    BEGUN,
    BY_HAND,
    DBS,
    DBS_CALLS,
    ELSEWHERE,
    ENDED,
    ENVELOPES,
    HALF,
    NEVER_ASKED,
    NEVER_CALLED,
    SLACK,
    SLACK_CALLS,
    WRITE_OF_DBS,
    WRITES_OF_SLACK,
    Row,
)
from tests.scenario.fault_matrix_table import markdown
from tests.scenario.stage import Stage
from tests.scenario.trial import TO_END, TO_HALF, TO_RUN, Control, Trial, begin, trial

README = Path(__file__).parents[2] / "README.md"

any_fault = pytest.mark.parametrize("kind", ANY_FAULT)
each_of_dbs = pytest.mark.parametrize("row", DBS, ids=str)


@pytest.fixture
async def tried(stage: Stage, no_waiting: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Trial]:
    async with trial(stage, monkeypatch) as made:
        yield made
    assert not {call.name for call in stage.dbs.journal} & NEVER_ASKED
    assert not {call.name for call in stage.workspace.journal} & NEVER_CALLED


# The table


async def test_every_kind_of_fault_has_its_row(stage: Stage) -> None:
    async with Control(stage) as control:
        dbs, slack = await control.listed("dbs"), await control.listed("slack")
    assert {each["kind"] for each in dbs["kinds"]} == {row.name for row in DBS}
    assert {each["kind"] for each in slack["kinds"]} == {row.name for row in SLACK} | ENVELOPES.keys()


async def test_every_call_that_can_be_struck_has_its_row(stage: Stage) -> None:
    async with Control(stage) as control:
        dbs, slack = await control.listed("dbs"), await control.listed("slack")
    asked, called = {row.name for row in DBS_CALLS}, {row.name for row in SLACK_CALLS}
    assert set(dbs["targets"]) == {"*", WRITE_OF_DBS} | asked | NEVER_ASKED
    assert set(slack["targets"]) == {"*"} | WRITES_OF_SLACK | called | NEVER_CALLED
    for kind in slack["kinds"]:
        rows = ENVELOPES.get(kind["kind"], ())
        assert set(kind.get("targets", ())) == {row.name for row in rows}, kind


def test_whatever_can_be_done_by_hand_has_its_row() -> None:
    routes = Sandbox().workspace.app().router.routes()
    addresses = {route.resource.canonical for route in routes if route.resource}
    controls = {each.removesuffix("/{fault}") for each in addresses if each.startswith("/control/")}
    by_hand = {f"/control/slack/{row.name}" for row in BY_HAND.values()}
    assert controls == {"/control/dbs/faults", "/control/slack/faults"} | by_hand | ELSEWHERE


def test_the_readme_shows_the_matrix_as_it_is() -> None:
    shown = re.search(r"<!-- faults -->\n(.*?)\n<!-- /faults -->", README.read_text(), re.DOTALL)
    assert shown, "the README has no <!-- faults --> … <!-- /faults -->"
    assert shown[1].strip() == markdown()


# Creation


@each_of_dbs
async def test_creation_while_its_call_fails(tried: Trial, row: Row) -> None:
    targets = (await tried.listed("dbs"))["kinds"]
    aimed = next(each.get("targets", [WRITE_OF_DBS]) for each in targets if each["kind"] == row.name)
    target = WRITE_OF_DBS if WRITE_OF_DBS in aimed else "*"
    await tried.order("dbs", kind=row.name, target=target, **row.order)
    await tried.submit()
    await tried.create()
    await tried.deliver()
    assert tried.told() == row.creation.during
    await tried.clear()
    sent = tried.creations()
    await tried.create(times=3)
    await tried.deliver()
    assert tried.told() == row.creation.during + row.creation.after
    assert tried.creations() - sent == row.creation.sent
    assert len(tried.tokens()) == 1
    refused = "refused" in tried.told()
    assert [task.started_ms is not None for task in tried.stage.dbs.tasks] == ([] if refused else [True])
    assert not refused or "clock" in tried.card.lower()


@pytest.mark.parametrize("row", [row for row in DBS if row.creation.after], ids=str)
async def test_starting_is_handled_like_creating_but_nobody_needs_to_hear_of_it(
    tried: Trial, row: Row
) -> None:
    """The row of StartRestoreTask."""
    await tried.order("dbs", kind=row.name, target="StartRestoreTask", **row.order)
    await tried.submit()
    await tried.create()
    await tried.clear()
    await tried.create(times=3)
    await tried.deliver()
    assert tried.told() == ("created",)
    (task,) = tried.stage.dbs.tasks
    assert task.started_ms is not None
    assert len(tried.tokens("StartRestoreTask")) == 1


@pytest.mark.parametrize("kind", [*ANY_FAULT, "missing_task_id", "foreign_task_id", "null_field"])
async def test_a_look_up_that_fails_decides_nothing(tried: Trial, kind: str) -> None:
    """The task was made, the answer is lost, and so is that of the question whether it was made."""
    await tried.order("dbs", kind="close_after", target=WRITE_OF_DBS, times=2)
    await tried.order("dbs", kind=kind, target="DescribeRestoreTaskList")
    await tried.submit()
    await tried.create(times=2)
    await tried.deliver()
    assert tried.told()[0] == "unsettled"
    await tried.clear()
    await tried.create(times=3)
    await tried.deliver()
    assert tried.told() == ("unsettled", "created")
    assert (len(tried.stage.dbs.tasks), len(tried.tokens())) == (1, 1)


# Polling


@each_of_dbs
async def test_polling_while_its_call_fails(tried: Trial, row: Row) -> None:
    """For four minutes, or from the creation on."""
    always = row.strikes == "always"
    if always:
        await tried.order("dbs", kind=row.name, **row.order)
    begun = await begin(tried)
    assert begun == tuple(kind for kind in BEGUN if row.name != "precheck_silent" or kind != "prechecked")
    if not always:
        await tried.order("dbs", kind=row.name, **row.order)
    await tried.poll(TO_END if row.strikes == "end" else TO_HALF)
    await tried.poll(times=4)
    await tried.deliver()
    assert tried.told() == begun + row.polling.during
    await tried.clear()
    await tried.poll(times=5)
    await tried.deliver()
    assert tried.told() == begun + row.polling.during + row.polling.after
    await tried.poll(TO_END)
    await tried.deliver()
    ended = () if row.strikes == "end" else ENDED
    assert tried.told() == begun + row.polling.during + row.polling.after + ended
    assert "*Finished*" in tried.card
    assert not tried.posted_twice()


@any_fault
async def test_a_precheck_that_cannot_be_asked_about_holds_up_nothing(tried: Trial, kind: str) -> None:
    await tried.order("dbs", kind=kind, target="DescribePreCheckProgressList")
    assert await begin(tried) == ("created", "started")
    await tried.poll(TO_HALF)
    await tried.clear()
    await tried.poll(TO_END)
    await tried.deliver()
    assert tried.told() == ("created", "started", *HALF, *ENDED)


@pytest.mark.parametrize(
    "field", ["Items", "RestoreStatus", "RestoreTaskName", "FullDataRestoreProgress", "RestoreTaskCreateTime"]
)
async def test_a_field_without_a_value_claims_nothing_and_the_end_is_told(tried: Trial, field: str) -> None:
    """The row of `null_field`, for other fields than the task's id."""
    begun = await begin(tried)
    await tried.order("dbs", kind="null_field", target="DescribeRestoreTaskList", field=field)
    await tried.poll(TO_HALF)
    await tried.deliver()
    meanwhile = tried.told()
    assert not {"finished", "other status"} & set(meanwhile)
    await tried.clear()
    await tried.poll(TO_END)
    await tried.deliver()
    told = tried.told()
    assert told[: len(begun)] == begun
    assert told[-1] == "finished"
    assert len(told) == len(set(told))


async def test_an_order_to_start_that_is_refused_is_repeated_while_nobody_knows_how_the_task_is(
    tried: Trial,
) -> None:
    """The row of `null_field`, for the look whether it runs already."""
    await tried.order("dbs", kind="error", target="StartRestoreTask", code="Param.NotFound")
    await tried.order("dbs", kind="null_field", target="DescribeRestoreTaskList", field="RestoreStatus")
    await tried.submit()
    await tried.create(times=2)
    await tried.clear()
    await tried.create(times=3)
    (task,) = tried.stage.dbs.tasks
    assert task.started_ms is not None


async def test_delivery_asks_dbs_nothing_whatever_is_wrong_there(tried: Trial) -> None:
    """The cells of delivery in the rows of DBS."""
    await tried.submit()
    await tried.create()
    await tried.poll(TO_RUN)
    for row in DBS:
        await tried.order("dbs", kind=row.name, **row.order)
    asked = len(tried.stage.dbs.journal)
    await tried.deliver()
    assert tried.told() == BEGUN
    assert len(tried.stage.dbs.journal) == asked
