"""A view as a value: a modal or an App Home, with what is typed into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.sandbox.slack.ids import Timestamps, new_block_id, new_id
from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.view_state import initial_values, merge_values
from bot.sandbox.slack.wire import Json


@dataclass(frozen=True)
class View:
    """The app's definition (checked, with ids), and what is typed so far."""

    id: str
    definition: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: Json = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.definition["blocks"]
        return blocks

    @property
    def notify_on_close(self) -> bool:
        return bool(self.definition.get("notify_on_close"))

    @property
    def external_id(self) -> str:
        return str(self.definition.get("external_id") or "")

    def revised(self, definition: Json, timestamps: Timestamps) -> "View":
        """With a new definition; what was typed stays where ids and types still fit."""
        values = merge_values(definition["blocks"], self.values)
        return replace(self, definition=definition, hash=_new_hash(timestamps), values=values)

    def filled(self, typed: Mapping[str, Any]) -> "View":
        """With what the person typed or chose."""
        return replace(self, values=merge_values(self.blocks, self.values, typed))

    def to_json(self, installation: Installation) -> Json:
        """A `view` object as the Web API and the payloads carry it."""
        definition = self.definition
        return {
            "id": self.id,
            "team_id": installation.team.id,
            "type": definition["type"],
            "blocks": self.blocks,
            "private_metadata": definition.get("private_metadata", ""),
            "callback_id": definition.get("callback_id", ""),
            "state": {"values": self.values},
            "hash": self.hash,
            "clear_on_close": definition.get("clear_on_close", False),
            "notify_on_close": self.notify_on_close,
            "close": definition.get("close"),
            "submit": definition.get("submit"),
            "previous_view_id": self.previous_view_id,
            "root_view_id": self.root_view_id,
            "app_id": installation.app_id,
            "external_id": self.external_id,
            "app_installed_team_id": installation.team.id,
            "bot_id": installation.bot_id,
            **({"title": definition["title"]} if "title" in definition else {}),
        }

    def to_page(self, installation: Installation) -> Json:
        """As the page gets it."""
        return {**self.to_json(installation), "app": {"name": installation.app_name}}


def new_view(definition: Json, timestamps: Timestamps, *, below: View | None = None) -> View:
    """A view that was not there before, on top of the one `below` it."""
    view_id = new_id("V")
    root, previous = (view_id, None) if below is None else (below.root_view_id, below.id)
    values = initial_values(definition["blocks"])
    return View(view_id, definition, _new_hash(timestamps), root, previous, values)


def _new_hash(timestamps: Timestamps) -> str:
    return f"{timestamps.next().split('.')[0]}.{new_block_id()}{new_block_id()}"
