"""The parts of a form as Slack wants them. Pure."""

from typing import Any

from bot.restores.models import BackupPlan
from bot.slack.message import Block, plain
from bot.slack.mrkdwn import shorten

OPTION_LIMIT = 75
VALUE_LIMIT = 150
OPTIONS_LIMIT = 100
HINT_LIMIT = 2000
PLACEHOLDER_LIMIT = 150
#: What a text input may start with.
INITIAL_LIMIT = 3000
#: The value of the one entry a list shows when DBS cannot be asked.
UNAVAILABLE = "unavailable"


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
        "label": plain(label),
        "element": element,
        "optional": optional,
        "dispatch_action": dispatch,
    }
    if hint:
        block["hint"] = plain(shorten(hint, HINT_LIMIT))
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
        element["initial_value"] = initial
    if max_length:
        element["max_length"] = max_length
    return element


def typeahead(action_id: str, placeholder: str) -> Block:
    """A list that is searched on the bot's side."""
    return {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "min_query_length": 0,
    }


def choice(kind: str, action_id: str, options: list[Block], initial: str) -> Block:
    """`radio_buttons` or `checkboxes` over `options`; `initial` is the value of the one chosen at first."""
    chosen = [made for made in options if made["value"] == initial]
    first: Block = {"initial_options": chosen} if kind == "checkboxes" else {"initial_option": chosen[0]}
    return {"type": kind, "action_id": action_id, "options": options, **first}


def of_plan(block_id: str, plan: BackupPlan) -> str:
    """The id of a block whose content belongs to the plan: with another plan it starts afresh."""
    return f"{block_id}:{plan.backup_plan_id}"


class Values:
    """What a view holds: `view.state.values` by block id. Every form has one element per block."""

    def __init__(self, view: Block) -> None:
        self._elements: dict[str, Block] = {
            block_id: next(iter(elements.values()), {})
            for block_id, elements in view["state"]["values"].items()
        }

    def __contains__(self, block_id: str) -> bool:
        return block_id in self._elements

    def text(self, block_id: str) -> str | None:
        """What was typed, trimmed; None for nothing."""
        value: Any = self._elements.get(block_id, {}).get("value")
        return (value.strip() or None) if isinstance(value, str) else None

    def typed(self, block_id: str) -> str | None:
        """What was typed, to the letter; None for nothing."""
        value: Any = self._elements.get(block_id, {}).get("value")
        return value or None if isinstance(value, str) else None

    def selected(self, block_id: str) -> str | None:
        """The value of the chosen option; None for none, and for the one that says a list is unavailable."""
        chosen: Any = self._elements.get(block_id, {}).get("selected_option")
        return chosen["value"] if chosen and chosen["value"] != UNAVAILABLE else None

    def option(self, block_id: str) -> tuple[str, str] | None:
        """Text and value of the chosen option."""
        chosen: Any = self._elements.get(block_id, {}).get("selected_option")
        return (chosen["text"]["text"], chosen["value"]) if self.selected(block_id) else None

    def ticked(self, block_id: str) -> list[str]:
        return [chosen["value"] for chosen in self._elements.get(block_id, {}).get("selected_options") or []]

    def epoch(self, block_id: str) -> int | None:
        value: Any = self._elements.get(block_id, {}).get("selected_date_time")
        return int(value) if value else None
