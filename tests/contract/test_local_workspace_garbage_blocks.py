"""Block Kit that is nearly right: good blocks in which one thing was replaced or left out."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack.block_kit import check_blocks, check_options, checked_view, find_element, with_ids
from bot.sandbox.slack.block_kit.tables import BLOCKS, ELEMENTS, PARTS
from bot.sandbox.slack.content import parse_content
from bot.sandbox.slack.view_state import complaints, initial_values
from bot.sandbox.slack.wire import SlackError
from tests.blocks import plain


def entry(kind: str, **fields: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": "a", **fields}
    return {"type": "input", "block_id": kind, "label": plain(), "element": element}


CONFIRM = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}
OPTION = {"text": plain(), "value": "a", "description": plain()}
BUTTON = {
    "type": "button",
    "text": plain(),
    "url": "https://example.com",
    "style": "danger",
    "confirm": CONFIRM,
}
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
TEXT = {"type": "text", "text": "x", "style": {"bold": True}}
LIST = {
    "type": "rich_text_list",
    "style": "bullet",
    "elements": [{"type": "rich_text_section", "elements": [TEXT]}],
}
SHOWN = [
    {"type": "section", "text": plain(), "fields": [plain()], "accessory": BUTTON},
    {"type": "section", "text": plain(), "accessory": IMAGE},
    {"type": "header", "text": plain()},
    {"type": "context", "elements": [plain(), IMAGE]},
    {"type": "actions", "elements": [BUTTON, {"type": "overflow", "options": [OPTION]}]},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"},
    {"type": "rich_text", "elements": [LIST]},
]
ASKED = [
    entry("plain_text_input", min_length=1, max_length=5, initial_value="x"),
    entry("number_input", is_decimal_allowed=False, min_value="1", max_value="5", initial_value="2"),
    entry("static_select", options=[OPTION], initial_option=OPTION),
    entry(
        "multi_static_select",
        option_groups=[{"label": plain(), "options": [OPTION]}],
        initial_options=[OPTION],
    ),
    entry("multi_users_select", initial_users=["U1"], max_selected_items=1),
    entry("checkboxes", options=[OPTION], initial_options=[OPTION]),
    entry("radio_buttons", options=[OPTION], initial_option=OPTION),
    entry("datepicker", initial_date="2024-02-29"),
    entry("email_text_input", initial_value="x"),
    entry("url_text_input", initial_value="x"),
]
SUGGESTED = {"option_groups": [{"label": plain(), "options": [OPTION]}]}
VIEW = {"type": "modal", "title": plain(), "submit": plain(), "blocks": [*SHOWN, *ASKED]}
MESSAGE = {"text": "x", "blocks": SHOWN, "attachments": [{"fallback": "x", "blocks": SHOWN}]}

types = st.sampled_from([*BLOCKS, *ELEMENTS, *PARTS, "plain_text", "mrkdwn", "image", "home"])
junk = st.recursive(
    types | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["type", "text"]), inner),
    max_leaves=4,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a value with every key or index in it."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(each, dict | list):
            yield from places(each)


@st.composite
def spoilt(draw: st.DrawFn, good: Any) -> Any:
    """A copy of something good in which one to three things were replaced or left out."""
    value = deepcopy(good)
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(list(places(value))))
        if draw(st.booleans()):
            container[key] = draw(junk)
        else:
            del container[key]
        if not value:
            break
    return value


def refusal(check: Callable[[], Any]) -> str:
    """The error of a check that refuses what it is given, "" when it takes it."""
    try:
        check()
    except SlackError as error:
        return error.error
    return ""


many_examples = settings(max_examples=400)


def test_what_is_spoilt_here_is_good() -> None:
    assert refusal(lambda: checked_view(VIEW)) == refusal(lambda: parse_content(MESSAGE)) == ""
    assert check_options(SUGGESTED) == []


@many_examples
@given(message=spoilt(MESSAGE))
def test_a_spoilt_message_is_taken_or_refused(message: dict[str, Any]) -> None:
    known = {
        "",
        "no_text",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "invalid_arguments",
    }
    assert refusal(lambda: parse_content(message)) in known


@many_examples
@given(view=spoilt(VIEW))
def test_a_spoilt_view_is_refused_or_can_be_shown_and_filled(view: dict[str, Any]) -> None:
    if error := refusal(lambda: checked_view(view)):
        assert error == "invalid_arguments"
        return
    blocks = checked_view(view)["blocks"]
    complaints(blocks, initial_values(blocks))


@many_examples
@given(blocks=spoilt([*SHOWN, *ASKED]), surface=st.sampled_from(["message", "modal", "home", None]))
def test_every_flaw_of_a_spoilt_block_has_a_pointer(blocks: list[Any], surface: str | None) -> None:
    problems = check_blocks(blocks, surface, "/blocks")
    assert all(problem.pointer.startswith("/blocks/") for problem in problems)
    if not problems:
        find_element(with_ids(blocks), "checkboxes", "a")


@many_examples
@given(answer=spoilt(SUGGESTED) | junk)
def test_spoilt_suggestions_are_taken_or_refused_with_a_reason(answer: Any) -> None:
    assert all(problem.message for problem in check_options(answer))
