"""Which parameter is needed when."""

import pytest

from bot.restores.models import Engine, Location
from bot.restores.requirements import Field, Need, need

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
