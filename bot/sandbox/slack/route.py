"""The way to the app: what both ways of delivery, Socket Mode and a request URL, have in common."""

from dataclasses import dataclass
from typing import Any, Protocol

from bot.sandbox.slack.wire import Json


@dataclass(frozen=True)
class Retry:
    """Which attempt at an event this is (0 is the first), and why the one before it failed."""

    attempt: int = 0
    reason: str = ""


FIRST = Retry()


class NoAnswer(Exception):
    """The app did not acknowledge.

    The text is Slack's code: `dispatch_failed` (it cannot be reached), `operation_timeout` (3 s passed),
    `http_client_error` or `http_service_error` (its request URL answered so). `reason` is what the next
    attempt at an event says of this one; without `again` there is none.
    """

    def __init__(self, code: str, reason: str = "timeout", *, again: bool = True) -> None:
        super().__init__(code)
        self.reason = reason
        self.again = again


class Route(Protocol):
    @property
    def connected(self) -> bool:
        """Whether the app can be reached, as far as Slack knows."""

    async def ask(self, kind: str, payload: Json, retry: Retry = FIRST) -> Any:
        """Deliver one payload; give what its acknowledgement carries (None, a text or an object).

        `kind` is `slash_commands`, `interactive` or `events_api`. Raises NoAnswer.
        """
