"""What can be ordered to go wrong in the local DBS: odd answers, odd prechecks, a clock that is off."""

from dataclasses import replace
from functools import partial, reduce
from typing import Any

from bot.sandbox.dbs.answers import Body
from bot.sandbox.dbs.errors import GatewayError, RefusedError, refusal
from bot.sandbox.dbs.lifecycle import Course
from bot.sandbox.dbs.precheck import PrecheckManner
from bot.sandbox.door import common_kinds
from bot.sandbox.faults import Fault, Field, Kind, Strikes

FOREIGN_TASK_ID = "s1zzzforeign"
_LIST = frozenset({"DescribeRestoreTaskList"})
_WITH_TASK_ID = _LIST | {"CreateRestoreTask", "StartRestoreTask"}
_CREATE = frozenset({"CreateRestoreTask"})
_TEN_DAYS = 864_000

KINDS = (
    *common_kinds("InternalError"),
    Kind("missing_task_id", "Answer without the task id", targets=_WITH_TASK_ID),
    Kind("foreign_task_id", "Answer with the id of a foreign task", targets=_WITH_TASK_ID),
    Kind("odd_status", "A status nobody documented", (Field("status", "Status", "rebalancing"),), _LIST),
    Kind("success_as", "Success under another name", (Field("status", "Status", "completed"),), _LIST),
    Kind("finish_time_only", "Success shows as a finish time alone", targets=_LIST),
    Kind("null_field", "A field without a value", (Field("field", "Field", "RestoreTaskName"),)),
    Kind(
        "error_beside_success",
        "Success, and an error code beside it",
        (Field("code", "Error", "Param.NotFound"),),
    ),
    Kind("precheck_after_start", "New tasks: the precheck runs only after the start", targets=_CREATE),
    Kind("precheck_silent", "New tasks: the precheck passes without a word", targets=_CREATE),
    Kind(
        "clock_skew",
        "The clock of DBS is off",
        (Field("seconds", "Seconds ahead", 3600.0, (-_TEN_DAYS, _TEN_DAYS)),),
    ),
)
# As it stands in the vendor's own samples, placeholder and all.
_SAMPLE = "The specified parameter %s value is not valid."
PRECHECK_KINDS = ("precheck_after_start", "precheck_silent")
_TAMPERING = (
    "missing_task_id",
    "foreign_task_id",
    "odd_status",
    "success_as",
    "finish_time_only",
    "null_field",
    "error_beside_success",
)


def refusal_for(fault: Fault) -> RefusedError:
    """A status, throttle or error fault in DBS's words."""
    match fault.kind.name:
        case "status":
            status = int(fault.fields["status"])
            code = "ServiceUnavailable" if status >= 500 else "InvalidRequest"  # noqa: PLR2004  (HTTP's 5xx)
            return GatewayError(code, f"The request was answered with {status} as ordered.", status)
        case "throttle":
            return GatewayError("Throttling.User", "Request was denied due to user flow control.", 429)
        case _:
            return refusal(str(fault.fields["code"]), "The request was refused as ordered.")


def in_the_manner(fault: Fault, course: Course) -> Course:
    """The course of a task whose precheck is struck by this fault."""
    if fault.kind.name == "precheck_after_start":
        return replace(course, manner=PrecheckManner.AFTER_START)
    passes = replace(course.script, precheck_failure=None)
    return replace(course, manner=PrecheckManner.SILENT, script=passes)


def tampered(strikes: Strikes, body: Body) -> Body:
    """A success as the ordered faults leave it. A fault that would change nothing does not strike."""
    return reduce(partial(_tampered_by, strikes), _TAMPERING, body)


def _tampered_by(strikes: Strikes, body: Body, kind: str) -> Body:
    fault = strikes.first(kind, when=lambda fault: _changed(body, fault) != body)
    return body if fault is None else _object_changed(body, fault)


def _changed(value: Any, fault: Fault) -> Any:
    """The answer with each of its objects changed."""
    if isinstance(value, list):
        return [_changed(each, fault) for each in value]
    return _object_changed(value, fault) if isinstance(value, dict) else value


def _object_changed(given: Body, fault: Fault) -> Body:
    return {name: _changed(child, fault) for name, child in _object(given, fault).items()}


def _object(given: Body, fault: Fault) -> Body:
    finished = given.get("RestoreStatus") == "finish"
    match fault.kind.name:
        case "missing_task_id":
            return {name: value for name, value in given.items() if name != "RestoreTaskId"}
        case "foreign_task_id" if "RestoreTaskId" in given:
            return given | {"RestoreTaskId": FOREIGN_TASK_ID}
        case "odd_status" if "RestoreStatus" in given:
            return given | {"RestoreStatus": fault.fields["status"]}
        case "success_as" if finished:
            return given | {"RestoreStatus": fault.fields["status"]}
        case "finish_time_only" if finished:
            return given | {"RestoreStatus": "running"}
        case "null_field" if fault.fields["field"] in given:
            return given | {str(fault.fields["field"]): None}
        case "error_beside_success" if given.get("Success") is True:
            return given | {"ErrCode": fault.fields["code"], "ErrMessage": _SAMPLE}
    return given
