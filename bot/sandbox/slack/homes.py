"""App Home: the view the app published for each person."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import Timestamps, new_id
from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.view_state import initial_values, merge_values
from bot.sandbox.slack.views import View, new_hash
from bot.sandbox.slack.wire import Json, SlackError


class Homes:
    """Every change is told to its person's pages."""

    def __init__(self, installation: Installation, feed: Feed, timestamps: Timestamps) -> None:
        self._installation = installation
        self._feed = feed
        self._timestamps = timestamps
        self._homes: dict[str, View] = {}

    def of(self, user: str) -> View | None:
        return self._homes.get(user)

    def publish(self, user: str, definition: Json, expected_hash: str | None = None) -> View:
        """Put a definition (checked, with ids) in place of what the person sees; its id stays.

        Raises SlackError `hash_conflict`.
        """
        known, fresh_hash = self._homes.get(user), new_hash(self._timestamps)
        if expected_hash and (known is None or known.hash != expected_hash):
            raise SlackError("hash_conflict")
        if known is None:
            view_id = new_id("V")
            view = View(view_id, definition, fresh_hash, view_id, None, initial_values(definition["blocks"]))
        else:
            values = merge_values(definition["blocks"], known.values)
            view = replace(known, definition=definition, hash=fresh_hash, values=values)
        self._homes[user] = view
        self._feed.publish({"type": "home", "view": self.page_view(user)}, to={user})
        return view

    def find(self, user: str, view_id: str) -> View:
        """Raises SlackError `not_found`."""
        view = self._homes.get(user)
        if view is None or view.id != view_id:
            raise SlackError("not_found")
        return view

    def remember(self, user: str, view_id: str, typed: Mapping[str, Any]) -> View:
        """Keep what the person typed or chose; the page that did it knows already."""
        view = self.find(user, view_id)
        view = replace(view, values=merge_values(view.blocks, view.values, typed))
        self._homes[user] = view
        self._feed.touch()
        return view

    def page_view(self, user: str) -> Json | None:
        view = self._homes.get(user)
        app = {"name": self._installation.app_name}
        return None if view is None else {**view.to_json(self._installation), "app": app}
