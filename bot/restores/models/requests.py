"""What a person asks for: which backup, to where, which databases."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field, SecretStr

from bot.restores.models.backups import DEFAULT_ACCOUNT, BackupPlan, Window
from bot.restores.models.base import Frozen
from bot.restores.models.tasks import ENGLISH


class Location(StrEnum):
    """Where the target database lives: `DestinationEndpointInstanceType`."""

    RDS = "RDS"
    ECS = "ECS"
    EXPRESS = "Express"
    AGENT = "Agent"
    DDS = "DDS"
    OTHER = "Other"
    DG = "dg"


class DuplicateConflict(StrEnum):
    """What DBS does when an object of that name exists on the target."""

    FAIL = "failure"
    RENAME = "renamenew"


class RestoreObject(Frozen):
    """A database to restore, and its name on the target when that differs."""

    db_name: str
    new_db_name: str | None = None
    schema_name: str | None = None
    new_schema_name: str | None = None


class Destination(Frozen):
    """Where to restore to. Which fields are needed is decided by `requirements`."""

    location: Location
    region: str | None = None
    instance_id: str | None = None
    ip: str | None = None
    port: int | None = None
    database_name: str | None = None
    oracle_sid: str | None = None
    user_name: str | None = None
    backup_gateway_id: str | None = None
    restore_dir: str | None = None
    restore_home: str | None = None


class RestorePoint(Frozen):
    """What to restore: a time, a backup set, or (neither given) the latest restorable time."""

    time: datetime | None = None
    backup_set_id: str | None = None

    @property
    def latest(self) -> bool:
        return self.time is None and self.backup_set_id is None


class RestoreSpec(Frozen):
    """Everything `CreateRestoreTask` is told, save the password and the client token.

    `account` and `region` are the plan's own: where the call goes. `task_name` carries a mark unique to the
    request.
    """

    backup_plan_id: str
    region: str
    account: str = DEFAULT_ACCOUNT
    task_name: str
    point: RestorePoint
    destination: Destination
    objects: tuple[RestoreObject, ...] = ()
    duplicate_conflict: DuplicateConflict = DuplicateConflict.FAIL
    cross_aliyun_id: str | None = None
    cross_role_name: str | None = None


class RestoreDraft(Frozen):
    """A filled form without a fault of its own, not yet saved.

    `nonce` was minted when the form opened, so the same form submitted twice is one request.
    """

    nonce: str
    plan: BackupPlan
    windows: tuple[Window, ...]
    #: There are windows before the first of `windows`, not known here.
    more_windows: bool = False
    spec: RestoreSpec
    start: bool
    #: What was typed; None with a stored `credential`, named here, or where none is needed.
    password: SecretStr | None
    credential: str | None = None
    channel_id: str
    user_id: str
    language: str = ENGLISH
    #: Of the backup to be restored, in bytes, where it is known.
    size: int | None = None


class RequestState(StrEnum):
    """Where a request is on its way to being a task."""

    SUBMITTED = "submitted"  # saved, DBS not called yet
    CREATING = "creating"  # DBS may have been called; the outcome is not known
    CREATED = "created"  # the task exists
    STARTED = "started"  # the task exists and DBS took the order to start it
    START_REFUSED = "start_refused"  # the task exists and DBS will not start it
    REFUSED = "refused"  # DBS said no; there is no task
    ABANDONED = "abandoned"  # there is no task and the password is gone: the person must submit again


class RestoreRequest(Frozen):
    """What a person asked for, saved before DBS hears of it. It holds no password."""

    nonce: str
    spec: RestoreSpec
    plan_name: str
    engine: str
    source: str | None
    start: bool
    #: A password was typed for it.
    has_password: bool
    #: The stored credential it uses instead.
    credential: str | None = None
    channel_id: str
    user_id: str
    created_at: datetime
    #: In which the person is told why a restore failed: en or cn.
    language: str = ENGLISH
    #: Of the backup to be restored, in bytes, where it is known.
    size: int | None = None
    state: RequestState = RequestState.SUBMITTED
    restore_task_id: str | None = None
    error: str | None = None
    #: How often somebody ordered the start later on.
    orders: int = 0
    #: When DBS was asked to create the task by a call whose outcome is not known.
    doubt_at: datetime | None = None
    #: The person was told of that doubt.
    doubt_told: bool = False
    #: When the task was known to exist.
    made_at: datetime | None = None
    attempts: int = 0
    due_at: datetime
    #: The worker that claimed it; None for one that was merely read.
    owner: str | None = Field(default=None, exclude=True)

    @property
    def unfinished(self) -> bool:
        """Whether something is still to be done with DBS."""
        waits_for_start = self.state is RequestState.CREATED and self.start
        return waits_for_start or self.state in {RequestState.SUBMITTED, RequestState.CREATING}

    @property
    def mark(self) -> str:
        """What the task's name ends with, and no other's: by it a task is found again without its id."""
        return f"rb-{self.nonce[:10]}"

    @property
    def client_token(self) -> str:
        """What makes repeated creations one: at most 64 ASCII characters."""
        return f"rb-{self.nonce}"

    @property
    def start_token(self) -> str:
        """A new one for each order: DBS may remember that it refused the one before."""
        return f"rs-{self.nonce}" + (f"-{self.orders}" if self.orders else "")


class Wish(Frozen):
    """What a person wants so far, as typed or chosen: all of it optional, none of it secret.

    It fills the form: from a command, from an earlier request, from step to step. Texts are as typed, `port`
    and `backup_gateway_id` included, so that what is wrong in them can be shown where it was typed.
    """

    #: Words to find the plan by: its name, its id, part of either.
    plan: str | None = None
    account: str | None = None
    latest: bool = False
    time: datetime | None = None
    backup_set_id: str | None = None
    location: Location | None = None
    region: str | None = None
    instance_id: str | None = None
    ip: str | None = None
    port: str | None = None
    database_name: str | None = None
    oracle_sid: str | None = None
    user_name: str | None = None
    credential: str | None = None
    backup_gateway_id: str | None = None
    restore_dir: str | None = None
    restore_home: str | None = None
    #: None: nothing said yet; empty: all of the plan.
    objects: tuple[RestoreObject, ...] | None = None
    duplicate_conflict: DuplicateConflict | None = None
    cross_aliyun_id: str | None = None
    cross_role_name: str | None = None
    task_name: str | None = None
    start: bool | None = None
