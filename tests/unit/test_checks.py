"""What is said of a draft before DBS hears of it."""

from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.restores.checks import problems
from bot.restores.models import (
    BackupPlan,
    Destination,
    Engine,
    Location,
    RestoreDraft,
    RestoreObject,
    RestorePoint,
    Window,
)
from tests.values import NOON, spec

WINDOWS = (
    Window(begin=NOON - timedelta(days=3), end=NOON - timedelta(days=2)),
    Window(begin=NOON - timedelta(days=1), end=NOON),
)


def draft(engine: str = Engine.MYSQL, **changes: object) -> RestoreDraft:
    """A draft without fault; changes go to its spec."""
    plan = BackupPlan(
        backup_plan_id="dbs1", name="orders", engine=engine, region="cn-hangzhou", databases=("orders", "log")
    )
    return RestoreDraft(
        nonce="n",
        plan=plan,
        windows=WINDOWS,
        spec=spec(**changes),
        start=True,
        password=SecretStr("pw"),
        channel_id="C1",
        user_id="U1",
    )


def test_a_draft_without_fault_passes() -> None:
    assert problems(draft()) == {}


def test_every_missing_field_has_its_own_sentence() -> None:
    empty = draft(destination=Destination(location=Location.RDS), objects=(), task_name=" ")
    found = problems(empty.evolve(password=None))
    assert found.keys() == {"region", "instance_id", "user_name", "password", "objects", "task_name"}
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize(
    ("engine", "field"), [(Engine.POSTGRESQL, "database_name"), (Engine.ORACLE, "oracle_sid")]
)
def test_what_the_engine_needs_is_asked_for(engine: Engine, field: str) -> None:
    assert problems(draft(engine)).keys() == {field}


@pytest.mark.parametrize("time", [WINDOWS[0].begin, WINDOWS[0].end, WINDOWS[1].begin, NOON])
def test_the_edges_of_a_window_can_be_restored_to(time: datetime) -> None:
    assert problems(draft(point=RestorePoint(time=time))) == {}


@pytest.mark.parametrize(
    ("time", "nearest"),
    [
        (NOON - timedelta(days=4), ["2026-11-17 12:00 UTC"]),
        (NOON - timedelta(days=1, hours=12), ["2026-11-18 12:00 UTC", "2026-11-19 12:00 UTC"]),
        (NOON + timedelta(minutes=1), ["2026-11-20 12:00 UTC"]),
    ],
)
def test_a_time_outside_the_windows_is_refused_with_the_nearest_that_can_be_had(
    time: datetime, nearest: list[str]
) -> None:
    sentence = problems(draft(point=RestorePoint(time=time)))["time"]
    assert all(edge in sentence.split("Nearest")[1] for edge in nearest)


def test_a_plan_without_windows_asks_for_a_backup_set() -> None:
    timed = draft(point=RestorePoint(time=NOON)).evolve(windows=())
    assert "backup set" in problems(timed)["time"]


@pytest.mark.parametrize(
    ("objects", "word"),
    [
        ([("orders", None), ("orders", "again")], "named twice"),
        ([("orders", None), ("log", "orders")], "both be called orders"),
        ([("nowhere", None)], "Not in this plan: “nowhere”"),
    ],
)
def test_objects_that_contradict_each_other_or_the_plan_are_refused(
    objects: list[tuple[str, str | None]], word: str
) -> None:
    named = tuple(RestoreObject(db_name=old, new_db_name=new) for old, new in objects)
    assert word in problems(draft(objects=named))["objects"]


def test_a_task_name_can_be_too_long() -> None:
    assert "100" in problems(draft(task_name="x" * 101))["task_name"]
