"""Block Kit's interactive elements: which fields each takes, where each may stand, and what state each keeps.

An element stands in a block (`places`), and the block on a surface; some elements are for some `surfaces`.

Limits as in docs.slack.dev/reference/block-kit/block-elements.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.sandbox.slack.element_rules import (
    Rule,
    bounds_in_order,
    distinct_values,
    few_enough_chosen,
    initial_listed,
    min_below_max,
    options_of,
    options_or_groups,
)
from bot.sandbox.slack.objects import CONFIRM, DISPATCH, FILTER, GROUP, OPTION, OVERFLOW_OPTION, TICK
from bot.sandbox.slack.rich_text import RICH_TEXT
from bot.sandbox.slack.schema import (
    Check,
    Fields,
    Problem,
    Required,
    anything,
    array,
    boolean,
    check_fields,
    date,
    integer,
    number,
    one_of,
    plain_text,
    shape,
    string,
    time,
    url,
)

__all__ = ["ELEMENTS", "SURFACES", "Element", "State", "check_options", "element_in", "options_of"]

SURFACES = frozenset({"message", "modal", "home"})


class State(NamedTuple):
    """How an element appears in `view.state.values`: the value's key, and the field it starts from."""

    key: str
    initial: str
    is_list: bool = False


@dataclass(frozen=True)
class Element:
    places: frozenset[str]
    fields: Fields
    state: State | None = None
    rules: tuple[Rule, ...] = ()
    surfaces: frozenset[str] = SURFACES


# Where an element may stand: as a section's accessory, in an actions block, in an input block.
_SECTION_ACTIONS = frozenset({"section", "actions"})
_SECTION_INPUT = frozenset({"section", "input"})
_ACTIONS_INPUT = frozenset({"actions", "input"})
_INPUT = frozenset({"input"})
_ANYWHERE = frozenset({"section", "actions", "input"})

_MODAL = frozenset({"modal"})

_ID: Fields = {"type": Required(anything), "action_id": string(255)}
_FOCUS: Fields = {**_ID, "focus_on_load": boolean}
_MENU: Fields = {**_FOCUS, "confirm": CONFIRM, "placeholder": plain_text(150)}
_TYPED: Fields = {**_FOCUS, "placeholder": plain_text(150), "dispatch_action_config": DISPATCH}
_MANY: Fields = {**_MENU, "max_selected_items": integer(1, 100)}
_TIMED: Fields = {**_MENU, "timezone": string(100)}
_CHOICES: Fields = {"options": array(OPTION, 100), "option_groups": array(GROUP, 100)}


_LISTED: tuple[Rule, ...] = (options_or_groups, initial_listed)

ELEMENTS: dict[str, Element] = {
    "button": Element(
        _SECTION_ACTIONS,
        {
            **_ID,
            "text": Required(plain_text(75)),
            "url": url,
            "value": string(2000),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "overflow": Element(
        _SECTION_ACTIONS,
        {**_ID, "options": Required(array(OVERFLOW_OPTION, 5)), "confirm": CONFIRM},
    ),
    "static_select": Element(
        _ANYWHERE,
        {**_MENU, **_CHOICES, "initial_option": OPTION},
        State("selected_option", "initial_option"),
        _LISTED,
    ),
    "external_select": Element(
        _ANYWHERE,
        {**_MENU, "min_query_length": integer(0, 100), "initial_option": OPTION},
        State("selected_option", "initial_option"),
    ),
    "users_select": Element(
        _ANYWHERE, {**_MENU, "initial_user": string(255)}, State("selected_user", "initial_user")
    ),
    "conversations_select": Element(
        _ANYWHERE,
        {
            **_MENU,
            "initial_conversation": string(255),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": FILTER,
        },
        State("selected_conversation", "initial_conversation"),
    ),
    "channels_select": Element(
        _ANYWHERE,
        {**_MENU, "initial_channel": string(255), "response_url_enabled": boolean},
        State("selected_channel", "initial_channel"),
    ),
    "multi_static_select": Element(
        _SECTION_INPUT,
        {**_MANY, **_CHOICES, "initial_options": array(OPTION, 100)},
        State("selected_options", "initial_options", is_list=True),
        (*_LISTED, few_enough_chosen),
    ),
    "multi_external_select": Element(
        _SECTION_INPUT,
        {**_MANY, "min_query_length": integer(0, 100), "initial_options": array(OPTION, 100)},
        State("selected_options", "initial_options", is_list=True),
        (few_enough_chosen,),
    ),
    "multi_users_select": Element(
        _SECTION_INPUT,
        {**_MANY, "initial_users": array(string(255), 100)},
        State("selected_users", "initial_users", is_list=True),
        (few_enough_chosen,),
    ),
    "multi_conversations_select": Element(
        _SECTION_INPUT,
        {
            **_MANY,
            "initial_conversations": array(string(255), 100),
            "default_to_current_conversation": boolean,
            "filter": FILTER,
        },
        State("selected_conversations", "initial_conversations", is_list=True),
        (few_enough_chosen,),
    ),
    "multi_channels_select": Element(
        _SECTION_INPUT,
        {**_MANY, "initial_channels": array(string(255), 100)},
        State("selected_channels", "initial_channels", is_list=True),
        (few_enough_chosen,),
    ),
    "radio_buttons": Element(
        _ANYWHERE,
        {**_FOCUS, "confirm": CONFIRM, "options": Required(array(TICK, 10)), "initial_option": TICK},
        State("selected_option", "initial_option"),
        (initial_listed, distinct_values),
    ),
    "checkboxes": Element(
        _ANYWHERE,
        {
            **_FOCUS,
            "confirm": CONFIRM,
            "options": Required(array(TICK, 10)),
            "initial_options": array(TICK, 10),
        },
        State("selected_options", "initial_options", is_list=True),
        (initial_listed, distinct_values),
    ),
    "datepicker": Element(_ANYWHERE, {**_MENU, "initial_date": date}, State("selected_date", "initial_date")),
    "timepicker": Element(
        _ANYWHERE, {**_TIMED, "initial_time": time}, State("selected_time", "initial_time")
    ),
    "datetimepicker": Element(
        _ACTIONS_INPUT,
        {**_FOCUS, "confirm": CONFIRM, "initial_date_time": integer(1_000_000_000, 9_999_999_999)},
        State("selected_date_time", "initial_date_time"),
        surfaces=SURFACES - {"home"},
    ),
    "plain_text_input": Element(
        _INPUT,
        {
            **_TYPED,
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        State("value", "initial_value"),
        (min_below_max,),
    ),
    "number_input": Element(
        _INPUT,
        {
            **_TYPED,
            "is_decimal_allowed": Required(boolean),
            "initial_value": number,
            "min_value": number,
            "max_value": number,
        },
        State("value", "initial_value"),
        (bounds_in_order,),
        _MODAL,
    ),
    "email_text_input": Element(
        _INPUT, {**_TYPED, "initial_value": string(3000)}, State("value", "initial_value"), surfaces=_MODAL
    ),
    "url_text_input": Element(
        _INPUT, {**_TYPED, "initial_value": string(3000)}, State("value", "initial_value"), surfaces=_MODAL
    ),
    "rich_text_input": Element(
        _INPUT,
        {**_TYPED, "initial_value": shape(RICH_TEXT)},
        State("rich_text_value", "initial_value"),
        surfaces=SURFACES - {"message"},
    ),
}


def element_in(place: str) -> Check:
    """An interactive element that may stand in this kind of block."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        kind = value.get("type") if isinstance(value, dict) else None
        element = ELEMENTS.get(str(kind))
        if element is None or place not in element.places:
            yield Problem(f"unsupported type: {kind}", f"{pointer}/type")
            return
        problems = list(check_fields(value, element.fields, pointer))
        yield from problems
        if not problems:
            for rule in element.rules:
                yield from rule(value, pointer)

    return check


def check_options(answer: Any) -> list[Problem]:
    """The problems of an answer to an external select's question: options or option_groups, nothing else.

    No match is an empty list of options; in Slack's answers that is allowed, in a form's own list it is not.
    """
    fields: Fields = {"options": array(OPTION, 100, 0), "option_groups": array(GROUP, 100, 0)}
    problems = list(shape(fields)(answer, ""))
    return problems or list(options_or_groups(answer, ""))
