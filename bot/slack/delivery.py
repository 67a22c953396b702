"""From the outbox to Slack: every message once and in order per thread, then the cards.

`chat.postMessage` cannot be repeated safely, so a message goes through these steps:

1. The next message of each thread is claimed: marked as being sent, and committed, before Slack hears of it.
2. What piled up behind a message that is late is folded into it, so that a thread is not flooded.
3. It is posted with its event id in its metadata, which nobody sees.
4. Its `ts` is committed. After a definite no it goes back, to be claimed again: after the wait Slack named,
   which counts for its channel; when the channel is open to the bot again; or below a card posted anew.
5. After anything else (an answer lost, a crash, a worker that died) it is in doubt. What may come late is
   waited for, then it is looked for by its event id, and posted again only if it is not there.
6. What was posted after a doubt, or taken over from another worker, is looked for once more later on, and
   what stands there twice is deleted.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreError
from bot.restores.clock import backoff, utc_now
from bot.restores.folding import late, pile
from bot.restores.loop import Loop
from bot.restores.models import Event, Outgoing
from bot.restores.ports import Outbox
from bot.slack.card import card, card_digest
from bot.slack.cards import CardEditor
from bot.slack.events import event_message, folded_message, is_broadcast
from bot.slack.lookup import EVENT_TYPE, LookupRefusedError, find
from bot.slack.message import Message
from bot.slack.outcome import Outcome, Verdict, outcome
from bot.slack.parking import Parking
from bot.slack.pauses import Pauses
from bot.slack.plainly import plainly
from bot.slack.sweep import Sweeper

log = structlog.get_logger()

#: How long a message whose fate is unknown may still arrive at Slack: longer than a call may take.
QUARANTINE = timedelta(seconds=12)
#: How long a message may still arrive that another worker, frozen by now, was sending.
SWEEP_AFTER = timedelta(minutes=1)
#: What is claimed is posted soon, or given back: who was frozen meanwhile may not hold it any more.
TURN = timedelta(seconds=5)
FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(minutes=1)
#: When Slack will not have it until somebody puts something right.
FORBIDDEN_RETRY = timedelta(seconds=30)


class Delivery:
    """Posts what the outbox holds, side by side with other workers.

    `every`: how often a moving restore is looked at, which its card tells. `end_in_channel`: whether the end
    of a restore is shown in the channel, too.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        outbox: Outbox,
        *,
        every: timedelta | None = None,
        end_in_channel: bool = True,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._every = every
        self._end_in_channel = end_in_channel
        self._now = now
        self._parking = Parking(client, outbox, now=now)
        self._cards = CardEditor(client, outbox, self._parking, every=every, now=now)
        self._sweeper = Sweeper(client, outbox, now=now)
        self._pauses = Pauses("chat.postMessage", now=now)
        #: Messages that are dealt with now; of others what became of one may not be written down.
        self._under_way: set[str] = set()
        self._unrecorded = False
        self.loop = Loop(self.deliver, now=now)

    async def let_in(self, channel_id: str) -> None:
        """The bot may post in this channel again: what was parked there goes on."""
        await self._outbox.resume_links(channel_id)
        self.loop.wake()

    async def deliver(self) -> datetime | None:
        """Post all that is due, then bring cards up to date. Returns when more is due."""
        crew = self.loop.crew
        if self._unrecorded:
            await self._outbox.reclaim(self._now() + QUARANTINE, self._under_way)
            self._unrecorded = False
        until = self._now() + TURN
        while self._now() <= until and (messages := await self._claimed()):
            turns = _by_channel(messages)
            await crew.work({channel: partial(self._in_turn, turn) for channel, turn in turns.items()})
        jobs, edit_at = await self._cards.stale()
        await crew.work(jobs)
        if jobs:
            more, edit_at = await self._cards.stale()
            if more.keys() - crew.busy:
                edit_at = self._now()
        await crew.work(await self._sweeper.due())
        post_at = await self._outbox.next_due_at(self._busy_channels())
        return min((at for at in (edit_at, post_at, *self._pauses.held().values()) if at), default=None)

    async def _claimed(self) -> list[Outgoing]:
        try:
            messages = await self._outbox.claim(self._now(), self._busy_channels())
        except StoreError:
            self._unrecorded = True
            raise
        self._under_way |= {message.event_id for message in messages}
        return messages

    def _busy_channels(self) -> list[str]:
        """Those with a message under way, and those in which Slack wants a pause."""
        return [*self._pauses.held(), *(key for key in self.loop.crew.busy if isinstance(key, str))]

    async def _in_turn(self, messages: list[Outgoing]) -> None:
        """The messages of one channel, one after the other: Slack counts per channel."""
        until = self._now() + TURN
        try:
            for message in messages:
                due_at = self._held_until(message)
                if due_at > self._now() or self._now() > until:
                    await self._outbox.defer(message, due_at)
                elif (whole := await self._folded(message)) is not None:
                    await self._deliver_one(whole)
        except StoreError:
            self._unrecorded = True
            raise
        finally:
            self._under_way -= {message.event_id for message in messages}

    def _held_until(self, message: Outgoing) -> datetime:
        """Until when Slack wants a pause in its channel; now, if it wants none."""
        return self._pauses.held().get(message.following.link.channel_id, self._now())

    async def _folded(self, message: Outgoing) -> Outgoing | None:
        """The message with what piled up behind it; None when it has to be claimed anew."""
        if not late(message, self._now()):
            return message
        others = pile(message, await self._outbox.behind(message))
        whole = await self._outbox.fold(message, others)
        if whole is None:
            await self._outbox.defer(message, self._now())
        return whole

    async def _deliver_one(self, message: Outgoing) -> None:
        found = None
        try:
            shown = self._render(message)
            found = await find(self._client, message) if message.uncertain else None
            ts = found or await self._post(message, shown)
        except LookupRefusedError as refused:
            log.warning("message in doubt cannot be looked for", reason=str(refused))
            await self._outbox.park(message, f"in doubt: {refused}")
        except Exception as error:  # noqa: BLE001 - whatever it was, the message must not be lost
            await self._failed(message, outcome(error))
        else:
            await self._posted(message, ts, anew=found is None)

    def _render(self, message: Outgoing) -> Message:
        match _events(message):
            case ():
                return card(message.following, self._every)
            case (event,):
                return event_message(event, message.following)
            case events:
                return folded_message(events, message.following)

    async def _post(self, message: Outgoing, shown: Message) -> str:
        link = message.following.link
        loud = is_broadcast(_events(message), link, end_in_channel=self._end_in_channel)
        answer = await plainly(
            shown,
            lambda text, blocks: self._client.chat_postMessage(
                channel=link.channel_id,
                text=text,
                blocks=blocks or None,
                thread_ts=link.thread_ts,
                reply_broadcast=loud or None,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"event_id": message.event_id}},
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        if not answer.get("ts"):
            raise ValueError("an answer without a ts")
        return str(answer["ts"])

    async def _posted(self, message: Outgoing, ts: str, *, anew: bool) -> None:
        if message.attempts:
            log.info("message posted after all", event_id=message.event_id)
        # A card that was found shows what was known when it was posted, not what is known now.
        digest = card_digest(message.following) if message.event is None and anew else None
        twice = message.taken_over or (message.uncertain and anew)
        sweep_at = self._now() + SWEEP_AFTER if twice else None
        if not await self._outbox.sent(message, ts, digest, sweep_at=sweep_at) and anew:
            await self._sweeper.withdraw(message, ts)

    async def _failed(self, message: Outgoing, what: Outcome) -> None:
        following = message.following
        if what.retry_after is not None:
            await self._hold(message, what.retry_after)
            return
        if message.attempts == 0 or what.verdict is Verdict.REFUSED:
            log.warning(
                "message not posted",
                event_id=message.event_id,
                channel_id=following.link.channel_id,
                reason=what.reason,
            )
        tried = message.evolve(attempts=message.attempts + 1)
        match what.verdict:
            case Verdict.REFUSED:
                await self._outbox.park(message, what.reason)
            case Verdict.GONE if message.event is not None:
                await self._below_a_new_card(tried, what.reason)
            case Verdict.SHUT_OUT:
                untold = await self._parking.park(following, what.reason)
                await self._outbox.defer(tried, self._now())
                if untold:
                    await self._parking.tell(following, what.reason)
            case _:
                await self._put_off(tried, what)

    async def _below_a_new_card(self, message: Outgoing, reason: str) -> None:
        """Its thread was deleted. That is made good once; it is not for the bot to insist."""
        link = message.following.link
        if not await self._outbox.repost_card(link, self._now()) and link.reposted:
            await self._outbox.park(message, reason)
        else:
            await self._outbox.defer(message, self._now())

    async def _hold(self, message: Outgoing, seconds: float) -> None:
        """Nothing is wrong with it, it only came too soon: that counts for its channel, and is no attempt."""
        self._pauses.begin(message.following.link.channel_id, seconds)
        pause = timedelta(seconds=seconds)
        due_at = self._now() + (max(pause, QUARANTINE) if message.uncertain else pause)
        await self._outbox.defer(message, due_at)

    async def _put_off(self, message: Outgoing, what: Outcome) -> None:
        first = FORBIDDEN_RETRY if what.verdict is Verdict.FORBIDDEN else FIRST_RETRY
        pause = backoff(message.attempts - 1, first=first, longest=LONGEST_RETRY)
        in_doubt = message.uncertain or what.verdict is Verdict.UNKNOWN
        due_at = self._now() + (max(pause, QUARANTINE) if in_doubt else pause)
        await self._outbox.defer(message.evolve(uncertain=in_doubt), due_at)


def _events(message: Outgoing) -> tuple[Event, ...]:
    """Those it tells, in order; none for the card."""
    return () if message.event is None else (message.event, *message.carried)


def _by_channel(messages: Iterable[Outgoing]) -> dict[str, list[Outgoing]]:
    channels: dict[str, list[Outgoing]] = {}
    for message in messages:
        channels.setdefault(message.following.link.channel_id, []).append(message)
    return channels
