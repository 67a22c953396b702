"""THE table: which parameter of `CreateRestoreTask` is required, optional or hidden.

Source: the vendor's parameter data of 2026-04, as read together with its SDK and help pages.
"""

from collections.abc import Callable
from enum import StrEnum

from bot.restores.models import Engine, Location


class Need(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    HIDDEN = "hidden"


class Field(StrEnum):
    """What a form may ask for beside the plan, the point in time, the location and the task's name."""

    REGION = "region"
    INSTANCE_ID = "instance_id"
    IP = "ip"
    PORT = "port"
    DATABASE_NAME = "database_name"
    ORACLE_SID = "oracle_sid"
    USER_NAME = "user_name"
    PASSWORD = "password"  # noqa: S105 - the name of a field
    BACKUP_GATEWAY_ID = "backup_gateway_id"
    RESTORE_DIR = "restore_dir"
    RESTORE_HOME = "restore_home"
    OBJECTS = "objects"


_Rule = Callable[[Location, str], Need]


def _required_at(*locations: Location) -> _Rule:
    return lambda location, _: Need.REQUIRED if location in locations else Need.HIDDEN


def _required_for(*engines: Engine) -> _Rule:
    return lambda _, engine: Need.REQUIRED if engine in engines else Need.HIDDEN


def _account(location: Location, engine: str) -> Need:
    free = engine == Engine.REDIS or (location is Location.AGENT and engine == Engine.MSSQL)
    return Need.OPTIONAL if free else Need.REQUIRED


def _restore_dir(location: Location, engine: str) -> Need:
    return Need.REQUIRED if location is Location.AGENT and engine == Engine.MYSQL else Need.HIDDEN


_L = Location
_TABLE: dict[Field, _Rule] = {
    Field.REGION: _required_at(_L.RDS, _L.ECS, _L.DDS, _L.EXPRESS, _L.AGENT),
    Field.INSTANCE_ID: _required_at(_L.RDS, _L.ECS, _L.DDS, _L.EXPRESS),
    Field.IP: _required_at(_L.EXPRESS, _L.AGENT, _L.OTHER),
    Field.PORT: _required_at(_L.EXPRESS, _L.AGENT, _L.OTHER, _L.ECS),
    Field.DATABASE_NAME: _required_for(Engine.POSTGRESQL, Engine.MONGODB),
    Field.ORACLE_SID: _required_for(Engine.ORACLE),
    Field.USER_NAME: _account,
    Field.PASSWORD: _account,
    Field.BACKUP_GATEWAY_ID: _required_at(_L.AGENT),
    Field.RESTORE_DIR: _restore_dir,
    Field.RESTORE_HOME: lambda location, _: Need.OPTIONAL if location is _L.AGENT else Need.HIDDEN,
    Field.OBJECTS: lambda location, _: Need.OPTIONAL if location is _L.AGENT else Need.REQUIRED,
}


def need(field: Field, location: Location, engine: str) -> Need:
    """How much `field` is needed. `engine` is an `Engine` value, or DBS's own word for one unknown to us."""
    return _TABLE[field](location, engine)
