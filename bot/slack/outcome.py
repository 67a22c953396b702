"""What became of a call to Slack. Pure."""

from dataclasses import dataclass
from enum import Enum

import aiohttp
from slack_sdk.errors import SlackApiError


class Verdict(Enum):
    REFUSED = "refused"  # Slack did nothing and would do nothing
    FORBIDDEN = "forbidden"  # Slack did nothing, and will not until the app is put right
    NOT_NOW = "not now"  # Slack did nothing; it may later
    UNKNOWN = "unknown"  # Slack may have done it


@dataclass(frozen=True)
class Outcome:
    """`retry_after` in seconds, where Slack said so; `reason` is Slack's word or the kind of fault."""

    verdict: Verdict
    reason: str
    retry_after: float | None = None


_HALF_DONE = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
_FORBIDDEN = {
    "account_inactive",
    "invalid_auth",
    "missing_scope",
    "not_authed",
    "not_in_channel",
    "token_expired",
    "token_revoked",
}
_TOO_MANY = 429
_SERVER_ERROR = 500


def outcome(error: Exception) -> Outcome:
    """Tell a definite no from a doubt. Anything not known to be a no is a doubt."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Outcome(Verdict.NOT_NOW, "Slack cannot be reached")
    return Outcome(Verdict.UNKNOWN, type(error).__name__)


def _answered(error: SlackApiError) -> Outcome:
    response = error.response
    status: int = getattr(response, "status_code", 0)
    reason = str(response.get("error") or status) if hasattr(response, "get") else str(status)
    if status == _TOO_MANY or reason == "ratelimited":
        return Outcome(Verdict.NOT_NOW, "ratelimited", _retry_after(response))
    if reason in _FORBIDDEN:
        return Outcome(Verdict.FORBIDDEN, reason)
    if status >= _SERVER_ERROR or reason in _HALF_DONE:
        return Outcome(Verdict.UNKNOWN, reason)
    return Outcome(Verdict.REFUSED, reason)


def _retry_after(response: object) -> float:
    headers = getattr(response, "headers", None) or {}
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    try:
        return max(0.0, float(said))
    except ValueError:
        return 1.0
