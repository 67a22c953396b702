"""What makes a restore dangerous though nothing in it is wrong."""

from datetime import timedelta

import pytest

from bot.restores.dangers import DangerKind, dangers, target_of, unseen
from bot.restores.models import (
    BackupPlan,
    Destination,
    Following,
    Location,
    PrecheckItem,
    PrecheckReport,
    RequestState,
    RestoreDraft,
    RestoreObject,
    RestorePoint,
    RestoreRequest,
    RestoreTask,
    Window,
)
from tests.values import NOON, following, request, spec, task

OWN_SOURCE, SAME_NAME = DangerKind.OWN_SOURCE, DangerKind.SAME_NAME
BUSY_TARGET, REPEATED = DangerKind.BUSY_TARGET, DangerKind.REPEATED

RENAMED = (RestoreObject(db_name="orders", new_db_name="orders_copy"),)
OTHER = {"location": Location.OTHER, "user_name": "root"}


def plan(**changes: object) -> BackupPlan:
    made = BackupPlan(backup_plan_id="dbs1", name="orders", engine="MySQL", region="cn-hangzhou")
    return made.evolve(**changes)


def draft(source: BackupPlan | None = None, **changes: object) -> RestoreDraft:
    """A draft without any danger; changes go to its spec."""
    return RestoreDraft(
        nonce="b" * 32,
        plan=source or plan(source_instance_id="rm-source"),
        windows=(Window(begin=NOON - timedelta(days=3), end=NOON),),
        spec=spec(**{"objects": RENAMED} | changes),
        start=True,
        password=None,
        channel_id="C1",
        user_id="U1",
    )


def elsewhere(**changes: object) -> Destination:
    return Destination(location=Location.RDS, region="cn-hangzhou", instance_id="rm-2").evolve(**changes)


def kinds(wanted: RestoreDraft, *others: Following) -> list[DangerKind]:
    return [danger.kind for danger in dangers(wanted, others, NOON)]


def test_a_new_name_on_another_instance_is_no_danger() -> None:
    assert kinds(draft()) == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ({"source_instance_id": "rm-1"}, {"location": Location.RDS, "instance_id": "RM-1 "}),
        ({"source_ip_port": "10.0.0.5:3306"}, {**OTHER, "ip": "10.0.0.5", "port": 3306}),
        ({"source_ip_port": "10.0.0.5"}, {**OTHER, "ip": "10.0.0.5", "port": 3306}),
        ({"source_ip_port": "10.0.0.4:3306,10.0.0.5:3306"}, {**OTHER, "ip": "10.0.0.5", "port": 3306}),
        ({"source_ip_port": "DB1.example.com:3306"}, {**OTHER, "ip": "db1.Example.com.", "port": 3306}),
        ({"source_ip_port": "[2001:DB8::0:5]:3306"}, {**OTHER, "ip": "2001:db8:0::5", "port": 3306}),
        ({"source_ip_port": "2001:db8::5"}, {**OTHER, "ip": "2001:db8::5", "port": 3306}),
        ({"source_ip_port": "10.0.0.5:3306"}, {**OTHER, "ip": "::ffff:10.0.0.5", "port": 3306}),
        (
            {"source_instance_id": "rm-1"},
            {**OTHER, "ip": "rm-1.mysql.rds.aliyuncs.com", "port": 3306},
        ),
        (
            {"source_instance_id": "rm-1"},
            {**OTHER, "ip": "rm-1xo.mysql.rds.aliyuncs.com", "port": 3306},
        ),
        ({"source_instance_id": "dds-1"}, {**OTHER, "ip": "dds-1-pub.mongodb.rds.aliyuncs.com"}),
        ({"source_ip_port": "127.0.0.1:3306"}, {**OTHER, "ip": "localhost", "port": 3306}),
        ({"source_ip_port": "[::1]:3306"}, {**OTHER, "ip": "127.0.0.1", "port": 3306}),
        (
            {"source_ip_port": "127.0.0.1:3306", "backup_gateway_id": "1"},
            {"location": Location.AGENT, "ip": "localhost", "port": 3306, "backup_gateway_id": "1"},
        ),
        ({"source_ip_port": "2001:db8::1:3306"}, {**OTHER, "ip": "2001:db8::1", "port": 3306}),
        ({"source_ip_port": "::ffff:10.0.0.5"}, {**OTHER, "ip": "10.0.0.5", "port": 3306}),
        ({"source_ip_port": "[fe80::1]:3306"}, {**OTHER, "ip": "fe80::1%eth0", "port": 3306}),
        ({"source_ip_port": "bücher.example:3306"}, {**OTHER, "ip": "xn--bcher-kva.example", "port": 3306}),
        ({"source_ip_port": "mysql://db.example.com:3306/x"}, {**OTHER, "ip": "db.example.com"}),
        (
            {"source_instance_id": "i-1", "source_ip_port": ":3306"},
            {"location": Location.ECS, "instance_id": "i-1", "port": 3306},
        ),
    ],
)
def test_the_plans_own_source_is_known_however_it_is_spelled(
    source: dict[str, object], target: dict[str, object]
) -> None:
    assert kinds(draft(plan(**source), destination=Destination.model_validate(target))) == [OWN_SOURCE]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ({}, {"location": Location.DG}),
        ({"source_instance_id": "rm-1"}, {"location": Location.RDS, "instance_id": "rm-11"}),
        ({"source_ip_port": "10.0.0.5:3306"}, {**OTHER, "ip": "10.0.0.5", "port": 3307}),
        ({"source_ip_port": "10.0.0.5:3306"}, {**OTHER, "ip": "10.0.0.50", "port": 3306}),
        ({"source_instance_id": "rm-1"}, {**OTHER, "ip": "rm-1.example.com", "port": 3306}),
        ({"source_ip_port": "what:ever:it:is"}, {**OTHER, "ip": "whatever", "port": 3306}),
        ({"source_instance_id": "rm-bp1"}, {**OTHER, "ip": "rm-bp12.mysql.rds.aliyuncs.com"}),
        (
            {"source_ip_port": "127.0.0.1:3306", "backup_gateway_id": "1"},
            {"location": Location.AGENT, "ip": "127.0.0.1", "port": 3306, "backup_gateway_id": "2"},
        ),
        ({"source_ip_port": "2001:db8::1:3306"}, {**OTHER, "ip": "2001:db8::1", "port": 3307}),
        ({"source_instance_id": "i-1"}, {"location": Location.ECS, "instance_id": "i-2", "port": 3306}),
    ],
)
def test_another_place_is_not_taken_for_the_source(
    source: dict[str, object], target: dict[str, object]
) -> None:
    assert kinds(draft(plan(**source), destination=Destination.model_validate(target))) == []


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        (
            {"source_instance_id": "i-1", "source_ip_port": ":3306"},
            {"location": Location.ECS, "instance_id": "i-1", "port": 3307},
            "at another port",
        ),
        (
            {"source_instance_id": "vpc-1", "source_ip_port": "10.0.0.4:3306"},
            {"location": Location.EXPRESS, "instance_id": "vpc-1", "ip": "10.0.0.5", "port": 3306},
            "at another port or address",
        ),
        ({"source_location": "dg"}, {"location": Location.DG, "user_name": "root"}, "may be what this plan"),
    ],
)
def test_what_may_be_the_source_or_is_beside_it_is_told_as_such(
    source: dict[str, object], target: dict[str, object], words: str
) -> None:
    wanted = draft(plan(**source), destination=Destination.model_validate(target))
    (danger,) = dangers(wanted, [], NOON)
    assert danger.kind is OWN_SOURCE
    assert words in danger.sentence


def test_another_port_of_an_instance_is_another_target() -> None:
    there = elsewhere(location=Location.ECS, instance_id="i-1", port=3306)
    busy = request(state=RequestState.STARTED, spec=spec(destination=there))
    assert kinds(draft(destination=there.evolve(port=3307)), following(busy, task())) == []
    assert kinds(draft(destination=there), following(busy, task())) == [BUSY_TARGET]


@pytest.mark.parametrize(
    ("objects", "kept"),
    [
        ((RestoreObject(db_name="a"), *RENAMED, RestoreObject(db_name="b", new_db_name="b")), ("a", "b")),
        ((RestoreObject(db_name="orders", new_db_name="Orders"),), ("orders",)),
        ((RestoreObject(db_name="orders", new_db_name="orders "),), ("orders",)),
        ((RestoreObject(db_name="a", schema_name="s", new_schema_name="S "),), ("a.s",)),
        ((RestoreObject(db_name="a", schema_name="s"),), ("a.s",)),
        ((RestoreObject(db_name="a", schema_name="s", new_schema_name="s"),), ("a.s",)),
        ((), ()),
    ],
)
def test_what_keeps_its_name_is_a_danger(objects: tuple[RestoreObject, ...], kept: tuple[str, ...]) -> None:
    (danger,) = dangers(draft(objects=objects), [], NOON)
    assert (danger.kind, danger.names) == (SAME_NAME, kept)


def test_a_schema_under_a_new_name_is_none() -> None:
    assert kinds(draft(objects=(RestoreObject(db_name="a", schema_name="s", new_schema_name="t"),))) == []


BUSY = [
    (request(), None),
    (request(state=RequestState.CREATING), None),
    (request(state=RequestState.CREATED, start=False), task("init")),
    (request(state=RequestState.STARTED), task("running")),
    (request(state=RequestState.STARTED), task("pause")),
    (request(state=RequestState.STARTED), task("who knows")),
    (request(state=RequestState.START_REFUSED), task("running")),
]
OVER = [
    (request(state=RequestState.REFUSED), None),
    (request(state=RequestState.ABANDONED), None),
    (request(state=RequestState.START_REFUSED), task("check_pass")),
    (request(state=RequestState.STARTED), task("stop")),
    (request(state=RequestState.STARTED), task("running", finished_at=NOON)),
]


@pytest.mark.parametrize(("asked", "seen"), BUSY)
def test_another_active_restore_to_the_target_is_named(
    asked: RestoreRequest, seen: RestoreTask | None
) -> None:
    other = following(asked, seen)
    (danger,) = dangers(draft(point=RestorePoint(backup_set_id="set1")), [other], NOON)
    assert (danger.kind, danger.task_name, danger.user_id) == (BUSY_TARGET, "back to noon", "U1")
    assert (danger.at, danger.link) == (NOON, other.link)
    assert "back to noon" in danger.sentence


@pytest.mark.parametrize(("asked", "seen"), OVER)
def test_a_restore_that_is_over_leaves_the_target_free(
    asked: RestoreRequest, seen: RestoreTask | None
) -> None:
    other = following(asked, seen)
    assert kinds(draft(point=RestorePoint(backup_set_id="set1")), other) == []


def test_what_was_given_up_leaves_the_target_free_and_is_asked_for_again_unasked() -> None:
    waits = following(request(state=RequestState.CREATED, start=False), task("check_pass"))
    left = waits.evolve(given_up_by="U9", given_up_at=NOON)
    same = draft(objects=(RestoreObject(db_name="orders"),))
    assert kinds(same, waits) == [SAME_NAME, BUSY_TARGET, REPEATED]
    assert kinds(same, left) == [SAME_NAME]
    # Started in the console all the same.
    assert BUSY_TARGET in kinds(same, left.evolve(task=task("running")))


def test_a_task_that_dbs_does_not_list_leaves_the_target_free_after_a_day() -> None:
    unlisted = following(request(state=RequestState.STARTED), task("running", reported=False))
    wanted = draft(point=RestorePoint(backup_set_id="set1"))
    assert kinds(wanted, unlisted) == [BUSY_TARGET]
    assert kinds(wanted, unlisted.evolve(changed_at=NOON - timedelta(hours=25))) == []
    listed = following(request(state=RequestState.STARTED), task("running"))
    assert kinds(wanted, listed.evolve(changed_at=NOON - timedelta(days=9))) == [BUSY_TARGET]


def test_many_restores_to_the_target_are_told_in_a_few_lines() -> None:
    many = [
        following(None, task(restore_task_id=f"s{number}", destination_instance_id="rm-1"))
        for number in range(200)
    ]
    found = dangers(draft(), many, NOON)
    assert [danger.task_name for danger in found] == ["s0", "s1", "s2", None]
    assert found[-1].sentence == "197 more restores go to this target: s3, s4, s5 and 194 more."
    assert not unseen(found, found)
    assert unseen(dangers(draft(), many[:100], NOON), ())
    assert not unseen(dangers(draft(), many[:100], NOON), found), "all of them were counted"
    assert unseen(found, dangers(draft(), many[:199], NOON))


def test_names_in_a_danger_are_quoted_and_cut() -> None:
    named = (RestoreObject(db_name="x" * 500), RestoreObject(db_name="*a*"))
    (danger,) = dangers(draft(objects=named), [], NOON)
    assert danger.said(lambda name: f"<{name}>") == (
        f"These keep their names on the target: <{'x' * 63}…>, <*a*>."
    )


def test_a_restore_elsewhere_leaves_the_target_free() -> None:
    there = request(state=RequestState.STARTED, spec=spec(destination=elsewhere()))
    assert kinds(draft(), following(there, task())) == []


def test_a_task_nobody_asked_for_here_is_known_by_its_instance() -> None:
    (danger,) = dangers(draft(), [following(None, task(destination_instance_id="RM-1"))], NOON)
    assert (danger.kind, danger.task_name, danger.user_id) == (BUSY_TARGET, "s1", None)


def test_the_same_restore_again_is_a_danger_for_ten_minutes() -> None:
    wanted = draft(destination=elsewhere())
    earlier = request(
        spec=wanted.spec.evolve(task_name="orders rb-1"), created_at=NOON - timedelta(minutes=10)
    )
    danger = dangers(wanted, [following(earlier)], NOON)[-1]
    assert (danger.kind, danger.task_name, danger.user_id) == (REPEATED, "orders rb-1", "U1")
    assert danger.at == NOON - timedelta(minutes=10)
    late = earlier.evolve(created_at=NOON - timedelta(minutes=10, seconds=1))
    assert REPEATED not in kinds(wanted, following(late))


def test_of_many_repetitions_the_newest_is_told() -> None:
    wanted = draft()
    times = [NOON - timedelta(minutes=minutes) for minutes in (5, 1, 3)]
    others = [following(request(spec=wanted.spec, created_at=time)) for time in times]
    repeated = [danger for danger in dangers(wanted, others, NOON) if danger.kind is REPEATED]
    assert [danger.at for danger in repeated] == [times[1]]


@pytest.mark.parametrize("state", [RequestState.REFUSED, RequestState.ABANDONED])
def test_what_came_to_nothing_may_be_asked_again(state: RequestState) -> None:
    assert kinds(draft(), following(request(spec=draft().spec, state=state))) == []


@pytest.mark.parametrize(
    "seen",
    [
        task("stop"),
        task(
            "init",
            precheck=PrecheckReport(status="failed", items=(PrecheckItem(name="x", state="failed"),)),
        ),
    ],
)
def test_what_failed_may_be_tried_again(seen: RestoreTask) -> None:
    assert kinds(draft(), following(request(spec=draft().spec), seen)) == []


def test_the_same_form_submitted_again_is_no_danger_to_itself() -> None:
    wanted = draft()
    assert kinds(wanted, following(request(wanted.nonce, spec=wanted.spec))) == []


def test_another_account_or_spelling_does_not_make_it_another_restore() -> None:
    wanted = draft()
    spelled = wanted.spec.destination.evolve(instance_id="RM-1", user_name="admin")
    earlier = request(spec=wanted.spec.evolve(destination=spelled))
    assert REPEATED in kinds(wanted, following(earlier))


@pytest.mark.parametrize(
    "change",
    [
        {"backup_plan_id": "dbs2"},
        {"point": RestorePoint(backup_set_id="set1")},
        {"objects": ()},
        {"destination": elsewhere()},
    ],
)
def test_another_plan_point_target_or_object_makes_it_another_restore(change: dict[str, object]) -> None:
    earlier = request(spec=draft().spec.evolve(**change))
    assert REPEATED not in kinds(draft(), following(earlier))


def test_the_latest_time_is_known_again_once_it_has_become_a_time() -> None:
    wanted = draft()
    earlier = request(spec=wanted.spec.evolve(point=RestorePoint(time=NOON - timedelta(minutes=4))))
    assert REPEATED in kinds(wanted, following(earlier))
    long_ago = earlier.evolve(spec=wanted.spec.evolve(point=RestorePoint(time=NOON - timedelta(days=1))))
    assert REPEATED not in kinds(wanted, following(long_ago))
    # The plan is no longer backed up: its latest time stays where it is.
    ended = (Window(begin=NOON - timedelta(days=3), end=NOON - timedelta(days=1)),)
    assert REPEATED in kinds(wanted.evolve(windows=ended), following(long_ago))
    assert REPEATED in kinds(wanted.evolve(windows=()), following(earlier))


def test_every_danger_there_is_is_told_the_worst_first() -> None:
    wanted = draft(plan(source_instance_id="rm-1"), objects=())
    other = following(request(spec=wanted.spec))
    assert kinds(wanted, other) == [OWN_SOURCE, SAME_NAME, BUSY_TARGET, REPEATED]
    sentences = [danger.sentence for danger in dangers(wanted, [other], NOON)]
    assert len(set(sentences)) == len(sentences)


def test_a_long_list_of_names_is_cut() -> None:
    many = tuple(RestoreObject(db_name=f"db{number}") for number in range(50))
    (danger,) = dangers(draft(objects=many), [], NOON)
    assert danger.sentence.endswith("db8, db9 and 40 more.")


@pytest.mark.parametrize(
    ("destination", "typed"),
    [
        (Destination(location=Location.EXPRESS, instance_id="vpc-1", ip="10.0.0.5", port=3306), "vpc-1"),
        (Destination(location=Location.OTHER, ip="10.0.0.5", port=3306), "10.0.0.5:3306"),
        (Destination(location=Location.AGENT, ip="10.0.0.5"), "10.0.0.5"),
        (Destination(location=Location.DG), "orders"),
    ],
)
def test_what_is_typed_to_go_on_names_the_target(destination: Destination, typed: str) -> None:
    assert target_of(destination, "orders") == typed


def test_a_plan_can_be_typed_whatever_breaks_the_line_in_its_name() -> None:
    assert target_of(Destination(location=Location.DG), "or\u202ed\ners\n") == "or d ers"
