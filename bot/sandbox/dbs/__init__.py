"""A local DBS: Alibaba Cloud's Database Backup Service (2019-03-06) on loopback, its protocol for real."""

from bot.sandbox.dbs.declare import backup_plan
from bot.sandbox.dbs.estate import (
    BackupPlan,
    BackupSet,
    Engine,
    Failure,
    Location,
    Pause,
    Script,
    Stall,
    Stop,
)
from bot.sandbox.dbs.server import LocalDbs
from bot.sandbox.dbs.tasks import Task

__all__ = [
    "BackupPlan",
    "BackupSet",
    "Engine",
    "Failure",
    "LocalDbs",
    "Location",
    "Pause",
    "Script",
    "Stall",
    "Stop",
    "Task",
    "backup_plan",
]
