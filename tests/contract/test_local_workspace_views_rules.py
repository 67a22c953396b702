"""What a view must be, and what is kept of what a person types into it."""

from typing import Any

import pytest

from bot.sandbox.slack.block_kit import checked_view
from bot.sandbox.slack.view_state import complaints, merge_values
from bot.sandbox.slack.wire import SlackError
from tests.blocks import plain


def input_of(element: Any, **fields: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain(), "element": element, **fields}


SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
MENU = {"type": "static_select", "options": [{"text": plain(), "value": "a"}]}
TEXT = {"type": "plain_text_input"}


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
        (
            {"blocks": [input_of(TEXT | {"focus_on_load": True})] * 2, "submit": plain()},
            "only one element can have focus_on_load [json-pointer:/view]",
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
