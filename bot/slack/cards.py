"""Cards kept current: edited in place when what they show has changed, and never otherwise."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from functools import partial

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.restores.loop import Job
from bot.restores.models import Following
from bot.restores.ports import FARTHEST, Outbox
from bot.slack.card import card, card_digest
from bot.slack.outcome import Outcome, Verdict, outcome
from bot.slack.parking import Parking
from bot.slack.pauses import Pauses
from bot.slack.plainly import plainly

log = structlog.get_logger()

#: Between two edits of one card, and after an edit that failed.
PAUSE = timedelta(seconds=1)
RETRY = timedelta(seconds=10)
#: How long an edit whose answer was lost may still arrive, and undo a later one.
LATEST = timedelta(seconds=12)
#: Cards that are edited side by side, and those of which is known that they had their turn.
AT_ONCE = 20
REMEMBERED = 1000
#: Slack counts edits over all channels together.
EVERYWHERE = "all channels"


class CardEditor:
    """Edits cards. An edit shows what the store holds, so one that failed is simply made again later.

    When there are more than Slack takes, they take turns: ends first, then whichever was edited longest ago.
    An edit that comes late, this worker's or another's, is followed by one that shows what is current.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        outbox: Outbox,
        parking: Parking,
        *,
        every: timedelta | None,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._parking = parking
        self._every = every
        self._now = now
        self._not_before: dict[int, datetime] = {}
        self._pauses = Pauses("chat.update", now=now)
        #: Links whose card is being edited; and those whose card was, the latest last.
        self._under_way: set[int] = set()
        self._edited: dict[int, None] = {}
        #: Links whose card may show anything; and those of which is logged that theirs is not edited.
        self._in_doubt: set[int] = set()
        self._failing: set[int] = set()

    async def stale(self) -> tuple[dict[Hashable, Job], datetime | None]:
        """The edits that are due, each under a key of its own, and when one that must wait is due."""
        now = self._now()
        if held := self._pauses.held():
            return {}, held[EVERYWHERE]
        waits = {link_id: at for link_id, at in self._not_before.items() if now < at <= now + FARTHEST}
        self._not_before = waits
        # Of many at once Slack would refuse nearly all.
        most = 1 if self._pauses.lately(EVERYWHERE) else AT_ONCE
        cards = await self._outbox.stale_cards(now, waits.keys() | self._under_way, self._edited, most=most)
        jobs: dict[Hashable, Job] = {
            ("card", following.link.link_id): partial(self._edit, following) for following in cards
        }
        return jobs, min(waits.values(), default=None)

    async def _edit(self, following: Following) -> None:
        link_id = following.link.link_id
        try:
            digest = card_digest(following)
            if digest != following.card_digest or link_id in self._in_doubt:
                self._not_before[link_id] = self._now() + PAUSE
                await self._update(following)
        except Exception as error:  # noqa: BLE001 - one card must not stop the others
            what = outcome(error)
            if what.retry_after is None and link_id not in self._failing:
                log.warning("card not edited", link_id=link_id, reason=what.reason)
                self._failing.add(link_id)
            if await self._again(following, what):
                return
        self._in_doubt.discard(link_id)
        self._failing.discard(link_id)
        await self._outbox.card_shown(following, digest)

    async def _again(self, following: Following, what: Outcome) -> bool:
        """Whether an edit that failed is to be made again; if so, when."""
        link = following.link
        match what.verdict:
            case Verdict.REFUSED:
                return False
            case Verdict.GONE:
                # Posted anew once. Who deletes it again does not want it, nor who watches no longer.
                anew = await self._outbox.repost_card(link, self._now())
                return anew or not (link.reposted or link.closed_at)
            case Verdict.SHUT_OUT:
                if await self._parking.park(following, what.reason):
                    await self._parking.tell(following, what.reason)
            case Verdict.UNKNOWN:
                self._in_doubt.add(link.link_id)
                self._not_before[link.link_id] = self._now() + LATEST
            case Verdict.NOT_NOW if what.retry_after is not None:
                self._pauses.begin(EVERYWHERE, what.retry_after)
            case _:
                self._not_before[link.link_id] = self._now() + RETRY
        return True

    async def _update(self, following: Following) -> None:
        link = following.link
        self._under_way.add(link.link_id)
        try:
            await plainly(
                card(following, self._every),
                lambda text, blocks: self._client.chat_update(
                    channel=link.channel_id, ts=link.thread_ts or "", text=text, blocks=blocks
                ),
            )
        finally:
            self._under_way.discard(link.link_id)
        self._had_its_turn(link.link_id)

    def _had_its_turn(self, link_id: int) -> None:
        self._edited.pop(link_id, None)
        self._edited[link_id] = None
        if len(self._edited) > REMEMBERED:
            del self._edited[next(iter(self._edited))]
