"""What goes back over the wire: DBS's two envelopes, in JSON or XML."""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from bot.sandbox.dbs.errors import GatewayError, RefusedError

Body = dict[str, Any]

# XML 1.0 has no way to write these.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    text = "".join(_elements(answer.root, answer.body))
    return f"<?xml version='1.0' encoding='UTF-8'?>{text}", "text/xml;charset=utf-8"


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


def _elements(name: str, value: object) -> Iterator[str]:
    """A list is its element once for each entry."""
    if isinstance(value, list):
        for entry in value:
            yield from _elements(name, entry)
        return
    yield f"<{name}>"
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from _elements(key, child)
    elif isinstance(value, bool):
        yield str(value).lower()
    else:
        yield escape(_UNWRITABLE.sub("", str(value)))
    yield f"</{name}>"
