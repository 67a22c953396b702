"""Actions that only read the estate: plans, windows, backup sets, gateways, regions."""

import json
from collections.abc import Iterator
from typing import Any

from bot.sandbox.dbs import parameters as read
from bot.sandbox.dbs.actions.account import Account
from bot.sandbox.dbs.answers import Body
from bot.sandbox.dbs.declare import DAY_MS, vendor_id
from bot.sandbox.dbs.errors import invalid
from bot.sandbox.dbs.estate import RETENTION_MS, BackupPlan, BackupSet, Gateway, SourceObject, Window
from bot.sandbox.dbs.regions import REGIONS

_PLAN_STATUSES = ("wait", "init", "running", "stop", "pause", "locked", "check_pass")
# What a day of log backup holds beside a full set.
_LOG_SHARE = 50
_HEARTBEAT_AGE_MS = 15_000


def describe_regions(_: Account, __: read.Parameters) -> Body:
    return {"Regions": {"RegionCode": list(REGIONS)}}


def describe_backup_plan_list(account: Account, given: read.Parameters) -> Body:
    page = read.page(given, read.ANY_SIZE)
    ids, region = read.names(given, "BackupPlanId"), read.region(given, "Region")
    status, name = given.get("BackupPlanStatus"), given.get("BackupPlanName")
    if status and status not in _PLAN_STATUSES:
        raise invalid("BackupPlanStatus", f"use one of {', '.join(_PLAN_STATUSES)}")
    rows = [
        _plan_detail(plan, account.shown_ms)
        for plan in account.plans()
        if (not ids or plan.plan_id in ids)
        and (not region or plan.region == region)
        and (not status or plan.status == status)
        and (not name or plan.name == name)
    ]
    return page.of("BackupPlanDetail", rows)


def describe_restore_range_info(account: Account, given: read.Parameters) -> Body:
    """The plan's windows that touch the asked span, oldest first; with RecentlyRestore only the newest."""
    plan = account.plan(given["BackupPlanId"])
    begin, end = int(given["BeginTimestampForRestore"]), int(given["EndTimestampForRestore"])
    if begin > end:
        raise invalid("BeginTimestampForRestore", "it is later than EndTimestampForRestore")
    now = account.shown_ms
    windows = [w for w in plan.windows if w.begin_ms <= end and w.end(now) >= begin]
    if given.get("RecentlyRestore", "").lower() == "true":
        windows = windows[-1:]
    return {"Items": {"DBSRecoverRange": [_range_detail(plan, window, now) for window in windows]}}


def describe_full_backup_list(account: Account, given: read.Parameters) -> Body:
    page = read.page(given, read.FIXED_SIZES)
    plan = account.plan(given["BackupPlanId"])
    set_id = given.get("BackupSetId")
    rows = [
        _set_detail(plan, backup_set, given)
        for backup_set in plan.sets
        if (not set_id or backup_set.backup_set_id == set_id) and read.in_span(given, backup_set.start_ms)
    ]
    return page.of("FullBackupFile", rows)


def describe_increment_backup_list(account: Account, given: read.Parameters) -> Body:
    """The plan's log backups, one for a day, newest first. Their ids and sizes are made up."""
    page = read.page(given, read.FIXED_SIZES)
    plan = account.plan(given["BackupPlanId"])
    rows = [
        _log_detail(plan, begin, end, given)
        for begin, end in _log_days(plan, account.shown_ms)
        if read.in_span(given, begin)
    ]
    return page.of("IncrementBackupFile", rows[::-1])


def describe_backup_gateway_list(account: Account, given: read.Parameters) -> Body:
    page = read.page(given, read.FIXED_SIZES)
    region, identifiers = read.region(given, "Region"), read.names(given, "Identifier")
    rows = [
        _gateway_detail(gateway, account.shown_ms)
        for gateway in account.estate.gateways
        if gateway.region == region and (not identifiers or gateway.identifier in identifiers)
    ]
    return page.of("BackupGateway", rows)


def _present(**fields: Any) -> dict[str, Any]:
    """The fields that have a value: DBS leaves the others out."""
    return {name: value for name, value in fields.items() if value is not None}


def _plan_detail(plan: BackupPlan, now_ms: int) -> dict[str, Any]:
    return _present(
        BackupPlanId=plan.plan_id,
        BackupPlanName=plan.name,
        BackupPlanRegion=plan.region,
        BackupPlanStatus=plan.status,
        BackupPlanCreateTime=plan.created_ms,
        BackupMethod=plan.method,
        BackupObjects=_objects(plan.objects),
        BackupGatewayId=plan.gateway_id,
        BackupPeriod="Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday",
        BackupRetentionPeriod=RETENTION_MS // DAY_MS,
        DatabaseType=plan.engine.value,
        EnableBackupLog=any(window.kind == "range" for window in plan.windows),
        BeginTimestampForRestore=plan.windows[0].begin_ms if plan.windows else None,
        EndTimestampForRestore=plan.windows[-1].end(now_ms) if plan.windows else None,
        **_cross_account(plan),
        InstanceClass="large",
        InstanceChargeType="PREPAY",
        **_source(plan),
        SourceEndpointUserName=plan.source.user_name,
        SourceEndpointDatabaseName=plan.source.database_name,
        SourceEndpointOracleSID=plan.source.oracle_sid,
        SourceEndpointInstanceID=plan.source.instance_id,
    )


def _cross_account(plan: BackupPlan) -> dict[str, Any]:
    account_id, role = plan.cross_account or (None, None)
    return {"CrossAliyunId": account_id, "CrossRoleName": role}


def _source(plan: BackupPlan) -> dict[str, Any]:
    return {
        "SourceEndpointInstanceType": plan.source.location.lower(),
        "SourceEndpointRegion": plan.source.region,
        "SourceEndpointIpPort": plan.source.ip_port,
    }


def _range_detail(plan: BackupPlan, window: Window, now_ms: int) -> dict[str, Any]:
    end = window.end(now_ms)
    sets = [s for s in plan.finished_sets() if s.end_ms and window.begin_ms <= s.end_ms <= end]
    return _present(
        BeginTimestampForRestore=window.begin_ms,
        EndTimestampForRestore=end,
        RangeType=window.kind,
        SourceEndpointInstanceID=plan.source.instance_id,
        SourceEndpointInstanceType=plan.source.location.lower(),
        FullBackupList={
            "FullBackupDetail": [
                {"BackupSetId": s.backup_set_id, "StartTime": s.start_ms, "EndTime": s.end_ms} for s in sets
            ]
        },
    )


def _set_detail(plan: BackupPlan, backup_set: BackupSet, given: read.Parameters) -> dict[str, Any]:
    return _present(
        BackupSetId=backup_set.backup_set_id,
        BackupStatus=backup_set.status,
        BackupSize=backup_set.size,
        BackupObjects=_objects(plan.objects),
        CreateTime=backup_set.start_ms,
        StartTime=backup_set.start_ms,
        EndTime=backup_set.end_ms,
        FinishTime=backup_set.end_ms,
        BackupSetExpiredTime=backup_set.expires_ms,
        ErrMessage=backup_set.failure,
        **_cross_account(plan),
        **_stored(plan, given),
        SourceEndpointUserName=plan.source.user_name,
    )


def _log_days(plan: BackupPlan, now_ms: int) -> Iterator[tuple[int, int | None]]:
    """Begin and end of each day of log backup, oldest first; the one that goes on has no end."""
    for window in plan.windows:
        if window.kind == "range":
            for begin in range(window.begin_ms, window.end(now_ms), DAY_MS):
                end = min(begin + DAY_MS, window.end(now_ms))
                goes_on = window.end_ms is None and end == window.end(now_ms)
                yield begin, None if goes_on else end


def _log_detail(plan: BackupPlan, begin: int, end: int | None, given: read.Parameters) -> dict[str, Any]:
    return _present(
        BackupSetId=vendor_id("1l", f"{plan.name} {begin}", 10),
        BackupStatus="running" if end is None else "finish",
        BackupSize=plan.sets[0].size // _LOG_SHARE,
        StartTime=begin,
        EndTime=end,
        BackupSetExpiredTime=begin + RETENTION_MS,
        **_stored(plan, given),
    )


def _stored(plan: BackupPlan, given: read.Parameters) -> dict[str, Any]:
    """Where a set comes from and how it is kept."""
    shown = read.truth(given, "ShowStorageType", default=True)
    return {
        "StorageMethod": "Standard" if shown else None,
        **_source(plan),
        "SourceEndpointInstanceId": plan.source.instance_id,
    }


def _gateway_detail(gateway: Gateway, now_ms: int) -> dict[str, Any]:
    """`BackupGatewayId` comes as text here and as a number elsewhere, as the vendor's SDK has it."""
    alive = gateway.last_heartbeat_ms is None
    return {
        "BackupGatewayId": str(gateway.gateway_id),
        "DisplayName": gateway.name,
        "Identifier": gateway.identifier,
        "BackupGatewayStatus": "ONLINE" if alive else "OFFLINE",
        "Region": gateway.region,
        "BackupGatewayCreateTime": gateway.created_ms,
        "LastHeartbeatTime": now_ms - _HEARTBEAT_AGE_MS if alive else gateway.last_heartbeat_ms,
        "SourceEndpointHostname": gateway.hostname,
        "SourceEndpointIntranetIP": gateway.intranet_ip,
    }


def _objects(objects: tuple[SourceObject, ...]) -> str:
    return json.dumps([
        {"DBName": o.db_name} if o.schema_name is None else {"DBName": o.db_name, "SchemaName": o.schema_name}
        for o in objects
    ])  # fmt: skip
