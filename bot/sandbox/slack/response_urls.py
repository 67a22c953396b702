"""The response_urls handed out with payloads: five uses within thirty minutes."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack.ids import new_secret
from bot.sandbox.slack.wire import SlackError

LIFETIME_SECONDS = 30 * 60
USES = 5


@dataclass
class ResponseUrl:
    """Where the answers go: the channel, the person, and the message that `replace_original` means."""

    key: str
    channel: str
    user: str
    expires_at: float
    original_ts: str | None
    uses_left: int = USES


class ResponseUrls:
    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._urls: dict[str, ResponseUrl] = {}

    def issue(self, channel: str, user: str, *, original_ts: str | None = None) -> ResponseUrl:
        url = ResponseUrl(new_secret(), channel, user, self._now() + LIFETIME_SECONDS, original_ts)
        self._urls[url.key] = url
        return url

    def use(self, key: str) -> ResponseUrl:
        """Count one use. Raises SlackError `no_service` (never issued), `expired_url`, `used_url`."""
        url = self._urls.get(key)
        if url is None:
            raise SlackError("no_service")
        if self._now() > url.expires_at:
            raise SlackError("expired_url")
        if url.uses_left == 0:
            raise SlackError("used_url")
        url.uses_left -= 1
        return url
