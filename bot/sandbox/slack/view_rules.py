"""What a modal and an App Home must be: their fields and limits, their blocks, their size."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.slack.blocks import check_blocks, elements_of, with_ids
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

_ANY: Fields = {
    "blocks": Required(array(anything, 100)),
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_VIEWS: Mapping[str, Fields] = {
    "modal": {
        "type": Required(one_of("modal")),
        "title": Required(plain_text(24)),
        **_ANY,
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
    },
    "home": {"type": Required(one_of("home")), **_ANY},
}


def checked_view(definition: Any, kind: str = "modal") -> Json:
    """The definition of a view of this kind, "modal" or "home", completed with ids.

    Raises SlackError `invalid_arguments` with the problems, or `view_too_large`.
    """
    if not isinstance(definition, dict):
        raise SlackError("invalid_arguments")
    if size(definition) > MAX_BYTES:
        raise SlackError("view_too_large")
    refuse("invalid_arguments", list(view_problems(definition, kind, "/view")))
    return {**definition, "blocks": with_ids(definition["blocks"])}


def view_problems(definition: Json, kind: str, pointer: str) -> Iterator[Problem]:
    flaws = list(check_fields(definition, _VIEWS[kind], pointer))
    yield from flaws
    if flaws:
        return
    blocks = definition["blocks"]
    problems = check_blocks(blocks, kind, f"{pointer}/blocks")
    yield from problems
    if problems:
        return
    if kind == "modal" and "submit" not in definition and any(block["type"] == "input" for block in blocks):
        yield Problem("missing required field: submit (the view has an input block)", pointer)
    focused = [element for block in blocks for element in elements_of(block) if element.get("focus_on_load")]
    if len(focused) > 1:
        yield Problem("only one element can have focus_on_load", pointer)
