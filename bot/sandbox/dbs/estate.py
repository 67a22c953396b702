"""What an account holds in DBS: backup plans with their sets, windows and fates, and backup gateways.

All times are epoch milliseconds, all sizes bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

RETENTION_MS = 730 * 86_400_000
"""How long a set is kept from its start: two years."""
LOG_DELAY_MS = 60_000
"""Log backup follows the source this far behind."""


class Engine(StrEnum):
    """A plan's `DatabaseType`."""

    MYSQL = "MySQL"
    MSSQL = "MSSQL"
    ORACLE = "Oracle"
    MARIADB = "MariaDB"
    POSTGRESQL = "PostgreSQL"
    DRDS = "DRDS"
    MONGODB = "MongoDB"
    REDIS = "Redis"


class Location(StrEnum):
    """`DestinationEndpointInstanceType`, spelled as the vendor spells it."""

    RDS = "RDS"
    ECS = "ECS"
    EXPRESS = "Express"
    AGENT = "Agent"
    DDS = "DDS"
    OTHER = "Other"
    GATEWAY = "dg"


@dataclass(frozen=True)
class Failure:
    """Why something failed: a code with a sentence in two languages, and what the machine itself said.

    `{user}` in `raw` stands for the destination's account. `item` is where it shows in a precheck. `spares`
    names the account it does not happen to.
    """

    code: str
    en: str
    cn: str
    raw: str
    item: str = "CHECK_OTHER"
    spares: str | None = None


@dataclass(frozen=True)
class Stop:
    """The restore fails when this share (0-1) of its largest stage, the data, is done."""

    share: float
    failure: Failure


@dataclass(frozen=True)
class Pause:
    """The restore rests at this share (0-1) of the work."""

    share: float
    seconds: float


@dataclass(frozen=True)
class Stall:
    """The restore stands still when this share (0-1) of its data is done, and is said to run meanwhile."""

    share: float
    seconds: float


@dataclass(frozen=True)
class Script:
    """How every restore from a plan goes. The empty script is success."""

    precheck_failure: Failure | None = None
    stop: Stop | None = None
    pause: Pause | None = None
    stall: Stall | None = None


@dataclass(frozen=True)
class BackupSet:
    """`status` is DBS's `BackupStatus`: finish, running or stop. Only finished sets can be restored."""

    backup_set_id: str
    start_ms: int
    end_ms: int | None
    size: int
    status: str = "finish"
    failure: str | None = None

    @property
    def expires_ms(self) -> int:
        return self.start_ms + RETENTION_MS


@dataclass(frozen=True)
class Window:
    """A stretch of time that can be restored to; without an end it follows the clock.

    `kind` is DBS's `RangeType`: any time in a "range", only the sets themselves in a "point".
    """

    begin_ms: int
    end_ms: int | None
    kind: str = "range"

    def end(self, now_ms: int) -> int:
        return now_ms - LOG_DELAY_MS if self.end_ms is None else self.end_ms

    def holds(self, time_ms: int, now_ms: int) -> bool:
        return self.kind == "range" and self.begin_ms <= time_ms <= self.end(now_ms)


@dataclass(frozen=True)
class SourceObject:
    """A database that is backed up, or one schema of it."""

    db_name: str
    schema_name: str | None = None


@dataclass(frozen=True)
class Source:
    """Where the backed-up database lives."""

    location: Location
    region: str
    user_name: str
    instance_id: str | None = None
    ip_port: str | None = None
    database_name: str | None = None
    oracle_sid: str | None = None


@dataclass(frozen=True)
class BackupPlan:
    plan_id: str
    name: str
    region: str
    engine: Engine
    source: Source
    objects: tuple[SourceObject, ...]
    sets: tuple[BackupSet, ...]
    """Newest first."""
    windows: tuple[Window, ...]
    """Oldest first."""
    created_ms: int
    method: str = "logical"
    status: str = "running"
    gateway_id: int | None = None
    cross_account: tuple[str, str] | None = None
    """Account id and role name."""
    script: Script = Script()

    def set_by_id(self, backup_set_id: str) -> BackupSet | None:
        return next((s for s in self.sets if s.backup_set_id == backup_set_id), None)

    def set_before(self, time_ms: int) -> BackupSet | None:
        """The newest finished set that ended by then: the one a restore to that time starts from."""
        return next((s for s in self.finished_sets() if (s.end_ms or 0) <= time_ms), None)

    def finished_sets(self) -> tuple[BackupSet, ...]:
        return tuple(s for s in self.sets if s.status == "finish")

    def can_restore_to(self, time_ms: int, now_ms: int) -> bool:
        return any(w.holds(time_ms, now_ms) for w in self.windows)


@dataclass(frozen=True)
class Gateway:
    """A backup gateway; without a last heartbeat it is alive and reports all the time."""

    gateway_id: int
    name: str
    identifier: str
    region: str
    hostname: str
    intranet_ip: str
    created_ms: int
    last_heartbeat_ms: int | None = None


class Estate:
    """The plans and gateways of the account, by id, in the order they were made."""

    def __init__(self, plans: Iterable[BackupPlan], gateways: Iterable[Gateway]) -> None:
        self._plans = {plan.plan_id: plan for plan in plans}
        self._gateways = {gateway.gateway_id: gateway for gateway in gateways}

    @property
    def plans(self) -> tuple[BackupPlan, ...]:
        return tuple(self._plans.values())

    @property
    def gateways(self) -> tuple[Gateway, ...]:
        return tuple(self._gateways.values())

    def plan(self, plan_id: str) -> BackupPlan | None:
        return self._plans.get(plan_id)

    def gateway(self, gateway_id: int) -> Gateway | None:
        return self._gateways.get(gateway_id)

    def add(self, plan: BackupPlan) -> None:
        self._plans[plan.plan_id] = plan
