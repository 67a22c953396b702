"""The local workspace's Block Kit rules: what passes, what is refused, and how the refusal is worded."""

from typing import Any

import pytest

from bot.sandbox.slack.block_kit import check_blocks, check_options, with_ids
from bot.sandbox.slack.block_kit.tables import ELEMENTS
from bot.sandbox.slack.view_state import initial_values
from tests.blocks import plain


def option(value: str = "a", text: str = "A") -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def actions(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def input_of(element: Any, **fields: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain(), "element": element, **fields}


BUTTON = {"type": "button", "text": plain()}
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
MENU = {"type": "static_select", "options": [option("a"), option("b")]}
TEXT = {"type": "plain_text_input"}

GOOD = [
    {"type": "divider"},
    {"type": "header", "text": plain("x" * 150)},
    SECTION,
    SECTION | {"expand": True, "accessory": BUTTON},
    SECTION | {"accessory": IMAGE},
    SECTION | {"accessory": {"type": "multi_static_select", "options": [option()]}},
    {"type": "section", "fields": [plain()] * 10},
    {"type": "context", "elements": [plain(), {"type": "mrkdwn", "text": "x"}, IMAGE]},
    actions(*[BUTTON] * 25),
    actions(MENU | {"initial_option": option("b"), "placeholder": plain()}),
    actions({"type": "overflow", "options": [option()]}),
    actions({"type": "datetimepicker", "initial_date_time": 1712345678}),
    IMAGE | {"title": plain()},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    input_of(TEXT | {"min_length": 1, "max_length": 10, "multiline": True}, hint=plain(), optional=True),
    input_of(TEXT, dispatch_action=True),
    input_of({"type": "external_select", "min_query_length": 0, "initial_option": option()}),
    input_of({"type": "static_select", "option_groups": [{"label": plain(), "options": [option()]}]}),
    input_of(
        {"type": "radio_buttons", "options": [{"text": {"type": "mrkdwn", "text": "*A*"}, "value": "a"}]}
    ),
    input_of({"type": "checkboxes", "options": [option()], "initial_options": [option()]}),
]

BAD: list[tuple[Any, str]] = [
    ("x", "unsupported type: None [/0/type]"),
    ({"type": "marquee"}, "unsupported type: marquee [/0/type]"),
    ({"type": "header"}, "missing required field: text [/0]"),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters [/0/text/text]"),
    ({"type": "header", "text": plain("")}, "must be more than 0 characters [/0/text/text]"),
    (
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "must be one of: plain_text [/0/text/type]",
    ),
    ({"type": "header", "text": "x"}, "must provide an object [/0/text]"),
    ({"type": "divider", "text": plain()}, "invalid additional property: text [/0]"),
    ({"type": "divider", "block_id": "x" * 256}, "must be less than 256 characters [/0/block_id]"),
    ({"type": "divider", "block_id": 7}, "must provide a string [/0/block_id]"),
    ({"type": "section"}, "must define one of: text, fields [/0]"),
    (SECTION | {"text": plain("x" * 3001)}, "must be less than 3001 characters [/0/text/text]"),
    (SECTION | {"expand": "yes"}, "must provide a boolean [/0/expand]"),
    (SECTION | {"fields": []}, "no fewer than 1 items allowed [/0/fields]"),
    (SECTION | {"fields": {}}, "must provide an array [/0/fields]"),
    (SECTION | {"fields": [plain()] * 11}, "no more than 10 items allowed [/0/fields]"),
    (SECTION | {"fields": [plain("x" * 2001)]}, "must be less than 2001 characters [/0/fields/0/text]"),
    (SECTION | {"accessory": TEXT}, "unsupported type: plain_text_input [/0/accessory/type]"),
    ({"type": "context", "elements": [plain()] * 11}, "no more than 10 items allowed [/0/elements]"),
    ({"type": "context", "elements": [BUTTON]}, "unsupported type: button [/0/elements/0/type]"),
    (actions(*[BUTTON] * 26), "no more than 25 items allowed [/0/elements]"),
    (actions(IMAGE), "unsupported type: image [/0/elements/0/type]"),
    (
        actions({"type": "multi_static_select", "options": [option()]}),
        "unsupported type: multi_static_select [/0/elements/0/type]",
    ),
    (actions(BUTTON | {"style": "loud"}), "must be one of: primary, danger [/0/elements/0/style]"),
    (
        actions(BUTTON | {"text": plain("x" * 76)}),
        "must be less than 76 characters [/0/elements/0/text/text]",
    ),
    (
        actions(BUTTON | {"confirm": {"title": plain(), "text": plain(), "confirm": plain()}}),
        "missing required field: deny [/0/elements/0/confirm]",
    ),
    (
        actions(BUTTON | {"action_id": "a"}, BUTTON | {"action_id": "a"}),
        '`action_id`: "a" already exists [/0/elements/1/action_id]',
    ),
    (
        actions({"type": "overflow", "options": [option()] * 6}),
        "no more than 5 items allowed [/0/elements/0/options]",
    ),
    (
        actions({"type": "static_select"}),
        "must provide exactly one of options and option_groups [/0/elements/0]",
    ),
    (
        actions(MENU | {"initial_option": option("c")}),
        "initial_option must be one of the options [/0/elements/0/initial_option]",
    ),
    (
        actions({"type": "static_select", "options": [option()] * 101}),
        "no more than 100 items allowed [/0/elements/0/options]",
    ),
    (
        actions({"type": "static_select", "options": [option("x" * 151)]}),
        "must be less than 151 characters [/0/elements/0/options/0/value]",
    ),
    (
        actions({"type": "static_select", "options": [option("a", "x" * 76)]}),
        "must be less than 76 characters [/0/elements/0/options/0/text/text]",
    ),
    (
        actions({"type": "datetimepicker", "initial_date_time": "now"}),
        "must provide an integer [/0/elements/0/initial_date_time]",
    ),
    (
        actions({"type": "datetimepicker", "initial_date_time": 5}),
        "must be between 1000000000 and 9999999999 [/0/elements/0/initial_date_time]",
    ),
    ({"type": "image", "alt_text": "a"}, "must provide exactly one of image_url and slack_file [/0]"),
    (input_of(BUTTON), "unsupported type: button [/0/element/type]"),
    (input_of({"type": "number_input"}), "missing required field: is_decimal_allowed [/0/element]"),
    (
        input_of(TEXT | {"min_length": 5, "max_length": 2}),
        "min_length must not be greater than max_length [/0/element/min_length]",
    ),
    (
        input_of({"type": "radio_buttons", "options": [option(str(n)) for n in range(11)]}),
        "no more than 10 items allowed [/0/element/options]",
    ),
    (
        input_of({"type": "radio_buttons", "options": [option("a"), option("a", "B")]}),
        "option values must be unique [/0/element/options]",
    ),
    (
        input_of({"type": "checkboxes", "options": [option()], "initial_options": [option("b")]}),
        "initial_options must be among the options [/0/element/initial_options/0]",
    ),
]


@pytest.mark.parametrize("block", GOOD, ids=str)
@pytest.mark.parametrize("surface", ["message", "modal", None])
def test_a_well_formed_block_passes(block: Any, surface: str) -> None:
    assert check_blocks([block], surface, "") == []


@pytest.mark.parametrize(("block", "complaint"), BAD)
def test_a_malformed_block_is_refused_with_the_reason_and_the_place(block: Any, complaint: str) -> None:
    problems = check_blocks([block], "message", "")
    assert [f"{problem.message} [{problem.pointer}]" for problem in problems] == [complaint]


@pytest.mark.parametrize(
    ("block", "surfaces"),
    [
        ({"type": "markdown", "text": "# x"}, "message"),
        (SECTION, "message modal home"),
        (input_of(TEXT), "message modal home"),
        (input_of({"type": "number_input", "is_decimal_allowed": True}), "modal"),
        (input_of({"type": "email_text_input"}), "modal"),
        (input_of({"type": "url_text_input"}), "modal"),
        (input_of({"type": "rich_text_input"}), "modal home"),
        (input_of({"type": "datetimepicker"}), "message modal"),
        (actions({"type": "datetimepicker"}), "message modal"),
    ],
    ids=str,
)
def test_some_blocks_and_elements_belong_on_some_surfaces_only(block: Any, surfaces: str) -> None:
    for surface in ("message", "modal", "home"):
        problems = [problem.message.split(":")[0] for problem in check_blocks([block], surface, "")]
        assert problems == ([] if surface in surfaces.split() else ["unsupported type"])
    assert check_blocks([block], None, "") == []


def test_block_ids_are_unique() -> None:
    block = {"type": "divider", "block_id": "a"}
    [problem] = check_blocks([block, block], "message", "/blocks")
    assert (problem.message, problem.pointer) == ('`block_id`: "a" already exists', "/blocks/1/block_id")


def test_given_ids_stay_and_the_given_blocks_are_not_changed() -> None:
    block = actions(BUTTON | {"action_id": "go"}) | {"block_id": "b"}
    assert with_ids([block]) == [block]
    bare = actions(BUTTON)
    with_ids([bare])
    assert "block_id" not in bare


@pytest.mark.parametrize("kind", sorted(kind for kind, element in ELEMENTS.items() if element.state))
def test_every_element_with_state_starts_from_nothing(kind: str) -> None:
    element = {"type": kind, "action_id": "a"}
    [entry] = initial_values([input_of(element, block_id="b")])["b"].values()
    assert entry["type"] == kind
    assert next(value for key, value in entry.items() if key != "type") in (None, [])


@pytest.mark.parametrize(
    ("answer", "good"),
    [
        ({"options": []}, True),
        ({"options": [option()]}, True),
        ({"option_groups": [{"label": plain(), "options": [option()]}]}, True),
        ({}, False),
        (None, False),
        ({"options": [option()], "option_groups": []}, False),
        ({"options": [{"text": plain()}]}, False),
        ({"options": [option()] * 101}, False),
    ],
)
def test_suggested_options_are_checked(answer: Any, good: bool) -> None:
    assert (check_options(answer) == []) is good
