"""The fault matrix where a person asks for a restore: the whole bot, the form, and the way from Slack."""

from collections.abc import AsyncIterator

import pytest

from bot.app import UNKNOWN_TO_SLACK
from tests.scenario.asking import (
    sentences,
    served_by_an_impatient_bot,
    to_the_task,
    until_seen,
    until_struck,
)
from tests.scenario.fault_matrix import ANY_FAULT, FORM, SLACK, Row
from tests.scenario.stage import CHANNEL, Stage

any_fault = pytest.mark.parametrize("kind", ANY_FAULT)


@pytest.fixture
async def served(stage: Stage, no_waiting: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    async with served_by_an_impatient_bot(stage, monkeypatch):
        yield stage


# Slack fails where the form opens


@pytest.mark.parametrize("row", SLACK, ids=str)
async def test_opening_the_form(served: Stage, row: Row) -> None:
    served.workspace.faults.add(row.name, "views.open", **row.order)
    await served.alice.say(CHANNEL, "/restore")
    await until_seen(served, *row.creation.during)
    served.workspace.faults.clear()
    if row.creation.after:
        await served.alice.say(CHANNEL, "/restore")
        await until_seen(served, *row.creation.after, *row.creation.during)
    await served.choose_plan("orders-prod")
    await to_the_task(served)


@any_fault
@pytest.mark.parametrize("call", ["conversations.info", "conversations.join", "users.info"])
async def test_what_fails_on_the_way_into_the_form_leaves_one_that_works(
    served: Stage, call: str, kind: str
) -> None:
    if call == "conversations.join":
        served.workspace.remove_bot(CHANNEL)
    served.workspace.faults.add(kind, call)
    await served.alice.say(CHANNEL, "/restore")
    await until_struck(served)
    await until_seen(served, FORM)
    served.workspace.add_bot(CHANNEL)
    await served.choose_plan("orders-prod")
    await to_the_task(served)
    assert sentences(served) == []


@any_fault
async def test_a_form_that_could_not_be_brought_up_to_date_is_when_it_is_submitted(
    served: Stage, kind: str
) -> None:
    await served.open_form("orders-prod")
    served.workspace.faults.add(kind, "views.update")
    block = served.block("choice")
    await served.alice.choose(block, "choice", "time")
    await until_struck(served)
    before = served.alice.views
    if await served.alice.submit({}):
        await served.until_changed(before)
        await served.until_block("time")
    await to_the_task(served)


@any_fault
async def test_an_answer_to_the_person_alone_comes_when_it_is_asked_for_again(
    served: Stage, kind: str
) -> None:
    served.workspace.faults.add(kind, "response_url")
    await served.alice.say(CHANNEL, "/restore plans orders-prod")
    await until_struck(served)
    before = len(sentences(served))
    await served.alice.say(CHANNEL, "/restore plans orders-prod")
    await served.workspace.until(lambda: len(sentences(served)) > before)
    assert "orders-prod" in sentences(served)[-1]


@pytest.mark.parametrize("kind", ["status", "throttle", "cut_json", "error"])
async def test_a_bot_slack_does_not_answer_claims_nothing_of_its_installation(
    served: Stage, kind: str
) -> None:
    """The row of auth.test, which the first thing a person does needs once."""
    served.workspace.faults.add(kind, "auth.test")
    await served.alice.say(CHANNEL, "/restore")
    await until_struck(served)
    assert sentences(served) == [UNKNOWN_TO_SLACK]
    await served.open_form("orders-prod")
    await to_the_task(served)


# DBS fails while the form is filled in


@any_fault
async def test_plans_that_cannot_be_listed_are_said_and_asked_for_again(served: Stage, kind: str) -> None:
    served.dbs.faults.add(kind, "DescribeBackupPlanList")
    await served.alice.say(CHANNEL, "/restore orders-prod")
    await served.until_shown("The backup plans cannot be listed")
    (silent,) = await served.alice.options(served.block("plan"), "plan", "orders-prod")
    assert silent["value"] == "unavailable"
    served.dbs.faults.clear()
    await served.press("again")
    await served.until_block("choice")
    await to_the_task(served)


@any_fault
async def test_times_that_are_not_known_are_said_and_asked_for_again(served: Stage, kind: str) -> None:
    served.dbs.faults.add(kind, "DescribeRestoreRangeInfo")
    await served.open_form("orders-prod")
    await served.until_shown("Which times can be restored is not known")
    served.dbs.faults.clear()
    await served.press("again")
    await served.until_shown("Restorable to any time from")
    await to_the_task(served)


@any_fault
async def test_a_list_without_an_answer_says_so_and_is_asked_again(served: Stage, kind: str) -> None:
    """The rows of backup sets, regions and gateways."""
    await served.open_form("orders-prod")
    await served.put("choice", "backup_set")
    await assert_said_and_asked_again(served, kind, "DescribeFullBackupList", "backup_set_id")
    await served.put("choice", "latest")
    await served.to_step("where")
    await assert_said_and_asked_again(served, kind, "DescribeRegions", "region")
    await served.put("location", "Agent")
    await assert_said_and_asked_again(served, kind, "DescribeBackupGatewayList", "backup_gateway_id")


async def assert_said_and_asked_again(stage: Stage, kind: str, call: str, name: str) -> None:
    stage.dbs.faults.add(kind, call)
    (silent,) = await stage.alice.options(stage.block(name), name, "")
    assert silent["value"] == "unavailable"
    stage.dbs.faults.clear()
    assert {"unavailable"} != {
        each["value"] for each in await stage.alice.options(stage.block(name), name, "")
    }
