"""Each person's zone and language as Slack knows them; and times in a zone, where Slack shows none."""

import asyncio
import time as clock
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.restores.models import CHINESE, ENGLISH
from bot.slack.outcome import outcome

log = structlog.get_logger()

UTC_NAME = "UTC"
KEPT_SECONDS = 3600.0
MOST_KEPT = 10_000
#: A trigger lives three seconds.
ASKED_FOR_SECONDS = 0.8


class Zones:
    """The zone of each person's clock and the language they read: asked for together, kept for an hour."""

    def __init__(self, *, monotonic: Callable[[], float] = clock.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: OrderedDict[str, _Person] = OrderedDict()

    def known(self, user_id: str) -> str | None:
        """The name of the zone, as far as it is known without asking."""
        person = self._fresh(user_id)
        return person.zone if person else None

    async def of(self, client: AsyncWebClient, user_id: str) -> str | None:
        """The name of the zone; None if it is not known. Asks Slack if need be, for less than a second."""
        if known := self.known(user_id):
            return known
        person = await self._asked(client, user_id)
        if person and person.zone is None:
            log.warning("zone of a person not known", user_id=user_id, reason="no zone of this machine's")
        return person.zone if person else None

    async def language(self, client: AsyncWebClient, user_id: str) -> str:
        """Of those DBS explains failures in: `cn` for whoever uses Slack in Chinese, else `en`. As `of`."""
        person = self._fresh(user_id) or await self._asked(client, user_id)
        return person.language if person else ENGLISH

    def _fresh(self, user_id: str) -> "_Person | None":
        person = self._kept.get(user_id)
        return person if person and self._monotonic() < person.until else None

    async def _asked(self, client: AsyncWebClient, user_id: str) -> "_Person | None":
        try:
            async with asyncio.timeout(ASKED_FOR_SECONDS):
                answer = await client.users_info(user=user_id, include_locale=True)
        except (SlackApiError, ClientError, OSError) as error:
            log.warning("person not known", user_id=user_id, reason=outcome(error).reason)
            return None
        user = answer.get("user") or {}
        name, locale = user.get("tz"), user.get("locale")
        person = _Person(
            zone=name if isinstance(name, str) and _is_known(name) else None,
            language=CHINESE if str(locale).lower().startswith("zh") else ENGLISH,
            until=self._monotonic() + KEPT_SECONDS,
        )
        self._kept[user_id] = person
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return person


@dataclass(frozen=True, slots=True)
class _Person:
    zone: str | None
    language: str
    until: float


class _NobodysClock(tzinfo):
    """Whoever reads a time on it is told that it cannot be read."""

    def utcoffset(self, _at: datetime | None) -> timedelta:
        raise ValueError(
            "Slack did not say which time zone is yours. Try again, or write the time with its zone,"
            " like 2026-11-20T14:00Z, or how long ago it was, like -2h."
        )

    tzname = dst = utcoffset  # type: ignore[assignment]  # it returns nothing, whatever it is called


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
