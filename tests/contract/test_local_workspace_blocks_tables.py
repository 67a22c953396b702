"""Block Kit's tables: what Slack documents is taken, what the page cannot show is refused by name."""

from typing import Any

import pytest

from bot.sandbox.slack.block_kit import check_blocks
from bot.sandbox.slack.block_kit.schema import NOT_EMULATED
from bot.sandbox.slack.block_kit.tables import BLOCKS, ELEMENTS, PARTS, RUNS


def plain(text: str = "x") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(**fields: Any) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": "x", **fields}


def entry(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain(), "element": {"type": kind, **fields}}


def actions(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": kind, **fields}]}


def section(**fields: Any) -> dict[str, Any]:
    return {"type": "section", **fields}


def image(**fields: Any) -> dict[str, Any]:
    return {"type": "image", "alt_text": "a", **fields}


def rich(kind: str, *runs: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(runs)}]}


CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), "style": "danger"}
DISPATCH = {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}
MENU = {"action_id": "a", "placeholder": plain(), "confirm": CONFIRM, "focus_on_load": True}
TYPED = {"action_id": "a", "placeholder": plain(), "dispatch_action_config": DISPATCH, "focus_on_load": True}
FILTER = {"include": ["public"], "exclude_external_shared_channels": True, "exclude_bot_users": True}
OPTION = {"text": plain(), "value": "a", "description": plain()}
TICK = {"text": mrkdwn(), "value": "a", "description": mrkdwn()}
EMOJI = {"type": "emoji", "name": "eyes"}
LINK = {"type": "link", "url": "https://example.com"}

#: Elements with every field Slack documents for them.
DOCUMENTED = [
    actions(
        "button",
        action_id="a",
        text=plain(),
        value="x",
        url="https://example.com",
        style="primary",
        confirm=CONFIRM,
        accessibility_label="x",
    ),
    actions("overflow", action_id="a", confirm=CONFIRM, options=[OPTION | {"url": "https://example.com"}]),
    entry("static_select", **MENU, options=[OPTION], initial_option=OPTION),
    entry("external_select", **MENU, min_query_length=0, initial_option=OPTION),
    entry("users_select", **MENU, initial_user="U1"),
    entry("channels_select", **MENU, initial_channel="C1", response_url_enabled=True),
    entry(
        "conversations_select",
        **MENU,
        initial_conversation="C1",
        default_to_current_conversation=True,
        response_url_enabled=True,
        filter=FILTER,
    ),
    entry("multi_static_select", **MENU, max_selected_items=1, options=[OPTION], initial_options=[OPTION]),
    entry("multi_external_select", **MENU, max_selected_items=1, min_query_length=1),
    entry("multi_users_select", **MENU, max_selected_items=1, initial_users=["U1"]),
    entry("multi_channels_select", **MENU, max_selected_items=1, initial_channels=["C1"]),
    entry(
        "multi_conversations_select",
        **MENU,
        max_selected_items=1,
        initial_conversations=["C1"],
        default_to_current_conversation=True,
        filter=FILTER,
    ),
    entry("radio_buttons", action_id="a", confirm=CONFIRM, focus_on_load=True, options=[TICK]),
    entry("checkboxes", action_id="a", confirm=CONFIRM, focus_on_load=True, options=[TICK]),
    entry("datepicker", **MENU, initial_date="2024-02-29"),
    entry("timepicker", **MENU, initial_time="08:00", timezone="Europe/Berlin"),
    entry("datetimepicker", action_id="a", confirm=CONFIRM, focus_on_load=True, initial_date_time=1712345678),
    entry("plain_text_input", **TYPED, initial_value="x", multiline=True, min_length=0, max_length=3000),
    entry("number_input", **TYPED, is_decimal_allowed=True, initial_value="1", min_value="0", max_value="2"),
    entry("email_text_input", **TYPED, initial_value="x"),
    entry("url_text_input", **TYPED, initial_value="x"),
    entry("rich_text_input", **TYPED, min_lines=2, max_lines=100),
    section(text=mrkdwn(verbatim=True), fields=[plain() | {"emoji": False}]),
    image(slack_file={"url": "https://files.slack.com/x.png"}),
    rich("rich_text_preformatted", {"type": "text", "text": "x"}, LINK),
    rich("rich_text_quote", EMOJI),
]

REFUSED = [
    (section(text=mrkdwn(emoji=True)), "invalid additional property: emoji [/0/text]"),
    (section(text=plain() | {"verbatim": True}), "invalid additional property: verbatim [/0/text]"),
    (
        {"type": "context", "elements": [mrkdwn(emoji=False)]},
        "invalid additional property: emoji [/0/elements/0]",
    ),
    (
        entry("static_select", options=[OPTION | {"description": mrkdwn()}]),
        "must be one of: plain_text [/0/element/options/0/description/type]",
    ),
    (
        entry("static_select", options=[OPTION | {"url": "https://example.com"}]),
        "invalid additional property: url [/0/element/options/0]",
    ),
    (actions("overflow", options=[]), "no fewer than 1 items allowed [/0/elements/0/options]"),
    (
        section(text=plain(), accessory={"type": "conversations_select", "filter": {}}),
        f"must define one of: {', '.join(FILTER)} [/0/accessory/filter]",
    ),
    (
        entry("conversations_select", filter={"include": []}),
        "no fewer than 1 items allowed [/0/element/filter/include]",
    ),
    (image(slack_file={}), "must provide exactly one of id and url [/0/slack_file]"),
    (
        image(slack_file={"id": "F1", "url": "https://files.slack.com/x.png"}),
        "must provide exactly one of id and url [/0/slack_file]",
    ),
    ({"type": "image", "image_url": "https://example.com/a.png"}, "missing required field: alt_text [/0]"),
    (rich("rich_text_preformatted", EMOJI), "unsupported type: emoji [/0/elements/0/elements/0/type]"),
    (entry("rich_text_input", min_lines=101), "must be between 1 and 100 [/0/element/min_lines]"),
    (
        entry("rich_text_input", min_lines=3, max_lines=2),
        "min_lines must not be greater than max_lines [/0/element/min_lines]",
    ),
    (
        entry("users_select", max_selected_items=1),
        "invalid additional property: max_selected_items [/0/element]",
    ),
    (
        actions("button", text=plain(), agent_prompt="x"),
        "is Slack's but not emulated [/0/elements/0/agent_prompt]",
    ),
    (
        actions("workflow_button", text=plain()),
        "unsupported type: workflow_button, which is Slack's but not emulated [/0/elements/0/type]",
    ),
    (
        entry("file_input"),
        "unsupported type: file_input, which is Slack's but not emulated [/0/element/type]",
    ),
]


@pytest.mark.parametrize("block", DOCUMENTED, ids=str)
def test_every_field_that_slack_documents_is_taken(block: Any) -> None:
    assert check_blocks([block], "modal", "") == []


@pytest.mark.parametrize(("block", "complaint"), REFUSED)
def test_what_slack_refuses_and_what_is_not_emulated_is_named(block: Any, complaint: str) -> None:
    problems = check_blocks([block], "modal", "")
    assert [f"{problem.message} [{problem.pointer}]" for problem in problems] == [complaint]


@pytest.mark.parametrize("kind", ["video", "file", "table", "plan", "task_card", "context_actions", "card"])
@pytest.mark.parametrize("surface", ["message", "modal", "home", None])
def test_a_block_the_page_cannot_show_is_refused_with_a_sentence(kind: str, surface: str | None) -> None:
    [problem] = check_blocks([{"type": kind}], surface, "/blocks")
    assert problem.message == f"unsupported type: {kind}, which is Slack's but not emulated"
    assert problem.pointer == "/blocks/0/type"


def test_the_tables_name_only_places_there_are() -> None:
    tables = [(BLOCKS, {"message", "modal", "home"}), (ELEMENTS, {*BLOCKS})]
    tables += [(PARTS, {"rich_text", *PARTS}), (RUNS, {*PARTS})]
    for table, places in tables:
        for name, kind in table.items():
            assert set(kind.places.split()) <= places, name
            assert set(kind.surfaces.split()) <= {"message", "modal", "home"}, name
            assert bool(kind.places) is (kind is not NOT_EMULATED), name


def test_what_an_element_starts_from_is_one_of_its_fields() -> None:
    for name, kind in ELEMENTS.items():
        assert kind.state is None or {kind.state.initial, "action_id"} <= set(kind.fields), name
