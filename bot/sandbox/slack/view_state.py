"""What is typed and chosen in a view: `state.values`, over updates, and the checks Slack's client does.

Everything here is a pure function; values have the shape {block_id: {action_id: {"type": …, "<key>": …}}}.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.sandbox.slack.block_kit import State, elements_of, may_start_from, options_of, state_of
from bot.sandbox.slack.wire import Json

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_URL = re.compile(r"https?://\S+")
_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]+")


def initial_values(blocks: Sequence[Json]) -> Json:
    """The values a view opens with."""
    values: Json = {}
    for block, element, kept in _keepers(blocks):
        start = element.get(kept.initial, [] if kept.is_list else None)
        entry = {"type": element["type"], kept.key: start}
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def merge_values(blocks: Sequence[Json], *given: Mapping[str, Any]) -> Json:
    """The initial values, overlaid with what was typed where ids, types and options still fit."""
    values = initial_values(blocks)
    for source in given:
        for block_id, action_id, element, entry in given_entries(blocks, source):
            if (fitting := entered(element, entry)) is not None:
                values[block_id][action_id] = fitting
    return values


def given_entries(blocks: Sequence[Json], source: Mapping[str, Any]) -> Iterator[tuple[str, str, Json, Any]]:
    """What `source` says of the elements that keep a value: block_id, action_id, element, entry."""
    for block, element, _ in _keepers(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        actions = source.get(block_id)
        if isinstance(actions, dict) and actions.get(action_id) is not None:
            yield block_id, action_id, element, actions[action_id]


def entered(element: Json, entry: Any) -> Json | None:
    """The entry as it is kept, with the element's own option for a chosen one; None if it does not fit.

    A client lets through what the element could start from; only into a text anything can be typed.
    """
    kept = state_of(element)
    if kept is None or not isinstance(entry, dict) or entry.get("type", element["type"]) != element["type"]:
        return None
    value = _own_options(element, entry.get(kept.key))
    if value in (None, []):
        return {"type": element["type"], kept.key: [] if kept.is_list else None}
    fits = isinstance(value, str) if kept.key == "value" else _could_start(element, value)
    return {"type": element["type"], kept.key: value} if fits else None


def _could_start(element: Json, value: Any) -> bool:
    if isinstance(value, list) and any(each in value[:index] for index, each in enumerate(value)):
        return False
    return may_start_from(element, value)


def _own_options(element: Json, value: Any) -> Any:
    """The value, with an option of the element in place of every option that has its value."""
    if isinstance(value, list):
        return [_own_options(element, each) for each in value]
    if not isinstance(value, dict) or "value" not in value:
        return value
    return next((option for option in options_of(element) if option["value"] == value["value"]), value)


def _keepers(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json, State]]:
    """The elements that keep a value, with their blocks."""
    for block in blocks:
        for element in elements_of(block):
            if kept := state_of(element):
                yield block, element, kept


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
    if not _NUMBER.fullmatch(value):
        return "Please enter a number."
    number = Decimal(value)
    if not element["is_decimal_allowed"] and "." in value:
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
