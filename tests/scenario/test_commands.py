"""What `/restore` answers, and how it fills the form."""

import html
import re
from datetime import UTC, datetime

import pytest

from bot.sandbox.dbs.declare import backup_plan
from tests.scenario.calling import answer, opened
from tests.scenario.stage import CHANNEL, Stage

# A plan by name


@pytest.mark.parametrize(
    "typed", ["orders-prod", "ORDERS", "orders mysql", "rm-bp1orders7k2m9x4f3", "plan=orders"]
)
async def test_one_plan_that_matches_is_chosen(stage: Stage, typed: str) -> None:
    async with stage.bot():
        await opened(stage, f"/restore {typed}")
        assert stage.value_text("plan").startswith("orders-prod ·")


async def test_a_plan_is_found_by_its_id(stage: Stage) -> None:
    async with stage.bot():
        await opened(stage, f"/restore `{stage.plan('ledger').plan_id}`")
        assert stage.value_text("plan").startswith("ledger ·")


async def test_a_plan_named_exactly_is_chosen_though_others_are_named_alike(stage: Stage) -> None:
    start_ms = stage.clock.now_ms()
    like = backup_plan(start_ms, "ledger-copy", databases=("x",), gigabytes=(1,), instance_id="rm-x")
    stage.dbs.estate.add(like)
    async with stage.bot():
        await opened(stage, "/restore ledger")
        assert stage.value_text("plan").startswith("ledger ·")


async def test_several_plans_that_match_are_offered(stage: Stage) -> None:
    async with stage.bot():
        await stage.alice.say(CHANNEL, "/restore prod")
        await stage.until_shown("match “prod”")
        offered = await stage.alice.options(stage.block("plan"), "plan", "")
        names = {option["text"]["text"].split(" · ")[0] for option in offered}
        assert names == {"orders-prod", "inventory-prod", "billing-prod", "sessions-prod", "tickets-prod"}
        await stage.choose_plan("billing")


@pytest.mark.parametrize("typed", ["drop database", "nonesuch", "prod-list-of-everything"])
async def test_no_plan_that_matches_is_said_in_the_form(stage: Stage, typed: str) -> None:
    async with stage.bot():
        await stage.alice.say(CHANNEL, f"/restore {typed}")
        await stage.until_shown(f"No backup plan matches “{typed}”")
        (nothing,) = await stage.alice.options(stage.block("plan"), "plan", typed)
        assert nothing["value"] == "unavailable"
        assert "No backup plan matches" in nothing["text"]["text"]
        await stage.choose_plan("orders")


@pytest.mark.parametrize("typed", ["ordres", "orders-prd", "plan=ordres-prod start=no"])
async def test_a_plan_that_is_nearly_called_so_is_offered_in_the_form(stage: Stage, typed: str) -> None:
    async with stage.bot():
        await stage.alice.say(CHANNEL, f"/restore {typed}")
        await stage.until_shown("Did you mean “orders-prod”? Choose it from the list below.")
        (option,) = await stage.alice.options(stage.block("plan"), "plan", "")
        assert option["text"]["text"].startswith("orders-prod")
        await stage.put("plan", option)
        await stage.until_block("choice")


async def test_a_plan_that_is_nearly_called_so_is_listed(stage: Stage) -> None:
    async with stage.bot():
        shown = await answer(stage, "/restore plans ordres")
        assert "No backup plan matching `ordres`. Did you mean this one? orders-prod" in shown["text"]
        assert [block["accessory"]["text"]["text"] for block in shown["blocks"] if "accessory" in block] == [
            "Restore"
        ]


# A restore in one line


async def test_a_filled_command_fills_every_step_and_ends_in_the_form(stage: Stage) -> None:
    at = int(stage.clock.now()) - 7200
    when = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}Z"
    async with stage.bot():
        await opened(
            stage,
            f"/restore plan=orders-prod at={when} location=Express region=cn-shanghai instance=rm-quick"
            " ip=10.0.0.5 port=3307 user=root db=orders:copy conflict=rename name='drill' start=no",
        )
        assert stage.value("choice") == "time"
        assert stage.value("time") == at
        await stage.to_step("where", user_name=None, instance_id=None)
        shown = {name: stage.value(name) for name in stage.inputs()}
        assert shown == {
            "location": "Express",
            "region": "cn-shanghai",
            "instance_id": "rm-quick",
            "ip": "10.0.0.5",
            "port": "3307",
            "user_name": "root",
        }
        assert await stage.next() == {}
        assert (stage.value("objects"), stage.value("new_name")) == (["orders"], "copy")
        assert (stage.value("duplicate_conflict"), stage.value("start")) == ("renamenew", [])
        assert not any(request.name == "CreateRestoreTask" for request in stage.dbs.journal)
        assert await stage.next(password="x") == {}
        await stage.until_told("created the task")
    assert stage.dbs.tasks[0].parameters["RestoreTime"] == str(at * 1000)


async def test_times_without_a_zone_are_on_the_persons_own_clock(stage: Stage) -> None:
    async with stage.bot():
        await opened(stage, "/restore plan=orders-prod at=2026-01-02T14:00")
        assert stage.value("time") == int(datetime(2026, 1, 2, 6, 0, tzinfo=UTC).timestamp())
        assert "cannot be restored" in stage.shown()


async def test_the_command_the_last_step_shows_fills_the_form_the_same_way(stage: Stage) -> None:
    async with stage.bot():
        await stage.open_form("ledger")
        await stage.put("choice", "time")
        await stage.to_step("check", database_name="ledger")
        await stage.put("objects", ["ledger"])
        await stage.put("new_name", "my copy")
        (command,) = re.findall(r"```\\n(/restore .*?)\\n```", stage.shown())
        before = _sent(stage)
        await stage.alice.close(everything=True)
        await opened(stage, html.unescape(command.replace('\\"', '"')))
        await stage.next()
        await stage.next()
        assert _sent(stage) == before


def _sent(stage: Stage) -> str:
    """The parameters the last step shows, apart from what is each form's own."""
    (shown,) = re.findall(r"```\\n(BackupPlanId.*?)\\n```", stage.shown())
    return re.sub(r"rb-[0-9a-f]+", "", shown)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("plan=orders-prod at=nonsense", "at:"),
        ("plan=orders-prod instnace=rm-1", "instance"),
        ("plan=orders-prod port=99999", "65535"),
        ("plan=orders-prod location=Moon", "location:"),
    ],
)
async def test_mistakes_are_explained_and_nothing_opens(stage: Stage, typed: str, words: str) -> None:
    async with stage.bot():
        text = (await answer(stage, f"/restore {typed}"))["text"]
    assert words in text
    assert "For example" in text
    assert stage.alice.view is None


@pytest.mark.parametrize(
    "typed",
    [
        "plan=orders-prod password=canary77",
        "lsit password canary77",
        "status password canary77",
        "help --pwd canary77",
    ],
)
async def test_promise_7_a_password_in_a_command_is_refused_and_not_repeated(
    stage: Stage, typed: str
) -> None:
    async with stage.bot():
        text = (await answer(stage, f"/restore {typed}"))["text"]
    assert "never typed" in text
    assert "canary77" not in text
    assert stage.alice.view is None


# The list of plans


async def test_plans_are_listed_ten_at_a_time_each_with_a_button(stage: Stage) -> None:
    async with stage.bot():
        first = await answer(stage, "/restore plans")
        assert "15 backup plans" in first["text"]
        buttons = [block["accessory"] for block in first["blocks"] if "accessory" in block]
        assert len(buttons) == 10
        assert "Backups from <!date^" in str(first["blocks"])
        assert "Last backup: <!date^" in str(first["blocks"])
        before = len(stage.alice.ephemerals(CHANNEL))
        await stage.alice.click(first, "more_plans")
        await stage.workspace.until(lambda: len(stage.alice.ephemerals(CHANNEL)) > before)
        rest = stage.alice.ephemerals(CHANNEL)[-1]
        assert sum("accessory" in block for block in rest["blocks"]) == 5
        assert "More" not in str(rest["blocks"])


async def test_a_plan_of_the_list_is_restored_by_its_button(stage: Stage) -> None:
    async with stage.bot():
        listed = await answer(stage, "/restore plans mongo")
        assert "1 backup plan matching `mongo`" in listed["text"]
        await stage.alice.click(listed, "restore_plan")
        await stage.until_block("choice")
        assert stage.value_text("plan").startswith("profiles-mongo ·")


async def test_a_list_without_plans_and_one_that_cannot_be_had_say_so(stage: Stage) -> None:
    async with stage.bot():
        assert "No backup plan matching" in (await answer(stage, "/restore plans nonesuch"))["text"]
    stage.settings = stage.settings.model_copy(update={"dbs_endpoint": "http://127.0.0.1:9/"})
    async with stage.bot():
        assert "cannot be listed" in (await answer(stage, "/restore plans"))["text"]


async def test_plans_whose_sets_dbs_does_not_tell_are_listed_all_the_same(stage: Stage) -> None:
    stage.dbs.faults.add("error", "DescribeFullBackupList", code="InternalError")
    async with stage.bot():
        listed = await answer(stage, "/restore plans ledger")
    assert "Last backup: not known" in str(listed["blocks"])


# Where it is called


async def test_a_channel_without_the_bot_is_refused_before_anything_is_asked(stage: Stage) -> None:
    async with stage.bot():
        await stage.alice.say("#dba-private", "/restore")
        refused = await stage.workspace.until(
            lambda: stage.alice.view if stage.alice.view and not stage.alice.view["submit"] else None
        )
    assert refused is not None
    assert "/invite" in str(refused["blocks"])


async def test_promise_8_the_form_opens_while_dbs_is_out_of_reach_and_says_so(stage: Stage) -> None:
    stage.settings = stage.settings.model_copy(update={"dbs_endpoint": "http://127.0.0.1:9/"})
    async with stage.bot():
        await stage.alice.say(CHANNEL, "/restore")
        await stage.until_shown("cannot be listed")
        (option,) = await stage.alice.options("plan", "plan", "ord")
        assert option["value"] == "unavailable"
        assert (await stage.next(plan=option)).keys() == {"plan"}


@pytest.mark.true_waits
@pytest.mark.parametrize("fault", ["error", "hang"])
async def test_a_time_on_a_clock_slack_does_not_name_is_not_guessed(stage: Stage, fault: str) -> None:
    stage.workspace.faults.add(fault, "users.info")
    async with stage.bot():
        for at in ("2026-01-02T14:00", '"yesterday 14:00"', "14:00"):
            refused = await answer(stage, f"/restore plan=orders-prod at={at}")
            assert "Slack did not say which time zone is yours" in refused["text"]
        assert stage.alice.view is None
        await opened(stage, "/restore plan=orders-prod at=2026-01-02T14:00Z")
        assert stage.value("time") == int(datetime(2026, 1, 2, 14, 0, tzinfo=UTC).timestamp())
