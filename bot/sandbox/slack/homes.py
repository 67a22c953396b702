"""App Home: the view the app published for each person."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import Timestamps
from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.view import View, new_view
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
        known = self._homes.get(user)
        if expected_hash and (known is None or known.hash != expected_hash):
            raise SlackError("hash_conflict")
        fresh = (
            known.revised(definition, self._timestamps) if known else new_view(definition, self._timestamps)
        )
        self._homes[user] = fresh
        self._feed.publish({"type": "home", "view": self.page_view(user)}, to={user})
        return fresh

    def remember(self, user: str, view_id: str, typed: Mapping[str, Any]) -> View:
        """Keep what the person typed or chose; the page that did it knows already. SlackError `not_found`."""
        view = self._homes.get(user)
        if view is None or view.id != view_id:
            raise SlackError("not_found")
        self._homes[user] = view.filled(typed)
        self._feed.touch()
        return self._homes[user]

    def page_view(self, user: str) -> Json | None:
        view = self._homes.get(user)
        return view.to_page(self._installation) if view else None
