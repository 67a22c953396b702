"""How often each method of the Web API may be called.

Slack publishes tiers (at least so many calls a minute, some burst tolerated), and for posting about one
message a second in a channel with a short burst. How large a burst may be it does not say: those figures are
ours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

from bot.sandbox.slack.wire import SlackError

_ALMOST_ONE = 1 - 1e-6  # of a call: sums of times are not exact


@dataclass(frozen=True)
class Allowance:
    """So many calls a minute in the long run, and so many at once."""

    per_minute: int
    at_once: int


TIER_1 = Allowance(1, 10)  # an app may open its ten connections at once
TIER_2 = Allowance(20, 20)
TIER_3 = Allowance(50, 50)
TIER_4 = Allowance(100, 100)
SPECIAL = Allowance(300, 300)
POSTING = Allowance(60, 5)  # for each channel

ALLOWANCES: Mapping[str, Allowance] = {
    "api.test": TIER_4,
    "apps.connections.open": TIER_1,
    "auth.test": SPECIAL,
    "blocks.validate": SPECIAL,
    "bots.info": TIER_3,
    "chat.delete": TIER_3,
    "chat.getPermalink": SPECIAL,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": POSTING,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.join": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "reactions.add": TIER_3,
    "reactions.remove": TIER_2,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}


class RateLimited(SlackError):
    """Too many calls: HTTP 429, `ratelimited`, to be tried again after so many seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class Rates:
    """Counts calls while `on`. An allowance is a bucket that holds `at_once` calls and fills steadily."""

    def __init__(self, now: Callable[[], float], *, on: bool = False) -> None:
        self.on = on
        self._now = now
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, method: str, channel: str = "") -> None:
        """Count one call of the method, in this channel if channels have their own. Raises RateLimited."""
        if not self.on:
            return
        allowance, now, key = ALLOWANCES[method], self._now(), (method, channel)
        left, since = self._buckets.get(key, (allowance.at_once, now))
        left = min(allowance.at_once, left + max(0, now - since) * allowance.per_minute / 60)
        if left < _ALMOST_ONE:
            raise RateLimited(ceil((_ALMOST_ONE - left) * 60 / allowance.per_minute))
        self._buckets[key] = (left - 1, now)
