"""Each person's stack of modals: opened, pushed, updated, closed."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import Timestamps
from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.view import View, new_view
from bot.sandbox.slack.wire import Json, SlackError

MAX_STACK = 3


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
        view = new_view(definition, self._timestamps)
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
        view = new_view(definition, self._timestamps, below=stack[-1])
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
        fresh = view.revised(definition, self._timestamps)
        self._set(user, [fresh if each.id == view.id else each for each in self.stack(user)])
        return fresh

    def remember(self, user: str, view_id: str, typed: Mapping[str, Any]) -> View:
        """Keep what the person typed or chose. The page that did it knows already, so no page is told."""
        fresh = self.find(user, view_id).filled(typed)
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
        return [view.to_page(self._installation) for view in self.stack(user)]

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
