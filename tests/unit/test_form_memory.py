"""A form remembers 3,000 characters: what does not fit is never taken for something else."""

import uuid
from typing import Any

import pytest

from bot.restores.models import Location, RestoreObject, Wish
from bot.sandbox.slack.block_kit import view_problems
from bot.slack.forms.check import CheckForm, Seen
from bot.slack.forms.draft import draft_of
from bot.slack.forms.naming import as_text, parse_objects
from bot.slack.forms.objects import MOST_CHOSEN, ObjectsPart
from bot.slack.forms.state import FormState, TooLarge
from bot.slack.forms.where import Stored, WhereForm
from tests.forms import FORM, PLAN, inputs, sent_back
from tests.values import NOON

AGENT = Location.AGENT
MANY = tuple(f"crm_customer_{n:03}" for n in range(300))
#: Nothing makes these shorter.
RANDOM = tuple(str(uuid.uuid5(uuid.NAMESPACE_DNS, str(n))) for n in range(200))


def renamed(names: tuple[str, ...]) -> tuple[RestoreObject, ...]:
    return tuple(RestoreObject(db_name=name, new_db_name=f"{name}_restored_copy") for name in names)


def shown(state: FormState, databases: tuple[str, ...]) -> tuple[FormState, dict[str, Any]]:
    """Step three, and what it shows; the view is one that Slack takes."""
    state = ObjectsPart.entered(state, databases)
    draft = draft_of(state, PLAN.evolve(databases=databases), "U1")
    view = CheckForm.build(state, draft, Seen(now=NOON, databases=databases))
    assert view_problems(view, "modal", "/view") == []
    return state, sent_back(view)


def submitted(view: dict[str, Any], databases: tuple[str, ...], **typed: Any) -> FormState:
    return ObjectsPart.entered(CheckForm.read(sent_back(view, **typed)), databases)


def errors(view: dict[str, Any], state: FormState) -> str:
    return " ".join(CheckForm.errors(view, state, draft_of(state, PLAN, "U1")).values())


@pytest.mark.parametrize("count", [MOST_CHOSEN + 1, 60, 150, 300])
def test_all_of_very_many_databases_are_previewed_and_submitted(count: int) -> None:
    state, view = shown(FORM, MANY[:count])
    assert len(state.wish.objects or ()) == count
    assert f"and {count - 20} more" in view["blocks"][0]["text"]["text"]
    assert submitted(view, MANY[:count]).wish.objects == state.wish.objects


def test_all_of_ten_thousand_databases_are_remembered_as_all() -> None:
    names = tuple(f"db_{n:05}" for n in range(10_000))
    state, view = shown(FORM, names)
    assert "10000 databases, all of the plan" in str(view["blocks"])
    assert submitted(view, names).wish.objects == state.wish.objects


def test_all_of_them_is_nothing_while_dbs_does_not_name_them() -> None:
    _, view = shown(FORM.wishing(location=AGENT), RANDOM)
    state = submitted(view, ())
    assert "Submit again" in errors(view, state)


def test_sixty_renames_from_a_command_stand_in_the_field() -> None:
    wanted = tuple(
        RestoreObject(db_name=f"customer_{n:03}", new_db_name=f"customer_{n:03}_copy") for n in range(60)
    )
    state, view = shown(FORM.wishing(objects=wanted), tuple(each.db_name for each in wanted))
    assert "customer_059 -> customer_059_copy" in str(view["blocks"])
    assert submitted(view, ()).wish.objects == wanted == state.wish.objects


def test_what_fits_into_no_field_is_kept_as_it_was_given_until_somebody_starts_over() -> None:
    some = tuple(RestoreObject(db_name=name) for name in MANY[:190])
    _, view = shown(FORM.wishing(location=AGENT, objects=some), MANY)
    assert "190 databases, as given" in str(view["blocks"])
    assert "objects_text" not in inputs(view)
    state = submitted(view, MANY)
    assert state.wish.objects == some
    assert len(draft_of(state, PLAN, "U1").spec.objects) == 190
    again, view = shown(ObjectsPart.after(ObjectsPart.START_OVER, state), MANY)
    assert again.block("objects_text") in inputs(view)
    every, _ = shown(ObjectsPart.after(ObjectsPart.EVERY, state), MANY)
    assert len(every.wish.objects or ()) == 300


@pytest.mark.parametrize("location", [AGENT, Location.RDS])
def test_what_fits_nowhere_is_refused_and_never_becomes_everything(location: Location) -> None:
    state = FORM.wishing(location=location, objects=renamed(RANDOM))
    state, view = shown(FormState.of({"private_metadata": state.dump()}), RANDOM)
    assert state.unkept
    assert "more databases were named" in str(view["blocks"]).lower()
    assert "everything in the backup." not in view["blocks"][0]["text"]["text"]
    assert "Name them again" in errors(view, submitted(view, RANDOM))
    named = submitted(view, RANDOM, objects_text="one -> two")
    assert named.wish.objects == (RestoreObject(db_name="one", new_db_name="two"),)
    assert not named.unkept


def test_what_fits_nowhere_is_not_shown_as_if_it_were_kept() -> None:
    state, view = shown(FORM.wishing(objects=renamed(RANDOM)), RANDOM)
    assert state.unkept
    assert "as given" not in str(view["blocks"])


def test_a_text_that_is_too_long_to_remember_is_still_the_text_that_is_submitted() -> None:
    text = "\n".join(f"{name}" for name in RANDOM[:80])
    state = FORM.written(text)
    _, view = shown(state, RANDOM)
    assert [each.db_name for each in submitted(view, RANDOM).wish.objects or ()] == list(RANDOM[:80])


def test_objects_that_were_dropped_leave_no_text_that_speaks_for_them() -> None:
    text = "\n".join(f"{name} -> {name[::-1]}" for name in RANDOM[:38])
    state = FORM.written(text).kept
    assert state.wish.objects == parse_objects(text) or state.unkept


def test_forty_databases_with_long_new_names_that_are_no_text_stay_a_list() -> None:
    names = tuple(f"customer_database_of_the_{n:03}" for n in range(40))
    wanted = tuple(RestoreObject(db_name=name, new_db_name=f"{name}_{'copy' * 10}") for name in names)
    state, _ = shown(FORM.wishing(objects=wanted), names)
    assert ObjectsPart.unwritable(ObjectsPart.SWITCH, state)
    assert ObjectsPart.switched(state).wish.objects == wanted
    fewer = state.wishing(objects=wanted[:2])
    assert ObjectsPart.unwritable(ObjectsPart.SWITCH, fewer) is None
    assert parse_objects(ObjectsPart.switched(fewer).objects_text or "") == wanted[:2]


@pytest.mark.parametrize("name", ["a->b", "[x]", " lead", "x\ny"])
def test_text_is_only_offered_when_it_reads_as_what_it_stands_for(name: str) -> None:
    objects = tuple(RestoreObject(db_name=each) for each in (name, *MANY[:150]))
    assert as_text(objects) is None
    assert parse_objects(as_text(objects[:2]) or "") == objects[:2]


def test_a_target_too_long_to_remember_stops_the_form() -> None:
    noise = "".join(RANDOM)
    state = FORM.wishing(location=AGENT, restore_dir=f"/{noise[:1000]}", restore_home=f"/{noise[1000:2000]}")
    state = state.wishing(ip=noise[2000:3000], task_name=noise[3000:3090]).evolve(account=":typed")
    kept = state.wishing(instance_id=noise[3100:4000]).kept
    assert kept.cut
    assert "look through every field" in str(WhereForm.build(kept, Stored())["blocks"])
    view = sent_back(CheckForm.build(kept, draft_of(kept, PLAN, "U1"), Seen(now=NOON)))
    assert "shorten what you can" in errors(view, CheckForm.read(view))
    again = sent_back(WhereForm.build(kept, Stored()), ip="10.0.0.5")
    assert not WhereForm.read(again).cut


def test_a_plan_that_says_too_much_of_itself_is_told_apart() -> None:
    with pytest.raises(TooLarge):
        FORM.evolve(plan=PLAN.evolve(name="".join(RANDOM))).dump()


def test_a_lone_half_of_a_character_is_refused_beside_its_field() -> None:
    block = ObjectsPart.switched(FORM).block("objects_text")
    _, view = shown(ObjectsPart.switched(FORM), ("orders", "log"))
    state = CheckForm.read(sent_back(view, **{block: '[{"DBName":"\\ud800"}]'}))
    assert "half a character" in CheckForm.errors(view, state, draft_of(state, PLAN, "U1"))[block]
    assert FormState.of({"private_metadata": state.dump()}) == state
    typed = CheckForm.read(sent_back(view, task_name="\ud800x"))
    assert typed.wish.task_name == "\N{REPLACEMENT CHARACTER}x"


def test_a_password_with_half_a_character_is_refused_beside_its_field() -> None:
    _, view = shown(FORM.wishing(user_name="root"), ("orders",))
    view = sent_back(view, password="\ud800pw")
    state = CheckForm.read(view)
    draft = draft_of(state, PLAN, "U1", password=CheckForm.password(view))
    assert "half a character" in CheckForm.errors(view, state, draft)["password"]


# Another plan


def other(**changes: object) -> Any:
    return PLAN.evolve(backup_plan_id="dbs2", name="billing", source_region="cn-beijing").evolve(**changes)


def test_what_was_said_of_a_plan_does_not_move_to_another_while_none_is_shown() -> None:
    said = FORM.wishing(objects=(RestoreObject(db_name="orders"),), backup_set_id="set1")
    waiting = said.evolve(plan=None).kept
    moved = waiting.for_plan(other(), None)
    assert (moved.wish.objects, moved.wish.backup_set_id) == (None, None)
    assert (moved.wish.task_name, moved.wish.region) == ("billing from Slack", "cn-beijing")
    assert waiting.for_plan(PLAN, ()).wish.objects == said.wish.objects


def test_a_plan_of_another_account_with_the_same_id_is_another() -> None:
    said = FORM.wishing(objects=(RestoreObject(db_name="orders"),))
    assert said.for_plan(PLAN.evolve(account="emea"), None).wish.objects is None


def test_what_same_as_source_filled_in_goes_with_its_plan_and_what_was_typed_stays() -> None:
    source = PLAN.evolve(source_ip_port="10.1.8.5:3306", source_database_name="orders")
    filled = WhereForm.same_as_source(FORM.for_plan(source, ()).evolve(plan=source))
    assert filled.wish.instance_id == "rm-source"
    moved = filled.wishing(database_name="mine").kept.for_plan(other(), ())
    assert (moved.wish.instance_id, moved.wish.ip, moved.wish.port) == (None, None, None)
    assert moved.wish.database_name == "mine"


def test_what_a_command_wished_belongs_to_the_first_plan_that_is_chosen() -> None:
    wish = Wish(objects=(RestoreObject(db_name="a"),), backup_set_id="set1")
    first = FormState.new("C1", wish).for_plan(PLAN, None)
    assert first.wish.objects == wish.objects
    assert first.for_plan(other(), None).wish.objects is None
