"""Trigger ids: they open one view, within three seconds of what the person did."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack.ids import new_secret
from bot.sandbox.slack.wire import SlackError

LIFETIME_SECONDS = 3.0


@dataclass
class Trigger:
    user: str
    expires_at: float
    is_used: bool = False


class Triggers:
    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._count = 0
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user: str) -> str:
        self._count += 1
        trigger_id = f"{int(self._now() * 1000)}.{self._count:012d}.{new_secret()}"
        self._triggers[trigger_id] = Trigger(user, self._now() + LIFETIME_SECONDS)
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The person behind the trigger, once.

        Raises SlackError `expired_trigger_id`, `exchanged_trigger_id`, `invalid_trigger_id` (never issued).
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_used:
            raise SlackError("exchanged_trigger_id")
        if self._now() > trigger.expires_at:
            raise SlackError("expired_trigger_id")
        trigger.is_used = True
        return trigger.user
