"""Cursors: a list handed out piece by piece."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.sandbox.slack.arguments import Arguments, invalid_arguments
from bot.sandbox.slack.wire import Json, SlackError

T = TypeVar("T")
_MOST = 1000


def page(
    items: Iterable[T],
    arguments: Arguments,
    *,
    key: Callable[[T], str],
    default: int,
    newest_first: bool = False,
) -> tuple[list[T], Json]:
    """One piece of the items in the order of their key, and the answer's `response_metadata`.

    The cursor holds the last key handed out, so that items which come and go in between shift nothing.
    Raises SlackError `invalid_cursor`, `invalid_arguments`.
    """
    limit = arguments.integer("limit", default) or default
    if not 1 <= limit <= _MOST:
        raise invalid_arguments(f"must be between 1 and {_MOST}: limit")
    last = _decode(arguments.text("cursor"))
    ordered = sorted(items, key=key, reverse=newest_first)
    if last:
        ordered = [item for item in ordered if (key(item) < last if newest_first else key(item) > last)]
    piece = ordered[:limit]
    following = _encode(key(piece[-1])) if len(ordered) > limit else ""
    return piece, {"next_cursor": following}


def _encode(key: str) -> str:
    return b64encode(f"after:{key}".encode()).decode()


def _decode(cursor: str) -> str:
    if not cursor:
        return ""
    try:
        word, _, key = b64decode(cursor, validate=True).decode().partition(":")
    except ValueError as error:
        raise SlackError("invalid_cursor") from error
    if word != "after":
        raise SlackError("invalid_cursor")
    return key
