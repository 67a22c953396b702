"""Which restore is meant by what somebody typed."""

import pytest

from bot.restores.meant import (
    alike,
    called,
    ids_in,
    is_called,
    is_whole,
    key_of,
    name_in,
    named,
    plan_like,
    plan_names,
)
from bot.restores.models import RestoreTask
from tests.followed import restore, watched


@pytest.mark.parametrize("typed", [" s1 ", "`s1`", "<s1>", "“s1”.", "'s1'", '"s1",', "s1;"])
def test_a_name_is_what_stands_within_what_pasting_leaves(typed: str) -> None:
    assert name_in(typed) == "s1"


def test_a_restore_is_named_whole_by_its_id_its_name_or_its_mark() -> None:
    one = restore()
    assert one.request is not None
    for name in ("S1MADE0001", "drill 1", one.request.mark, one.request.nonce):
        assert is_whole(one, name)
    for part in ("drill", "orders", "s1made"):
        assert not is_whole(one, part)
    assert key_of(one) == "s1made0001"
    untold = one.evolve(task=None, link=one.link.evolve(restore_task_id=None))
    assert key_of(untold) == one.request.mark


def test_an_id_is_known_whatever_its_capitals_and_the_blanks_within() -> None:
    both = [restore(1), restore(11)]
    assert called("`S1MADE 0001`", both) == both[:1]
    assert is_called(both[0], "S1 made 0001.")
    assert not is_called(both[1], "S1 made 0001.")
    assert called("", both) == []


def test_only_what_looks_like_an_id_is_asked_of_dbs() -> None:
    assert ids_in(" `S102H7rf` ") == ("S102H7rf", "s102h7rf")
    assert ids_in("no such *name*") == ()


def test_whole_names_go_before_parts() -> None:
    both = [restore(1), restore(11)]
    assert named("drill 1", both) == both[:1]
    assert named("DRILL", both) == both
    assert named("orders", both) == both
    assert named("console", [watched()]) == [watched()]
    assert named("nonesuch", both) == []


@pytest.mark.parametrize("typed", ["s1made0010", "s1mad0001", "s1amde0001", "S1MADE00O1", "dril 1"])
def test_a_letter_off_is_still_found(typed: str) -> None:
    found = alike(typed, [restore(1), watched().evolve(task=RestoreTask(restore_task_id="zzz", status=""))])
    assert [each.link.link_id for each in found] == [1]


def test_those_of_a_plan_that_is_nearly_called_so_are_found() -> None:
    elsewhere = watched()
    assert elsewhere.task is not None
    elsewhere = elsewhere.evolve(
        task=elsewhere.task.evolve(plan_name="ledger"), link=elsewhere.link.evolve(link_id=9)
    )
    three = [restore(2), restore(1), elsewhere]
    assert [each.link.link_id for each in alike("ordres", three)] == [2, 1]
    assert [each.link.link_id for each in alike("legder", three)] == [9]
    assert named("ledger", three) == [elsewhere]


def test_what_is_like_nothing_is_not_found() -> None:
    assert alike("nonesuch", [restore(1)]) == ()


def test_plans_are_those_that_were_restored() -> None:
    one = restore()
    assert one.request is not None
    other = one.evolve(request=one.request.evolve(plan_name="billing-prod"))
    assert plan_names([other, one, other, watched()]) == ("billing-prod", "orders")
    assert plan_like("Biling-prod", [one, other]) == "billing-prod"
    assert plan_like("zzz", [one, other, watched()]) is None
