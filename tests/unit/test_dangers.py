"""What makes a restore dangerous though nothing in it is wrong."""

from datetime import timedelta

import pytest

from bot.restores.dangers import DangerKind, dangers, target_of
from bot.restores.models import (
    BackupPlan,
    Destination,
    Following,
    Location,
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
    ],
)
def test_another_place_is_not_taken_for_the_source(
    source: dict[str, object], target: dict[str, object]
) -> None:
    assert kinds(draft(plan(**source), destination=Destination.model_validate(target))) == []


@pytest.mark.parametrize(
    ("objects", "kept"),
    [
        ((RestoreObject(db_name="a"), *RENAMED, RestoreObject(db_name="b", new_db_name="b")), ("a", "b")),
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
