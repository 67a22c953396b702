"""A restore task as DBS reports it: status, stages, precheck."""

import zlib
from base64 import b85decode, b85encode
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from pydantic import Field

from bot.restores.models.backups import Window
from bot.restores.models.base import Frozen


class PrecheckItem(Frozen):
    """One thing DBS checks before a restore. `state` as DBS wrote it, in lower case.

    `name` may be that of a group of checks; `item` is then that of the check itself.
    """

    name: str
    state: str
    message: str | None = None
    item: str | None = None

    @property
    def failed(self) -> bool:
        return self.state == "failed"


class PrecheckReport(Frozen):
    """How far the precheck is. `status` as DBS wrote it, in lower case: running, failed or finish."""

    status: str
    progress: int | None = None
    items: tuple[PrecheckItem, ...] = ()

    @property
    def failed(self) -> bool:
        return self.status == "failed" or any(item.failed for item in self.items)

    @property
    def passed(self) -> bool:
        return self.status == "finish" and not self.failed


#: In which DBS explains failures.
ENGLISH, CHINESE = LANGUAGES = ("en", "cn")


class JobError(Frozen):
    """Why a job failed, in DBS's words."""

    code: str
    message: str


class Stage(StrEnum):
    """What DBS reports progress of, in the order it happens: four logical stages, then the physical ones."""

    STRUCTURE_BEFORE = "structure_before"
    FULL_DATA = "full_data"
    STRUCTURE_AFTER = "structure_after"
    INCREMENTAL = "incremental"
    PHYSICAL_FULL = "physical_full"
    PHYSICAL_INCREMENT = "physical_increment"
    PHYSICAL_FULL_AND_INCREMENT = "physical_full_and_increment"
    PHYSICAL = "physical"
    DATABASE_ONLINE = "database_online"


class StageTime(Frozen):
    """When a stage was seen to begin, and to be done, by the bot's clock; how long it rested in between."""

    began_at: datetime
    done_at: datetime | None = None
    paused_seconds: float = 0


class Mark(Frozen):
    """How far a task was at a moment, by the bot's clock: `done` of all its work, 0-1."""

    at: datetime
    done: float


class Earlier(Frozen):
    """A restore of the same plan that succeeded: how large it was, in bytes, and how long each stage took."""

    size: int | None = None
    seconds: dict[Stage, float] = Field(default_factory=dict)


class Past(Frozen):
    """What an estimate goes by."""

    #: How the task got here, oldest first, as if it had never paused: those before a pause are put off by it.
    marks: tuple[Mark, ...] = ()
    #: Earlier restores of its plan, as known when it began to run.
    earlier: tuple[Earlier, ...] = ()


@lru_cache(maxsize=64)
def _past(packed: str) -> Past:
    return Past.model_validate_json(zlib.decompress(b85decode(packed))) if packed else Past()


def _packed(past: Past) -> str:
    return b85encode(zlib.compress(past.model_dump_json().encode())).decode()


class Timeline(Frozen):
    """What the bot saw of a task over time, by its own clock; the poller writes it as the task moves."""

    #: First seen by the bot, first seen to be running, and to have ended.
    seen_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    #: Those that were seen to begin.
    stages: dict[Stage, StageTime] = Field(default_factory=dict)
    #: Since when no progress was seen, not counting when there could be none.
    moved_at: datetime | None = None
    #: Since when it is paused, and the seconds of all pauses before.
    paused_at: datetime | None = None
    paused_seconds: float = 0
    size: int | None = None
    #: A `Past`, made small: every look at a task reads and writes it, and few have a use for it.
    packed: str = ""
    #: Between when it is expected to end; None: that cannot be told yet.
    ends: Window | None = None
    #: Its threads were told that nothing moves.
    stalled: bool = False

    @property
    def marks(self) -> tuple[Mark, ...]:
        return _past(self.packed).marks

    @property
    def earlier(self) -> tuple[Earlier, ...]:
        return _past(self.packed).earlier

    def with_past(self, marks: tuple[Mark, ...], earlier: tuple[Earlier, ...]) -> "Timeline":
        return self.evolve(packed=_packed(Past(marks=marks, earlier=earlier)))


class RestoreStatus(StrEnum):
    """What `RestoreStatus` and `RestoreTaskFinishTime` together say. OTHER: a status no page documents."""

    INIT = "init"
    CHECK_PASS = "check_pass"  # noqa: S105 - a status, no password
    RUNNING = "running"
    PAUSE = "pause"
    STOP = "stop"
    SUCCEEDED = "succeeded"
    OTHER = "other"


#: In a status no page documents: with a finish time it is an end, but hardly a good one.
_BAD_WORDS = ("abort", "cancel", "error", "expire", "fail", "kill", "reject", "terminat", "timeout")
_SUCCESS_WORDS = frozenset({"finish", "finished", "success", "complete", "completed", "done"})
_NAMED = {status.value: status for status in RestoreStatus if status is not RestoreStatus.SUCCEEDED}


@lru_cache(maxsize=256)
def _meaning(status: str, *, has_finish_time: bool) -> RestoreStatus:
    """Kept, because it is asked about every task in every round, and there are few answers."""
    status = status.strip().lower()
    if status == RestoreStatus.STOP:
        return RestoreStatus.STOP
    known = _NAMED.get(status)
    if known not in {None, RestoreStatus.RUNNING} or any(word in status for word in _BAD_WORDS):
        return known or RestoreStatus.OTHER
    if has_finish_time or status in _SUCCESS_WORDS:
        return RestoreStatus.SUCCEEDED
    return known or RestoreStatus.OTHER


class RestoreTask(Frozen):
    """What DBS last said of a restore task. `status` is as DBS wrote it; `state` is what it means."""

    restore_task_id: str
    status: str
    name: str = ""
    backup_plan_id: str = ""
    #: DBS does not tell it with the task: it is known from when the task was first asked about by its id.
    plan_name: str = ""
    stages: dict[Stage, int] = Field(default_factory=dict)
    created_at: datetime | None = None
    finished_at: datetime | None = None
    restore_time: datetime | None = None
    backup_set_id: str | None = None
    error_message: str | None = None
    destination_instance_id: str | None = None
    destination_region: str | None = None
    precheck: PrecheckReport | None = None
    timeline: Timeline | None = None
    #: Why it failed, by language (en, cn), as far as DBS said.
    job_errors: dict[str, JobError] = Field(default_factory=dict)
    #: False once DBS stopped listing the task; everything else is then what it last said.
    reported: bool = True

    @property
    def state(self) -> RestoreStatus:
        return _meaning(self.status, has_finish_time=self.finished_at is not None)

    @property
    def ended(self) -> bool:
        return self.state in {RestoreStatus.STOP, RestoreStatus.SUCCEEDED}

    @property
    def precheck_failed(self) -> bool:
        return self.state is RestoreStatus.INIT and self.precheck is not None and self.precheck.failed

    @property
    def took(self) -> timedelta | None:
        """From creation to the end, by DBS's own clock."""
        if self.created_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.created_at
