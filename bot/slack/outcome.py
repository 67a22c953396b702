"""What became of a call to Slack. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from aiohttp import ClientConnectorError
from slack_sdk.errors import SlackApiError


class Verdict(Enum):
    REFUSED = "refused"  # Slack did nothing and would do nothing
    GONE = "gone"  # Slack did nothing: the message, or the thread, is not there any more
    SHUT_OUT = "shut out"  # Slack did nothing, and will not until the channel is open to the bot again
    FORBIDDEN = "forbidden"  # Slack did nothing, and will not until the app is put right
    NOT_NOW = "not now"  # Slack did nothing; it may later
    UNKNOWN = "unknown"  # Slack may have done it


@dataclass(frozen=True)
class Outcome:
    """`retry_after` in seconds, where Slack said so; `reason` is Slack's word or the kind of fault."""

    verdict: Verdict
    reason: str
    retry_after: float | None = None


_HALF_DONE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
#: What Slack says no to. Any other no may be taken back: by an admin, or by a new token.
_NO = {
    **dict.fromkeys(
        (
            "block_mismatch",
            "cant_update_message",
            "edit_window_closed",
            "invalid_arguments",
            "invalid_blocks",
            "invalid_blocks_format",
            "invalid_metadata_format",
            "metadata_too_large",
            "msg_blocks_too_long",
            "msg_blocks_too_many",
            "msg_too_long",
            "no_text",
        ),
        Verdict.REFUSED,
    ),
    **dict.fromkeys(("message_not_found", "thread_not_found"), Verdict.GONE),
    **dict.fromkeys(
        (
            "channel_not_found",
            "is_archived",
            "not_in_channel",
            "restricted_action",
            "restricted_action_non_threadable_channel",
            "restricted_action_read_only_channel",
            "restricted_action_thread_locked",
            "restricted_action_thread_only_channel",
        ),
        Verdict.SHUT_OUT,
    ),
}
_TOO_MANY = 429
_LONGEST_WAIT = 300.0


def outcome(error: Exception) -> Outcome:
    """Tell a definite no from a doubt. Anything not known to be a no is a doubt."""
    if isinstance(error, SlackApiError):
        return _answered(error.response)
    if isinstance(error, ClientConnectorError):
        return Outcome(Verdict.NOT_NOW, "Slack cannot be reached")
    return Outcome(Verdict.UNKNOWN, type(error).__name__)


def _answered(response: object) -> Outcome:
    """Only an answer in Slack's own form says no; slack_sdk raises for pages and broken JSON as well."""
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    headers = getattr(response, "headers", None) or {}
    data = getattr(response, "data", None)
    reason = data.get("error") if isinstance(data, dict) and data.get("ok") is False else None
    if status == _TOO_MANY or reason in {"ratelimited", "rate_limited"}:
        return Outcome(Verdict.NOT_NOW, "ratelimited", _retry_after(headers))
    if not isinstance(reason, str):
        return Outcome(Verdict.UNKNOWN, f"an answer that is not Slack's, HTTP {status}")
    if reason in _HALF_DONE:
        return Outcome(Verdict.UNKNOWN, reason)
    return Outcome(_NO.get(reason, Verdict.FORBIDDEN), reason)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds to wait: one at least, five minutes at most, whatever the header says."""
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(said)
    except ValueError:
        return 1.0
    return min(_LONGEST_WAIT, max(1.0, seconds)) if math.isfinite(seconds) else _LONGEST_WAIT
