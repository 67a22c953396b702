"""What became of a call to Slack. Pure."""

from dataclasses import dataclass
from enum import Enum

import aiohttp
from slack_sdk.errors import SlackApiError


class Verdict(Enum):
    REFUSED = "refused"  # Slack did nothing and never will
    NOT_NOW = "not now"  # Slack did nothing; it may later
    UNKNOWN = "unknown"  # Slack may have done it


@dataclass(frozen=True)
class Outcome:
    """`retry_after` in seconds, where Slack said so; `reason` is Slack's word or the kind of fault."""

    verdict: Verdict
    reason: str
    retry_after: float | None = None


_HALF_DONE = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
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
        headers = {name.lower(): value for name, value in (getattr(response, "headers", None) or {}).items()}
        return Outcome(Verdict.NOT_NOW, "ratelimited", float(headers.get("retry-after", 1)))
    if status >= _SERVER_ERROR or reason in _HALF_DONE:
        return Outcome(Verdict.UNKNOWN, reason)
    return Outcome(Verdict.REFUSED, reason)
