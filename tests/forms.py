"""Views as Slack sends them back, for tests of the form without Slack."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.restores.models import BackupPlan, Engine, Window
from bot.slack.forms.state import FormState
from tests.values import NOON

PLAN = BackupPlan(
    backup_plan_id="dbs1",
    name="orders",
    engine=Engine.MYSQL,
    region="cn-hangzhou",
    source_location="RDS",
    source_instance_id="rm-source",
)
#: With a gap of an hour.
WINDOWS = (
    Window(begin=NOON - timedelta(days=2), end=NOON - timedelta(days=1)),
    Window(begin=NOON - timedelta(hours=23), end=NOON),
)
#: A form in which the plan is chosen.
FORM = (
    FormState(nonce="a" * 32, channel_id="C1", zone="Asia/Shanghai")
    .for_plan(PLAN, WINDOWS)
    .evolve(revision=0)
)

_VALUES = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
}


def inputs(view: Mapping[str, Any]) -> list[str]:
    """The ids of what a view asks for, in order."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def sent_back(view: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """A view as it comes back: with what it began with, and what was typed, by block id."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            key, initial = _VALUES[element["type"]]
            value = element.get(initial)
            if block["block_id"] in typed:
                value = _value(element, typed[block["block_id"]])
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], key: value}}
    blocks = [{"block_id": f"b{number}", **block} for number, block in enumerate(view["blocks"])]
    return view | {"blocks": blocks, "state": {"values": values}}


def _value(element: dict[str, Any], typed: Any) -> Any:
    """Options by their values."""
    if element["type"] in {"plain_text_input", "datetimepicker", "conversations_select"} or typed is None:
        return typed
    if isinstance(typed, list):
        return [option for option in element["options"] if option["value"] in typed]
    return {"text": {"type": "plain_text", "text": typed}, "value": typed}
