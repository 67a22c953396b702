"""DBS in the domain's words: every action the bot uses as one typed method."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

import httpx
from pydantic import SecretStr

from bot.dbs import models
from bot.dbs.auth import Credentials, random_nonce
from bot.dbs.caller import READ_ATTEMPTS, WRITE_ATTEMPTS, Caller, Timeouts
from bot.dbs.lenient import items, listed, readable, text
from bot.dbs.pages import Page, all_pages
from bot.dbs.parameters import Value, milliseconds, restore_task
from bot.errors import DbsUnreadable
from bot.restores.clock import utc_now
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

T = TypeVar("T")

_PAGE_SIZE = 100


class DbsClient:
    """Calls DBS. `region` says where a call goes; every method raises the `DbsError`s of bot.errors.

    Reads are tried again where that can help. CreateRestoreTask and StartRestoreTask are tried again too,
    under the same client token, so to DBS they are one.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        endpoint: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeouts: Timeouts | None = None,
        clock: Callable[[], datetime] = utc_now,
        nonce: Callable[[], str] = random_nonce,
    ) -> None:
        self._caller = Caller(
            credentials,
            endpoint_override=endpoint,
            transport=transport,
            timeouts=timeouts or Timeouts(),
            clock=clock,
            nonce=nonce,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._caller.aclose()

    async def describe_regions(self, *, region: str) -> tuple[str, ...]:
        answer = await self._read("DescribeRegions", region=region)
        return tuple(code for code in map(text, items(answer, "Regions", "RegionCode")) if code)

    async def describe_backup_plans(
        self, *, region: str, backup_plan_id: str | None = None, name: str | None = None
    ) -> tuple[BackupPlan, ...]:
        return await self._list(
            "DescribeBackupPlanList",
            {"BackupPlanId": backup_plan_id, "BackupPlanName": name},
            region=region,
            element="BackupPlanDetail",
            read=lambda item: models.BackupPlanDetail.model_validate(item).to_domain(region=region),
            key=lambda plan: plan.backup_plan_id,
        )

    async def describe_restorable_windows(
        self, backup_plan_id: str, *, region: str, begin: datetime, end: datetime
    ) -> tuple[Window, ...]:
        """The spans around `begin` to `end` in which the plan can be restored to any time, earliest first.

        Empty for a plan that can only be restored to its backup sets.
        """
        answer = await self._read(
            "DescribeRestoreRangeInfo",
            {
                "BackupPlanId": backup_plan_id,
                "BeginTimestampForRestore": milliseconds(begin),
                "EndTimestampForRestore": milliseconds(end),
            },
            region=region,
        )
        windows = readable(
            items(answer, "Items", "DBSRecoverRange"),
            lambda item: models.DbsRecoverRange.model_validate(item).to_domain(),
            kind="DBSRecoverRange",
        )
        spans = (window for window in windows if window is not None)
        return tuple(sorted(spans, key=lambda window: window.begin))

    async def describe_backup_sets(self, backup_plan_id: str, *, region: str) -> tuple[BackupSet, ...]:
        """The plan's full backups, newest first; those without a time come last."""
        sets = await self._list(
            "DescribeFullBackupList",
            {"BackupPlanId": backup_plan_id},
            region=region,
            element="FullBackupFile",
            read=lambda item: models.FullBackupFile.model_validate(item).to_domain(),
            key=lambda backup_set: backup_set.backup_set_id,
        )
        return tuple(sorted(sets, key=lambda each: each.time.timestamp() if each.time else 0, reverse=True))

    async def describe_backup_gateways(self, *, region: str) -> tuple[BackupGateway, ...]:
        return await self._list(
            "DescribeBackupGatewayList",
            {"Region": region},
            region=region,
            element="BackupGateway",
            read=lambda item: models.BackupGatewayDetail.model_validate(item).to_domain(),
            key=lambda gateway: gateway.backup_gateway_id,
        )

    async def create_restore_task(
        self, spec: RestoreSpec, *, password: SecretStr | None, client_token: str
    ) -> str:
        """The id of the new task, or of the one made earlier under this token.

        Raises ValueError unless `spec.point` is a time or a backup set. When an error is not `certain`, the
        task may exist.
        """
        parameters = restore_task(spec, password=password, client_token=client_token)
        created = models.CreatedTask.model_validate(
            await self._caller.call(
                "CreateRestoreTask", parameters, region=spec.region, attempts=WRITE_ATTEMPTS
            )
        )
        if not created.restore_task_id:
            raise DbsUnreadable(
                "DBS accepted the restore but did not name its task.",
                action="CreateRestoreTask",
                request_id=created.request_id,
            )
        return created.restore_task_id

    async def start_restore_task(self, restore_task_id: str, *, region: str, client_token: str) -> None:
        await self._caller.call(
            "StartRestoreTask",
            {"RestoreTaskId": restore_task_id, "ClientToken": client_token},
            region=region,
            attempts=WRITE_ATTEMPTS,
        )

    async def describe_restore_tasks(self, ids: Collection[str], *, region: str) -> dict[str, RestoreTask]:
        """The tasks DBS reports out of `ids`, in one call per 100. An id it does not report is missing."""
        wanted = [each for each in dict.fromkeys(ids) if each]
        found: dict[str, RestoreTask] = {}
        for start in range(0, len(wanted), _PAGE_SIZE):
            batch = wanted[start : start + _PAGE_SIZE]
            page = await self._page(
                "DescribeRestoreTaskList",
                {"RestoreTaskId": ",".join(batch)},
                number=0,
                region=region,
                element="RestoreTaskDetail",
                read=_task,
            )
            found |= {task.restore_task_id: task for task in page.items if task.restore_task_id in batch}
        return found

    async def describe_plan_restore_tasks(
        self, backup_plan_id: str, *, region: str
    ) -> tuple[RestoreTask, ...]:
        return await self._list(
            "DescribeRestoreTaskList",
            {"BackupPlanId": backup_plan_id},
            region=region,
            element="RestoreTaskDetail",
            read=_task,
            key=lambda task: task.restore_task_id,
        )

    async def describe_precheck(self, restore_task_id: str, *, region: str) -> PrecheckReport:
        answer = await self._read(
            "DescribePreCheckProgressList", {"RestoreTaskId": restore_task_id}, region=region
        )
        details = readable(
            items(answer, "Items", "PreCheckProgressDetail"),
            models.PreCheckProgressDetail.model_validate,
            kind="PreCheckProgressDetail",
        )
        return models.PreCheckProgress.model_validate(answer).to_domain(details)

    async def describe_job_error(self, task_id: str, *, region: str, language: str = "en") -> JobError | None:
        """Why the task failed, in `language` (en or cn); None when DBS knows of no error."""
        answer = await self._read(
            "DescribeJobErrorCode", {"TaskId": task_id, "Language": language}, region=region
        )
        details = readable(listed(answer.get("Item")), models.JobErrorDetail.model_validate, kind="Item")
        return next((error for detail in details if (error := detail.to_domain()) is not None), None)

    async def _read(
        self, action: str, parameters: Mapping[str, Value] | None = None, *, region: str
    ) -> dict[str, object]:
        return await self._caller.call(action, parameters or {}, region=region, attempts=READ_ATTEMPTS)

    async def _list(
        self,
        action: str,
        parameters: Mapping[str, Value],
        *,
        region: str,
        element: str,
        read: Callable[[object], T],
        key: Callable[[T], str],
    ) -> tuple[T, ...]:
        async def fetch(number: int) -> Page[T]:
            return await self._page(
                action, parameters, number=number, region=region, element=element, read=read
            )

        return await all_pages(fetch, key=key)

    async def _page(
        self,
        action: str,
        parameters: Mapping[str, Value],
        *,
        number: int,
        region: str,
        element: str,
        read: Callable[[object], T],
    ) -> Page[T]:
        paged = {**parameters, "PageSize": _PAGE_SIZE, "PageNum": number}
        answer = await self._read(action, paged, region=region)
        sent = items(answer, "Items", element)
        total_pages = models.PageInfo.model_validate(answer).total_pages
        return Page(readable(sent, read, kind=element), len(sent), total_pages)


def _task(item: object) -> RestoreTask:
    return models.RestoreTaskDetail.model_validate(item).to_domain()
