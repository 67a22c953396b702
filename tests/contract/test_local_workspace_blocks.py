"""The local workspace's Block Kit rules: what passes, what is refused, and how the refusal is worded."""

from typing import Any

import pytest

from bot.sandbox.slack.blocks import check_blocks, with_ids
from bot.sandbox.slack.elements import ELEMENTS, check_options
from bot.sandbox.slack.view_rules import checked_view
from bot.sandbox.slack.view_state import complaints, initial_values, merge_values
from bot.sandbox.slack.wire import SlackError


def plain(text: str = "x") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


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
    {"type": "rich_text", "elements": []} | {"elements": [{"type": "rich_text_section", "elements": []}]},
    input_of(TEXT | {"min_length": 1, "max_length": 10, "multiline": True}, hint=plain(), optional=True),
    input_of({"type": "number_input", "is_decimal_allowed": False}, dispatch_action=True),
    input_of({"type": "external_select", "min_query_length": 0, "initial_option": option()}),
    input_of({"type": "static_select", "option_groups": [{"label": plain(), "options": [option()]}]}),
    input_of(
        {"type": "radio_buttons", "options": [{"text": {"type": "mrkdwn", "text": "*A*"}, "value": "a"}]}
    ),
    input_of({"type": "checkboxes", "options": [option()], "initial_options": [option()]}),
]

BAD: list[tuple[Any, str]] = [
    ("x", "unsupported type: None [/0/type]"),
    ({"type": "carousel"}, "unsupported type: carousel [/0/type]"),
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
@pytest.mark.parametrize("surface", ["message", "modal"])
def test_a_well_formed_block_passes(block: Any, surface: str) -> None:
    assert check_blocks([block], surface, "") == []


@pytest.mark.parametrize(("block", "complaint"), BAD)
def test_a_malformed_block_is_refused_with_the_reason_and_the_place(block: Any, complaint: str) -> None:
    problems = check_blocks([block], "message", "")
    assert [f"{problem.message} [{problem.pointer}]" for problem in problems] == [complaint]


def test_markdown_blocks_belong_in_messages() -> None:
    block = {"type": "markdown", "text": "# x"}
    assert check_blocks([block], "message", "") == []
    assert check_blocks([block], "modal", "")[0].message == "unsupported type: markdown"


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


def view(**fields: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(), "blocks": [SECTION], **fields}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/title/text]"),
        ({"submit": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/submit/text]"),
        ({"callback_id": "x" * 256}, "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (
            {"private_metadata": "x" * 3001},
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        ({"blocks": [SECTION] * 101}, "no more than 100 items allowed [json-pointer:/view/blocks]"),
        ({"blocks": []}, "no fewer than 1 items allowed [json-pointer:/view/blocks]"),
        ({"blocks": ["x"]}, "unsupported type: None [json-pointer:/view/blocks/0/type]"),
        ({"type": "home"}, "must be one of: modal [json-pointer:/view/type]"),
        ({"id": "V1"}, "invalid additional property: id [json-pointer:/view]"),
        (
            {"blocks": [input_of(TEXT)]},
            "missing required field: submit (the view has an input block) [json-pointer:/view]",
        ),
    ],
)
def test_a_malformed_view_is_refused_with_the_reason_and_the_place(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(SlackError) as caught:
        checked_view(view(**fields))
    assert caught.value.error == "invalid_arguments"
    assert caught.value.details["response_metadata"]["messages"] == [f"[ERROR] {message}"]


def test_a_view_is_at_most_250_kilobytes() -> None:
    sections = [{"type": "section", "text": plain("ä" * 3000)}] * 50
    with pytest.raises(SlackError, match="view_too_large"):
        checked_view(view(blocks=sections))


def test_what_is_typed_stays_where_ids_and_type_still_fit() -> None:
    before = [
        input_of(TEXT | {"action_id": "a"}, block_id="kept"),
        input_of(MENU | {"action_id": "a"}, block_id="m"),
    ]
    typed = merge_values(before, {"kept": {"a": {"value": "typed"}}, "gone": {"a": {"value": "x"}}})
    after = [
        input_of(TEXT | {"action_id": "a", "initial_value": "fresh"}, block_id="kept"),
        input_of(TEXT | {"action_id": "a", "initial_value": "other type"}, block_id="m"),
        input_of(TEXT | {"action_id": "a", "initial_value": "new"}, block_id="new"),
    ]
    values = merge_values(after, typed)
    assert {block: entry["a"]["value"] for block, entry in values.items()} == {
        "kept": "typed",
        "m": "other type",
        "new": "new",
    }


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        (TEXT, None, "Please complete this required field."),
        (TEXT | {"min_length": 3}, "ab", "Please enter at least 3 characters."),
        (TEXT | {"max_length": 3}, "abcd", "Please enter at most 3 characters."),
        ({"type": "number_input", "is_decimal_allowed": False}, "x", "Please enter a number."),
        ({"type": "number_input", "is_decimal_allowed": False}, "Infinity", "Please enter a number."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Please enter a whole number."),
        (
            {"type": "number_input", "is_decimal_allowed": True, "min_value": "2"},
            "1.5",
            "Please enter a number not below 2.",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "1"},
            "1.5",
            "Please enter a number not above 1.",
        ),
        ({"type": "number_input", "is_decimal_allowed": True}, "1.5", None),
        ({"type": "email_text_input"}, "ops", "Please enter an email address."),
        ({"type": "email_text_input"}, "ops@example.com", None),
        ({"type": "url_text_input"}, "example", "Please enter a URL, starting with https:// or http://."),
        ({"type": "url_text_input"}, "https://example.com", None),
    ],
)
def test_fields_are_checked_before_anything_is_submitted(
    element: Any, value: Any, complaint: str | None
) -> None:
    blocks = [input_of({**element, "action_id": "a"}, block_id="b")]
    values = merge_values(blocks, {"b": {"a": {"value": value}}})
    assert complaints(blocks, values) == ({"b": complaint} if complaint else {})
