"""The backup plans of one account, kept for a minute and searched as somebody types."""

import asyncio
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import NamedTuple

import structlog

from bot.errors import DbsError, DbsUnreachable
from bot.restores.accounts import Account
from bot.restores.meant import ALIKE
from bot.restores.models import BackupPlan

log = structlog.get_logger()

KEPT_SECONDS = 60.0
#: A list that old is still shown, with a word on it, while DBS gives no newer one.
USABLE_SECONDS = 600.0


class Entry(NamedTuple):
    """A plan with what is searched in it, made once for all searches."""

    plan: BackupPlan
    name: str
    text: str


def entry(plan: BackupPlan) -> Entry:
    searched = (
        plan.name,
        plan.backup_plan_id,
        plan.engine,
        plan.region,
        plan.account,
        plan.source_instance_id or "",
        plan.source_ip_port or "",
    )
    return Entry(plan, plan.name.lower(), "\n".join(searched).lower())


def ranked(entries: Iterable[Entry], text: str) -> tuple[BackupPlan, ...]:
    """Plans in which every word is found: those named exactly so first, then by where the first word is."""
    whole = " ".join(text.lower().split())
    words = whole.split()
    found = [each for each in entries if all(word in each.text for word in words)]
    found.sort(key=lambda each: (_rank(each, whole, words), each.name, each.plan.account))
    return tuple(each.plan for each in found)


def nearest(entries: Iterable[Entry], text: str, most: int = 3) -> tuple[BackupPlan, ...]:
    """Plans whose name, or a part of it, is nearly so, the likeliest first."""
    called: dict[str, list[BackupPlan]] = {}
    for each in entries:
        for name in {each.name, *re.findall(r"\w+", each.name)}:
            called.setdefault(name, []).append(each.plan)
    near = get_close_matches(" ".join(text.lower().split()), list(called), n=most, cutoff=ALIKE)
    return tuple(dict.fromkeys(plan for name in near for plan in called[name]))[:most]


def _rank(each: Entry, whole: str, words: list[str]) -> int:
    if not words or whole == each.name or whole == each.plan.backup_plan_id.lower():
        return 0
    if each.name.startswith(words[0]):
        return 1
    return 2 if words[0] in each.name else 3


class Listing:
    """Loads the plans of an account. A load is shared, and goes on when whoever asked for it gave up."""

    def __init__(self, account: Account, *, monotonic: Callable[[], float]) -> None:
        self.account = account
        self._monotonic = monotonic
        self._entries: tuple[Entry, ...] = ()
        self._loaded_at = float("-inf")
        self._loading: asyncio.Task[None] | None = None
        self._error: DbsError | None = None

    @property
    def entries(self) -> tuple[Entry, ...] | None:
        """What is to be shown; None when nothing is known, or nothing new enough."""
        return self._entries if self._age() < USABLE_SECONDS else None

    def refreshed(self) -> asyncio.Task[None] | None:
        """The load that is under way or due; None while the list is new."""
        if self._loading is None and self._age() >= KEPT_SECONDS:
            self._loading = asyncio.create_task(self._load())
        return self._loading

    def trouble(self) -> DbsError | None:
        """Why the list is not there, or is not new. One that is being renewed is no trouble yet."""
        if self._age() < KEPT_SECONDS or (self._error is None and self.entries is not None):
            return None
        return self._error or DbsUnreachable("DBS has not answered yet. Ask again in a moment.")

    def kept(self, backup_plan_id: str) -> BackupPlan | None:
        plans = (each.plan for each in self.entries or ())
        return next((plan for plan in plans if plan.backup_plan_id == backup_plan_id), None)

    async def aclose(self) -> None:
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.gather(self._loading, return_exceptions=True)

    async def _load(self) -> None:
        try:
            plans = await self.account.dbs.describe_backup_plans(region=self.account.region)
            self._entries = tuple(entry(plan.evolve(account=self.account.name)) for plan in plans)
            self._loaded_at, self._error = self._monotonic(), None
        except DbsError as error:
            if self._error is None:
                log.warning("backup plans not listed", account=self.account.name, error=error.sentence)
            self._error = error
        finally:
            self._loading = None

    def _age(self) -> float:
        return self._monotonic() - self._loaded_at
