"""From an HTTP answer to its content, or to the error it stands for.

Errors are returned, not raised, and their texts are redacted here: the frame that raises them then holds
neither the answer's text nor the request, so that even a traceback with local variables tells no secret.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from bot.dbs.advice import advice
from bot.dbs.lenient import Flag, OptionalText, Whole, Wire
from bot.dbs.secrecy import masked
from bot.errors import DbsError, DbsNotAllowed, DbsRejected, DbsThrottled, DbsUnreachable, DbsUnreadable

_FIELD = re.compile(r"<(\w+)>([^<]*)</\1>")
#: No gateway writes an error of more characters.
_LONGEST_ERROR = 10_000

Payload = dict[str, object]
Redact = Callable[[str], str]

_LONGEST_QUOTE = 500
_OK = range(200, 300)
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500

_GRANT = "This AccessKey may not call {action}. Grant its RAM user or role the action dbs:{action}."

#: Codes (or their beginnings) of a key that may not, and what to do about it.
_NOT_ALLOWED = {
    "InvalidAccessKeyId": "Alibaba Cloud does not know this AccessKey id. Check the configured id.",
    "SignatureDoesNotMatch": "The AccessKey secret does not belong to its id. Check the configured secret.",
    "IncompleteSignature": "The signature did not arrive whole. Check the AccessKey, and any proxy.",
    "InvalidTimeStamp": "This machine's clock is more than 15 minutes off. Set it right.",
    "InvalidSecurityToken": "The security token is wrong or has expired. Renew the temporary credentials.",
    "MissingSecurityToken": "This AccessKey needs its security token. Configure it as well.",
    "Forbidden": _GRANT,
    "Request.Forbidden": _GRANT,
    "NoPermission": _GRANT,
}

#: Codes (or their beginnings) that leave open what happened. A used nonce means that this very request has
#: arrived before.
_OPEN = ("ServiceUnavailable", "InternalError", "SignatureNonceUsed")
#: A no to this call, which tells that an earlier one under its token was taken.
_TAKEN_BEFORE = "IdempotentParameterMismatch"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP."""

    status: int
    body: bytes = field(repr=False)
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer means: `payload` when DBS did what it was asked, else `error`."""

    request_id: str | None
    payload: Payload | None = field(default=None, repr=False)
    error: DbsError | None = None


class Envelope(Wire):
    """What every answer carries: DBS's own shape, and that of the gateway before it (`code`, `message`)."""

    request_id: OptionalText = None
    success: Flag = None
    http_status_code: Whole = None
    err_code: OptionalText = None
    err_message: OptionalText = None
    code: OptionalText = None
    message: OptionalText = None

    @property
    def succeeded(self) -> bool:
        """`Success` decides, for DBS sends an `ErrCode` beside a true one. Else: no sign of error."""
        if self.success is not None:
            return self.success
        return self.request_id is not None and self.code is None and self.err_code is None

    def refused(self, *, by_http: bool) -> bool:
        """Whether this is DBS's or its gateway's own no, and not an answer of something else."""
        if self.success is not None:
            return not self.success
        return self.code is not None or (by_http and self.err_code is not None)


def read_answer(answer: Answer, *, action: str, redact: Redact) -> Reading:
    body = _content(answer.body)
    envelope = Envelope.model_validate(body)
    request_id = redact(envelope.request_id) if envelope.request_id else None
    if answer.status in _OK and envelope.succeeded:
        return Reading(request_id, payload=body)
    error = _error(answer, envelope, action=action, redact=redact, request_id=request_id)
    error.request_id = request_id
    return Reading(request_id, error=error)


def _error(
    answer: Answer, envelope: Envelope, *, action: str, redact: Redact, request_id: str | None
) -> DbsError:
    """The code decides as it came, and is redacted to be shown: masking a short password could spoil it."""
    code = envelope.code or envelope.err_code or ""
    words = envelope.message or envelope.err_message or ""
    shown, said = redact(code), _quotable(redact(words))
    status = answer.status if answer.status not in _OK else envelope.http_status_code or answer.status
    if code.startswith("Throttling") or status == _TOO_MANY_REQUESTS:
        sentence = f"DBS asks to call {action} less often. Wait a little, and try again"
        retry_after = _seconds(answer.retry_after)
        return DbsThrottled(f"{sentence}{_trace(shown, request_id)}.", retry_after=retry_after, action=action)
    allow = next((does for start, does in _NOT_ALLOWED.items() if code.startswith(start)), None)
    if allow is not None:
        sentence = f"{allow.format(action=action)}{_trace(shown, request_id)}"
        return DbsNotAllowed(sentence, code=shown, action=action)
    if status >= _SERVER_ERROR or code.startswith(_OPEN):
        sentence = f"DBS could not answer {action} at the moment"
        return DbsUnreachable(f"{sentence}{_trace(f'HTTP {status}', shown, request_id)}.", action=action)
    if envelope.refused(by_http=answer.status not in _OK):
        does = advice(code, words)
        quoted = f"{does} DBS says: {said}" if does and said else does or said
        sentence = quoted or f"DBS rejected {action} and gave no reason."
        rejected = DbsRejected(f"{sentence}{_trace(shown, request_id)}", code=shown, action=action)
        rejected.certain = not code.startswith(_TAKEN_BEFORE)
        return rejected
    sentence = f"The answer to {action} is not DBS's, or was cut short (HTTP {answer.status})."
    return DbsUnreadable(f"{sentence} Look for a proxy in between.", action=action)


def _trace(*known: str | None) -> str:
    """What the vendor's support asks for, in brackets: the last is the request's id."""
    *before, request_id = known
    named = [*filter(None, before), *([f"request id {request_id}"] if request_id else [])]
    return f" ({', '.join(named)})" if named else ""


def _content(body: bytes) -> Payload:
    """The object a body holds as JSON, or the fields of a gateway error as XML; empty for anything else."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return _xml_error(body.decode("utf-8", errors="replace"))
    return content if isinstance(content, dict) else {}


def _xml_error(body: str) -> Payload:
    begin, end = body.find("<Error>"), body.rfind("</Error>")
    if begin < 0 or end < begin or end - begin > _LONGEST_ERROR:
        return {}
    return {name: unescape(value) for name, value in _FIELD.findall(body[begin:end])}


def _quotable(said: str) -> str:
    """One line of bounded length: DBS may send a stack trace."""
    line = masked(" ".join(said.split()))
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE]}..."


def _seconds(header: str | None) -> float | None:
    """`Retry-After` in its form of seconds, which is the one gateways send."""
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
