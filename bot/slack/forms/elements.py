"""The parts of a form as Slack wants them. Pure."""

import re
from collections.abc import Iterable
from typing import Any

from bot.slack.message import Block, plain
from bot.slack.mrkdwn import shorten

OPTION_LIMIT = 75
VALUE_LIMIT = 150
OPTIONS_LIMIT = 100
LABEL_LIMIT = 2000
PLACEHOLDER_LIMIT = 150
#: What a text input may start with, and hold.
INITIAL_LIMIT = 3000
#: The value of an entry of a list that cannot be chosen: it only says something.
UNAVAILABLE = "unavailable"
#: Half of a character that is sent as two: no text, and nothing that can be sent on.
_HALF = re.compile("[\ud800-\udfff]")


def is_text(typed: str) -> bool:
    return _HALF.search(typed) is None


def option(text: str, value: str, description: str | None = None) -> Block:
    made: Block = {"text": plain(shorten(text, OPTION_LIMIT)), "value": value}
    if description:
        made["description"] = plain(shorten(description, OPTION_LIMIT))
    return made


def input_block(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """An input. With `dispatch` the bot hears of a choice at once, not only when the form is submitted."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(shorten(label, LABEL_LIMIT)),
        "element": element,
        "optional": optional,
        "dispatch_action": dispatch,
    }
    if hint:
        block["hint"] = plain(shorten(hint, LABEL_LIMIT))
    return block


def text_input(
    action_id: str,
    *,
    placeholder: str | None = None,
    initial: str | None = None,
    multiline: bool = False,
    max_length: int | None = None,
) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": action_id, "multiline": multiline}
    if placeholder:
        element["placeholder"] = plain(shorten(placeholder, PLACEHOLDER_LIMIT))
    if initial:
        element["initial_value"] = initial[:INITIAL_LIMIT]
    if max_length:
        element["max_length"] = max_length
    return element


def typeahead(action_id: str, placeholder: str, initial: Block | None = None) -> Block:
    """A list that is searched on the bot's side."""
    element: Block = {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "min_query_length": 0,
    }
    return element | ({"initial_option": initial} if initial else {})


def dropdown(action_id: str, placeholder: str, options: list[Block], initial: str | None) -> Block:
    """A list that is all there; `initial` is the value of the entry chosen at first."""
    element: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "options": options,
    }
    chosen = [made for made in options if made["value"] == initial]
    return element | ({"initial_option": chosen[0]} if chosen else {})


def many(action_id: str, placeholder: str, options: list[Block], initial: Iterable[str]) -> Block:
    """A list of which several can be chosen; `initial` are the values of those chosen at first."""
    element: Block = {
        "type": "multi_static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "options": options,
    }
    first = set(initial)
    chosen = [made for made in options if made["value"] in first]
    return element | ({"initial_options": chosen} if chosen else {})


def choice(kind: str, action_id: str, options: list[Block], initial: str | None) -> Block:
    """`radio_buttons` or `checkboxes` over `options`; `initial` is the value of the one chosen at first."""
    chosen = [made for made in options if made["value"] == initial]
    element: Block = {"type": kind, "action_id": action_id, "options": options}
    if not chosen:
        return element
    return element | ({"initial_options": chosen} if kind == "checkboxes" else {"initial_option": chosen[0]})


def conversations(action_id: str, initial: str | None) -> Block:
    """A list of channels; at first the one in which the person is."""
    element: Block = {
        "type": "conversations_select",
        "action_id": action_id,
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private", "im"], "exclude_bot_users": False},
    }
    return element | ({"initial_conversation": initial} if initial else {})


def button(action_id: str, text: str, value: str | None = None) -> Block:
    element: Block = {"type": "button", "action_id": action_id, "text": plain(shorten(text, OPTION_LIMIT))}
    if value is not None:
        element["value"] = value
    return element


def buttons(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


class Values:
    """What a view holds: `view.state.values` by block id. Every input has one element.

    Slack may leave out what was not touched: a block that is not here says nothing.
    """

    def __init__(self, view: Block) -> None:
        held: dict[str, dict[str, Block]] = (view.get("state") or {}).get("values") or {}
        self._elements = {block_id: next(iter(elements.values()), {}) for block_id, elements in held.items()}

    def __bool__(self) -> bool:
        return bool(self._elements)

    def __contains__(self, block_id: str) -> bool:
        return block_id in self._elements

    def text(self, block_id: str) -> str | None:
        """What was typed, trimmed, half characters replaced; None for nothing."""
        value = self._get(block_id, "value")
        return (
            (_HALF.sub("\N{REPLACEMENT CHARACTER}", value).strip() or None)
            if isinstance(value, str)
            else None
        )

    def typed(self, block_id: str) -> str | None:
        """What was typed, to the letter, `is_text` or not; None for nothing."""
        value = self._get(block_id, "value")
        return value or None if isinstance(value, str) else None

    def selected(self, block_id: str) -> str | None:
        """The value of the chosen option; None for none, and for one that cannot be chosen."""
        chosen = self._get(block_id, "selected_option")
        return chosen["value"] if chosen and chosen["value"] != UNAVAILABLE else None

    def label(self, block_id: str) -> str | None:
        """The text of the chosen option."""
        chosen = self._get(block_id, "selected_option")
        return chosen["text"]["text"] if self.selected(block_id) else None

    def conversation(self, block_id: str) -> str | None:
        return self._get(block_id, "selected_conversation") or None

    def ticked(self, block_id: str) -> list[str]:
        return [chosen["value"] for chosen in self._get(block_id, "selected_options") or []]

    def epoch(self, block_id: str) -> int | None:
        value = self._get(block_id, "selected_date_time")
        return int(value) if value else None

    def _get(self, block_id: str, key: str) -> Any:
        return self._elements.get(block_id, {}).get(key)
