"""Cards kept current: edited in place when what they show has changed, and never otherwise."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from functools import partial

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.restores.loop import Job
from bot.restores.models import Following
from bot.restores.ports import Outbox
from bot.slack.card import card, card_digest
from bot.slack.outcome import Verdict, outcome

log = structlog.get_logger()

#: Between two edits of one card, and after an edit that failed.
PAUSE = timedelta(seconds=1)
RETRY = timedelta(seconds=10)


class CardEditor:
    """Edits cards. An edit can be repeated safely, so a failed one is simply made again later."""

    def __init__(self, client: AsyncWebClient, outbox: Outbox, *, now: Callable[[], datetime]) -> None:
        self._client = client
        self._outbox = outbox
        self._now = now
        self._not_before: dict[int, datetime] = {}

    async def stale(self) -> tuple[dict[Hashable, Job], datetime | None]:
        """The edits that are due, each under a key of its own, and when one that must wait is due."""
        jobs: dict[Hashable, Job] = {}
        waiting = []
        for following in await self._outbox.stale_cards():
            link_id = following.link.link_id
            due_at = self._not_before.get(link_id, self._now())
            if due_at > self._now():
                waiting.append(due_at)
            else:
                jobs["card", link_id] = partial(self._edit, following)
        return jobs, min(waiting, default=None)

    async def _edit(self, following: Following) -> None:
        link_id = following.link.link_id
        self._not_before.pop(link_id, None)
        try:
            digest = card_digest(following)
            if digest != following.card_digest:
                self._not_before[link_id] = self._now() + PAUSE
                await self._update(following)
        except Exception as error:  # noqa: BLE001 - one card must not stop the others
            what = outcome(error)
            log.warning("card not edited", link_id=link_id, reason=what.reason)
            if what.verdict is not Verdict.REFUSED:
                pause = RETRY if what.retry_after is None else timedelta(seconds=what.retry_after)
                self._not_before[link_id] = self._now() + pause
                return
        await self._outbox.card_shown(following, digest)

    async def _update(self, following: Following) -> None:
        shown = card(following)
        await self._client.chat_update(
            channel=following.link.channel_id,
            ts=following.link.thread_ts or "",
            text=shown.text,
            blocks=list(shown.blocks),
        )
