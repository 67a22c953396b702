"""What DBS keeps: plans, their restorable windows and backup sets, and the gateways to reach databases."""

from datetime import datetime
from enum import StrEnum

from bot.restores.models.base import Frozen

#: The account whose keys stand in the environment.
DEFAULT_ACCOUNT = "default"


class Engine(StrEnum):
    """The plan's `DatabaseType`."""

    MYSQL = "MySQL"
    MSSQL = "MSSQL"
    ORACLE = "Oracle"
    MARIADB = "MariaDB"
    POSTGRESQL = "PostgreSQL"
    DRDS = "DRDS"
    MONGODB = "MongoDB"
    REDIS = "Redis"


class Window(Frozen):
    """A span of time a plan can be restored to, both ends included."""

    begin: datetime
    end: datetime

    def __contains__(self, time: datetime) -> bool:
        return self.begin <= time <= self.end


class BackupPlan(Frozen):
    """A backup plan. `engine` is an `Engine` value where DBS named a known one, else as DBS wrote it."""

    backup_plan_id: str
    name: str
    engine: str
    region: str
    account: str = DEFAULT_ACCOUNT
    status: str = ""
    method: str = ""
    source_location: str = ""
    source_region: str | None = None
    source_instance_id: str | None = None
    source_ip_port: str | None = None
    source_database_name: str | None = None
    source_oracle_sid: str | None = None
    databases: tuple[str, ...] = ()
    window: Window | None = None
    backup_gateway_id: str | None = None
    cross_aliyun_id: str | None = None
    cross_role_name: str | None = None

    @property
    def source(self) -> str | None:
        """What is backed up: an instance, or an address."""
        return self.source_instance_id or self.source_ip_port


class BackupSet(Frozen):
    """A full backup. `time` is the state of the database it holds."""

    backup_set_id: str
    time: datetime | None = None
    size: int | None = None
    status: str = ""


class BackupGateway(Frozen):
    """A backup gateway, through which DBS reaches a database it cannot reach directly."""

    backup_gateway_id: str
    name: str
    status: str = ""
    region: str = ""
    hostname: str | None = None
    last_heartbeat: datetime | None = None
