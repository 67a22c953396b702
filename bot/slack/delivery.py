"""From the outbox to Slack: every message once and in order per thread, and cards that show the last state.

`chat.postMessage` cannot be repeated safely. A message whose posting is in doubt is looked for by its event
id, and posted again only when it is not there.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.restores.clock import utc_now
from bot.restores.loop import Loop
from bot.restores.models import Following, Outgoing
from bot.restores.ports import Outbox
from bot.slack.card import card
from bot.slack.events import event_message
from bot.slack.message import Message
from bot.slack.outcome import Outcome, Verdict, outcome

log = structlog.get_logger()

EVENT_TYPE = "restore_event"
#: How long a message whose fate is unknown may still arrive at Slack.
QUARANTINE = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=1)
#: Between two edits of one card, and after an edit that failed.
CARD_PAUSE = timedelta(seconds=1)
CARD_RETRY = timedelta(seconds=10)
IDLE_SECONDS = 60.0
PAGE = 100


class Delivery:
    """Posts what the outbox holds. One worker at a time."""

    def __init__(
        self, client: AsyncWebClient, outbox: Outbox, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._now = now
        self._held: dict[str, datetime] = {}
        self._edit_after: dict[int, datetime] = {}
        self.loop = Loop(self.deliver)

    async def recover(self) -> None:
        """At start: what was on its way when the last process died may have arrived, or may yet."""
        await self._outbox.reclaim(self._now() + QUARANTINE)

    async def deliver(self) -> float:
        """Post all that is due, then bring cards up to date. Returns the seconds until more is due."""
        while messages := await self._outbox.claim(self._now()):
            await asyncio.gather(*(self._in_turn(channel) for channel in _by_channel(messages)))
        wait = await self._edit_cards()
        due_at = await self._outbox.next_due_at()
        if due_at is not None:
            wait = min(wait, max(0.0, (due_at - self._now()).total_seconds()))
        return wait

    async def _in_turn(self, messages: list[Outgoing]) -> None:
        """The messages of one channel, one after the other: Slack counts per channel."""
        for message in messages:
            held_until = self._held.get(message.following.link.channel_id)
            if held_until is not None and held_until > self._now():
                await self._outbox.defer(message, held_until, uncertain=message.uncertain)
                continue
            await self._deliver_one(message)

    async def _deliver_one(self, message: Outgoing) -> None:
        shown = _render(message)
        try:
            ts = await self._find(message) if message.uncertain else None
            if ts is None:
                ts = await self._post(message, shown)
        except Exception as error:  # noqa: BLE001 - whatever it was, the message must not be lost
            await self._failed(message, outcome(error))
        else:
            await self._outbox.sent(message, ts, shown.digest if message.event is None else None)

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
        return str(answer["ts"])

    async def _find(self, message: Outgoing) -> str | None:
        """The `ts` of the message if it was posted after all."""
        link = message.following.link
        oldest = str(message.created_at.timestamp() - 60)
        cursor = ""
        while True:
            common: dict[str, Any] = {
                "channel": link.channel_id,
                "include_all_metadata": True,
                "oldest": oldest,
                "limit": PAGE,
                "cursor": cursor or None,
            }
            if link.thread_ts:
                page = await self._client.conversations_replies(ts=link.thread_ts, **common)
            else:
                page = await self._client.conversations_history(**common)
            for posted in page["messages"]:
                if _event_id(posted) == message.event_id:
                    return str(posted["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    async def _failed(self, message: Outgoing, what: Outcome) -> None:
        channel = message.following.link.channel_id
        if what.verdict is Verdict.REFUSED and not message.uncertain:
            log.error(
                "slack refuses a message", event_id=message.event_id, channel=channel, reason=what.reason
            )
            await self._outbox.park(message, what.reason)
            return
        if message.attempts == 0:
            log.warning("message not posted yet", event_id=message.event_id, reason=what.reason)
        pause = min(LONGEST_RETRY, timedelta(seconds=2 ** min(message.attempts, 10)))
        if what.retry_after is not None:
            pause = timedelta(seconds=what.retry_after)
            self._held[channel] = self._now() + pause
        doubt = message.uncertain or what.verdict is Verdict.UNKNOWN
        due_at = self._now() + max(pause, QUARANTINE if doubt else pause)
        await self._outbox.defer(message, due_at, uncertain=doubt)

    async def _edit_cards(self) -> float:
        """Edit the cards whose looks changed. Returns the seconds until one that must wait is due."""
        wait = IDLE_SECONDS
        for following in await self._outbox.stale_cards():
            ready_at = self._ready_at(following)
            if ready_at > self._now():
                wait = min(wait, (ready_at - self._now()).total_seconds())
                continue
            await self._edit(following)
        return wait

    def _ready_at(self, following: Following) -> datetime:
        link = following.link
        waits = (self._edit_after.get(link.link_id), self._held.get(link.channel_id))
        return max(filter(None, waits), default=self._now())

    async def _edit(self, following: Following) -> None:
        shown = card(following)
        if shown.digest == following.card_digest or await self._update(following, shown):
            await self._outbox.card_shown(following, shown.digest)

    async def _update(self, following: Following, shown: Message) -> bool:
        """Whether the card needs no further edit: it was made, or Slack will never make it."""
        link = following.link
        self._edit_after[link.link_id] = self._now() + CARD_PAUSE
        try:
            await self._client.chat_update(
                channel=link.channel_id, ts=link.thread_ts or "", text=shown.text, blocks=list(shown.blocks)
            )
        except Exception as error:  # noqa: BLE001 - one card must not stop the others
            what = outcome(error)
            if what.verdict is Verdict.REFUSED:
                log.warning("slack refuses to edit a card", link_id=link.link_id, reason=what.reason)
                return True
            pause = CARD_RETRY if what.retry_after is None else timedelta(seconds=what.retry_after)
            self._edit_after[link.link_id] = self._now() + pause
            return False
        return True


def _render(message: Outgoing) -> Message:
    return (
        card(message.following) if message.event is None else event_message(message.event, message.following)
    )


def _event_id(posted: dict[str, Any]) -> str | None:
    metadata = posted.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    found = (metadata.get("event_payload") or {}).get("event_id")
    return found if isinstance(found, str) else None


def _by_channel(messages: Iterable[Outgoing]) -> list[list[Outgoing]]:
    channels: dict[str, list[Outgoing]] = {}
    for message in messages:
        channels.setdefault(message.following.link.channel_id, []).append(message)
    return list(channels.values())
