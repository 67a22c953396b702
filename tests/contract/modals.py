"""Modals for tests, and the ways to open them."""

from typing import Any

from bot.sandbox.slack import LocalWorkspace, Person
from tests.blocks import plain
from tests.contract.envelopes import sent

GO = {"type": "button", "action_id": "go", "text": plain("Go")}
PLAN_FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Restore"),
    "submit": plain("Go"),
    "blocks": [
        {
            "type": "input",
            "block_id": "plan",
            "label": plain("Plan"),
            "element": {"type": "external_select", "action_id": "plan"},
        },
        {"type": "actions", "block_id": "more", "elements": [GO]},
    ],
}


def modal(title: str = "Restore", **fields: Any) -> dict[str, Any]:
    name = {
        "type": "input",
        "block_id": "name",
        "label": plain("Name"),
        "element": {"type": "plain_text_input", "action_id": "v"},
    }
    basics = {"type": "modal", "callback_id": "restore", "title": plain(title), "submit": plain("Go")}
    return {**basics, "blocks": [name], **fields}


async def new_trigger(person: Person, workspace: LocalWorkspace) -> str:
    """The trigger of a command that the person has just typed."""
    await person.say("#db-oncall", "/restore")
    return str(sent(workspace)["trigger_id"])


def title(person: Person) -> str | None:
    return person.view["title"]["text"] if person.view else None
