"""Which parameters CreateRestoreTask needs, by location and engine, and what DBS refuses in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.sandbox.dbs import parameters as read
from bot.sandbox.dbs.errors import conflict, invalid, missing, not_found
from bot.sandbox.dbs.estate import BackupPlan, BackupSet, Engine, Estate, Location

_HIGHEST_PORT = 65535
_POLICIES = ("failure", "renamenew")


@dataclass(frozen=True)
class _Need:
    """One row of the table: a parameter, when it is needed, and that in words."""

    name: str
    when: Callable[[Location, Engine], bool]
    because: str


def _at(*locations: Location) -> Callable[[Location, Engine], bool]:
    return lambda location, _: location in locations


def _account_needed(location: Location, engine: Engine) -> bool:
    return engine is not Engine.REDIS and not (location is Location.AGENT and engine is Engine.MSSQL)


_L = Location
_WHERE = "DestinationEndpointInstanceType is "
_TABLE = (
    _Need(
        "DestinationEndpointRegion",
        _at(_L.RDS, _L.ECS, _L.DDS, _L.EXPRESS, _L.AGENT),
        _WHERE + "RDS, ECS, DDS, Express or Agent",
    ),
    _Need(
        "DestinationEndpointInstanceID",
        _at(_L.RDS, _L.ECS, _L.DDS, _L.EXPRESS),
        _WHERE + "RDS, ECS, DDS or Express",
    ),
    _Need("DestinationEndpointIP", _at(_L.EXPRESS, _L.AGENT, _L.OTHER), _WHERE + "Express, Agent or Other"),
    _Need(
        "DestinationEndpointPort",
        _at(_L.EXPRESS, _L.AGENT, _L.OTHER, _L.ECS),
        _WHERE + "Express, Agent, Other or ECS",
    ),
    _Need(
        "DestinationEndpointDatabaseName",
        lambda _, engine: engine in {Engine.POSTGRESQL, Engine.MONGODB},
        "the engine is PostgreSQL or MongoDB",
    ),
    _Need("DestinationEndpointOracleSID", lambda _, engine: engine is Engine.ORACLE, "the engine is Oracle"),
    _Need("DestinationEndpointUserName", _account_needed, "this engine has accounts"),
    _Need("DestinationEndpointPassword", _account_needed, "this engine has accounts"),
    _Need("BackupGatewayId", _at(_L.AGENT), _WHERE + "Agent"),
    _Need(
        "RestoreDir",
        lambda location, engine: location is _L.AGENT and engine is Engine.MYSQL,
        _WHERE + "Agent and the engine MySQL",
    ),
    _Need("RestoreObjects", lambda location, _: location is not _L.AGENT, _WHERE + "not Agent"),
)


@dataclass(frozen=True)
class Origin:
    """What a restore is made from: a set, and the time to go on to from there, if one was asked for."""

    backup_set: BackupSet
    time_ms: int | None


def check_destination(estate: Estate, plan: BackupPlan, given: Mapping[str, str]) -> None:
    """Refuse a destination that is incomplete for its location and engine, or cannot be."""
    location = _location(given)
    for need in _TABLE:
        if need.when(location, plan.engine) and not given.get(need.name):
            raise missing(need.name, need.because)
    read.region(given, "DestinationEndpointRegion")
    port = read.number(given, "DestinationEndpointPort")
    if port is not None and not 1 <= port <= _HIGHEST_PORT:
        raise invalid("DestinationEndpointPort", f"a port is 1 to {_HIGHEST_PORT}")
    gateway = read.number(given, "BackupGatewayId")
    if gateway is not None and estate.gateway(gateway) is None:
        raise not_found("BackupGatewayId")
    if (policy := given.get("DuplicateConflict")) and policy not in _POLICIES:
        raise invalid("DuplicateConflict", f"use {' or '.join(_POLICIES)}")


def find_origin(plan: BackupPlan, given: Mapping[str, str], now_ms: int) -> Origin:
    """The set and time of a request, of which it must name exactly one."""
    set_id, time_ms = given.get("BackupSetId"), read.number(given, "RestoreTime")
    if set_id and time_ms is not None:
        raise conflict("RestoreTime", "BackupSetId")
    if set_id:
        return Origin(_usable_set(plan, set_id), None)
    if time_ms is None:
        raise missing("RestoreTime or BackupSetId", "specify one of the two")
    base = plan.set_before(time_ms)
    if base is None or not plan.can_restore_to(time_ms, now_ms):
        raise invalid("RestoreTime", "outside the plan's restorable ranges")
    return Origin(base, time_ms)


def _usable_set(plan: BackupPlan, set_id: str) -> BackupSet:
    backup_set = plan.set_by_id(set_id)
    if backup_set is None:
        raise not_found("BackupSetId")
    if backup_set.status != "finish":
        raise invalid("BackupSetId", "this backup set is not finished")
    return backup_set


def _location(given: Mapping[str, str]) -> Location:
    try:
        return Location(given["DestinationEndpointInstanceType"])
    except ValueError:
        raise invalid("DestinationEndpointInstanceType", f"use one of {', '.join(Location)}") from None
