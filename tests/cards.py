"""The bot's cards among the messages of a channel."""

from collections.abc import Iterable
from typing import Any


def cards(messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Oldest first. A reply that is shown in the channel as well is none."""
    return [each for each in messages if each.get("metadata") and each.get("subtype") != "thread_broadcast"]
