"""What may stand in a thread twice is looked at once more, and all but one deleted.

A worker can be frozen while it posts. Another takes its messages over, waits, looks, and posts what is not
there; then the first wakes up and its call arrives after all. So the first worker, which learns that it no
longer holds the message, takes its own posting back if an earlier one is there; and what was posted after a
doubt is looked for again when nothing can come late any more. Nothing is deleted but postings of one
event id, and never the last of them.
"""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.restores.loop import Job
from bot.restores.models import Outgoing
from bot.restores.ports import Outbox
from bot.slack.lookup import LookupRefusedError, postings
from bot.slack.outcome import Verdict, outcome

log = structlog.get_logger()

#: After a sweep that failed.
RETRY = timedelta(minutes=1)


class Sweeper:
    """Deletes messages of the bot that are there more than once."""

    def __init__(self, client: AsyncWebClient, outbox: Outbox, *, now: Callable[[], datetime]) -> None:
        self._client = client
        self._outbox = outbox
        self._now = now

    async def due(self) -> dict[Hashable, Job]:
        now = self._now()
        messages = await self._outbox.claim_sweeps(now, now + RETRY)
        return {("sweep", message.event_id): partial(self._sweep, message) for message in messages}

    async def withdraw(self, message: Outgoing, ts: str) -> None:
        """What this worker posted is another's by now: delete it, if an earlier posting is there.

        If not, it stays; whoever posts it again knows that it may be there twice, and sweeps.
        """
        try:
            if any(Decimal(each) < Decimal(ts) for each in await postings(self._client, message)):
                await self._delete(message, ts)
        except Exception as error:  # noqa: BLE001 - whatever it was, the sweep of the other worker follows
            log.info("message not taken back", event_id=message.event_id, reason=outcome(error).reason)

    async def _sweep(self, message: Outgoing) -> None:
        try:
            found = await postings(self._client, message)
            # The posting on record may itself have been deleted; then another is all there is.
            for ts in found if message.ts in found else ():
                if ts != message.ts:
                    await self._delete(message, ts)
        except LookupRefusedError:
            pass
        except Exception as error:  # noqa: BLE001 - one sweep must not stop the others
            what = outcome(error)
            if what.verdict in {Verdict.NOT_NOW, Verdict.UNKNOWN}:
                log.info("message not swept yet", event_id=message.event_id, reason=what.reason)
                return
        await self._outbox.swept(message)

    async def _delete(self, message: Outgoing, ts: str) -> None:
        try:
            await self._client.chat_delete(channel=message.following.link.channel_id, ts=ts)
        except SlackApiError as error:
            if outcome(error).verdict is not Verdict.GONE:
                raise
        else:
            log.info("message posted twice: one is deleted", event_id=message.event_id)
