"""The way to the app: what both ways of delivery, Socket Mode and a request URL, have in common."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from bot.sandbox.slack.wire import Json

#: How long the app has to acknowledge.
ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Retry:
    """Which attempt at an event this is (0 is the first), and why the one before it failed."""

    attempt: int = 0
    reason: str = ""


FIRST = Retry()


class Failure(NamedTuple):
    """Why there is no acknowledgement: Slack's code, and words to follow the app's name."""

    code: str
    words: str


NOT_CONNECTED = Failure("dispatch_failed", "is not connected")
UNREACHABLE = Failure("dispatch_failed", "could not be reached")
SILENT = Failure("operation_timeout", "did not respond")
REFUSED = Failure("http_client_error", "refused it")
BROKEN = Failure("http_service_error", "had an error")
UNVERIFIED = Failure("challenge_failed", "did not return the challenge")


class NoAnswer(Exception):
    """The app did not acknowledge.

    `reason` is what the next attempt at an event says of this one; without `again` there is none.
    """

    def __init__(self, failure: Failure, reason: str = "timeout", *, again: bool = True) -> None:
        super().__init__(failure.code)
        self.code, self.words = failure
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
