"""The form when something is late, refused, gone or never there."""

from dataclasses import replace

from bot.slack.forms.state import FormState
from tests.scenario.stage import CHANNEL, PATIENCE, Stage


def state(stage: Stage) -> FormState:
    assert stage.alice.view is not None
    return FormState.of(stage.alice.view)


def updates(stage: Stage, error: str | None = None) -> list[str]:
    """The views that were updated, or not for this reason."""
    return [
        str(each.arguments["view_id"])
        for each in stage.workspace.journal
        if each.name == "views.update" and each.status is not None and each.error == error
    ]


# Late


async def test_a_choice_that_slack_takes_late_does_not_undo_what_was_done_below_meanwhile(
    stage: Stage,
) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        late = stage.workspace.faults.add("delay", "views.update", seconds=1.0, times=1)
        block = stage.block("duplicate_conflict")
        await stage.alice.choose(block, "duplicate_conflict", "renamenew")
        await stage.workspace.until(lambda: late.hits, within=PATIENCE)
        await stage.alice.close()
        await stage.workspace.until(lambda: "where" in stage.title)
        await stage.press("same_as_source")
        source = stage.value("instance_id")
        assert source == stage.plan("orders-prod").source.instance_id
        await stage.workspace.until(lambda: updates(stage, "not_found"), within=PATIENCE)
        await stage.put("location", "RDS")
        assert (stage.value("instance_id"), state(stage).wish.instance_id) == (source, source)


async def test_of_two_quick_choices_in_step_two_the_last_is_shown(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("where")
        before = len(updates(stage))
        stage.workspace.faults.add("delay", "views.update", seconds=0.5, times=1)
        await stage.alice.choose(stage.block("location"), "location", "Other")
        await stage.alice.choose(stage.block("location"), "location", "ECS")
        await stage.workspace.until(lambda: len(updates(stage)) >= before + 4)
        assert "ip" not in stage.inputs()
        assert state(stage).location == "ECS"


async def test_a_start_that_was_switched_off_stays_off_when_going_back_and_on(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        await stage.put("start", [])
        assert "not started" in stage.shown()
        await stage.back()
        await stage.to_step("check")
        assert stage.value("start") == []


# Refused by Slack


async def test_a_form_that_slack_refuses_to_open_says_so(stage: Stage) -> None:
    async with stage.bot():
        stage.workspace.faults.add("error", "views.open", code="invalid_arguments", times=1)
        await stage.alice.say(CHANNEL, "/restore orders-prod")
        await stage.until_shown("Slack refuses to show this step")


async def test_a_step_that_slack_refuses_to_show_says_so_and_keeps_what_was_put_in(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("where", instance_id="rm-typed")
        stage.workspace.faults.add("error", "views.update", code="invalid_arguments", times=1)
        await stage.alice.choose(stage.block("location"), "location", "ECS")
        await stage.until_shown("Slack refuses to show this step")
        await stage.alice.close()
        await stage.workspace.until(lambda: "what" in stage.title and state(stage).location == "ECS")
        await stage.to_step("where")
        assert stage.value("location") == "ECS"


async def test_a_time_no_picker_can_hold_leaves_it_empty_and_is_said(stage: Stage) -> None:
    async with stage.bot():
        for at in ("1960-01-01T00:00Z", "1999-01-01T00:00Z", "9999-12-31T23:00Z"):
            await stage.alice.say(CHANNEL, f"/restore plan=orders-prod at={at}")
            await stage.until_block("choice")
            assert f"{at[:10]} {at[11:16]} UTC cannot be restored" in stage.shown()
            assert stage.value("time") is None
            assert (await stage.next()).keys() == {"time"}
            await stage.alice.close()


# Gone


async def test_when_no_time_is_left_the_way_back_is_named(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.put("choice", "time")
        await stage.to_step("check")
        stage.dbs.estate.add(replace(stage.plan("orders-prod"), windows=()))
        assert await stage.next(password="correct horse", **stage.confirmed()) == {}
        assert "no other to restore to" in stage.shown()
        assert "those below" not in stage.shown()
        assert not stage.dbs.tasks


# Never there


async def test_a_credential_that_is_not_stored_is_named_as_such(stage: Stage) -> None:
    async with stage.bot():
        await stage.alice.say(CHANNEL, "/restore plan=orders-prod credential=nosuch")
        await stage.until_block("choice")
        assert await stage.next() == {}
        assert "There is no stored credential “nosuch”" in stage.shown()


async def test_an_account_that_is_not_configured_is_named_as_such(stage: Stage) -> None:
    async with stage.bot():
        await stage.alice.say(CHANNEL, "/restore plan=orders-prod account=nosuch")
        await stage.until_shown("There is no account “nosuch”")
        await stage.choose_plan("orders-prod")


async def test_what_a_location_does_not_ask_for_is_said_not_to_be_sent(stage: Stage) -> None:
    async with stage.bot():
        await stage.alice.say(CHANNEL, "/restore plan=orders-prod location=RDS ip=192.0.2.7 port=3306")
        await stage.until_block("choice")
        assert await stage.next() == {}
        assert "*not sent*: target address `192.0.2.7`, target port `3306`" in stage.shown()
        await stage.put("location", "Other")
        assert "*not sent*" not in stage.shown()
