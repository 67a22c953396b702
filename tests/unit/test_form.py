"""What the form carries from step to step, and how step two reads what comes back."""

import hashlib
from datetime import timedelta

import pytest

from bot.restores.models import (
    Engine,
    Location,
    RestoreObject,
    Window,
    Wish,
)
from bot.slack.forms.draft import draft_of
from bot.slack.forms.state import METADATA_LIMIT, Choice, FormState
from bot.slack.forms.what import WhatForm
from bot.slack.forms.where import Stored, WhereForm
from tests.forms import FORM, PLAN, WINDOWS, inputs, sent_back
from tests.values import NOON

# What travels


def test_what_the_form_knows_survives_its_journey() -> None:
    state = FORM.wishing(time=NOON, objects=(RestoreObject(db_name="orders"),), port="3306")
    assert FormState.of({"private_metadata": state.dump()}) == state


def test_a_plan_with_very_many_windows_and_databases_still_fits() -> None:
    windows = tuple(
        Window(begin=NOON - timedelta(hours=2 * n + 1), end=NOON - timedelta(hours=2 * n))
        for n in reversed(range(300))
    )
    objects = tuple(RestoreObject(db_name=f"db{n * 7919}", new_db_name=f"to{n * 104729}") for n in range(900))
    dumped = FORM.evolve(windows=windows).wishing(objects=objects).dump()
    assert len(dumped) <= METADATA_LIMIT
    kept = FormState.of({"private_metadata": dumped})
    assert kept.plan == PLAN
    assert kept.windows[-1] == windows[-1]
    assert kept.more_windows


def test_forty_renamed_databases_travel_whole() -> None:
    objects = tuple(
        RestoreObject(db_name=f"customer_{n:03}", new_db_name=f"customer_{n:03}_restored") for n in range(40)
    )
    state = FORM.wishing(objects=objects)
    dumped = state.dump()
    assert len(dumped) <= METADATA_LIMIT
    assert FormState.of({"private_metadata": dumped}) == state


def test_whatever_a_command_says_the_form_can_be_shown() -> None:
    noise = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(40))
    state = FORM.wishing(restore_dir=f"/{noise}", restore_home=f"/{noise[::-1]}", time=NOON)
    assert FormState.of({"private_metadata": state.dump()}).wish.time == NOON


def test_another_plan_forgets_what_belongs_to_the_last_ones_backups_alone() -> None:
    state = FORM.wishing(
        time=NOON, backup_set_id="set1", objects=(), instance_id="rm-target", task_name="my name"
    )
    other = PLAN.evolve(backup_plan_id="dbs2", name="stock", source_region="cn-beijing")
    fresh = state.for_plan(other, WINDOWS)
    assert (fresh.wish.time, fresh.wish.backup_set_id, fresh.wish.objects) == (NOON, None, None)
    assert (fresh.wish.instance_id, fresh.wish.task_name, fresh.wish.region) == (
        "rm-target",
        "my name",
        "cn-beijing",
    )
    assert FORM.for_plan(other, WINDOWS).wish.task_name == "stock from Slack"


def test_what_a_command_wished_outlives_the_choice_of_the_plan() -> None:
    wish = Wish(time=NOON, location=Location.OTHER, region="cn-hongkong", task_name="drill")
    state = FormState.new("C1", wish).for_plan(PLAN, WINDOWS)
    assert state.choice is Choice.TIME
    assert (state.wish.time, state.wish.location, state.wish.region, state.wish.task_name) == (
        NOON,
        Location.OTHER,
        "cn-hongkong",
        "drill",
    )


def test_a_plan_without_windows_asks_for_a_backup_set_at_once() -> None:
    assert FormState.new("C1").for_plan(PLAN, ()).choice is Choice.BACKUP_SET


def test_a_plan_whose_windows_dbs_did_not_tell_leaves_the_choice() -> None:
    state = FormState.new("C1").for_plan(PLAN, None)
    assert state.choice is Choice.LATEST
    view = sent_back(WhatForm.build(state), plan="default/dbs1")
    assert WhatForm.errors(view, WhatForm.read(view)) == {}


# Step two


@pytest.mark.parametrize("location", list(Location))
@pytest.mark.parametrize("engine", list(Engine))
def test_what_the_bot_is_sent_without_a_required_field_it_refuses_beside_that_field(
    location: Location, engine: Engine
) -> None:
    """Slack's own client does not send such a form; the bot does not rely on that."""
    state = FORM.evolve(plan=PLAN.evolve(engine=engine), wish=Wish(location=location))
    view = WhereForm.build(state, Stored())
    required = {block["block_id"] for block in view["blocks"] if block["type"] == "input"} - {
        block["block_id"] for block in view["blocks"] if block.get("optional")
    }
    empty = sent_back(view)
    assert WhereForm.errors(empty, WhereForm.read(empty), Stored()).keys() == required - {"location"}


def test_what_vanishes_with_a_location_is_there_again_when_it_comes_back() -> None:
    typed = sent_back(WhereForm.build(FORM, Stored()), location="Other", instance_id="rm-target")
    elsewhere = WhereForm.read(typed)
    view = WhereForm.build(elsewhere, Stored())
    assert "instance_id" not in inputs(view)
    back = WhereForm.read(sent_back(view, location="RDS", ip="10.0.0.1", port="3306"))
    assert back.wish.instance_id == "rm-target"
    assert (back.wish.ip, back.wish.port) == ("10.0.0.1", "3306")
    (block,) = [
        each for each in WhereForm.build(back, Stored())["blocks"] if each.get("block_id") == "instance_id"
    ]
    assert block["element"]["initial_value"] == "rm-target"


def test_another_region_has_other_gateways() -> None:
    state = FORM.wishing(location=Location.AGENT, region="cn-hangzhou", backup_gateway_id="1")
    view = sent_back(WhereForm.build(state, Stored()), region="cn-beijing")
    moved = WhereForm.read(view)
    assert (moved.wish.region, moved.wish.backup_gateway_id) == ("cn-beijing", None)
    assert set(inputs(view)) - set(inputs(WhereForm.build(moved, Stored()))) == {
        "backup_gateway_id@cn-hangzhou"
    }


@pytest.mark.parametrize(
    ("address", "ip", "port"),
    [
        ("10.1.8.5:3306", "10.1.8.5", "3306"),
        ("db.internal:1433", "db.internal", "1433"),
        ("[fd00::1]:5432", "fd00::1", "5432"),
        ("nonsense", None, None),
        (None, None, None),
    ],
)
def test_same_as_source_fills_in_what_the_plan_tells_and_clears_nothing(
    address: str | None, ip: str | None, port: str | None
) -> None:
    plan = PLAN.evolve(source_ip_port=address, source_location="ECS", source_oracle_sid="ORCL")
    state = FORM.evolve(plan=plan).wishing(database_name="mine")
    filled = WhereForm.same_as_source(state)
    assert filled.wish.location is Location.ECS
    assert (filled.wish.instance_id, filled.wish.oracle_sid) == ("rm-source", "ORCL")
    assert (filled.wish.ip, filled.wish.port) == (ip, port)
    assert filled.wish.database_name == "mine"
    assert filled.revision == state.revision + 1


STORED = Stored((("staging", "restore_rw"), ("prod", "dba")))


def test_stored_credentials_are_offered_beside_typing() -> None:
    view = WhereForm.build(FORM, STORED)
    (block,) = [each for each in view["blocks"] if each.get("block_id") == "way"]
    texts = [option["text"]["text"] for option in block["element"]["options"]]
    assert texts == ["staging: restore_rw", "prod: dba", "Type an account and its password"]
    assert "user_name" not in inputs(view)
    assert "user_name" in inputs(WhereForm.build(FORM.evolve(account=":typed"), STORED))


def test_without_typing_only_stored_credentials_are_offered() -> None:
    view = WhereForm.build(FORM, Stored(STORED.credentials, typing=False))
    assert "Type an account" not in str(view)
    typed = sent_back(view) | {"private_metadata": FORM.evolve(account=":typed").dump()}
    assert "way" in WhereForm.errors(typed, WhereForm.read(typed), Stored(STORED.credentials, typing=False))


def test_nothing_stored_and_nothing_to_type_is_said_and_goes_no_further() -> None:
    nothing = Stored((), typing=False)
    view = sent_back(WhereForm.build(FORM, nothing), instance_id="rm-target")
    assert "cannot be typed" in str(view["blocks"])
    assert WhereForm.errors(view, WhereForm.read(view), nothing).keys() == {"location"}


def test_a_credential_brings_its_account() -> None:
    view = sent_back(WhereForm.build(FORM, STORED), way="staging", instance_id="rm-target")
    state = WhereForm.read(view)
    assert WhereForm.errors(view, state, STORED) == {}
    draft = draft_of(state, PLAN, "U1")
    assert (draft.credential, draft.spec.destination.user_name) == ("staging", None)


def test_a_credential_that_was_wished_and_is_gone_has_to_be_chosen_anew() -> None:
    state = FormState.new("C1", Wish(credential="gone")).for_plan(PLAN, WINDOWS)
    view = sent_back(WhereForm.build(state, STORED), **{state.block("instance_id"): "rm-target"})
    assert WhereForm.errors(view, WhereForm.read(view), STORED).keys() == {"way"}
