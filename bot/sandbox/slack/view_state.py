"""What is typed and chosen in a view: `state.values`, over updates, and the checks Slack's client does.

Everything here is a pure function; values have the shape {block_id: {action_id: {"type": …, "<key>": …}}}.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.slack.block_kit import elements_of, state_of
from bot.sandbox.slack.wire import Json

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def initial_values(blocks: Sequence[Json]) -> Json:
    """The values a view opens with."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if state := state_of(element):
                start = element.get(state.initial, [] if state.is_list else None)
                entry = {"type": element["type"], state.key: start}
                values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def merge_values(blocks: Sequence[Json], *given: Mapping[str, Any]) -> Json:
    """The initial values, overlaid with what was typed where block_id, action_id and type still fit."""
    values = initial_values(blocks)
    for source in given:
        for block_id, actions in values.items():
            given_actions = source.get(block_id)
            if not isinstance(given_actions, dict):
                continue
            for action_id, start in actions.items():
                typed = given_actions.get(action_id)
                if isinstance(typed, dict) and typed.get("type", start["type"]) == start["type"]:
                    fresh = {key: typed.get(key, start[key]) for key in start}
                    if all(fits(key, value) for key, value in fresh.items()):
                        actions[action_id] = fresh
    return values


def fits(key: str, value: Any) -> bool:
    """Whether a value can stand under its key: an option, a list, seconds, or else a text; None clears."""
    if value is None:
        return True
    if key in {"selected_option", "rich_text_value"}:
        return isinstance(value, dict)
    if key in {"selected_options", "files"}:
        return isinstance(value, list) and all(isinstance(each, dict) for each in value)
    if key.startswith("selected_") and key.endswith("s"):
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if key == "selected_date_time":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def complaints(blocks: Sequence[Json], values: Mapping[str, Any]) -> dict[str, str]:
    """What Slack's own client says before it submits anything: {block_id: sentence}."""
    found = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = value_of(values[block["block_id"]][element["action_id"]])
        if value in (None, "", []):
            sentence = None if block.get("optional") else "Please complete this required field."
        else:
            sentence = _CHECKS.get(element["type"], _no_complaint)(element, value)
        if sentence:
            found[block["block_id"]] = sentence
    return found


def value_of(entry: Json) -> Any:
    """The one value in an entry of `state.values`, whatever its key."""
    return next((value for key, value in entry.items() if key != "type"), None)


def _no_complaint(element: Json, value: Any) -> str | None:  # noqa: ARG001  (the shape of every check)
    return None


def _text(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(value) > most else None


def _number(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number not below {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number not above {element['max_value']}."
    return None


def _email(element: Json, value: str) -> str | None:  # noqa: ARG001  (the shape of every check)
    return None if _EMAIL.fullmatch(value) else "Please enter an email address."


def _url(element: Json, value: str) -> str | None:  # noqa: ARG001  (the shape of every check)
    return None if _URL.fullmatch(value) else "Please enter a URL, starting with https:// or http://."


_CHECKS: Mapping[str, Callable[[Json, Any], str | None]] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
}
