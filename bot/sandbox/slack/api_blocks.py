"""Web API: blocks.validate, Block Kit's rules without posting anything."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.sandbox.slack.arguments import Arguments, invalid_arguments, parse_json
from bot.sandbox.slack.blocks import check_blocks
from bot.sandbox.slack.content import MAX_BLOCKS
from bot.sandbox.slack.schema import Problem, anything, array
from bot.sandbox.slack.state import State
from bot.sandbox.slack.view_rules import view_problems
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
    if problems := list(_CHECKS[name](_parsed(arguments, name))):
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


def _blocks(value: Any) -> Iterator[Problem]:
    flaws = list(array(anything, 100, 0)(value, ""))
    yield from flaws or check_blocks(value, None, "")


def _message(value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem("must provide an object", "")
        return
    blocks = value.get("blocks", [])
    flaws = list(array(anything, MAX_BLOCKS, 0)(blocks, "/blocks"))
    yield from flaws or check_blocks(blocks, "message", "/blocks")


def _view(value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem("must provide an object", "")
        return
    yield from view_problems(value, "home" if value.get("type") == "home" else "modal", "")


_CHECKS: Mapping[str, Callable[[Any], Iterator[Problem]]] = {
    "blocks": _blocks,
    "message": _message,
    "view": _view,
}
