"""What is dangerous is said, confirmed and never done twice; what is restored is shown before it is sent."""

import asyncio
from typing import Any

from tests.cards import cards
from tests.scenario.stage import CHANNEL, Stage


def creations(stage: Stage) -> int:
    return sum(request.name == "CreateRestoreTask" for request in stage.dbs.journal)


async def type_in(stage: Stage, **values: Any) -> None:
    """Fill in fields without submitting."""
    for name, value in values.items():
        await stage.put(name, value)


# Dangers


async def test_databases_under_new_names_need_no_confirmation(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        assert "Type rm-bp1target0001 to go on" in stage.shown()
        await stage.put("objects", ["orders"])
        await stage.put("new_name", "orders_copy")
        assert "so no more" in stage.shown()
        assert "confirm" not in stage.inputs()
        assert await stage.next(password="x") == {}
        await stage.until_told("created the task")


async def test_databases_under_their_own_names_have_to_be_confirmed(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        assert (await stage.next(password="x")).keys() == {"confirm"}
        assert creations(stage) == 0


async def test_a_danger_that_came_up_after_the_form_was_shown_is_shown_before_anything_is_done(
    stage: Stage,
) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        form, stage.alice = stage.alice, stage.ben
        await stage.restore("billing-prod")
        await stage.until_told("created the task")
        stage.alice = form
        assert await stage.next(password="correct horse", confirm="rm-bp1target0001") == {}
        assert "have not seen yet" in stage.shown()
        assert "Another restore goes to this target" in stage.shown()
        assert stage.ben.id in stage.shown()
        assert (stage.value("password"), stage.value("confirm")) == ("correct horse", None)
        assert creations(stage) == 1
        assert await stage.submit() == {}
        await stage.dbs.until(lambda: creations(stage) == 2)


async def test_the_same_restore_twice_within_minutes_is_asked_about_once_more(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        assert "The same restore was asked for a moment ago" in stage.shown()
        assert stage.alice.id in stage.shown()


async def test_promise_1_a_form_submitted_twice_at_once_is_one_request(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        typed = {stage.block("password"): "x", stage.block("confirm"): "rm-bp1target0001"}
        await asyncio.gather(stage.alice.submit(typed), stage.alice.submit(typed), return_exceptions=True)
        await stage.until_told("created the task")
    assert len(stage.dbs.tasks) == 1
    assert len(cards(stage.workspace.messages(CHANNEL))) == 1


# Databases


async def test_schemas_are_written_as_json(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("ledger")
        await stage.to_step("check", database_name="ledger")
        await stage.press("switch_objects")
        assert stage.value("objects_text") == '[{"DBName":"ledger"}]'
        typed = {"password": "x", **stage.confirmed()}
        assert "JSON" in (await stage.next(objects_text="[{]", **typed))["objects_text"]
        assert "nowhere" in (await stage.next(objects_text="nowhere"))["objects_text"]
        await stage.press("look_again")
        assert "Not in this plan: “nowhere”" in stage.shown()
        written = '[{"DBName":"ledger","SchemaName":"audit","NewSchemaName":"audit_copy"}]'
        assert await stage.submit(objects_text=written) == {}
        await stage.until_told("created the task")
    assert stage.dbs.tasks[0].parameters["RestoreObjects"] == written


async def test_the_summary_shows_what_is_sent_and_never_the_password(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        await stage.put("objects", ["orders"])
        await type_in(stage, new_name="copy", password="canary")
        await stage.press("look_again")
        shown = stage.shown()
        assert "`orders` → `copy`" in shown
        assert "DestinationEndpointInstanceID = rm-bp1target0001" in shown
        assert "/restore plan=" in shown
        assert "canary" not in shown
        assert stage.value("password") == "canary"
