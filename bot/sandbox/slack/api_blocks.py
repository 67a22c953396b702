"""Web API: blocks.validate, Block Kit's rules without posting anything."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.slack.arguments import Arguments, invalid_arguments, parse_json
from bot.sandbox.slack.block_kit import Problem, check_blocks, view_problems
from bot.sandbox.slack.content import MAX_BLOCKS
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, SlackError


def validate(state: State, arguments: Arguments) -> Json:  # noqa: ARG001  (the shape of every method)
    """Exactly one of blocks, message and view.

    Raises SlackError `invalid_blocks`, `invalid_message`, `invalid_view` with `errors`; the codes beside
    `failed_constraint` that Slack gives are not known.
    """
    given = [name for name in _CHECKS if name in arguments]
    if len(given) != 1:
        raise invalid_arguments("must provide exactly one of: blocks, message, view")
    [name] = given
    if problems := _CHECKS[name](_parsed(arguments, name)):
        errors = [
            {"code": "failed_constraint", "message": problem.message, "pointer": problem.pointer}
            for problem in problems
        ]
        raise SlackError(f"invalid_{name}", errors=errors)
    return {}


METHODS: Mapping[str, Callable[[State, Arguments], Json]] = {"blocks.validate": validate}


def _parsed(arguments: Arguments, name: str) -> Any:
    value = arguments.raw[name]
    try:
        return parse_json(value) if isinstance(value, str) else value
    except ValueError as error:
        raise invalid_arguments(f"must be valid JSON: {name}") from error


def _blocks(value: Any) -> list[Problem]:
    return check_blocks(value, None, "")


def _message(value: Any) -> list[Problem]:
    if not isinstance(value, dict):
        return [Problem("must provide an object", "")]
    return check_blocks(value.get("blocks", []), "message", "/blocks", MAX_BLOCKS)


def _view(value: Any) -> list[Problem]:
    kind = value.get("type") if isinstance(value, dict) else None
    return view_problems(value, "home" if kind == "home" else "modal", "")


_CHECKS: Mapping[str, Callable[[Any], list[Problem]]] = {
    "blocks": _blocks,
    "message": _message,
    "view": _view,
}
