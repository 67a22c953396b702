"""Block Kit's elements and rich text: values that have a form, and fields that must fit each other."""

from typing import Any

import pytest

from bot.sandbox.slack.block_kit import check_blocks
from tests.blocks import plain


def entry(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain(), "element": {"type": kind, **fields}}


def number(**fields: Any) -> dict[str, Any]:
    return entry("number_input", is_decimal_allowed=True, **fields)


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "button", "text": plain(), **fields}]}


def picture(**fields: Any) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "image", "alt_text": "a", **fields}]}


def rich(*parts: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(parts)}


def line(*runs: Any) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(runs)}


TEXT = {"type": "text", "text": "x"}
OPTION = {"text": plain(), "value": "a"}

GOOD = [
    entry("datepicker", initial_date="2024-02-29"),
    entry("timepicker", initial_time="23:59"),
    number(min_value="-1.5", initial_value="0", max_value="2"),
    number(min_value="0", max_value="0", initial_value="0"),
    number(initial_value="7"),
    entry("multi_static_select", options=[OPTION], initial_options=[OPTION], max_selected_items=1),
    entry("multi_users_select", initial_users=["U1", "U2"]),
    entry("rich_text_input", initial_value=rich(line(TEXT))),
    button(url="slack://open"),
    picture(slack_file={"id": "F1"}),
    rich(line(TEXT | {"style": {"bold": True, "code": False}}, {"type": "user", "user_id": "U1"})),
    rich(line({"type": "broadcast", "range": "here"}, {"type": "emoji", "name": "eyes", "skin_tone": 2})),
    rich(line({"type": "date", "timestamp": 1712345678, "format": "{date}", "fallback": "then"})),
    rich({"type": "rich_text_list", "style": "ordered", "elements": [line(TEXT), line()], "indent": 1}),
    rich({"type": "rich_text_preformatted", "elements": [TEXT], "border": 1}),
    rich({"type": "rich_text_quote", "elements": [{"type": "link", "url": "https://example.com"}]}),
]

BAD = [
    (entry("datepicker", initial_date="2024-02-30"), "must be a date (YYYY-MM-DD) [/0/element/initial_date]"),
    (entry("datepicker", initial_date="20240229"), "must be a date (YYYY-MM-DD) [/0/element/initial_date]"),
    (entry("datepicker", initial_date=5), "must be a date (YYYY-MM-DD) [/0/element/initial_date]"),
    (entry("timepicker", initial_time="24:00"), "must be a time (HH:mm) [/0/element/initial_time]"),
    (entry("timepicker", initial_time="9:00"), "must be a time (HH:mm) [/0/element/initial_time]"),
    (number(min_value="NaN"), "must be a number [/0/element/min_value]"),
    (number(max_value=5), "must provide a string [/0/element/max_value]"),
    (
        number(min_value="3", max_value="2"),
        "min_value must not be greater than max_value [/0/element/min_value]",
    ),
    (
        number(min_value="0", initial_value="-1"),
        "initial_value must be between min_value and max_value [/0/element/initial_value]",
    ),
    (
        number(max_value="0", initial_value="1"),
        "initial_value must be between min_value and max_value [/0/element/initial_value]",
    ),
    (
        entry("multi_users_select", initial_users=["U1", "U2"], max_selected_items=1),
        "no more than 1 items allowed [/0/element/initial_users]",
    ),
    (entry("rich_text_input", initial_value="x"), "must provide an object [/0/element/initial_value]"),
    (button(url="example.com"), "must be a valid URL [/0/elements/0/url]"),
    (picture(), "must provide exactly one of image_url and slack_file [/0/elements/0]"),
    (picture(image_url="a.png"), "must be a valid URL [/0/elements/0/image_url]"),
    (rich(), "no fewer than 1 items allowed [/0/elements]"),
    (rich(TEXT), "unsupported type: text [/0/elements/0/type]"),
    (rich(line(line())), "unsupported type: rich_text_section [/0/elements/0/elements/0/type]"),
    (rich(line({"type": "text"})), "missing required field: text [/0/elements/0/elements/0]"),
    (
        rich(line(TEXT | {"style": {"loud": True}})),
        "invalid additional property: loud [/0/elements/0/elements/0/style]",
    ),
    (rich({"type": "rich_text_list", "elements": []}), "missing required field: style [/0/elements/0]"),
    (
        rich({"type": "rich_text_list", "style": "bullet", "elements": [TEXT]}),
        "unsupported type: text [/0/elements/0/elements/0/type]",
    ),
]


@pytest.mark.parametrize("block", GOOD, ids=str)
def test_what_has_its_form_passes(block: Any) -> None:
    assert check_blocks([block], "modal", "") == []


@pytest.mark.parametrize(("block", "complaint"), BAD)
def test_what_lacks_its_form_is_refused(block: Any, complaint: str) -> None:
    problems = check_blocks([block], "modal", "")
    assert [f"{problem.message} [{problem.pointer}]" for problem in problems] == [complaint]
