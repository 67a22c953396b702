"""What a message says: text, blocks and attachments, checked and completed with ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.arguments import Arguments, invalid_arguments, parse_json
from bot.sandbox.slack.attachments import attachment_problems, shows_something
from bot.sandbox.slack.block_kit import check_blocks, refuse, with_ids
from bot.sandbox.slack.wire import Json, SlackError

MAX_BLOCKS = 50
MAX_BLOCK_CHARACTERS = 13_200
MAX_ATTACHMENTS = 100
MAX_TEXT = 40_000


@dataclass(frozen=True)
class Content:
    text: str = ""
    blocks: Sequence[Json] = ()
    attachments: Sequence[Json] = ()


def parse_content(arguments: Mapping[str, Any]) -> Content:
    """Read text, blocks and attachments from a call's arguments; over-long text is cut, as Slack does.

    Raises SlackError: `invalid_arguments`, `no_text`, `invalid_blocks_format`, `msg_blocks_too_many`,
    `msg_blocks_too_long`, `invalid_blocks`, `invalid_attachments`.
    """
    if arguments.get("markdown_text") is not None:
        raise invalid_arguments(
            "markdown_text is not emulated: use text or blocks [json-pointer:/markdown_text]"
        )
    text = Arguments(arguments).text("text")[:MAX_TEXT]
    blocks = _objects(arguments.get("blocks"), "invalid_blocks_format")
    attachments = _objects(arguments.get("attachments"), "invalid_attachments")
    content = Content(
        text, _checked_blocks(blocks, "invalid_blocks", "/blocks"), _checked_attachments(attachments)
    )
    if not (text or blocks or any(map(shows_something, attachments))):
        raise SlackError("no_text")
    return content


def _checked_blocks(blocks: list[Json], error: str, pointer: str) -> list[Json]:
    """The blocks of a message, or of one of its attachments, completed with ids."""
    if len(blocks) > MAX_BLOCKS:
        raise SlackError("msg_blocks_too_many")
    refuse(error, check_blocks(blocks, "message", pointer))
    if sum(map(_characters, blocks)) > MAX_BLOCK_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return with_ids(blocks)


def _checked_attachments(attachments: list[Json]) -> list[Json]:
    if len(attachments) > MAX_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    complete = []
    for index, attachment in enumerate(attachments):
        pointer = f"/attachments/{index}"
        refuse("invalid_attachments", attachment_problems(attachment, pointer))
        given = _objects(attachment.get("blocks"), "invalid_attachments")
        blocks = _checked_blocks(given, "invalid_attachments", f"{pointer}/blocks")
        fallback = attachment.get("fallback") or "[no preview available]"
        complete.append({**attachment, "id": index + 1, "fallback": fallback, "blocks": blocks})
        if not blocks:
            del complete[-1]["blocks"]
    return complete


def _objects(value: Any, error: str) -> list[Json]:
    """A list of objects that came as JSON or, in a form, as JSON text; missing is empty."""
    if isinstance(value, str) and value:
        try:
            value = parse_json(value)
        except ValueError as flaw:
            raise SlackError(error) from flaw
    if value is None or value == "":
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise SlackError(error)
    return value


def _characters(value: Any) -> int:
    """How many characters of text a block shows, over all its text objects."""
    if isinstance(value, list):
        return sum(map(_characters, value))
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    return own + sum(map(_characters, value.values()))
