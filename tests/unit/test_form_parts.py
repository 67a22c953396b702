"""What the parts of the form show: points, dangers, the summary."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.restores.dangers import Danger, DangerKind
from bot.restores.models import (
    Destination,
    Location,
    RestoreDraft,
    RestoreObject,
    RestorePoint,
)
from bot.slack.forms.draft import draft_of
from bot.slack.forms.elements import UNAVAILABLE
from bot.slack.forms.point import PointPart, latest, restorable
from bot.slack.forms.risks import RisksPart
from bot.slack.forms.state import Choice
from bot.slack.forms.summary import MASK, as_sent, in_words, parameters
from bot.slack.forms.what import WhatForm
from tests.forms import FORM, PLAN, WINDOWS, inputs, sent_back
from tests.values import NOON

IN_THE_GAP = NOON - timedelta(hours=23, minutes=30)

# The point


def test_only_the_plan_is_asked_for_until_it_is_chosen() -> None:
    assert inputs(WhatForm.build(FORM.evolve(plan=None))) == ["plan"]


def test_a_channel_is_asked_for_only_where_there_is_none() -> None:
    state = FORM.evolve(channel_id=None, asks_channel=True)
    view = sent_back(WhatForm.build(state), plan="default/dbs1")
    assert inputs(view)[0] == "channel"
    assert WhatForm.errors(view, WhatForm.read(view)).keys() == {"channel"}
    chosen = sent_back(WhatForm.build(state), plan="default/dbs1", channel="C2")
    assert WhatForm.read(chosen).channel_id == "C2"


@pytest.mark.parametrize(
    ("choice", "field"),
    [(Choice.LATEST, set()), (Choice.TIME, {"time"}), (Choice.BACKUP_SET, {"backup_set_id"})],
)
def test_the_field_of_the_chosen_point_appears(choice: Choice, field: set[str]) -> None:
    view = WhatForm.build(FORM.evolve(choice=choice))
    assert set(inputs(view)) == {"plan", "choice"} | field


def test_the_picker_starts_at_the_latest_restorable_time() -> None:
    view = WhatForm.build(FORM.evolve(choice=Choice.TIME))
    (block,) = [block for block in view["blocks"] if block.get("block_id") == "time"]
    assert block["element"]["initial_date_time"] == int(NOON.timestamp())
    untouched = sent_back(view) | {"state": {"values": {}}}
    assert WhatForm.read(untouched).wish.time == NOON


def test_a_time_in_a_gap_is_said_in_both_zones_with_the_nearest_times_as_buttons() -> None:
    state = FORM.evolve(choice=Choice.TIME)
    verdict = str(PointPart.verdict(state, IN_THE_GAP))
    assert "<!date^" in verdict
    assert "2026-11-19 12:30 UTC" in verdict
    assert "11-19 20:00, before the gap" in verdict
    assert "11-19 21:00, after the gap" in verdict


def test_where_a_window_begins_between_minutes_the_next_whole_minute_is_offered() -> None:
    odd = timedelta(seconds=37)
    windows = (WINDOWS[0].evolve(end=WINDOWS[0].end + odd), WINDOWS[1].evolve(begin=WINDOWS[1].begin + odd))
    state = FORM.evolve(windows=windows)
    (buttons,) = [each for each in PointPart.verdict(state, IN_THE_GAP) if each["type"] == "actions"]
    before, after = (int(each["value"]) for each in buttons["elements"])
    assert before == WINDOWS[0].end.timestamp()
    assert after == WINDOWS[1].begin.timestamp() + 60
    assert all(PointPart.problem(PointPart.at(state, str(each)), NOON) is None for each in (before, after))


def test_a_window_without_a_whole_minute_is_offered_to_the_second() -> None:
    begin = NOON + timedelta(seconds=20)
    state = FORM.evolve(windows=(WINDOWS[0].evolve(begin=begin, end=begin + timedelta(seconds=30)),))
    (button,) = PointPart.verdict(state, NOON)[-1]["elements"]
    assert button["value"] == str(int(begin.timestamp()))


def test_beyond_the_last_window_there_is_one_nearest_time() -> None:
    blocks = PointPart.verdict(FORM, NOON + timedelta(hours=1))
    (actions,) = [block for block in blocks if block["type"] == "actions"]
    (button,) = actions["elements"]
    assert PointPart.at(FORM, button["value"]).wish.time == NOON


def test_a_time_in_a_gap_is_refused_beside_the_picker() -> None:
    state = FORM.evolve(choice=Choice.TIME)
    view = sent_back(WhatForm.build(state), plan="default/dbs1", time=int(IN_THE_GAP.timestamp()))
    errors = WhatForm.errors(view, WhatForm.read(view))
    assert errors.keys() == {"time"}
    assert "12:30 UTC" in errors["time"]
    assert "12:00 UTC" in errors["time"]


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({"plan": None}, "plan"),
        ({"plan": UNAVAILABLE}, "plan"),
        ({"plan": "default/another"}, "plan"),
        ({"plan": "another/dbs1"}, "plan"),
        ({"choice": "time"}, "choice"),
        ({"choice": "backup_set"}, "choice"),
    ],
)
def test_what_was_chosen_a_moment_ago_is_not_taken_for_what_is_shown(
    changes: dict[str, str | None], beside: str
) -> None:
    view = sent_back(WhatForm.build(FORM), **({"plan": "default/dbs1"} | changes))
    errors = WhatForm.errors(view, WhatForm.read(view))
    assert WhatForm.lags_behind(view)
    assert errors.keys() == {beside}


def test_the_form_does_not_lag_behind_itself() -> None:
    assert not WhatForm.lags_behind(sent_back(WhatForm.build(FORM), plan="default/dbs1"))


def test_windows_that_were_left_out_do_not_refuse_a_time() -> None:
    early = NOON - timedelta(days=9)
    assert PointPart.problem(FORM, early)
    assert PointPart.problem(FORM.evolve(more_windows=True), early) is None
    assert "and earlier ones" in restorable(FORM.evolve(more_windows=True))


def test_the_latest_time_is_within_its_window() -> None:
    odd = NOON + timedelta(microseconds=400)
    at = latest((WINDOWS[0], WINDOWS[1].evolve(end=odd)))
    assert at == NOON


# Dangers

OWN = Danger(kind=DangerKind.OWN_SOURCE)
SAME = Danger(kind=DangerKind.SAME_NAME, names=("orders",))
REPEATED = Danger(kind=DangerKind.REPEATED, task_name="x rb-1", user_id="U2", at=NOON)


def draft(**changes: object) -> RestoreDraft:
    state = FORM.wishing(
        instance_id="rm-target", user_name="root", objects=(RestoreObject(db_name="orders"),), **changes
    )
    return draft_of(state, PLAN, "U1", password=SecretStr("secret"))


def test_without_danger_nothing_is_asked() -> None:
    assert RisksPart.build(draft(), ()) == []
    assert RisksPart.error(draft(), (), {"blocks": []}) == {}


def test_a_danger_is_told_with_whose_other_restore_it_is_and_the_target_is_to_be_typed() -> None:
    shown = RisksPart.build(draft(), (OWN, REPEATED))
    assert "<@U2>" in str(shown[0])
    assert f"<!date^{int(NOON.timestamp())}" in str(shown[0])
    assert shown[1]["label"]["text"] == "Type rm-target to go on"
    assert not shown[1]["optional"]


def test_whatever_is_dangerous_has_to_be_confirmed_and_what_puts_it_right_is_said() -> None:
    asked = RisksPart.build(draft(), (SAME,))[1]
    assert not asked["optional"]
    assert "Refresh with my changes" in asked["hint"]["text"]


@pytest.mark.parametrize(
    ("typed", "goes_on"), [("rm-target", True), (" RM-Target ", True), ("rm-tar", False), (None, False)]
)
def test_only_the_target_itself_goes_on(typed: str | None, goes_on: bool) -> None:
    view = sent_back({"blocks": RisksPart.build(draft(), (OWN,))}, **{RisksPart.block((OWN,)): typed})
    assert (RisksPart.error(draft(), (OWN,), view) == {}) is goes_on


def test_a_danger_that_was_not_shown_is_not_confirmed_by_what_was_typed_for_another() -> None:
    view = sent_back({"blocks": RisksPart.build(draft(), (SAME,))})
    assert RisksPart.are_shown((SAME,), view)
    assert not RisksPart.are_shown((SAME, OWN), view)
    assert not RisksPart.are_shown((SAME.evolve(names=("orders", "log")),), view)


def test_who_was_told_of_more_was_told_of_what_is_left() -> None:
    both = SAME.evolve(names=("orders", "log"))
    view = sent_back({"blocks": RisksPart.build(draft(), (both, OWN))})
    for left in ((), (OWN,), (SAME,), (both,), (SAME, OWN)):
        assert RisksPart.are_shown(left, view)
    typed = sent_back(view, **{RisksPart.block((both, OWN)): "rm-target"})
    assert RisksPart.error(draft(), (SAME,), typed) == {}
    assert RisksPart.error(draft(), (SAME,), view) == {
        RisksPart.block((both, OWN)): "Type rm-target to go on."
    }


def test_of_very_many_dangers_all_have_to_be_those_that_were_shown() -> None:
    many = SAME.evolve(names=tuple(f"database_{n}" for n in range(300)))
    view = sent_back({"blocks": RisksPart.build(draft(), (many,))})
    assert len(RisksPart.block((many,))) <= 255
    assert RisksPart.are_shown((many,), view)
    assert not RisksPart.are_shown((many.evolve(names=many.names[1:]),), view)


def test_a_sentence_ends_after_whose_restore_it_is() -> None:
    told = RisksPart.build(draft(), (REPEATED,))[0]["text"]["text"]
    assert "`x rb-1`*, asked for by" in told
    assert told.endswith(".")


# The summary


def test_the_whole_restore_is_said_in_words() -> None:
    (block,) = in_words(FORM, draft(), "root")
    words = block["text"]["text"]
    for fact in ("*orders* (MySQL)", "*RDS instance* `rm-target` in cn-hangzhou", "as `root`", "`orders`"):
        assert fact in words


def test_every_part_of_a_target_is_said() -> None:
    target = Destination(
        location=Location.AGENT,
        region="cn-beijing",
        ip="10.0.0.1",
        port=3306,
        database_name="d",
        oracle_sid="s",
        backup_gateway_id="7",
        restore_dir="/r",
        restore_home="/h",
    )
    made = draft()
    made = made.evolve(spec=made.spec.evolve(destination=target), credential="staging", start=False)
    words = in_words(FORM, made, "dba")[0]["text"]["text"]
    for fact in ("`10.0.0.1:3306`", "cn-beijing", "`d`", "`s`", "`7`", "`/r`", "`/h`", "`dba`", "`staging`"):
        assert fact in words
    assert "not started" in words


def test_the_parameters_are_those_that_are_sent_with_the_password_masked() -> None:
    made = draft()
    made = made.evolve(spec=made.spec.evolve(point=RestorePoint(time=NOON)))
    shown = parameters(made, "root", MASK, NOON)
    assert shown == {
        "BackupPlanId": "dbs1",
        "RestoreTime": str(int(NOON.timestamp()) * 1000),
        "DestinationEndpointInstanceType": "RDS",
        "DestinationEndpointRegion": "cn-hangzhou",
        "DestinationEndpointInstanceID": "rm-target",
        "DestinationEndpointUserName": "root",
        "DestinationEndpointPassword": MASK,
        "RestoreObjects": '[{"DBName":"orders"}]',
        "RestoreTaskName": f"orders from Slack rb-{'a' * 10}",
        "ClientToken": f"rb-{'a' * 32}",
        "RegionId": "cn-hangzhou",
    }
    assert "secret" not in str(as_sent(made, "root", MASK, NOON))


def test_the_latest_time_is_shown_as_it_is_now_and_said_to_move() -> None:
    shown = parameters(draft(), "root", None, NOON)
    assert shown["RestoreTime"].startswith(str(int(NOON.timestamp()) * 1000))
    assert "latest" in shown["RestoreTime"]
    assert "DestinationEndpointPassword" not in shown


def test_a_very_long_list_of_databases_is_shown_whole() -> None:
    made = draft()
    objects = tuple(RestoreObject(db_name=f"database_{n}") for n in range(400))
    blocks = as_sent(made.evolve(spec=made.spec.evolve(objects=objects)), "root", MASK, NOON)
    shown = "".join(block["text"]["text"][4:-4] for block in blocks if block["type"] == "section")
    assert all(each.db_name in shown for each in objects)
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks if block["type"] == "section")
