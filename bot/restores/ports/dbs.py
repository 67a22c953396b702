"""What the domain asks of DBS."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from pydantic import SecretStr

from bot.restores.models import (
    BackupGateway,
    BackupPlan,
    BackupSet,
    JobError,
    PrecheckReport,
    RestoreSpec,
    RestoreTask,
    Window,
)


class Dbs(Protocol):
    """Calls to DBS. `region` is where a call goes. Every method raises `DbsError`."""

    async def describe_regions(self, *, region: str) -> tuple[str, ...]: ...

    async def describe_backup_plans(
        self, *, region: str, backup_plan_id: str | None = None
    ) -> tuple[BackupPlan, ...]: ...

    async def describe_restorable_windows(
        self, backup_plan_id: str, *, region: str, begin: datetime, end: datetime
    ) -> tuple[Window, ...]: ...

    async def describe_backup_sets(self, backup_plan_id: str, *, region: str) -> tuple[BackupSet, ...]: ...

    async def describe_backup_gateways(self, *, region: str) -> tuple[BackupGateway, ...]: ...

    async def create_restore_task(
        self, spec: RestoreSpec, *, password: SecretStr | None, client_token: str
    ) -> str: ...

    async def start_restore_task(self, restore_task_id: str, *, region: str, client_token: str) -> None: ...

    async def describe_restore_tasks(
        self, ids: Collection[str], *, region: str
    ) -> dict[str, RestoreTask]: ...

    async def describe_plan_restore_tasks(
        self, backup_plan_id: str, *, region: str
    ) -> tuple[RestoreTask, ...]: ...

    async def describe_precheck(self, restore_task_id: str, *, region: str) -> PrecheckReport: ...

    async def describe_job_error(self, task_id: str, *, region: str, language: str) -> JobError | None:
        """Why a task failed, in words of `language` (en or cn); None when DBS knows of no error."""
        ...
