"""The zone of each person's clock, as Slack knows it; and times in it, where Slack shows none by itself."""

import asyncio
import time as clock
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
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
    """Names of zones by person, kept for an hour; None for whoever's is not known."""

    def __init__(self, *, monotonic: Callable[[], float] = clock.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def known(self, user_id: str) -> str | None:
        """As far as it is known without asking."""
        name, until = self._kept.get(user_id, (None, float("-inf")))
        return name if self._monotonic() < until else None

    async def of(self, client: AsyncWebClient, user_id: str) -> str | None:
        """Asks Slack if need be, for less than a second."""
        if known := self.known(user_id):
            return known
        try:
            async with asyncio.timeout(ASKED_FOR_SECONDS):
                answer = await client.users_info(user=user_id)
        except (SlackApiError, ClientError, OSError) as error:
            log.warning("zone of a person not known", user_id=user_id, reason=outcome(error).reason)
            return None
        name = (answer.get("user") or {}).get("tz")
        if not isinstance(name, str) or not _is_known(name):
            log.warning("zone of a person not known", user_id=user_id, reason="no zone of this machine's")
            return None
        self._kept[user_id] = (name, self._monotonic() + KEPT_SECONDS)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return name


class _NobodysClock(tzinfo):
    """Whoever reads a time on it is told that it cannot be read."""

    def utcoffset(self, _at: datetime | None) -> timedelta:
        raise ValueError(
            "Slack did not say which time zone is yours. Try again, or write the time with its zone,"
            " like 2026-11-20T14:00Z, or how long ago it was, like -2h."
        )

    tzname = dst = utcoffset  # type: ignore[assignment]


def clock_of(name: str | None) -> tzinfo:
    """The clock on which a person means a time. Of one that is not known, reading raises `ValueError`."""
    return zone(name) if name else _NobodysClock()


def zone(name: str) -> tzinfo:
    """UTC for a name this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _is_known(name: str) -> bool:
    return name == UTC_NAME or zone(name) is not UTC


def in_zone(at: datetime, name: str) -> str:
    """A moment in somebody's own zone and in UTC, for text that Slack leaves as it is."""
    there, utc = at.astimezone(zone(name)), at.astimezone(UTC)
    if there.utcoffset() == utc.utcoffset():
        return f"{utc:%a %Y-%m-%d %H:%M} UTC"
    day = "" if there.date() == utc.date() else f"{utc:%a} "
    return f"{there:%a %Y-%m-%d %H:%M} ({day}{utc:%H:%M} UTC)"
