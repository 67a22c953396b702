"""What goes back over the wire: DBS's two envelopes, in JSON or XML."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from bot.sandbox.dbs.errors import GatewayError, RefusedError
from bot.sandbox.xml import document

Body = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """One answer before it is written: HTTP status, XML root and body; `error_code` when it is a refusal."""

    status: int
    root: str
    body: Body
    error_code: str | None = None


def success(action: str, body: Body) -> Answer:
    return Answer(200, f"{action}Response", {**body, **_envelope(200, success=True)})


def refusal(action: str, host: str, error: RefusedError) -> Answer:
    if isinstance(error, GatewayError):
        return Answer(error.status, "Error", _gateway_body(host, error), error.code)
    body = {**_envelope(error.status, success=False), "ErrCode": error.code, "ErrMessage": error.message}
    return Answer(200, f"{action}Response", body, error.code)


def write(answer: Answer, *, as_xml: bool) -> tuple[str, str]:
    """Text and content type of an answer."""
    if not as_xml:
        return json.dumps(answer.body, ensure_ascii=False), "application/json;charset=utf-8"
    return document(answer.root, answer.body), "text/xml;charset=utf-8"


def _envelope(status: int, *, success: bool) -> Body:
    return {"RequestId": _request_id(), "Success": success, "HttpStatusCode": status}


def _gateway_body(host: str, error: GatewayError) -> Body:
    return {
        "RequestId": _request_id(),
        "HostId": host,
        "Code": error.code,
        "Message": error.message,
        "Recommend": f"https://api.aliyun.com/troubleshoot?q={error.code}&product=DBS",
    }


def _request_id() -> str:
    return str(uuid.uuid4()).upper()
