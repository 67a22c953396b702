"""The words of the domain as frozen values.

Times are aware datetimes in UTC, sizes are bytes, progress is 0-100.
"""

from bot.restores.models.backups import (
    DEFAULT_ACCOUNT,
    BackupGateway,
    BackupPlan,
    BackupSet,
    Engine,
    Window,
)
from bot.restores.models.base import Frozen
from bot.restores.models.following import (
    Event,
    EventKind,
    Following,
    Link,
    Outgoing,
    PollResult,
    TrackedTask,
)
from bot.restores.models.requests import (
    Destination,
    DuplicateConflict,
    Location,
    RequestState,
    RestoreDraft,
    RestoreObject,
    RestorePoint,
    RestoreRequest,
    RestoreSpec,
    Wish,
)
from bot.restores.models.tasks import (
    JobError,
    PrecheckItem,
    PrecheckReport,
    RestoreStatus,
    RestoreTask,
    Stage,
)

__all__ = [
    "DEFAULT_ACCOUNT",
    "BackupGateway",
    "BackupPlan",
    "BackupSet",
    "Destination",
    "DuplicateConflict",
    "Engine",
    "Event",
    "EventKind",
    "Following",
    "Frozen",
    "JobError",
    "Link",
    "Location",
    "Outgoing",
    "PollResult",
    "PrecheckItem",
    "PrecheckReport",
    "RequestState",
    "RestoreDraft",
    "RestoreObject",
    "RestorePoint",
    "RestoreRequest",
    "RestoreSpec",
    "RestoreStatus",
    "RestoreTask",
    "Stage",
    "TrackedTask",
    "Window",
    "Wish",
]
