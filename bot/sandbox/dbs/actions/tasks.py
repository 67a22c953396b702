"""Actions that make, start and describe restore tasks."""

from dataclasses import replace
from typing import Any

from bot.sandbox.dbs import parameters as read
from bot.sandbox.dbs.actions.account import Account
from bot.sandbox.dbs.answers import Body
from bot.sandbox.dbs.destination import Origin, check_destination, find_origin
from bot.sandbox.dbs.errors import DbsError, invalid
from bot.sandbox.dbs.estate import BackupPlan, Failure, Script
from bot.sandbox.dbs.faults import PRECHECK_KINDS, in_the_manner
from bot.sandbox.dbs.lifecycle import course
from bot.sandbox.dbs.precheck import CheckedItem, PreCheck, PrecheckManner, precheck
from bot.sandbox.dbs.tasks import Task

_LANGUAGES = ("en", "cn")

# What a task gives back of its CreateRestoreTask. The password is not among it.
_ECHOED = (
    "DestinationEndpointInstanceID",
    "DestinationEndpointRegion",
    "DestinationEndpointDatabaseName",
    "DestinationEndpointOracleSID",
    "DestinationEndpointUserName",
    "RestoreObjects",
    "RestoreDir",
    "CrossAliyunId",
    "CrossRoleName",
)


def create_restore_task(account: Account, given: read.Parameters) -> Body:
    def make() -> str:
        plan = account.plan(given["BackupPlanId"])
        check_destination(account.estate, plan, given)
        origin = find_origin(plan, given, account.shown_ms)
        return _add_task(account, plan, origin, given).task_id

    return {"RestoreTaskId": account.tokens.once("CreateRestoreTask", *_token_of(given), make)}


def start_restore_task(account: Account, given: read.Parameters) -> Body:
    def make() -> str:
        task = account.task(given["RestoreTaskId"])
        standing = task.standing(account.now_ms)
        if standing.failure is not None or standing.finished_ms is not None:
            state = "failed its precheck" if standing.status == "init" else f"is in status {standing.status}"
            raise DbsError("Task.StatusInvalid", f"The restore task {state} and cannot be started.")
        account.tasks.start(task, account.now_ms)
        return task.task_id

    return {"RestoreTaskId": account.tokens.once("StartRestoreTask", *_token_of(given), make)}


def describe_restore_task_list(account: Account, given: read.Parameters) -> Body:
    """Newest first. An id that is not known is left out, a plan that is not known is refused."""
    page = read.page(given, read.ANY_SIZE)
    read.either(given, "RestoreTaskId", "BackupPlanId")
    if given.get("RestoreTaskId"):
        wanted = set(read.names(given, "RestoreTaskId"))
        found = [task for task in account.tasks.all if task.task_id in wanted]
    else:
        plan = account.plan(given["BackupPlanId"])
        found = [task for task in account.tasks.all if task.plan.plan_id == plan.plan_id]
    rows = [
        _task_detail(task, account.now_ms)
        for task in reversed(found)
        if read.in_span(given, task.shown_ms(task.created_ms))
    ]
    return page.of("RestoreTaskDetail", rows)


def describe_pre_check_progress_list(account: Account, given: read.Parameters) -> Body:
    read.either(given, "RestoreTaskId", "BackupPlanId")
    if given.get("RestoreTaskId"):
        task = account.task(given["RestoreTaskId"])
        if task.course.manner is PrecheckManner.SILENT:
            return {"Items": {}}
        return _precheck_body(task.precheck(account.now_ms), task.task_id, task)
    plan = account.plan(given["BackupPlanId"])
    return _precheck_body(precheck(plan.created_ms, account.now_ms, None), plan.plan_id, None)


def describe_job_error_code(account: Account, given: read.Parameters) -> Body:
    """Why a task failed; for one that did not, the same without code and message."""
    language = given.get("Language") or "en"
    if language not in _LANGUAGES:
        raise invalid("Language", "use en or cn")
    task = account.task(given["TaskId"], "TaskId")
    standing = task.standing(account.now_ms)
    item = {
        "JobId": task.task_id,
        "JobState": standing.status,
        "JobType": "restore",
        "Language": language,
    }
    if standing.failure is not None:
        item["ErrorCode"] = standing.failure.code
        item["ErrorMessage"] = standing.failure.cn if language == "cn" else standing.failure.en
    return {"Item": item}


def _token_of(given: read.Parameters) -> tuple[str | None, dict[str, str]]:
    """The client token, and the parameters it stands for; an empty value counts as absent."""
    stands_for = {name: value for name, value in given.items() if value and name != "ClientToken"}
    return read.client_token(given), stands_for


def _add_task(account: Account, plan: BackupPlan, origin: Origin, given: read.Parameters) -> Task:
    script = _script_for(plan, read.restore_objects(given), given.get("DestinationEndpointUserName"))
    way = course(plan, origin.backup_set, script, to_a_time=origin.time_ms is not None)
    if fault := account.strikes.first(*PRECHECK_KINDS):
        way = in_the_manner(fault, way)
    return account.tasks.add(plan, origin.backup_set, way, account.now_ms, given, ahead_ms=account.ahead_ms)


def _script_for(plan: BackupPlan, objects: tuple[dict[str, str], ...], user: str | None) -> Script:
    """The plan's script; asking for a database that the plan does not hold fails the precheck.

    What a script has against an account the right one is spared.
    """
    held = {held.db_name for held in plan.objects}
    absent = next((entry["DBName"] for entry in objects if entry["DBName"] not in held), None)
    if absent is None:
        fails = plan.script.precheck_failure
        spared = fails is not None and fails.spares is not None and fails.spares == user
        return replace(plan.script, precheck_failure=None) if spared else plan.script
    return replace(
        plan.script,
        precheck_failure=Failure(
            code="DBS.PreCheck.ObjectNotFound",
            en=f"The backup holds no database named {absent}.",
            cn=f"备份集中不存在数据库 {absent}。",
            raw=f"java.lang.RuntimeException: Could not find any schema {absent} in the backup set",
            item="CHECK_RESTORE_OBJECTS",
        ),
    )


def _task_detail(task: Task, now_ms: int) -> dict[str, Any]:
    given, standing = task.parameters, task.standing(now_ms)
    address = [given.get("DestinationEndpointIP"), given.get("DestinationEndpointPort")]
    stopped = standing.failure if standing.status == "stop" else None
    detail = {
        "RestoreTaskId": task.task_id,
        "RestoreTaskName": task.name,
        "RestoreStatus": standing.status,
        "RestoreTaskCreateTime": task.shown_ms(task.created_ms),
        "RestoreTaskFinishTime": task.shown_ms(standing.finished_ms),
        "BackupPlanId": task.plan.plan_id,
        "BackupSetId": task.backup_set.backup_set_id,
        "BackupGatewayId": read.number(given, "BackupGatewayId"),
        "RestoreTime": read.number(given, "RestoreTime"),
        "DestinationEndpointInstanceType": given["DestinationEndpointInstanceType"].lower(),
        "DestinationEndpointIpPort": ":".join(filter(None, address)) if address[0] else None,
        "ErrMessage": task.says(stopped) if stopped else None,
        **standing.progress,
        **{name: given.get(name) for name in _ECHOED},
    }
    return {name: value for name, value in detail.items() if value not in {None, ""}}


def _precheck_body(check: PreCheck, job_id: str, task: Task | None) -> Body:
    return {
        "Status": check.status,
        "Progress": check.progress,
        "Items": {"PreCheckProgressDetail": [_item_detail(item, job_id, task) for item in check.items]},
    }


def _item_detail(item: CheckedItem, job_id: str, task: Task | None) -> dict[str, Any]:
    detail = {
        "Item": item.item,
        "Names": item.group,
        "OrderNum": str(item.order),
        "State": item.state,
        "JobId": job_id,
        "BootTime": task.shown_ms(item.boot_ms) if task else item.boot_ms,
        "FinishTime": task.shown_ms(item.finish_ms) if task else item.finish_ms,
        "ErrMsg": task.says(item.failure) if task and item.failure else None,
    }
    return {name: value for name, value in detail.items() if value is not None}
