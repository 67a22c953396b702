"""The restore form: what it shows and how it reads what comes back."""

from datetime import timedelta
from typing import Any

import pytest

from bot.restores.models import BackupPlan, DuplicateConflict, Engine, RestoreDraft, RestoreObject, Window
from bot.slack.forms.objects import parse_objects
from bot.slack.forms.restore import RestoreForm
from bot.slack.forms.state import METADATA_LIMIT, Choice, FormState
from tests.values import NOON

PLAN = BackupPlan(
    backup_plan_id="dbs1",
    name="orders",
    engine=Engine.MYSQL,
    region="cn-hangzhou",
    source_instance_id="rm-source",
    databases=("orders", "log"),
)
STATE = FormState(
    nonce="n1",
    channel_id="C1",
    plan=PLAN,
    windows=(Window(begin=NOON - timedelta(days=1), end=NOON),),
)
FILLED: dict[str, Any] = {
    "plan": {"selected_option": {"value": "dbs1"}},
    "choice:dbs1": {"selected_option": {"value": "latest"}},
    "region:dbs1": {"selected_option": {"value": "cn-hangzhou"}},
    "instance_id": {"value": " rm-target "},
    "user_name": {"value": "root"},
    "password": {"value": " with spaces "},
    "objects:dbs1": {"value": "orders -> orders_copy\n\nlog"},
    "duplicates": {"selected_option": {"value": "renamenew"}},
    "task_name:dbs1": {"value": "back"},
    "start": {"selected_options": [{"value": "yes"}]},
}

TIME = {"selected_option": {"value": "time"}}
BACKUP_SET = {"selected_option": {"value": "backup_set"}}


def submitted(state: FormState = STATE, **changes: Any) -> dict[str, Any]:
    """A view as Slack sends it back; a change of None leaves a block out."""
    values = {name.replace("__", ":"): value for name, value in changes.items()}
    filled = {block_id: value for block_id, value in {**FILLED, **values}.items() if value is not None}
    return {
        "private_metadata": state.dump(),
        "state": {"values": {block_id: {"x": value} for block_id, value in filled.items()}},
    }


def parsed(view: dict[str, Any]) -> RestoreDraft:
    draft = RestoreForm.parse(view, "U1")
    assert isinstance(draft, RestoreDraft), draft
    return draft


def errors(view: dict[str, Any]) -> dict[str, str]:
    found = RestoreForm.parse(view, "U1")
    assert isinstance(found, dict)
    return found


def block_ids(state: FormState) -> list[str]:
    return [block["block_id"] for block in RestoreForm.build(state)["blocks"] if "block_id" in block]


def test_a_filled_form_becomes_a_draft() -> None:
    draft = parsed(submitted())
    spec = draft.spec
    assert (draft.nonce, draft.channel_id, draft.user_id, draft.start) == ("n1", "C1", "U1", True)
    assert spec.destination.instance_id == "rm-target"
    assert spec.objects == (
        RestoreObject(db_name="orders", new_db_name="orders_copy"),
        RestoreObject(db_name="log"),
    )
    assert spec.duplicate_conflict is DuplicateConflict.RENAME
    assert spec.point.latest


def test_a_password_is_taken_to_the_letter_and_shown_nowhere() -> None:
    draft = parsed(submitted())
    assert draft.password is not None
    assert draft.password.get_secret_value() == " with spaces "
    assert "with spaces" not in repr(draft) + str(draft) + draft.model_dump_json()


def test_only_the_plan_is_asked_for_until_it_is_chosen() -> None:
    assert block_ids(FormState.new("C1")) == ["plan"]


@pytest.mark.parametrize(
    ("engine", "asked"),
    [(Engine.MYSQL, None), (Engine.POSTGRESQL, "database_name"), (Engine.ORACLE, "oracle_sid")],
)
def test_only_what_the_engine_needs_is_asked_for(engine: Engine, asked: str | None) -> None:
    shown = set(block_ids(STATE.evolve(plan=PLAN.evolve(engine=engine))))
    assert shown & {"database_name", "oracle_sid"} == ({asked} if asked else set())


@pytest.mark.parametrize(
    ("choice", "asked"),
    [(Choice.LATEST, set()), (Choice.TIME, {"time:dbs1"}), (Choice.BACKUP_SET, {"backup_set:dbs1"})],
)
def test_the_field_of_the_chosen_point_appears(choice: Choice, asked: set[str]) -> None:
    shown = set(block_ids(STATE.evolve(choice=choice)))
    assert shown & {"time:dbs1", "backup_set:dbs1"} == asked


def test_a_point_in_time_is_read_in_utc() -> None:
    epoch = int((NOON - timedelta(hours=1)).timestamp())
    view = submitted(choice__dbs1=TIME, time__dbs1={"selected_date_time": epoch})
    assert parsed(view).spec.point.time == NOON - timedelta(hours=1)


def test_a_backup_set_is_read() -> None:
    view = submitted(choice__dbs1=BACKUP_SET, backup_set__dbs1={"selected_option": {"value": "set1"}})
    assert parsed(view).spec.point.backup_set_id == "set1"


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({"instance_id": {"value": None}}, "instance_id"),
        ({"password": {"value": None}}, "password"),
        ({"region__dbs1": {"selected_option": None}}, "region:dbs1"),
        ({"region__dbs1": {"selected_option": {"value": "unavailable"}}}, "region:dbs1"),
        ({"objects__dbs1": {"value": "a -> b -> c"}}, "objects:dbs1"),
        ({"objects__dbs1": {"value": " \n "}}, "objects:dbs1"),
        ({"plan": {"selected_option": None}}, "plan"),
        ({"plan": {"selected_option": {"value": "unavailable"}}}, "plan"),
        ({"plan": {"selected_option": {"value": "another"}}}, "plan"),
        ({"choice__dbs1": TIME, "time__dbs1": {"selected_date_time": None}}, "time:dbs1"),
        ({"choice__dbs1": TIME, "time__dbs1": {"selected_date_time": 1}}, "time:dbs1"),
        ({"choice__dbs1": BACKUP_SET, "backup_set__dbs1": {}}, "backup_set:dbs1"),
    ],
)
def test_an_error_appears_beside_its_field(changes: dict[str, Any], beside: str) -> None:
    assert errors(submitted(**changes)).keys() == {beside}


def test_an_error_of_a_field_that_is_not_shown_appears_beside_the_plan() -> None:
    assert errors(submitted(instance_id=None)).keys() == {"plan"}


@pytest.mark.parametrize(("chosen", "word"), [(TIME, "date"), (BACKUP_SET, "backup set")])
def test_a_point_chosen_just_before_submitting_is_never_taken_for_the_latest(
    chosen: dict[str, Any], word: str
) -> None:
    """The form may not show its field yet."""
    view = submitted(choice__dbs1=chosen)
    assert word in errors(view)["plan"]
    assert RestoreForm.lags_behind(view)
    assert not RestoreForm.lags_behind(submitted())


def test_a_time_and_a_set_chosen_once_are_there_again_when_looked_at_again() -> None:
    view = submitted(choice__dbs1=TIME, time__dbs1={"selected_date_time": 1_795_000_000})
    elsewhere = RestoreForm.state_of(view).evolve(choice=Choice.BACKUP_SET)
    back = RestoreForm.build(elsewhere.evolve(choice=Choice.TIME))["blocks"]
    (picker,) = [block["element"] for block in back if block.get("block_id") == "time:dbs1"]
    assert picker["initial_date_time"] == 1_795_000_000


def test_a_plan_without_windows_asks_for_a_backup_set_at_once() -> None:
    state = STATE.for_plan(PLAN.evolve(backup_plan_id="dbs2"), ())
    assert state.choice is Choice.BACKUP_SET
    assert "backup_set:dbs2" in block_ids(state)


def test_more_databases_than_a_field_can_start_with_are_left_to_the_person() -> None:
    many = PLAN.evolve(databases=tuple(f"database_{n}" for n in range(400)))
    (block,) = [
        block
        for block in RestoreForm.build(STATE.evolve(plan=many))["blocks"]
        if block.get("block_id") == "objects:dbs1"
    ]
    assert "initial_value" not in block["element"]
    assert "400" in block["hint"]["text"]


def test_what_the_form_knows_survives_its_journey() -> None:
    assert FormState.of({"private_metadata": STATE.dump()}) == STATE


def test_a_plan_with_very_many_databases_and_windows_still_fits() -> None:
    windows = tuple(
        Window(begin=NOON - timedelta(hours=2 * n + 1), end=NOON - timedelta(hours=2 * n))
        for n in reversed(range(100))
    )
    big = STATE.evolve(plan=PLAN.evolve(databases=tuple(f"db{n}" for n in range(1000))), windows=windows)
    dumped = big.dump()
    assert len(dumped) <= METADATA_LIMIT
    kept = FormState.of({"private_metadata": dumped})
    assert kept.plan is not None
    assert kept.plan.backup_plan_id == "dbs1"
    assert kept.windows[-1] == windows[-1]


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
    ],
)
def test_a_database_is_named_as_people_type_it(line: str, old: str, new: str | None) -> None:
    assert parse_objects(line) == (RestoreObject(db_name=old, new_db_name=new),)


@pytest.mark.parametrize("line", ["-> b", "a ->", "a -> b -> c", "->"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="Line 2"):
        parse_objects(f"first\n{line}")
