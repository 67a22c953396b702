"""Keeps App Homes current: published when somebody opens theirs, and again while something changes.

Slack does not say when a Home is closed, so one counts as open for a day. What is shown is known by its
digest, so a Home that would look the same is left alone, whoever published it. Two workers that publish the
same do no harm, and nothing that goes wrong here concerns anybody else.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreError
from bot.restores.clock import utc_now
from bot.restores.loop import Job, Loop
from bot.restores.models import Page, Scope, Which
from bot.restores.ports import FARTHEST, Home, Homes, Roster
from bot.slack.glance import owner
from bot.slack.home import ENDED_SHOWN, MINE_SHOWN, home_digest, home_view
from bot.slack.message import Block
from bot.slack.outcome import Outcome, outcome
from bot.slack.workspace import Workspace

log = structlog.get_logger()

OPEN_FOR = timedelta(hours=24)
#: For each person.
EVERY = timedelta(seconds=10)
#: For all people together: Slack allows about a hundred a minute.
APIECE = timedelta(seconds=1)
AT_ONCE = 5
AFTER_FAILURE = timedelta(minutes=1)

#: Of the active restores, to find those of others among them.
ACTIVE_READ = 60
#: The person, or their Home, is not there any more.
_GONE = frozenset({"not_enabled", "user_not_found", "invalid_arguments", "user_disabled"})


@dataclass(frozen=True, slots=True)
class _Opened:
    at: datetime
    language: str
    empty: bool


class OpenHomes:
    """Publishes the Homes that are open."""

    def __init__(
        self,
        client: AsyncWebClient,
        homes: Homes,
        roster: Roster,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._homes = homes
        self._roster = roster
        self._now = now
        #: Opened since the last turn, and not yet written down.
        self._opened: dict[str, _Opened] = {}
        #: When each person's Home may be published again, and when any.
        self._not_before: dict[str, datetime] = {}
        self._held = datetime.min.replace(tzinfo=UTC)
        self._failing = False
        self._workspace = Workspace()
        self.loop = Loop(self.refresh, now=now)

    def opened(self, user_id: str, language: str, *, empty: bool) -> None:
        """Somebody looks at their Home; `empty` if nothing is shown there."""
        self._opened[user_id] = _Opened(self._now(), language, empty)
        self.loop.wake()

    async def refresh(self) -> datetime | None:
        """Publish the Homes that would look different. Returns when to go on, None if nothing is planned."""
        try:
            return await self._refreshed()
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, threads must not suffer from it
            log.error("app homes cannot be kept current", error=type(error).__name__)  # noqa: TRY400 - a trace may show what was typed
            return self._now() + AFTER_FAILURE

    async def _refreshed(self) -> datetime | None:
        await self._write_down()
        now = self._now()
        people = await self._homes.open_homes(now - OPEN_FOR)
        self._not_before = {
            home.user_id: self._not_before[home.user_id]
            for home in people
            if home.user_id in self._not_before
        }
        if now < self._held <= now + FARTHEST:
            return self._held if people else None
        due = [home for home in people if self._may_be_published(home)]
        jobs = await self._changed(due)
        first = dict(list(jobs.items())[:AT_ONCE])
        self._held = now + APIECE * len(first)
        await self.loop.crew.work(first)
        later = [at for at in self._not_before.values() if at > now]
        return self._held if len(jobs) > len(first) else min(later, default=None)

    async def _write_down(self) -> None:
        while self._opened:
            user_id, opened = next(iter(self._opened.items()))
            await self._homes.home_opened(user_id, opened.at, opened.language, empty=opened.empty)
            if self._opened[user_id] is opened:
                del self._opened[user_id]

    def _may_be_published(self, home: Home) -> bool:
        """A time further ahead than any wait was set by a clock that went wrong."""
        now, not_before = self._now(), self._not_before.get(home.user_id)
        waits = not_before is not None and now < not_before <= now + AFTER_FAILURE
        return not waits and home.user_id not in self.loop.crew.busy

    async def _changed(self, people: list[Home]) -> dict[Hashable, Job]:
        """What is to be published, by person, whoever opened theirs last in front."""
        if not people:
            return {}
        address = await self._workspace.address(self._client)
        active = await self._roster.page(Which(scope=Scope.ACTIVE), 0, ACTIVE_READ)
        ended = await self._roster.page(Which(scope=Scope.ENDED), 0, ENDED_SHOWN)
        jobs: dict[Hashable, Job] = {}
        for home in people:
            mine = await self._roster.page(Which(scope=Scope.ACTIVE, user_id=home.user_id), 0, MINE_SHOWN)
            team = without(active, mine, home.user_id)
            view = home_view(home.user_id, mine, team, ended, address=address, language=home.language)
            if home_digest(view) != home.digest:
                jobs[home.user_id] = partial(self._publish, home, view)
        return jobs

    async def _publish(self, home: Home, view: Block) -> None:
        self._not_before[home.user_id] = self._now() + EVERY
        try:
            await self._client.views_publish(user_id=home.user_id, view=view)
        except Exception as error:  # noqa: BLE001 - a Home that is not shown is no reason to stop
            await self._failed(home, outcome(error))
        else:
            if self._failing:
                log.info("app homes are published again")
                self._failing = False
            await self._homes.home_shown(home.user_id, home_digest(view))

    async def _failed(self, home: Home, what: Outcome) -> None:
        if what.reason in _GONE:
            log.warning("app home is gone", user_id=home.user_id, reason=what.reason)
            await self._homes.forget_home(home.user_id)
            return
        if not self._failing:
            log.warning("app home not published", user_id=home.user_id, reason=what.reason)
            self._failing = True
        if what.retry_after is not None:
            self._held = self._now() + timedelta(seconds=what.retry_after)
        else:
            self._not_before[home.user_id] = self._now() + AFTER_FAILURE


def without(active: Page, mine: Page, user_id: str) -> Page:
    """The active restores that are not this person's."""
    others = tuple(each for each in active.restores if owner(each) != user_id)
    return Page(restores=others, start=0, total=max(len(others), active.total - mine.total))
