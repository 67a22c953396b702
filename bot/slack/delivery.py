"""From the outbox to Slack: every message once and in order per thread, then the cards.

`chat.postMessage` cannot be repeated safely. A message whose posting is in doubt is looked for by its event
id, and posted again only when it is not there.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreError
from bot.restores.clock import backoff, utc_now
from bot.restores.loop import Loop
from bot.restores.models import Outgoing
from bot.restores.ports import Outbox
from bot.slack.card import card, card_digest
from bot.slack.cards import CardEditor
from bot.slack.events import event_message
from bot.slack.lookup import EVENT_TYPE, LookupRefusedError, find
from bot.slack.message import Message
from bot.slack.outcome import Outcome, Verdict, outcome

log = structlog.get_logger()

#: How long a message whose fate is unknown may still arrive at Slack: longer than a call may take.
QUARANTINE = timedelta(seconds=12)
FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(minutes=1)
#: When Slack will not have it until somebody puts something right.
FORBIDDEN_RETRY = timedelta(seconds=30)


class Delivery:
    """Posts what the outbox holds. One worker at a time."""

    def __init__(
        self, client: AsyncWebClient, outbox: Outbox, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._now = now
        self._cards = CardEditor(client, outbox, now=now)
        self._held: dict[str, datetime] = {}
        #: What became of a message could not be written down.
        self._unrecorded = False
        self.loop = Loop(self.deliver, now=now)

    async def recover(self) -> None:
        """At start: what was on its way when the last process died may have arrived, or may yet."""
        await self._outbox.reclaim(self._now() + QUARANTINE)

    async def deliver(self) -> datetime | None:
        """Post all that is due, then bring cards up to date. Returns when more is due."""
        crew = self.loop.crew
        if self._unrecorded and not crew.busy:
            self._unrecorded = False
            await self.recover()
        while messages := await self._outbox.claim(self._now(), self._busy_channels()):
            turns = _by_channel(messages)
            await crew.work({channel: partial(self._in_turn, turn) for channel, turn in turns.items()})
        jobs, edit_at = await self._cards.stale()
        await crew.work(jobs)
        if jobs:
            _, edit_at = await self._cards.stale()
        post_at = await self._outbox.next_due_at(self._busy_channels())
        return min(filter(None, (edit_at, post_at)), default=None)

    def _busy_channels(self) -> list[str]:
        return [key for key in self.loop.crew.busy if isinstance(key, str)]

    async def _in_turn(self, messages: list[Outgoing]) -> None:
        """The messages of one channel, one after the other: Slack counts per channel."""
        try:
            for message in messages:
                held_until = self._held.get(message.following.link.channel_id, self._now())
                if held_until > self._now():
                    await self._outbox.defer(message, held_until)
                else:
                    await self._deliver_one(message)
        except StoreError:
            self._unrecorded = True
            raise

    async def _deliver_one(self, message: Outgoing) -> None:
        try:
            shown = _render(message)
            found = await find(self._client, message) if message.uncertain else None
            ts = found or await self._post(message, shown)
        except LookupRefusedError as refused:
            log.warning("message in doubt cannot be looked for", reason=str(refused))
            await self._outbox.park(message, f"in doubt: {refused}")
        except Exception as error:  # noqa: BLE001 - whatever it was, the message must not be lost
            await self._failed(message, outcome(error))
        else:
            if message.attempts:
                log.info("message posted after all", event_id=message.event_id)
            # A card that was found shows what was known when it was posted, not what is known now.
            current = message.event is None and not found
            await self._outbox.sent(message, ts, card_digest(message.following) if current else None)

    async def _post(self, message: Outgoing, shown: Message) -> str:
        link = message.following.link
        answer = await self._client.chat_postMessage(
            channel=link.channel_id,
            text=shown.text,
            blocks=list(shown.blocks) or None,
            thread_ts=link.thread_ts,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"event_id": message.event_id}},
            unfurl_links=False,
            unfurl_media=False,
        )
        if not answer.get("ts"):
            raise ValueError("an answer without a ts")
        return str(answer["ts"])

    async def _failed(self, message: Outgoing, what: Outcome) -> None:
        channel_id = message.following.link.channel_id
        if message.attempts == 0 or what.verdict is Verdict.REFUSED:
            log.warning(
                "message not posted", event_id=message.event_id, channel_id=channel_id, reason=what.reason
            )
        if what.verdict is Verdict.REFUSED:
            await self._outbox.park(message, what.reason)
            return
        first = FORBIDDEN_RETRY if what.verdict is Verdict.FORBIDDEN else FIRST_RETRY
        pause = backoff(message.attempts, first=first, longest=LONGEST_RETRY)
        if what.retry_after is not None:
            pause = timedelta(seconds=what.retry_after)
            self._held[channel_id] = self._now() + pause
        in_doubt = message.uncertain or what.verdict is Verdict.UNKNOWN
        message = message.evolve(uncertain=in_doubt, attempts=message.attempts + 1)
        await self._outbox.defer(message, self._now() + (max(pause, QUARANTINE) if in_doubt else pause))


def _render(message: Outgoing) -> Message:
    if message.event is None:
        return card(message.following)
    return event_message(message.event, message.following)


def _by_channel(messages: Iterable[Outgoing]) -> dict[str, list[Outgoing]]:
    channels: dict[str, list[Outgoing]] = {}
    for message in messages:
        channels.setdefault(message.following.link.channel_id, []).append(message)
    return channels
