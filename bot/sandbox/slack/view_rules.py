"""What a modal must be: its fields, their limits, its blocks, its size."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.blocks import check_blocks, with_ids
from bot.sandbox.slack.content import refuse
from bot.sandbox.slack.schema import (
    Fields,
    Problem,
    Required,
    anything,
    array,
    boolean,
    check_fields,
    one_of,
    plain_text,
    size,
    string,
)
from bot.sandbox.slack.wire import Json, SlackError

MAX_BYTES = 250_000

_MODAL: Fields = {
    "type": Required(one_of("modal")),
    "title": Required(plain_text(24)),
    "blocks": Required(array(anything, 100)),
    "submit": plain_text(24),
    "close": plain_text(24),
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
}


def checked_view(definition: Any) -> Json:
    """The modal's definition, completed with ids.

    Raises SlackError `invalid_arguments` with the problems, or `view_too_large`.
    """
    if not isinstance(definition, dict):
        raise SlackError("invalid_arguments")
    if size(definition) > MAX_BYTES:
        raise SlackError("view_too_large")
    refuse("invalid_arguments", list(_problems(definition)))
    return {**definition, "blocks": with_ids(definition["blocks"])}


def _problems(definition: Json) -> Iterator[Problem]:
    flaws = list(check_fields(definition, _MODAL, "/view"))
    yield from flaws
    if flaws:
        return
    blocks = definition["blocks"]
    yield from check_blocks(blocks, "modal", "/view/blocks")
    inputs = [block for block in blocks if isinstance(block, dict) and block.get("type") == "input"]
    if inputs and "submit" not in definition:
        yield Problem("missing required field: submit (the view has an input block)", "/view")
