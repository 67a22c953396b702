"""What can be ordered to go wrong in the local DBS: odd answers, odd prechecks, a clock that is off."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox.dbs.answers import Answer, Body
from bot.sandbox.dbs.errors import DbsError, GatewayError, RefusedError
from bot.sandbox.dbs.lifecycle import Course
from bot.sandbox.dbs.precheck import PrecheckManner
from bot.sandbox.door import common_kinds
from bot.sandbox.faults import Fault, Faults, Field, Kind

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
    Kind("precheck_after_start", "New tasks: the precheck runs only after the start", targets=_CREATE),
    Kind("precheck_silent", "New tasks: the precheck passes without a word", targets=_CREATE),
    Kind(
        "clock_skew",
        "The clock of DBS is off",
        (Field("seconds", "Seconds ahead", 3600.0, (-_TEN_DAYS, _TEN_DAYS)),),
    ),
)
PRECHECK_KINDS = ("precheck_after_start", "precheck_silent")

# The gateway's own codes and their HTTP status; every other code is DBS's, in its envelope.
_GATEWAY_CODES: Mapping[str, int] = {
    "InternalError": 500,
    "ServiceUnavailable": 503,
    "Forbidden.RAM": 403,
    "Request.Forbidden": 403,
    "Throttling": 400,
    "Throttling.User": 400,
    "Throttling.Api": 400,
    "InvalidAccessKeyId.NotFound": 404,
    "InvalidTimeStamp.Expired": 400,
    "SignatureDoesNotMatch": 400,
    "SignatureNonceUsed": 400,
}


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
            code = str(fault.fields["code"])
            if code in _GATEWAY_CODES:
                return GatewayError(code, "The request was refused as ordered.", _GATEWAY_CODES[code])
            return DbsError(code, "The request was refused as ordered.")


def in_the_manner(fault: Fault, course: Course) -> Course:
    """The course of a task whose precheck is struck by this fault."""
    if fault.kind.name == "precheck_after_start":
        return replace(course, manner=PrecheckManner.AFTER_START)
    passes = replace(course.script, precheck_failure=None)
    return replace(course, manner=PrecheckManner.SILENT, script=passes)


def tampered(faults: Faults, action: str, answer: Answer) -> Answer:
    """A success as the ordered faults leave it. A fault that would change nothing does not strike."""
    for fault in faults.all:
        body = _changed(answer.body, fault)
        if body != answer.body and fault.strikes(action):
            answer = replace(answer, body=body)
    return answer


def _changed(value: Any, fault: Fault) -> Any:
    """The answer with each of its objects changed."""
    if isinstance(value, list):
        return [_changed(each, fault) for each in value]
    if isinstance(value, dict):
        return {name: _changed(child, fault) for name, child in _object(value, fault).items()}
    return value


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
    return given
