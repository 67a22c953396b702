"""The zone of each person's clock, as Slack knows it; and times in it, where Slack shows none by itself."""

import asyncio
import time as clock
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.outcome import outcome

log = structlog.get_logger()

UTC_NAME = "UTC"
KEPT_SECONDS = 3600.0
MOST_KEPT = 10_000
#: A trigger lives three seconds.
ASKED_FOR_SECONDS = 0.8


class Zones:
    """Names of zones by person, kept for an hour; UTC for whoever's is not known."""

    def __init__(self, *, monotonic: Callable[[], float] = clock.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def known(self, user_id: str) -> str:
        """As far as it is known without asking."""
        name, until = self._kept.get(user_id, (UTC_NAME, 0.0))
        return name if self._monotonic() < until else UTC_NAME

    async def of(self, client: AsyncWebClient, user_id: str) -> str:
        """Asks Slack if need be, for less than a second."""
        _, until = self._kept.get(user_id, (UTC_NAME, float("-inf")))
        if self._monotonic() < until:
            return self.known(user_id)
        try:
            async with asyncio.timeout(ASKED_FOR_SECONDS):
                answer = await client.users_info(user=user_id)
        except (SlackApiError, ClientError, OSError) as error:
            log.warning("zone of a person not known", user_id=user_id, reason=outcome(error).reason)
            return UTC_NAME
        name = str((answer.get("user") or {}).get("tz") or UTC_NAME)
        self._kept[user_id] = (name, self._monotonic() + KEPT_SECONDS)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return name


def zone(name: str) -> tzinfo:
    """UTC for a name this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def in_zone(at: datetime, name: str) -> str:
    """A moment in somebody's own zone and in UTC, for text that Slack leaves as it is."""
    there, utc = at.astimezone(zone(name)), at.astimezone(UTC)
    if there.utcoffset() == utc.utcoffset():
        return f"{utc:%a %Y-%m-%d %H:%M} UTC"
    day = "" if there.date() == utc.date() else f"{utc:%a} "
    return f"{there:%a %Y-%m-%d %H:%M} ({day}{utc:%H:%M} UTC)"
