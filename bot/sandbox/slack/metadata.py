"""What an app hangs on a message for itself: `metadata`, an event type and what goes with it."""

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.wire import Json, SlackError, size

#: Slack names the error but not the number; the number is ours.
MAX_BYTES = 8000
_FIELDS = frozenset({"event_type", "event_payload"})


def parse_metadata(arguments: Arguments) -> Json | None:
    """`metadata` of a call; {} or nothing is none.

    Raises SlackError `invalid_metadata_format` (also for a field Slack does not know), `metadata_too_large`.
    """
    try:
        metadata = arguments.object("metadata")
    except SlackError as error:
        raise SlackError("invalid_metadata_format") from error
    if not metadata:
        return None
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict) or set(metadata) - _FIELDS:
        raise SlackError("invalid_metadata_format")
    if size(metadata) > MAX_BYTES:
        raise SlackError("metadata_too_large")
    return metadata
