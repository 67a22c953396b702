"""Step three: databases, passwords and the rest, as they are read."""

from typing import Any

import pytest

from bot.restores.dangers import Danger, DangerKind
from bot.restores.models import (
    BackupPlan,
    DuplicateConflict,
    Engine,
    Location,
    RestoreObject,
)
from bot.slack.forms.check import CheckForm, Seen
from bot.slack.forms.draft import draft_of
from bot.slack.forms.naming import parse_objects
from bot.slack.forms.objects import MOST_CHOSEN, ObjectsPart
from bot.slack.forms.state import Choice, FormState
from bot.slack.forms.what import WhatForm
from bot.slack.forms.where import Stored, WhereForm
from tests.forms import FORM, PLAN, WINDOWS, inputs, sent_back
from tests.values import NOON

# Step three


def step_three(
    state: FormState, typed: dict[str, Any] | None = None, *, databases: tuple[str, ...] = ("orders", "log")
) -> dict[str, Any]:
    state = ObjectsPart.entered(state, databases)
    draft = draft_of(state, PLAN, "U1")
    return sent_back(CheckForm.build(state, draft, Seen(now=NOON, databases=databases)), **(typed or {}))


def test_all_databases_are_chosen_at_first_each_with_a_field_for_its_new_name() -> None:
    view = step_three(FORM)
    assert [each.db_name for each in CheckForm.read(view).wish.objects or ()] == ["orders", "log"]
    assert {"new_name@orders", "new_name@log"} <= set(inputs(view))


def test_databases_are_chosen_and_renamed() -> None:
    view = step_three(FORM, {"objects": ["orders"], "new_name@orders": " copy ", "new_name@log": "unused"})
    assert CheckForm.read(view).wish.objects == (RestoreObject(db_name="orders", new_db_name="copy"),)


def test_more_databases_than_fields_for_names_are_written() -> None:
    many = tuple(f"db{n}" for n in range(MOST_CHOSEN + 1))
    view = step_three(FORM, databases=many)
    assert "objects" not in inputs(view)
    assert len(CheckForm.read(view).wish.objects or ()) == len(many)


def test_schemas_are_written_as_json_and_read_back() -> None:
    switched = ObjectsPart.switched(CheckForm.read(step_three(FORM)))
    text = '[{"DBName": "orders", "SchemaName": "a", "NewSchemaName": "b"}]'
    view = step_three(switched, {switched.block("objects_text"): text})
    state = CheckForm.read(view)
    assert state.wish.objects == (RestoreObject(db_name="orders", schema_name="a", new_schema_name="b"),)
    assert state.objects_text == text


def test_text_that_cannot_be_read_is_kept_and_named_where_it_stands() -> None:
    filled = FORM.wishing(instance_id="rm-target", user_name="root")
    switched = ObjectsPart.switched(CheckForm.read(step_three(filled)))
    block = switched.block("objects_text")
    view = step_three(switched, {block: "[{]", "password": "x"})
    state = CheckForm.read(view)
    assert state.objects_text == "[{]"
    errors = CheckForm.errors(view, state, draft_of(state, PLAN, "U1", password=CheckForm.password(view)))
    assert errors.keys() == {block}
    assert "JSON" in errors[block]


def test_back_from_text_to_the_list_keeps_what_the_list_can_say() -> None:
    text = '[{"DBName": "log", "NewDBName": "log2"}]'
    state = FORM.evolve(objects_text=text).wishing(objects=parse_objects(text))
    back = ObjectsPart.switched(state)
    assert back.objects_text is None
    assert back.wish.objects == (RestoreObject(db_name="log", new_db_name="log2"),)


def test_a_password_is_taken_to_the_letter_and_travels_nowhere() -> None:
    view = step_three(FORM, {"password": " with spaces "})
    password = CheckForm.password(view)
    assert password is not None
    assert password.get_secret_value() == " with spaces "
    draft = draft_of(CheckForm.read(view), PLAN, "U1", password=password)
    assert "with spaces" not in CheckForm.read(view).dump() + repr(draft) + draft.model_dump_json()


def test_the_rest_of_step_three_is_read() -> None:
    cross = FORM.wishing(cross_aliyun_id="1", cross_role_name="r")
    view = step_three(
        cross,
        {
            "duplicate_conflict": "renamenew",
            "cross_aliyun_id": "1234",
            "cross_role_name": "role",
            "task_name": "back",
            "start": [],
        },
    )
    wish = CheckForm.read(view).wish
    assert (wish.duplicate_conflict, wish.task_name, wish.start) == (DuplicateConflict.RENAME, "back", False)
    assert (wish.cross_aliyun_id, wish.cross_role_name) == ("1234", "role")


def test_fields_of_another_account_are_asked_for_only_when_the_plan_has_them() -> None:
    assert "cross_aliyun_id" not in inputs(step_three(FORM))
    plan: BackupPlan = PLAN.evolve(cross_aliyun_id="1", cross_role_name="r")
    assert "cross_role_name" in inputs(step_three(FormState.new("C1").for_plan(plan, WINDOWS)))


def test_what_slack_leaves_out_because_nobody_touched_it_stays_as_it_was() -> None:
    state = FORM.wishing(
        time=NOON, instance_id="rm-target", task_name="mine", objects=(RestoreObject(db_name="log"),)
    ).evolve(choice=Choice.TIME)
    nothing: dict[str, Any] = {"state": {"values": {}}}
    assert WhatForm.read(WhatForm.build(state) | nothing) == state
    assert WhereForm.read(WhereForm.build(state, Stored()) | nothing) == state
    assert CheckForm.read(step_three(state) | nothing) == state


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        ("a", "a", None),
        ("  a  ", "a", None),
        ("a->b", "a", "b"),
        ("a => b", "a", "b"),
        ("a → b", "a", "b"),
        ("a -> a", "a", None),
        ("my-db -> my-db-2", "my-db", "my-db-2"),
        ('[{"DBName": "a", "NewDBName": "b"}]', "a", "b"),
    ],
)
def test_a_database_is_named_as_people_type_it(line: str, old: str, new: str | None) -> None:
    assert parse_objects(line) == (RestoreObject(db_name=old, new_db_name=new),)


@pytest.mark.parametrize("line", ["-> b", "a ->", "a -> b -> c", "->"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="Line 2"):
        parse_objects(f"first\n{line}")


# Accounts and commands


def test_a_password_without_an_account_is_refused_beside_the_field() -> None:
    plan = PLAN.evolve(engine=Engine.MSSQL)
    state = FORM.evolve(plan=plan).wishing(location=Location.AGENT)
    view = step_three(state, {"password": "secret"})
    (asked,) = [block for block in view["blocks"] if block["block_id"] == "password"]
    assert "needs an account" in asked["hint"]["text"]
    read = CheckForm.read(view)
    errors = CheckForm.errors(view, read, draft_of(read, plan, "U1", password=CheckForm.password(view)))
    assert "needs an account" in errors["password"]
    named = CheckForm.read(step_three(state.wishing(user_name="sa"), {"password": "secret"}))
    draft = draft_of(named, plan, "U1", password=CheckForm.password(view))
    assert "password" not in CheckForm.errors(view, named, draft)


@pytest.mark.parametrize("many", [True, False])
def test_among_many_accounts_the_command_names_its_own(many: bool) -> None:
    draft = draft_of(FORM, PLAN, "U1")
    view = CheckForm.build(FORM, draft, Seen(now=NOON, databases=("orders",), many_accounts=many))
    assert ("/restore plan=dbs1 account=default at=latest" in str(view["blocks"])) is many


def test_databases_that_cannot_be_read_are_not_said_to_be_everything() -> None:
    state = ObjectsPart.switched(FORM.wishing(objects=())).written("[{]")
    same = Danger(kind=DangerKind.SAME_NAME)
    view = CheckForm.build(state, draft_of(state, PLAN, "U1"), Seen(now=NOON, dangers=(same,)))
    assert "This is not JSON" in view["blocks"][0]["text"]["text"]
    assert "everything" not in str(view["blocks"][:3]).lower()


def test_that_a_danger_is_gone_is_said() -> None:
    state = FORM.wishing(objects=(RestoreObject(db_name="orders", new_db_name="copy"),))
    seen = Seen(now=NOON, databases=("orders",), warned=True)
    assert "so no more" in str(CheckForm.build(state, draft_of(state, PLAN, "U1"), seen)["blocks"])
