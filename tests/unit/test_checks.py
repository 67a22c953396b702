"""What is said of a draft before DBS hears of it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.restores.checks import nearest, objects_problem, problems, target_problems
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
from bot.restores.requirements import ROWS, Field, Need, Step, need
from tests.values import NOON, spec

WINDOWS = (
    Window(begin=NOON - timedelta(days=3), end=NOON - timedelta(days=2)),
    Window(begin=NOON - timedelta(days=1), end=NOON),
)
FULL = Destination(
    location=Location.RDS,
    region="cn-hangzhou",
    instance_id="rm-1",
    ip="10.0.0.5",
    port=3306,
    database_name="admin",
    oracle_sid="ORCL",
    user_name="root",
    backup_gateway_id="233",
    restore_dir="/data",
    restore_home="/usr",
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


# Missing


def test_every_missing_field_has_its_own_sentence() -> None:
    empty = draft(destination=Destination(location=Location.RDS), objects=(), task_name=" ")
    found = problems(empty.evolve(password=None))
    assert found.keys() == {"region", "instance_id", "user_name", "password", "objects", "task_name"}
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("location", Location)
def test_each_required_field_is_missed_alone_wherever_it_is_required(
    location: Location, engine: Engine
) -> None:
    full = FULL.evolve(location=location)
    assert target_problems(full, engine) == {}
    for field in set(Field) & set(Destination.model_fields) - {Field.LOCATION}:
        found = target_problems(full.evolve(**{field: None}), engine)
        required = need(field, location, engine) is Need.REQUIRED
        sentence = ROWS[field].missing.format(engine=engine)
        assert found == ({field: sentence} if required else {})


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("location", Location)
def test_password_and_objects_are_missed_where_they_are_required(location: Location, engine: Engine) -> None:
    bare = draft(engine, destination=FULL.evolve(location=location), objects=()).evolve(password=None)
    required = {
        field for field in (Field.PASSWORD, Field.OBJECTS) if need(field, location, engine) is Need.REQUIRED
    }
    assert problems(bare).keys() == required


def test_the_target_alone_is_checked_for_what_is_asked_with_it() -> None:
    missed = target_problems(Destination(location=Location.RDS), Engine.MYSQL)
    assert {ROWS[Field(name)].step for name in missed} == {Step.WHERE}
    assert missed.keys() == {"region", "instance_id", "user_name"}


def test_a_sentence_names_the_engine_that_needs_it() -> None:
    found = target_problems(FULL.evolve(database_name=None), Engine.MONGODB)
    assert found == {"database_name": "MongoDB needs the name of the database to connect to."}


def test_a_stored_credential_stands_for_account_and_password() -> None:
    nameless = FULL.evolve(user_name=None)
    stored = draft(destination=nameless).evolve(password=None, credential="writer")
    assert problems(stored) == {}
    assert target_problems(nameless, Engine.MYSQL, credential="writer") == {}
    assert target_problems(nameless, Engine.MYSQL).keys() == {"user_name"}


def test_an_empty_password_is_none() -> None:
    assert problems(draft().evolve(password=SecretStr(""))).keys() == {"password"}


# Malformed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("region", "Hangzhou"),
        ("region", "hangzhou"),
        ("instance_id", "rm 1"),
        ("instance_id", "rm-1;"),
        ("instance_id", "x" * 129),
        ("ip", "10.0.0.300"),
        ("ip", "10.0.0.5:3306"),
        ("ip", "http://db"),
        ("ip", "-db.example.com"),
        ("ip", "127.1"),
        ("ip", "0x0a000005"),
        ("ip", "10.0.0.0x5"),
        ("ip", "db..example.com"),
        ("ip", "a." * 127 + "com"),
        ("port", 0),
        ("port", 65536),
        ("port", -1),
        ("database_name", "a\nb"),
        ("database_name", "x" * 129),
        ("oracle_sid", "OR CL"),
        ("user_name", "root admin"),
        ("user_name", "x" * 129),
        ("backup_gateway_id", "gw-1"),
        ("backup_gateway_id", "0"),
        ("backup_gateway_id", "1" * 20),
        ("restore_dir", "data"),
        ("restore_dir", "/da\nta"),
        ("restore_home", "~/mysql"),
    ],
)
def test_what_cannot_be_right_is_told_beside_its_field(field: str, value: object) -> None:
    target = FULL.evolve(location=Location.AGENT, **{field: value})
    found = target_problems(target, Engine.MYSQL)
    assert found.keys() == {field}
    assert found[field] != ROWS[Field(field)].missing


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("region", "cn-shanghai-finance-1"),
        ("region", "me-east-1"),
        ("instance_id", "i-bp1a2b3c"),
        ("ip", "10.0.0.5"),
        ("ip", "2001:db8::5"),
        ("ip", "db"),
        ("ip", "rm-1.mysql.rds.aliyuncs.com"),
        ("ip", "my_db.example.com."),
        ("port", 1),
        ("port", 65535),
        ("database_name", "订单 2"),
        ("oracle_sid", "ORCL.EXAMPLE"),
        ("user_name", "CORP\\dba"),
        ("backup_gateway_id", "23313123312"),
        ("restore_dir", "/data/my restore"),
        ("restore_dir", "D:\\restore"),
        ("restore_home", "\\\\host\\mysql"),
    ],
)
def test_what_can_be_right_passes(field: str, value: object) -> None:
    assert target_problems(FULL.evolve(location=Location.AGENT, **{field: value}), Engine.MYSQL) == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"task_name": "x" * 101}, "task_name"),
        ({"task_name": "a\nb"}, "task_name"),
        ({"cross_aliyun_id": "company"}, "cross_aliyun_id"),
        ({"cross_role_name": "a role"}, "cross_role_name"),
        ({"point": RestorePoint(backup_set_id="a b")}, "backup_set_id"),
        ({"point": RestorePoint(time=NOON, backup_set_id="set1")}, "time"),
    ],
)
def test_the_rest_of_a_draft_is_checked_as_well(changes: dict[str, object], field: str) -> None:
    assert problems(draft().evolve(spec=spec(**changes))).keys() == {field}


# Times


@pytest.mark.parametrize("time", [WINDOWS[0].begin, WINDOWS[0].end, WINDOWS[1].begin, NOON])
def test_the_edges_of_a_window_can_be_restored_to(time: datetime) -> None:
    assert problems(draft(point=RestorePoint(time=time))) == {}
    assert nearest(time, WINDOWS) == ()


@pytest.mark.parametrize(
    ("time", "edges"),
    [
        (NOON - timedelta(days=4), (WINDOWS[0].begin,)),
        (NOON - timedelta(days=1, hours=12), (WINDOWS[0].end, WINDOWS[1].begin)),
        (NOON + timedelta(minutes=1), (NOON,)),
    ],
)
def test_a_time_outside_the_windows_is_refused_with_the_nearest_that_can_be_had(
    time: datetime, edges: tuple[datetime, ...]
) -> None:
    assert nearest(time, WINDOWS) == nearest(time, WINDOWS[::-1]) == edges
    sentence = problems(draft(point=RestorePoint(time=time)))["time"]
    assert all(f"{edge:%Y-%m-%d %H:%M} UTC" in sentence.split("Nearest")[1] for edge in edges)


_moments = st.integers(0, 10_000_000).map(lambda number: NOON + timedelta(microseconds=number * 997))
_windows = st.tuples(_moments, _moments).map(lambda ends: Window(begin=min(ends), end=max(ends)))


@given(_moments, st.lists(_windows, max_size=4))
def test_the_nearest_times_can_be_restored_and_none_is_offered_for_one_that_can(
    time: datetime, windows: list[Window]
) -> None:
    inside = any(time in window for window in windows)
    edges = nearest(time, windows)
    assert bool(edges) == (bool(windows) and not inside)
    assert all(any(edge in window for window in windows) for edge in edges)
    assert list(edges) == sorted(edges)


def test_the_nearest_times_are_whole_seconds_where_there_is_one() -> None:
    ragged = Window(
        begin=NOON - timedelta(microseconds=3_500_000), end=NOON - timedelta(microseconds=500_000)
    )
    assert nearest(NOON, [ragged]) == (NOON - timedelta(seconds=1),)
    assert nearest(NOON - timedelta(minutes=1), [ragged]) == (NOON - timedelta(seconds=3),)


def test_a_plan_without_windows_asks_for_a_backup_set() -> None:
    timed = draft(point=RestorePoint(time=NOON)).evolve(windows=())
    assert "backup set" in problems(timed)["time"]
    assert "backup set" in problems(draft().evolve(windows=()))["choice"]
    assert problems(draft(point=RestorePoint(backup_set_id="set1")).evolve(windows=())) == {}


def test_where_windows_are_not_known_dbs_decides() -> None:
    old = draft(point=RestorePoint(time=NOON - timedelta(days=9)))
    assert problems(old.evolve(more_windows=True)) == {}
    assert problems(old.evolve(more_windows=True, windows=())) == {}
    assert problems(draft().evolve(more_windows=True, windows=())) == {}
    future = draft(point=RestorePoint(time=NOON + timedelta(days=1)))
    assert problems(future.evolve(more_windows=True)).keys() == {"time"}


# Objects


@pytest.mark.parametrize(
    ("objects", "word"),
    [
        ([("orders", None), ("orders", "again")], "orders is named twice"),
        ([("orders", None), ("log", "orders")], "Two databases would both be called orders"),
        ([("nowhere", None)], "Not in this plan: “nowhere”. It has “orders”, “log”."),
        ([(" ", None)], "needs its name"),
    ],
)
def test_objects_that_contradict_each_other_or_the_plan_are_refused(
    objects: list[tuple[str, str | None]], word: str
) -> None:
    named = tuple(RestoreObject(db_name=old, new_db_name=new) for old, new in objects)
    assert word in problems(draft(objects=named))["objects"]


@pytest.mark.parametrize("other", ["copy", "COPY ", " Copy"])
def test_two_databases_cannot_get_names_that_many_servers_take_for_one(other: str) -> None:
    named = [
        RestoreObject(db_name="orders", new_db_name="Copy"),
        RestoreObject(db_name="log", new_db_name=other),
    ]
    sentence = objects_problem(named, ("orders", "log"))
    assert sentence == f"“Copy” and “{other}” are one name to many servers. Give one of them another."


def test_a_source_that_tells_case_apart_may_be_restored_as_it_is() -> None:
    both = [RestoreObject(db_name="Log"), RestoreObject(db_name="log")]
    assert objects_problem(both, ("Log", "log")) is None
    schemas = [RestoreObject(db_name="a", schema_name=name) for name in ("S", "s")]
    assert objects_problem(schemas, ("a",)) is None


def test_two_databases_may_change_their_names() -> None:
    swapped = (
        RestoreObject(db_name="orders", new_db_name="log"),
        RestoreObject(db_name="log", new_db_name="orders"),
    )
    assert problems(draft(objects=swapped)) == {}


@pytest.mark.parametrize(
    ("objects", "sentence"),
    [
        ([{"schema_name": "s"}, {"schema_name": "t"}], None),
        ([{"schema_name": "s"}, {"schema_name": "s"}], "a.s is named twice."),
        ([{}, {"schema_name": "s"}], "a.s is named twice."),
        (
            [{"schema_name": "s"}, {"schema_name": "t", "new_schema_name": "s"}],
            "Two schemas would both be called a.s on the target.",
        ),
        ([{"new_schema_name": "s"}], "To rename a schema, name it."),
    ],
)
def test_schemas_are_checked_within_their_database(
    objects: list[dict[str, str]], sentence: str | None
) -> None:
    named = [RestoreObject.model_validate({"db_name": "a"} | each) for each in objects]
    assert objects_problem(named, ()) == sentence


def test_a_plan_whose_databases_are_not_known_is_not_contradicted() -> None:
    assert objects_problem([RestoreObject(db_name="nowhere")], ()) is None
