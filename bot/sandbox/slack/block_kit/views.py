"""What a modal and an App Home must be, and how a refusal tells what is wrong with them."""

from collections.abc import Sequence
from typing import Any

from bot.sandbox.slack.block_kit.schema import Problem
from bot.sandbox.slack.block_kit.tables import VIEW_BYTES, VIEWS
from bot.sandbox.slack.block_kit.walk import check_blocks, with_ids
from bot.sandbox.slack.wire import Json, SlackError, size


def checked_view(definition: Any, kind: str = "modal") -> Json:
    """The definition of a view of this kind, "modal" or "home", completed with ids.

    Raises SlackError `invalid_arguments` with the problems, or `view_too_large`.
    """
    if not isinstance(definition, dict):
        raise SlackError("invalid_arguments")
    if size(definition) > VIEW_BYTES:
        raise SlackError("view_too_large")
    refuse("invalid_arguments", view_problems(definition, kind, "/view"))
    return {**definition, "blocks": with_ids(definition["blocks"])}


def view_problems(definition: Any, kind: str, pointer: str) -> list[Problem]:
    """Everything wrong with a view: its own fields first, then its blocks, then what binds them together."""
    view = VIEWS[kind]
    return (
        list(view.check_fields(definition, pointer))
        or check_blocks(definition["blocks"], kind, f"{pointer}/blocks")
        or list(view.check_rules(definition, pointer))
    )


def refuse(error: str, problems: Sequence[Problem]) -> None:
    """Raise SlackError with the problems in Slack's two spellings, if there are any."""
    if problems:
        lines = [f"{problem.message} [json-pointer:{problem.pointer}]" for problem in problems]
        metadata = {"messages": [f"[ERROR] {line}" for line in lines]}
        raise SlackError(error, errors=lines, response_metadata=metadata)
