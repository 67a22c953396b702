"""Which parameter is needed when."""

import pytest

from bot.restores.models import Engine, Location, Wish
from bot.restores.requirements import (
    LOCATIONS,
    ROWS,
    TABLE,
    Field,
    Need,
    Requirement,
    Step,
    asked,
    given,
    need,
)
from bot.restores.requirements_table import markdown
from tests.values import spec

REQUIRED, OPTIONAL, HIDDEN = Need.REQUIRED, Need.OPTIONAL, Need.HIDDEN


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize(
    ("location", "needed"),
    [
        (Location.RDS, {Field.REGION, Field.INSTANCE_ID}),
        (Location.ECS, {Field.REGION, Field.INSTANCE_ID, Field.PORT}),
        (Location.DDS, {Field.REGION, Field.INSTANCE_ID}),
        (Location.EXPRESS, {Field.REGION, Field.INSTANCE_ID, Field.IP, Field.PORT}),
        (Location.AGENT, {Field.REGION, Field.IP, Field.PORT, Field.BACKUP_GATEWAY_ID}),
        (Location.OTHER, {Field.IP, Field.PORT}),
        (Location.DG, set()),
    ],
)
def test_a_location_needs_its_address_whatever_the_engine(
    location: Location, engine: Engine, needed: set[Field]
) -> None:
    address = {Field.REGION, Field.INSTANCE_ID, Field.IP, Field.PORT, Field.BACKUP_GATEWAY_ID}
    assert {field for field in address if need(field, location, engine) is REQUIRED} == needed


@pytest.mark.parametrize("location", Location)
def test_an_engine_needs_what_names_its_database_wherever_it_is(location: Location) -> None:
    assert {engine for engine in Engine if need(Field.DATABASE_NAME, location, engine) is REQUIRED} == {
        Engine.POSTGRESQL,
        Engine.MONGODB,
    }
    assert {engine for engine in Engine if need(Field.ORACLE_SID, location, engine) is REQUIRED} == {
        Engine.ORACLE
    }


@pytest.mark.parametrize("field", [Field.USER_NAME, Field.PASSWORD])
def test_an_account_is_optional_for_redis_and_for_mssql_behind_a_gateway_only(field: Field) -> None:
    free = {
        (location, engine)
        for location in Location
        for engine in Engine
        if need(field, location, engine) is OPTIONAL
    }
    assert free == {(location, Engine.REDIS) for location in Location} | {(Location.AGENT, Engine.MSSQL)}


def test_objects_are_optional_behind_a_gateway_only() -> None:
    for location in Location:
        expected = OPTIONAL if location is Location.AGENT else REQUIRED
        assert need(Field.OBJECTS, location, Engine.MYSQL) is expected


def test_directories_are_asked_behind_a_gateway_only() -> None:
    for location in Location:
        behind = location is Location.AGENT
        assert need(Field.RESTORE_HOME, location, Engine.MYSQL) is (OPTIONAL if behind else HIDDEN)
        assert need(Field.RESTORE_DIR, location, Engine.MYSQL) is (REQUIRED if behind else HIDDEN)
    assert need(Field.RESTORE_DIR, Location.AGENT, Engine.ORACLE) is HIDDEN


def test_an_engine_unknown_to_us_is_treated_like_one_without_peculiarities() -> None:
    assert need(Field.DATABASE_NAME, Location.RDS, "PolarDB") is HIDDEN
    assert need(Field.PASSWORD, Location.RDS, "PolarDB") is REQUIRED


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("location", Location)
def test_what_every_restore_says_is_asked_everywhere(location: Location, engine: Engine) -> None:
    needs = {field: need(field, location, engine) for field in Field}
    assert {needs[field] for field in (Field.PLAN, Field.LOCATION, Field.TASK_NAME)} == {REQUIRED}
    assert {field for field in Field if needs[field] is Need.EITHER} == {Field.TIME, Field.BACKUP_SET_ID}
    free = (Field.DUPLICATE_CONFLICT, Field.CROSS_ALIYUN_ID, Field.CROSS_ROLE_NAME)
    assert {needs[field] for field in free} == {OPTIONAL}


def test_each_field_has_one_row_with_names_of_its_own() -> None:
    assert [row.field for row in TABLE] == list(Field)
    assert ROWS.keys() == set(Field)
    for names in (
        [row.parameter for row in TABLE],
        [row.label for row in TABLE],
        [row.key for row in TABLE],
    ):
        assert len(set(names)) == len(TABLE)


def test_what_can_be_required_has_a_sentence_for_when_it_is_missing() -> None:
    def can_be_required(row: Requirement) -> bool:
        return any(row.rule(location, engine) is REQUIRED for location in Location for engine in Engine)

    sentences = [row.missing for row in TABLE if can_be_required(row)]
    assert all(sentences)
    assert len(set(sentences)) == len(sentences)


def test_only_the_password_has_no_key_in_a_command() -> None:
    assert [row.field for row in TABLE if row.key is None] == [Field.PASSWORD]


def test_every_location_has_its_words() -> None:
    assert LOCATIONS.keys() == set(Location)
    assert len(set(LOCATIONS.values())) == len(LOCATIONS)


def test_what_is_asked_comes_in_the_order_of_the_form() -> None:
    where = [row.field for row in asked(Location.AGENT, Engine.MYSQL) if row.step is Step.WHERE]
    assert where == [
        Field.LOCATION,
        Field.REGION,
        Field.BACKUP_GATEWAY_ID,
        Field.IP,
        Field.PORT,
        Field.RESTORE_DIR,
        Field.RESTORE_HOME,
        Field.USER_NAME,
    ]
    steps = [row.step for row in asked(Location.AGENT, Engine.MYSQL)]
    assert steps == sorted(steps, key=list(Step).index)


def test_each_field_but_the_password_is_part_of_a_wish() -> None:
    assert set(Field) - set(Wish.model_fields) == {Field.PASSWORD}


def test_all_that_a_spec_says_is_given() -> None:
    full = spec(cross_aliyun_id="18", cross_role_name="role")
    values = given(full)
    assert values.keys() == set(Field) - {Field.PASSWORD}
    said = full.model_dump(exclude={"account", "region", "point", "destination", "objects"}).values()
    assert set(said) <= set(values.values())
    assert set(full.destination.model_dump().values()) <= set(values.values())
    assert values[Field.OBJECTS] == full.objects


def test_the_table_in_words_names_each_parameter_and_each_exception() -> None:
    table = markdown()
    assert all(f"`{row.parameter}`" in table for row in TABLE)
    assert all(f"`{location}`: {words}" in table for location, words in LOCATIONS.items())
    (row,) = [line for line in table.splitlines() if "BackupGatewayId" in line]
    assert row.split(" | ")[3:] == ["–", "–", "–", "–", "required", "–", "– |"]  # noqa: RUF001 - dashes
    for note in ("PostgreSQL and MongoDB only.", "Optional for MSSQL and Redis.", "One of the two"):
        assert table.count(note) == 1
