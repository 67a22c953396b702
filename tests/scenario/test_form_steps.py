"""The three steps of the form: back and forth, times out of reach, lists of what there is."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.dbs.estate import Window
from tests.scenario.stage import Stage

HOUR_MS = 3_600_000


def creations(stage: Stage) -> int:
    return sum(request.name == "CreateRestoreTask" for request in stage.dbs.journal)


def in_the_gap(stage: Stage) -> int:
    """A time of the plan `ledger`, in seconds, of which there are no logs."""
    first, second = stage.plan("ledger").windows
    return (first.end(stage.clock.now_ms()) + second.begin_ms) // 2000


async def type_in(stage: Stage, **values: Any) -> None:
    """Fill in fields without submitting."""
    for name, value in values.items():
        await stage.put(name, value)


# Back and forth


async def test_going_back_and_on_again_loses_nothing_that_was_typed(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("where")
        await type_in(stage, instance_id="rm-typed", user_name="root")
        await stage.back()
        assert "what" in stage.title
        await stage.to_step("where")
        assert (stage.value("instance_id"), stage.value("user_name")) == ("rm-typed", "root")
        assert await stage.next() == {}
        await stage.put("objects", ["orders"])
        await type_in(stage, new_name="copy", task_name="mine", start=[])
        await stage.back()
        assert stage.value("instance_id") == "rm-typed"
        await stage.back()
        await stage.put("choice", "time")
        await stage.to_step("check", instance_id="rm-typed")
        assert (stage.value("objects"), stage.value("new_name")) == (["orders"], "copy")
        assert (stage.value("task_name"), stage.value("start")) == ("mine", [])
        assert await stage.submit(task_name="mine", start=[]) == {}
        await stage.until_told("created the task")
    (task,) = stage.dbs.tasks
    assert task.parameters["RestoreTaskName"].startswith("mine rb-")
    assert task.parameters["DestinationEndpointInstanceID"] == "rm-typed"


async def test_a_password_does_not_come_back(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("check")
        await type_in(stage, password="canary")
        await stage.back()
        await stage.to_step("check")
        assert stage.value("password") is None
        assert all("canary" not in view["private_metadata"] for view in stage.alice.views)


async def test_inputs_keep_their_values_while_the_location_changes_back_and_forth(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.to_step("where")
        await type_in(stage, instance_id="rm-typed", user_name="root")
        await stage.put("location", "Other")
        assert "instance_id" not in stage.inputs()
        await type_in(stage, ip="192.0.2.7", port="99999")
        await stage.put("location", "RDS")
        assert (stage.value("instance_id"), stage.value("user_name")) == ("rm-typed", "root")
        await stage.put("location", "Other")
        assert stage.value("ip") == "192.0.2.7"
        assert (await stage.next()).keys() == {"port"}
        await stage.to_step("check", port="3306")


async def test_another_plan_keeps_the_target_and_forgets_the_backup_set(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.put("choice", "backup_set")
        (newest, *_) = await stage.alice.options(stage.block("backup_set_id"), "backup_set_id")
        await stage.to_step("where", backup_set_id=newest)
        await type_in(stage, instance_id="rm-typed")
        await stage.back()
        assert stage.value("backup_set_id") == newest["value"]
        await stage.choose_plan("billing")
        assert stage.value("backup_set_id") is None
        await stage.put("choice", "latest")
        await stage.to_step("where")
        assert stage.value("instance_id") == "rm-typed"


# Times


async def test_the_picker_starts_at_the_latest_time_and_windows_are_told_in_both_zones(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.put("choice", "time")
        begin = stage.plan("orders-prod").windows[0].begin_ms // 1000
        assert abs(stage.value("time") - stage.clock.now()) <= 122
        assert stage.value("time") % 60 == 0
        assert f"<!date^{begin}^" in stage.shown()
        assert f"{datetime.fromtimestamp(begin, UTC):%Y-%m-%d %H:%M} UTC" in stage.shown()


async def test_a_time_in_a_gap_is_said_at_once_with_the_nearest_times_to_press(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("ledger")
        await stage.put("choice", "time")
        await stage.put("time", in_the_gap(stage))
        assert "cannot be restored" in stage.shown()
        assert "before the gap" in stage.shown()
        refused = await stage.next()
        assert refused.keys() == {"time"}
        assert "UTC" in refused["time"]
        await stage.until_shown("after the gap")
        first = -(-stage.plan("ledger").windows[1].begin_ms // 60_000) * 60
        await stage.press("nearest:after")
        # What was refused is drawn anew as well, perhaps only now.
        await stage.workspace.until(lambda: stage.value("time") == first)
        assert ":white_check_mark:" in stage.shown()
        assert await stage.submit(database_name="ledger") == {}
        await stage.until_told("created the task")
    assert stage.dbs.tasks[0].parameters["RestoreTime"] == str(first * 1000)


async def test_a_time_that_became_restorable_since_the_form_opened_is_not_refused(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.put("choice", "time")
        stage.clock.advance(3600)
        await stage.put("time", int(stage.clock.now()) - 600)
        assert ":white_check_mark:" in stage.shown()
        assert await stage.submit() == {}


async def test_a_time_that_moved_out_of_reach_is_refused_at_the_last_moment_and_can_be_put_right_there(
    stage: Stage,
) -> None:
    plan = stage.plan("orders-prod")
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.put("choice", "time")
        await stage.put("time", plan.windows[0].begin_ms // 1000 + 60)
        await stage.to_step("check")
        later = plan.windows[0].begin_ms + 24 * HOUR_MS
        stage.dbs.estate.add(replace(plan, windows=(Window(later, None),)))
        assert await stage.next(password="correct horse", **stage.confirmed()) == {}
        assert "out of reach" in stage.shown()
        assert creations(stage) == 0
        await stage.press("nearest:after")
        assert "out of reach" not in stage.shown()
        assert stage.value("password") == "correct horse"
        assert await stage.submit() == {}
        await stage.until_told("created the task")
    assert stage.dbs.tasks[0].parameters["RestoreTime"] == str(-(-later // 60_000) * 60_000)


async def test_times_beside_a_field_are_on_the_readers_own_clock(stage: Stage) -> None:
    async with stage.bot():
        stage.alice = stage.ben  # in Berlin
        await stage.open_form("ledger")
        await stage.put("choice", "time")
        refused = await stage.next(time=1_600_000_000)
    assert "Sun 2020-09-13 14:26 (12:26 UTC) cannot be restored" in refused["time"]


# Where


async def test_gateways_are_listed_with_status_and_heartbeat_for_the_chosen_region(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("crm-mssql")
        await stage.to_step("where")
        assert stage.value("location") == "Agent"
        listed = await stage.alice.options(stage.block("backup_gateway_id"), "backup_gateway_id")
        texts = [option["text"]["text"] for option in listed]
        assert any("idc-hangzhou-1 · ONLINE · heartbeat" in text for text in texts)
        assert any("idc-hangzhou-2 · OFFLINE · heartbeat 3 d ago" in text for text in texts)
        (beijing,) = await stage.alice.options(stage.block("region"), "region", "beijing")
        await stage.put("region", beijing)
        (only,) = await stage.alice.options(stage.block("backup_gateway_id"), "backup_gateway_id")
        assert "idc-beijing-1" in only["text"]["text"]
        (tokyo,) = await stage.alice.options(stage.block("region"), "region", "ap-northeast-1")
        await stage.put("region", tokyo)
        (none,) = await stage.alice.options(stage.block("backup_gateway_id"), "backup_gateway_id")
        assert none["value"] == "unavailable"


async def test_same_as_source_fills_in_what_the_plan_knows_and_is_dangerous(stage: Stage) -> None:
    plan = stage.plan("payments-drds")
    async with stage.bot():
        await stage.open_form("payments-drds")
        await stage.to_step("where")
        await stage.press("same_as_source")
        assert stage.value("location") == "Express"
        assert stage.value("instance_id") == plan.source.instance_id
        assert (stage.value("ip"), stage.value("port")) == ("10.1.8.5", "3306")
        assert await stage.next(user_name="root") == {}
        assert "its own source" in stage.shown()
        wrong = await stage.next(password="x", confirm="payments-drds")
        assert wrong.keys() == {"confirm"}
        assert plan.source.instance_id is not None
        assert plan.source.instance_id in wrong["confirm"]
        assert creations(stage) == 0
        assert await stage.next(password="x", confirm=plan.source.instance_id) == {}
        await stage.until_told("created the task")
