"""The restore tasks the account has, and what their client tokens promised."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import overload

from bot.sandbox.dbs.declare import vendor_id
from bot.sandbox.dbs.errors import DbsError
from bot.sandbox.dbs.estate import BackupPlan, BackupSet, Failure
from bot.sandbox.dbs.lifecycle import Course, Standing, standing
from bot.sandbox.dbs.precheck import PreCheck, precheck, precheck_begin


@dataclass(frozen=True)
class Task:
    """A restore task. `parameters` are those of its CreateRestoreTask as they arrived, password and all.

    `ahead_ms` is how far the clock of DBS was ahead by then.
    """

    task_id: str
    plan: BackupPlan
    backup_set: BackupSet
    course: Course = field(repr=False)
    created_ms: int
    started_ms: int | None = None
    parameters: Mapping[str, str] = field(repr=False, default_factory=dict)
    ahead_ms: int = 0

    @property
    def name(self) -> str:
        return self.parameters["RestoreTaskName"]

    def standing(self, now_ms: int) -> Standing:
        return standing(self.course, self.created_ms, self.started_ms, now_ms)

    def precheck(self, now_ms: int) -> PreCheck:
        begin_ms = precheck_begin(self.course.manner, self.created_ms, self.started_ms)
        return precheck(begin_ms, now_ms, self.course.script.precheck_failure)

    @overload
    def shown_ms(self, time_ms: int) -> int: ...
    @overload
    def shown_ms(self, time_ms: int | None) -> int | None: ...
    def shown_ms(self, time_ms: int | None) -> int | None:
        """A time in this task's life as DBS wrote it down."""
        return None if time_ms is None else time_ms + self.ahead_ms

    def says(self, failure: Failure) -> str:
        """A failure's raw text as this task tells it."""
        return failure.raw.replace("{user}", self.parameters.get("DestinationEndpointUserName", ""))


class TaskBook:
    """Tasks by id, oldest first. Ids differ between two runs, as `run` does."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._tasks: dict[str, Task] = {}

    @property
    def all(self) -> tuple[Task, ...]:
        return tuple(self._tasks.values())

    def get(self, task_id: str) -> Task | None:
        return self._tasks.get(task_id)

    def add(
        self,
        plan: BackupPlan,
        backup_set: BackupSet,
        course: Course,
        now_ms: int,
        parameters: Mapping[str, str],
        *,
        ahead_ms: int,
    ) -> Task:
        task_id = vendor_id("s1", f"{self._run} {len(self._tasks)}", 10)
        task = Task(task_id, plan, backup_set, course, now_ms, parameters=dict(parameters), ahead_ms=ahead_ms)
        self._tasks[task_id] = task
        return task

    def start(self, task: Task, now_ms: int) -> None:
        """A task that was started before keeps its start."""
        if task.started_ms is None:
            self._tasks[task.task_id] = replace(task, started_ms=now_ms)


class TokenMemory:
    """Which answer a client token stands for. Only successes are remembered, and those for good."""

    def __init__(self) -> None:
        self._remembered: dict[tuple[str, str], tuple[str, str]] = {}

    def once(
        self, action: str, token: str | None, parameters: Mapping[str, str], make: Callable[[], str]
    ) -> str:
        """The task id remembered for this token, or the one `make` gives now."""
        if token is None:
            return make()
        fingerprint = _fingerprint(parameters)
        if (known := self._remembered.get((action, token))) is None:
            self._remembered[action, token] = known = (fingerprint, make())
        elif known[0] != fingerprint:
            raise DbsError(
                "IdempotentParameterMismatch",
                "The request uses the same client token as a previous, but non-identical request.",
            )
        return known[1]


def _fingerprint(parameters: Mapping[str, str]) -> str:
    """A digest, so that no password is kept for comparing."""
    return hashlib.sha256(json.dumps(sorted(parameters.items())).encode()).hexdigest()
