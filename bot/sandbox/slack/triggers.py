"""Trigger ids: they open one view, within three seconds of what the person did."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack.ids import new_secret
from bot.sandbox.slack.wire import SlackError

LIFETIME_SECONDS = 3.0


@dataclass(frozen=True)
class Trigger:
    user: str
    issued_at: float


class Triggers:
    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._count = 0
        self._fresh: dict[str, Trigger] = {}
        self._used: set[str] = set()

    def issue(self, user: str) -> str:
        self._count += 1
        trigger_id = f"{int(self._now() * 1000)}.{self._count:012d}.{new_secret()}"
        self._fresh[trigger_id] = Trigger(user, self._now())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The person behind the trigger, once.

        Raises SlackError `expired_trigger_id`, `exchanged_trigger_id`, `invalid_trigger_id` (never issued).
        """
        if trigger_id in self._used:
            raise SlackError("exchanged_trigger_id")
        trigger = self._fresh.pop(trigger_id, None)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        self._used.add(trigger_id)
        if self._now() - trigger.issued_at > LIFETIME_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger.user
