"""Each person's stack of modals: opened, pushed, updated, closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import Timestamps, new_block_id, new_id
from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.view_state import initial_values, merge_values
from bot.sandbox.slack.wire import Json, SlackError

MAX_STACK = 3


@dataclass(frozen=True)
class View:
    """An open modal or home view: the app's definition (checked, with ids), and what is typed so far."""

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


def new_hash(timestamps: Timestamps) -> str:
    """The hash of a view's next version."""
    return f"{timestamps.next().split('.')[0]}.{new_block_id()}{new_block_id()}"


class ViewStacks:
    """All open modals. Every change of a stack is told to its person's pages."""

    def __init__(self, installation: Installation, feed: Feed, timestamps: Timestamps) -> None:
        self._installation = installation
        self._feed = feed
        self._timestamps = timestamps
        self._stacks: dict[str, list[View]] = {}

    def stack(self, user: str) -> list[View]:
        """The person's modals, bottom first."""
        return list(self._stacks.get(user, ()))

    def find(self, user: str, view_id: str) -> View:
        """Raises SlackError `not_found`."""
        for view in self._stacks.get(user, ()):
            if view.id == view_id:
                return view
        raise SlackError("not_found")

    def open(self, user: str, definition: Json) -> View:
        """Show a modal as the only one."""
        self._check_external_id(definition)
        view_id = new_id("V")
        view = self._new(view_id, definition, root=view_id, previous=None)
        self._set(user, [view])
        return view

    def push(self, user: str, definition: Json) -> View:
        """Raises SlackError `not_found` (nothing is open), `push_limit_reached`."""
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached")
        self._check_external_id(definition)
        view = self._new(new_id("V"), definition, root=stack[0].id, previous=stack[-1].id)
        self._set(user, [*stack, view])
        return view

    def update(
        self, definition: Json, *, view_id: str = "", external_id: str = "", expected_hash: str | None = None
    ) -> View:
        """Put a new definition into an open view; what was typed stays where ids and types still fit.

        Raises SlackError `not_found`, `hash_conflict`.
        """
        user, view = self._locate(view_id, external_id)
        if expected_hash is not None and expected_hash != view.hash:
            raise SlackError("hash_conflict")
        self._check_external_id(definition, but=view.id)
        values = merge_values(definition["blocks"], view.values)
        fresh = replace(view, definition=definition, hash=new_hash(self._timestamps), values=values)
        self._set(user, [fresh if each.id == view.id else each for each in self.stack(user)])
        return fresh

    def remember(self, user: str, view_id: str, typed: Mapping[str, Any]) -> View:
        """Keep what the person typed or chose. The page that did it knows already, so no page is told."""
        view = self.find(user, view_id)
        fresh = replace(view, values=merge_values(view.blocks, view.values, typed))
        self._stacks[user] = [fresh if each.id == view_id else each for each in self._stacks[user]]
        self._feed.touch()
        return fresh

    def close(self, user: str, view_id: str) -> list[View]:
        """Close this view and those above it; the one below shows again. The closed ones, top first."""
        self.find(user, view_id)
        stack = self.stack(user)
        place = next(index for index, view in enumerate(stack) if view.id == view_id)
        self._set(user, stack[:place])
        return stack[place:][::-1]

    def clear(self, user: str) -> list[View]:
        """Close every view. The closed ones, top first."""
        stack = self.stack(user)
        self._set(user, [])
        return stack[::-1]

    def page_stack(self, user: str) -> list[Json]:
        app = {"name": self._installation.app_name}
        return [{**view.to_json(self._installation), "app": app} for view in self.stack(user)]

    def _new(self, view_id: str, definition: Json, *, root: str, previous: str | None) -> View:
        fresh_hash = new_hash(self._timestamps)
        return View(view_id, definition, fresh_hash, root, previous, initial_values(definition["blocks"]))

    def _set(self, user: str, stack: list[View]) -> None:
        self._stacks[user] = stack
        self._feed.publish({"type": "view", "views": self.page_stack(user)}, to={user})

    def _locate(self, view_id: str, external_id: str) -> tuple[str, View]:
        for user, stack in self._stacks.items():
            for view in stack:
                if view.id == view_id or (external_id and view.external_id == external_id):
                    return user, view
        raise SlackError("not_found")

    def _check_external_id(self, definition: Json, *, but: str | None = None) -> None:
        external_id = definition.get("external_id")
        views = (view for stack in self._stacks.values() for view in stack)
        if external_id and any(view.external_id == external_id and view.id != but for view in views):
            raise SlackError("duplicate_external_id")
