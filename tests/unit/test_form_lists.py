"""What lists, answers and times on the clock look like."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.restores.models import (
    BackupGateway,
    BackupSet,
)
from bot.slack.forms.accounts import MOST_LISTED, AccountPart
from bot.slack.forms.elements import OPTIONS_LIMIT, UNAVAILABLE, Values
from bot.slack.forms.options import (
    account_and_id,
    backup_set_option,
    gateway_option,
    matching,
    plan_key,
    plan_option,
    plan_options,
)
from bot.slack.guide import EXAMPLE, mistaken
from bot.slack.plans import MORE, PAGE, more_of, plans_message
from bot.slack.zones import in_zone, zone
from tests.forms import FORM, PLAN, WINDOWS
from tests.values import NOON

# Entries


def test_a_plan_says_its_account_only_when_there_are_many() -> None:
    plan = PLAN.evolve(account="emea")
    assert "emea" in plan_option(plan, with_account=True)["text"]["text"]
    assert "emea" not in plan_option(plan, with_account=False)["text"]["text"]
    assert account_and_id(plan_key(plan)) == ("emea", "dbs1")


def test_a_list_has_a_hundred_entries_and_says_what_it_left_out() -> None:
    plans = [PLAN.evolve(backup_plan_id=f"dbs{n}") for n in range(300)]
    options = plan_options(plans, ["emea: no answer"], with_account=False)
    assert len(options) == OPTIONS_LIMIT
    told = [option["text"]["text"] for option in options if option["value"] == UNAVAILABLE]
    assert told == ["Not asked: emea: no answer", "… and 202 more: type more of the name"]


def test_an_entry_that_only_says_something_is_never_a_choice() -> None:
    view = {"state": {"values": {"plan": {"plan": {"selected_option": {"value": UNAVAILABLE}}}}}}
    assert Values(view).selected("plan") is None


def test_a_list_without_a_match_says_so() -> None:
    options = matching([plan_option(PLAN, with_account=False)], "nothing like it", "No plan like it.")
    assert [(each["text"]["text"], each["value"]) for each in options] == [("No plan like it.", UNAVAILABLE)]


@pytest.mark.parametrize(
    ("status", "first"), [("finish", "Fri"), ("running", "⚠ running"), ("stop", "⚠ stop")]
)
def test_a_backup_set_says_time_size_and_status(status: str, first: str) -> None:
    made = backup_set_option(
        BackupSet(backup_set_id="s1", time=NOON, size=5_000_000_000, status=status), "Asia/Shanghai"
    )
    text = made["text"]["text"]
    assert text.startswith(first)
    assert all(words in text for words in ("2026-11-20 20:00 (12:00 UTC)", "5 GB", status))


def test_a_gateway_says_its_status_and_how_long_ago_it_was_heard_of() -> None:
    gateway = BackupGateway(
        backup_gateway_id="7", name="idc-1", status="OFFLINE", last_heartbeat=NOON - timedelta(days=3)
    )
    assert gateway_option(gateway, NOON)["text"]["text"] == "⚠ idc-1 · OFFLINE · heartbeat 3 d ago"
    silent = gateway.evolve(last_heartbeat=None)
    assert "no heartbeat" in gateway_option(silent, NOON)["text"]["text"]


# Lists and answers


def test_a_page_of_plans_has_ten_with_a_button_each_and_one_for_more() -> None:
    plans = [PLAN.evolve(backup_plan_id=f"dbs{n}", window=WINDOWS[1]) for n in range(PAGE + 3)]
    known = {plan_key(plans[0]): NOON, plan_key(plans[1]): None}
    page = plans_message(plans, known, text="ord", start=0)
    buttons = [block["accessory"] for block in page.blocks if "accessory" in block]
    assert len(buttons) == PAGE
    assert f"Last backup: <!date^{int(NOON.timestamp())}" in str(page.blocks[1])
    assert "none finished" in str(page.blocks[2])
    assert "not known" in str(page.blocks[3])
    (more,) = page.blocks[-1]["elements"]
    assert (more["action_id"], more_of(more["value"])) == (MORE, ("ord", PAGE))
    last = plans_message(plans, {}, text="ord", start=PAGE)
    assert not any(block["type"] == "actions" for block in last.blocks)
    assert "11 to 13" in last.text


def test_no_plans_is_said() -> None:
    assert "No backup plan matching `x`" in plans_message([], {}, text="x", start=0).text


def test_mistakes_are_told_with_what_would_be_right() -> None:
    told = mistaken(("at: <nonsense> is no time.",)).text
    assert "&lt;nonsense&gt;" in told
    assert EXAMPLE.split("=")[0] in told


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Asia/Shanghai", "Fri 2026-11-20 20:00 (12:00 UTC)"),
        ("Pacific/Kiritimati", "Sat 2026-11-21 02:00 (Fri 12:00 UTC)"),
        ("UTC", "Fri 2026-11-20 12:00 UTC"),
        ("Nowhere/At all", "Fri 2026-11-20 12:00 UTC"),
        ("", "Fri 2026-11-20 12:00 UTC"),
    ],
)
def test_a_moment_is_written_on_the_readers_clock_and_in_utc(name: str, written: str) -> None:
    assert in_zone(NOON, name) == written


def test_a_zone_nobody_knows_is_utc() -> None:
    assert zone("../../etc/passwd") is UTC
    assert datetime.now(zone("Europe/Berlin")).tzinfo is not UTC


# Too many for a list


def test_a_list_of_the_bots_own_says_how_many_it_left_out() -> None:
    options = [backup_set_option(BackupSet(backup_set_id=f"s{n:03}"), "UTC") for n in range(130)]
    shown = matching(options, "", "none")
    assert len(shown) == OPTIONS_LIMIT
    assert shown[-1]["text"]["text"] == "… and 31 more: type more to find them"
    assert shown[-1]["value"] == UNAVAILABLE
    assert len(matching(options, "s12", "none")) == 10


def test_of_too_many_stored_credentials_the_chosen_one_is_listed_and_the_rest_is_said() -> None:
    stored = [(f"c{n:03}", "root") for n in range(120)]
    state = FORM.evolve(account="c119")
    (block, *_) = AccountPart.build(state, stored, typing=True)
    assert block["element"]["initial_option"]["value"] == "c119"
    assert len(block["element"]["options"]) == MOST_LISTED + 1
    assert block["hint"]["text"].startswith("22 more stored credentials")
    assert "hint" not in AccountPart.build(state, stored[:20], typing=True)[0]
