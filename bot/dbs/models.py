"""What each action answers, field by field, and the domain's value of it.

Source: DBS's API reference, version 2019-03-06.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from bot.dbs.lenient import Id, Moment, OptionalText, Percent, Text, Whole, Wire, names
from bot.dbs.secrecy import masked
from bot.restores.models import (
    BackupGateway,
    BackupPlan,
    BackupSet,
    Engine,
    JobError,
    Location,
    PrecheckItem,
    PrecheckReport,
    RestoreTask,
    Stage,
    Window,
)

#: Characters of a text of DBS's that are kept: more than is shown anywhere, and no more than is soon read.
LONGEST_TEXT = 10_000

DatabaseNames = Annotated[tuple[str, ...], BeforeValidator(lambda value: names(value, "DBName"))]


def documented(value: str, enum: type[StrEnum]) -> str:
    """`value` in its documented spelling, or as DBS wrote it where no page documents it."""
    return next((str(member) for member in enum if member.lower() == value.lower()), value)


def _said(words: str) -> str:
    """DBS's own words, which may be a log of any length, and quote a password."""
    return masked(words[:LONGEST_TEXT])


class PageInfo(Wire):
    """DescribeBackupPlanList, DescribeRestoreTaskList and the other lists: how many pages there are."""

    total_pages: Whole = None


class CreatedTask(Wire):
    """CreateRestoreTask."""

    restore_task_id: Text = ""
    request_id: OptionalText = None


class BackupPlanDetail(Wire):
    """DescribeBackupPlanList."""

    backup_plan_id: Id
    backup_plan_name: Text = ""
    backup_plan_region: Text = ""
    backup_plan_status: Text = ""
    backup_method: Text = ""
    database_type: Text = ""
    backup_objects: DatabaseNames = ()
    backup_gateway_id: OptionalText = None
    begin_timestamp_for_restore: Moment = None
    end_timestamp_for_restore: Moment = None
    source_endpoint_instance_type: Text = ""
    source_endpoint_instance_id: OptionalText = None
    source_endpoint_region: OptionalText = None
    source_endpoint_ip_port: OptionalText = None
    source_endpoint_database_name: OptionalText = None
    source_endpoint_oracle_sid: OptionalText = None
    cross_aliyun_id: OptionalText = None
    cross_role_name: OptionalText = None

    def to_domain(self, *, region: str) -> BackupPlan:
        """`region` is the one that was asked: a plan that names none of its own answers there."""
        return BackupPlan(
            backup_plan_id=self.backup_plan_id,
            name=self.backup_plan_name,
            engine=documented(self.database_type, Engine),
            region=self.backup_plan_region.lower() or region,
            status=self.backup_plan_status,
            method=self.backup_method,
            source_location=documented(self.source_endpoint_instance_type, Location),
            source_region=self.source_endpoint_region,
            source_instance_id=self.source_endpoint_instance_id,
            source_ip_port=self.source_endpoint_ip_port,
            source_database_name=self.source_endpoint_database_name,
            source_oracle_sid=self.source_endpoint_oracle_sid,
            databases=self.backup_objects,
            window=_window(self.begin_timestamp_for_restore, self.end_timestamp_for_restore),
            backup_gateway_id=self.backup_gateway_id,
            cross_aliyun_id=self.cross_aliyun_id,
            cross_role_name=self.cross_role_name,
        )


def _window(begin: datetime | None, end: datetime | None) -> Window | None:
    if begin is None or end is None or end < begin:
        return None
    return Window(begin=begin, end=end)


class DbsRecoverRange(Wire):
    """DescribeRestoreRangeInfo."""

    begin_timestamp_for_restore: Moment = None
    end_timestamp_for_restore: Moment = None
    range_type: Text = ""

    def to_domain(self) -> Window | None:
        """None for a range of type `point`: there only the backup sets themselves can be restored to."""
        if self.range_type.lower() == "point":
            return None
        window = _window(self.begin_timestamp_for_restore, self.end_timestamp_for_restore)
        if window is None:
            raise ValueError("a range without both ends in their order")
        return window


class FullBackupFile(Wire):
    """DescribeFullBackupList."""

    backup_set_id: Id
    start_time: Moment = None
    end_time: Moment = None
    finish_time: Moment = None
    backup_size: Whole = None
    backup_status: Text = ""

    def to_domain(self) -> BackupSet:
        """`EndTime` is the state the set holds; `FinishTime` is when DBS was done with the job."""
        return BackupSet(
            backup_set_id=self.backup_set_id,
            time=self.end_time or self.start_time or self.finish_time,
            size=self.backup_size,
            status=self.backup_status,
        )


class BackupGatewayDetail(Wire):
    """DescribeBackupGatewayList."""

    backup_gateway_id: Id
    display_name: Text = ""
    identifier: Text = ""
    backup_gateway_status: Text = ""
    region: Text = ""
    last_heartbeat_time: Moment = None
    source_endpoint_hostname: OptionalText = None

    def to_domain(self) -> BackupGateway:
        return BackupGateway(
            backup_gateway_id=self.backup_gateway_id,
            name=self.display_name or self.identifier or self.backup_gateway_id,
            status=self.backup_gateway_status,
            region=self.region.lower(),
            hostname=self.source_endpoint_hostname,
            last_heartbeat=self.last_heartbeat_time,
        )


class RestoreTaskDetail(Wire):
    """DescribeRestoreTaskList."""

    restore_task_id: Id
    restore_status: Text = ""
    restore_task_name: Text = ""
    backup_plan_id: Text = ""
    backup_set_id: OptionalText = None
    restore_time: Moment = None
    restore_task_create_time: Moment = None
    restore_task_finish_time: Moment = None
    err_message: OptionalText = None
    destination_endpoint_instance_id: OptionalText = None
    destination_endpoint_region: OptionalText = None
    full_strufore_restore_progress: Percent = None
    full_data_restore_progress: Percent = None
    full_stru_after_restore_progress: Percent = None
    continuous_restore_progress: Percent = None
    physical_full_backup_recover_progress: Percent = None
    physical_increment_backup_recover_progress: Percent = None
    physical_full_and_increment_backup_recover_progress: Percent = None
    physical_backup_recover_progress: Percent = None
    physical_database_online_progress: Percent = None

    def to_domain(self) -> RestoreTask:
        return RestoreTask(
            restore_task_id=self.restore_task_id,
            status=self.restore_status,
            name=self.restore_task_name,
            backup_plan_id=self.backup_plan_id,
            stages=self._stages(),
            created_at=self.restore_task_create_time,
            finished_at=self.restore_task_finish_time,
            restore_time=self.restore_time,
            backup_set_id=self.backup_set_id,
            error_message=self.err_message and _said(self.err_message),
            destination_instance_id=self.destination_endpoint_instance_id,
            destination_region=self.destination_endpoint_region,
        )

    def _stages(self) -> dict[Stage, int]:
        """The stages DBS reports, in the order they happen."""
        progress = {
            Stage.STRUCTURE_BEFORE: self.full_strufore_restore_progress,
            Stage.FULL_DATA: self.full_data_restore_progress,
            Stage.STRUCTURE_AFTER: self.full_stru_after_restore_progress,
            Stage.INCREMENTAL: self.continuous_restore_progress,
            Stage.PHYSICAL_FULL: self.physical_full_backup_recover_progress,
            Stage.PHYSICAL_INCREMENT: self.physical_increment_backup_recover_progress,
            Stage.PHYSICAL_FULL_AND_INCREMENT: self.physical_full_and_increment_backup_recover_progress,
            Stage.PHYSICAL: self.physical_backup_recover_progress,
            Stage.DATABASE_ONLINE: self.physical_database_online_progress,
        }
        return {stage: done for stage, done in progress.items() if done is not None}


class PreCheckProgressDetail(Wire):
    """One item of DescribePreCheckProgressList."""

    item: Text = ""
    names: Text = ""
    order_num: Whole = None
    state: Text = ""
    err_msg: OptionalText = None

    def to_domain(self) -> PrecheckItem:
        return PrecheckItem(
            name=self.names or self.item or "?",
            state=self.state.lower(),
            message=_said(self.err_msg) if self.err_msg else None,
            item=self.item or None,
        )


class PreCheckProgress(Wire):
    """DescribePreCheckProgressList."""

    status: Text = ""
    progress: Percent = None

    def to_domain(self, details: tuple[PreCheckProgressDetail, ...]) -> PrecheckReport:
        in_order = sorted(details, key=lambda detail: detail.order_num or 0)
        return PrecheckReport(
            status=self.status.lower(),
            progress=self.progress,
            items=tuple(detail.to_domain() for detail in in_order),
        )


class JobErrorDetail(Wire):
    """DescribeJobErrorCode."""

    error_code: Text = ""
    error_message: Text = ""

    def to_domain(self) -> JobError | None:
        """None when DBS knows of no error."""
        if not (self.error_code or self.error_message):
            return None
        return JobError(code=_said(self.error_code), message=_said(self.error_message))
