"""THE table: every documented parameter of `CreateRestoreTask` that a person decides on.

The form's fields, the keys of a command, the checks, DBS's names and the README's table come from it. Source:
the vendor's parameter data of 2026-04, as read together with its SDK and help pages. `ClientToken` and
`RegionId` are not here: no person decides on them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.restores.models import Destination, Engine, Location, RestoreObject, RestoreSpec


class Need(StrEnum):
    """How much a parameter is needed. EITHER: it or the other of its kind, never both."""

    REQUIRED = "required"
    EITHER = "either"
    OPTIONAL = "optional"
    HIDDEN = "hidden"


class Step(StrEnum):
    """Where the form asks for it."""

    WHAT = "what"
    WHERE = "where"
    CHECK = "check"


class Field(StrEnum):
    """What a person decides on. Each but the password is named like its attribute of a `Wish`."""

    PLAN = "plan"
    TIME = "time"
    BACKUP_SET_ID = "backup_set_id"
    LOCATION = "location"
    REGION = "region"
    BACKUP_GATEWAY_ID = "backup_gateway_id"
    INSTANCE_ID = "instance_id"
    IP = "ip"
    PORT = "port"
    DATABASE_NAME = "database_name"
    ORACLE_SID = "oracle_sid"
    RESTORE_DIR = "restore_dir"
    RESTORE_HOME = "restore_home"
    USER_NAME = "user_name"
    PASSWORD = "password"  # noqa: S105 - the name of a field
    OBJECTS = "objects"
    DUPLICATE_CONFLICT = "duplicate_conflict"
    CROSS_ALIYUN_ID = "cross_aliyun_id"
    CROSS_ROLE_NAME = "cross_role_name"
    TASK_NAME = "task_name"


Rule = Callable[[Location, str], Need]


@dataclass(frozen=True)
class Requirement:
    """One row of the table.

    `parameter` is DBS's name, `label` the form's, `key` that in a command (None: never typed there).
    `missing` is said when it is needed and not given; `{engine}` stands for the engine. A row of a
    `cross_account` backup is asked for only where the plan is one.
    """

    field: Field
    parameter: str
    label: str
    key: str | None
    step: Step
    rule: Rule
    missing: str = ""
    cross_account: bool = False


#: Every location in words, in the order of the form.
LOCATIONS: Mapping[Location, str] = {
    Location.RDS: "RDS instance",
    Location.ECS: "Database on ECS",
    Location.DDS: "ApsaraDB for MongoDB instance",
    Location.EXPRESS: "Express Connect, VPN or smart gateway",
    Location.AGENT: "Behind a backup gateway",
    Location.OTHER: "Public IP address and port",
    Location.DG: "Database Gateway",
}


def _always(needed: Need) -> Rule:
    return lambda _location, _engine: needed


def _at(*locations: Location) -> Rule:
    return lambda location, _engine: Need.REQUIRED if location in locations else Need.HIDDEN


def _for(*engines: Engine) -> Rule:
    return lambda _location, engine: Need.REQUIRED if engine in engines else Need.HIDDEN


def _account(location: Location, engine: str) -> Need:
    free = engine == Engine.REDIS or (location is Location.AGENT and engine == Engine.MSSQL)
    return Need.OPTIONAL if free else Need.REQUIRED


def _restore_dir(location: Location, engine: str) -> Need:
    return Need.REQUIRED if location is Location.AGENT and engine == Engine.MYSQL else Need.HIDDEN


def _restore_home(location: Location, _engine: str) -> Need:
    return Need.OPTIONAL if location is Location.AGENT else Need.HIDDEN


def _objects(location: Location, _engine: str) -> Need:
    return Need.OPTIONAL if location is Location.AGENT else Need.REQUIRED


_F, _L, _S, _Row = Field, Location, Step, Requirement
_REQUIRED, _OPTIONAL, _EITHER = _always(Need.REQUIRED), _always(Need.OPTIONAL), _always(Need.EITHER)
_IN_A_REGION = _at(_L.RDS, _L.ECS, _L.DDS, _L.EXPRESS, _L.AGENT)
_AN_INSTANCE = _at(_L.RDS, _L.ECS, _L.DDS, _L.EXPRESS)
_AN_ADDRESS = _at(_L.EXPRESS, _L.AGENT, _L.OTHER)
_A_PORT = _at(_L.EXPRESS, _L.AGENT, _L.OTHER, _L.ECS)
_A_GATEWAY = _at(_L.AGENT)
_A_DATABASE = _for(Engine.POSTGRESQL, Engine.MONGODB)
_A_SID = _for(Engine.ORACLE)
_TO = "DestinationEndpoint"

# A table is read by row.
# fmt: off
#: In the order of the form.
TABLE: tuple[Requirement, ...] = (
    _Row(_F.PLAN, "BackupPlanId", "Backup plan", "plan", _S.WHAT, _REQUIRED,
         "Choose a backup plan."),
    _Row(_F.TIME, "RestoreTime", "Point in time", "at", _S.WHAT, _EITHER,
         "Choose a date and a time."),
    _Row(_F.BACKUP_SET_ID, "BackupSetId", "Backup set", "set", _S.WHAT, _EITHER,
         "Choose a backup set."),
    _Row(_F.LOCATION, f"{_TO}InstanceType", "Where the target is", "location", _S.WHERE, _REQUIRED,
         "Choose where the target is."),
    _Row(_F.REGION, f"{_TO}Region", "Target region", "region", _S.WHERE, _IN_A_REGION,
         "Choose the region of the target."),
    _Row(_F.BACKUP_GATEWAY_ID, "BackupGatewayId", "Backup gateway", "gateway", _S.WHERE, _A_GATEWAY,
         "Choose the backup gateway that reaches the target."),
    _Row(_F.INSTANCE_ID, f"{_TO}InstanceID", "Target instance", "instance", _S.WHERE, _AN_INSTANCE,
         "Give the id of the target instance."),
    _Row(_F.IP, f"{_TO}IP", "Target address", "ip", _S.WHERE, _AN_ADDRESS,
         "Give the IP address or the host name of the target."),
    _Row(_F.PORT, f"{_TO}Port", "Target port", "port", _S.WHERE, _A_PORT,
         "Give the port of the target."),
    _Row(_F.DATABASE_NAME, f"{_TO}DatabaseName", "Database to connect to", "database", _S.WHERE, _A_DATABASE,
         "{engine} needs the name of the database to connect to."),
    _Row(_F.ORACLE_SID, f"{_TO}OracleSID", "Oracle SID", "sid", _S.WHERE, _A_SID,
         "Oracle needs the SID of the target instance."),
    _Row(_F.RESTORE_DIR, "RestoreDir", "Folder for the restored files", "dir", _S.WHERE, _restore_dir,
         "Give the folder on the target's host that the files are restored to."),
    _Row(_F.RESTORE_HOME, "RestoreHome", "Folder of the database's programs", "home", _S.WHERE, _restore_home,
         "Give the folder of the database's programs on the target's host."),
    _Row(_F.USER_NAME, f"{_TO}UserName", "Account", "user", _S.WHERE, _account,
         "Give the account to connect to the target with."),
    _Row(_F.PASSWORD, f"{_TO}Password", "Password", None, _S.CHECK, _account,
         "Give the password of that account."),
    _Row(_F.OBJECTS, "RestoreObjects", "Databases", "db", _S.CHECK, _objects,
         "Name at least one database to restore."),
    _Row(_F.DUPLICATE_CONFLICT, "DuplicateConflict", "If a name exists", "conflict", _S.CHECK, _OPTIONAL),
    _Row(_F.CROSS_ALIYUN_ID, "CrossAliyunId", "UID of the source's account", "cross_uid",
         _S.CHECK, _OPTIONAL, cross_account=True),
    _Row(_F.CROSS_ROLE_NAME, "CrossRoleName", "Role in the source's account", "cross_role",
         _S.CHECK, _OPTIONAL, cross_account=True),
    _Row(_F.TASK_NAME, "RestoreTaskName", "Task name", "name", _S.CHECK, _REQUIRED,
         "Give the task a name."),
)
# fmt: on

ROWS: Mapping[Field, Requirement] = {row.field: row for row in TABLE}


def need(field: Field, location: Location, engine: str) -> Need:
    """How much `field` is needed. `engine` is an `Engine` value, or DBS's own word for one unknown to us."""
    return ROWS[field].rule(location, engine)


def asked(location: Location, engine: str) -> tuple[Requirement, ...]:
    """What is asked for at all, in the order of the form."""
    return tuple(row for row in TABLE if row.rule(location, engine) is not Need.HIDDEN)


#: What a spec can say of a field. `Location` and `DuplicateConflict` are texts.
Given = str | int | datetime | tuple[RestoreObject, ...] | None


def given(spec: RestoreSpec) -> Mapping[Field, Given]:
    """All that a spec says, by field: everything but the password."""
    return {
        Field.PLAN: spec.backup_plan_id,
        Field.TIME: spec.point.time,
        Field.BACKUP_SET_ID: spec.point.backup_set_id,
        **given_target(spec.destination),
        Field.OBJECTS: spec.objects,
        Field.DUPLICATE_CONFLICT: spec.duplicate_conflict,
        Field.CROSS_ALIYUN_ID: spec.cross_aliyun_id,
        Field.CROSS_ROLE_NAME: spec.cross_role_name,
        Field.TASK_NAME: spec.task_name,
    }


def given_target(destination: Destination) -> Mapping[Field, Given]:
    return {field: getattr(destination, field) for field in Field if field in Destination.model_fields}
