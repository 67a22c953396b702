"""Block Kit's interactive elements: which fields each takes, where each may stand, and what state each keeps.

Limits as in docs.slack.dev/reference/block-kit/block-elements.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.sandbox.slack.objects import CONFIRM, DISPATCH, FILTER, GROUP, OPTION, OVERFLOW_OPTION, TICK
from bot.sandbox.slack.schema import (
    Check,
    Fields,
    Problem,
    Required,
    anything,
    array,
    boolean,
    check_fields,
    integer,
    one_of,
    plain_text,
    shape,
    string,
)
from bot.sandbox.slack.wire import Json

Rule = Callable[[Json, str], Iterator[Problem]]


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


# Where an element may stand: as a section's accessory, in an actions block, in an input block.
_SECTION_ACTIONS = frozenset({"section", "actions"})
_SECTION_INPUT = frozenset({"section", "input"})
_ACTIONS_INPUT = frozenset({"actions", "input"})
_INPUT = frozenset({"input"})
_ANYWHERE = frozenset({"section", "actions", "input"})

_ID: Fields = {"type": Required(anything), "action_id": string(255)}
_FOCUS: Fields = {**_ID, "focus_on_load": boolean}
_MENU: Fields = {**_FOCUS, "confirm": CONFIRM, "placeholder": plain_text(150)}
_TYPED: Fields = {**_FOCUS, "placeholder": plain_text(150), "dispatch_action_config": DISPATCH}
_MANY: Fields = {**_MENU, "max_selected_items": integer(1, 100)}
_TIMED: Fields = {**_MENU, "timezone": string(100)}
_CHOICES: Fields = {"options": array(OPTION, 100), "option_groups": array(GROUP, 100)}


def options_of(element: Json) -> list[Json]:
    """All options an element lists itself, groups flattened."""
    grouped = (
        option for group in element.get("option_groups") or () for option in group.get("options") or ()
    )
    return [*(element.get("options") or ()), *grouped]


def _options_or_groups(element: Json, pointer: str) -> Iterator[Problem]:
    if ("options" in element) == ("option_groups" in element):
        yield Problem("must provide exactly one of options and option_groups", pointer)


def _initial_listed(element: Json, pointer: str) -> Iterator[Problem]:
    """What is chosen at the start must be one of the options, the same in every field."""
    listed = options_of(element)
    if "initial_option" in element and element["initial_option"] not in listed:
        yield Problem("initial_option must be one of the options", f"{pointer}/initial_option")
    for index, option in enumerate(element.get("initial_options") or ()):
        if option not in listed:
            yield Problem("initial_options must be among the options", f"{pointer}/initial_options/{index}")


def _distinct_values(element: Json, pointer: str) -> Iterator[Problem]:
    values = [option.get("value") for option in options_of(element)]
    if len(set(values)) < len(values):
        yield Problem("option values must be unique", f"{pointer}/options")


def _min_below_max(element: Json, pointer: str) -> Iterator[Problem]:
    if element.get("min_length", 0) > element.get("max_length", 3000):
        yield Problem("min_length must not be greater than max_length", f"{pointer}/min_length")


_LISTED: tuple[Rule, ...] = (_options_or_groups, _initial_listed)

ELEMENTS: dict[str, Element] = {
    "button": Element(
        _SECTION_ACTIONS,
        {
            **_ID,
            "text": Required(plain_text(75)),
            "url": string(3000),
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
        _LISTED,
    ),
    "multi_external_select": Element(
        _SECTION_INPUT,
        {**_MANY, "min_query_length": integer(0, 100), "initial_options": array(OPTION, 100)},
        State("selected_options", "initial_options", is_list=True),
    ),
    "multi_users_select": Element(
        _SECTION_INPUT,
        {**_MANY, "initial_users": array(string(255), 100)},
        State("selected_users", "initial_users", is_list=True),
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
    ),
    "multi_channels_select": Element(
        _SECTION_INPUT,
        {**_MANY, "initial_channels": array(string(255), 100)},
        State("selected_channels", "initial_channels", is_list=True),
    ),
    "radio_buttons": Element(
        _ANYWHERE,
        {**_FOCUS, "confirm": CONFIRM, "options": Required(array(TICK, 10)), "initial_option": TICK},
        State("selected_option", "initial_option"),
        (_initial_listed, _distinct_values),
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
        (_initial_listed, _distinct_values),
    ),
    "datepicker": Element(
        _ANYWHERE, {**_MENU, "initial_date": string(10, 10)}, State("selected_date", "initial_date")
    ),
    "timepicker": Element(
        _ANYWHERE, {**_TIMED, "initial_time": string(5, 5)}, State("selected_time", "initial_time")
    ),
    "datetimepicker": Element(
        _ACTIONS_INPUT,
        {**_FOCUS, "confirm": CONFIRM, "initial_date_time": integer(1_000_000_000, 9_999_999_999)},
        State("selected_date_time", "initial_date_time"),
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
        (_min_below_max,),
    ),
    "number_input": Element(
        _INPUT,
        {
            **_TYPED,
            "is_decimal_allowed": Required(boolean),
            "initial_value": string(100),
            "min_value": string(100),
            "max_value": string(100),
        },
        State("value", "initial_value"),
    ),
    "email_text_input": Element(
        _INPUT, {**_TYPED, "initial_value": string(3000)}, State("value", "initial_value")
    ),
    "url_text_input": Element(
        _INPUT, {**_TYPED, "initial_value": string(3000)}, State("value", "initial_value")
    ),
    "rich_text_input": Element(
        _INPUT, {**_TYPED, "initial_value": anything}, State("rich_text_value", "initial_value")
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
    return problems or list(_options_or_groups(answer, ""))
