"""Block Kit's rich text: paragraphs, lists, quotes and preformatted text, and what runs inside their lines.

As in docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.slack.schema import (
    Check,
    Fields,
    Problem,
    Required,
    anything,
    array,
    boolean,
    check_fields,
    integer,
    one_of,
    shape,
    string,
)

_MOST = 1000  # parts of a text; Slack names no limit
_TEXT = Required(string(12_000, 0))
_ID = Required(string(255))
_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = shape(dict.fromkeys(_STYLES, boolean))


def _of(kinds: Mapping[str, Fields]) -> Check:
    """An object whose `type` says which of these fields it takes."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in list(kinds):
            yield Problem(f"unsupported type: {kind}", f"{pointer}/type")
            return
        yield from check_fields(value, {"type": anything, **kinds[kind]}, pointer)

    return check


_RUN = _of({
    "text": {"text": _TEXT, "style": _STYLE},
    "link": {"url": Required(string(3000)), "text": string(12_000), "unsafe": boolean, "style": _STYLE},
    "emoji": {
        "name": _ID,
        "unicode": string(255),
        "url": string(3000),
        "skin_tone": integer(1, 6),
        "style": _STYLE,
    },
    "user": {"user_id": _ID, "style": _STYLE},
    "usergroup": {"usergroup_id": _ID, "style": _STYLE},
    "channel": {"channel_id": _ID, "style": _STYLE},
    "team": {"team_id": _ID, "style": _STYLE},
    "broadcast": {"range": Required(one_of("here", "channel", "everyone")), "style": _STYLE},
    "color": {"value": _ID, "style": _STYLE},
    "date": {
        "timestamp": Required(integer(0, 9_999_999_999)),
        "format": Required(string(255)),
        "url": string(3000),
        "fallback": string(3000),
        "style": _STYLE,
    },
})  # fmt: skip
_LINE: Fields = {"elements": Required(array(_RUN, _MOST, 0))}
_FRAMED: Fields = {**_LINE, "border": integer(0, 1)}

PARTS: Mapping[str, Fields] = {
    "rich_text_section": _LINE,
    "rich_text_preformatted": {**_FRAMED, "language": string(255)},
    "rich_text_quote": _FRAMED,
    "rich_text_list": {
        "elements": Required(array(_of({"rich_text_section": _LINE}), _MOST, 0)),
        "style": Required(one_of("bullet", "ordered")),
        "indent": integer(0, 8),
        "offset": integer(0, 1_000_000),
        "border": integer(0, 1),
    },
}
RICH_TEXT: Fields = {
    "type": Required(one_of("rich_text")),
    "block_id": string(255),
    "elements": Required(array(_of(PARTS), _MOST)),
}
