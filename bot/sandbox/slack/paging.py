"""Cursors: a list handed out piece by piece."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.wire import Json, SlackError

T = TypeVar("T")
_MOST = 1000
_NUMBER = re.compile("[0-9]{1,4}")


def limit_of(arguments: Arguments, default: int, *, least: int = 1, error: str = "invalid_arguments") -> int:
    """How many items `limit` asks for. SlackError `error`; Slack names `invalid_limit` for some methods."""
    text = arguments.text("limit") or str(default)
    if _NUMBER.fullmatch(text) and least <= int(text) <= _MOST:
        return int(text)
    said = {"messages": [f"[ERROR] must be an integer from {least} to {_MOST} [json-pointer:/limit]"]}
    raise SlackError(error, response_metadata=said)


def page(
    items: Iterable[T],
    cursor: str,
    limit: int,
    *,
    key: Callable[[T], str],
    newest_first: bool = False,
) -> tuple[list[T], Json]:
    """One piece of the items in the order of their key, and the answer's `response_metadata`.

    The cursor holds the last key handed out, so that items which come and go in between shift nothing.
    Raises SlackError `invalid_cursor`.
    """
    last = _decode(cursor)
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
