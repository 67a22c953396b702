"""A message's attachments, the older way to add to its text: what each may hold, and what it shows."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.block_kit.schema import Fields, Problem, Shape, array, boolean, string
from bot.sandbox.slack.wire import Json

_LONGEST = 40_000  # as a message's text; Slack names no limit of its own
_TEXT = string(_LONGEST, 0)
_TEXTS = (
    *("author_icon", "author_link", "author_name", "author_subname", "callback_id", "color", "fallback"),
    *("footer", "footer_icon", "image_url", "pretext", "text", "thumb_url", "title", "title_link"),
)
_SHOWN = ("author_name", "blocks", "fallback", "fields", "footer", "image_url", "pretext", "text", "title")
#: As in docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments.
_FIELDS: Fields = {
    **dict.fromkeys(_TEXTS, _TEXT),
    "fields": array(Shape({"title": _TEXT, "value": _TEXT, "short": boolean}), 100, 0),
    "mrkdwn_in": array(_TEXT, 100, 0),
}


def attachment_problems(attachment: Json, pointer: str) -> list[Problem]:
    """What is wrong beside its blocks; fields that nobody knows are let through, as Slack does."""
    known = {name: value for name, value in attachment.items() if name in _FIELDS and value is not None}
    return list(Shape(_FIELDS)(known, pointer))


def shows_something(attachment: Mapping[str, Any]) -> bool:
    return any(attachment.get(name) for name in _SHOWN)
