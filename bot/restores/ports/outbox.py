"""What the store keeps of messages and cards."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.restores.models import (
    Following,
    Link,
    Outgoing,
)

#: Nothing is put off further than this; what seems to be was by a worker whose clock is ahead, and is due.
FARTHEST = timedelta(minutes=10)


class Outbox(Protocol):
    """Messages decided and not yet proven posted, and cards that show an old state.

    What concludes a claimed message says whether its owner still held it; if not, nothing is changed.
    """

    async def reclaim(self, due_at: datetime, under_way: Collection[str] = ()) -> None:
        """What this worker was sending may have been posted, but for what it knows to be `under_way`."""
        ...

    async def claim(self, now: datetime, busy: Collection[str] = ()) -> list[Outgoing]:
        """The next message of threads that have one due, some of each channel; new ones are being sent.

        Threads in channels that are `busy` are left alone, and those of which another worker holds a message.
        """
        ...

    async def sent(
        self,
        message: Outgoing,
        ts: str,
        card_digest: str | None = None,
        *,
        sweep_at: datetime | None = None,
    ) -> bool:
        """It is posted; its link works. `sweep_at`: when to look whether it was posted once more."""
        ...

    async def defer(self, message: Outgoing, due_at: datetime) -> bool:
        """Not now: `message` as it is to be claimed again, its attempts and doubt included.

        In doubt it stays with this worker, by whose clock the wait counts.
        """
        ...

    async def park(self, message: Outgoing, reason: str) -> bool:
        """Never: Slack will not have it."""
        ...

    async def next_due_at(self, busy: Collection[str] = ()) -> datetime | None:
        """When the next message or sweep is due that this worker may claim."""
        ...

    async def behind(self, message: Outgoing) -> list[Outgoing]:
        """The messages of its thread that follow it and that nobody has tried to post, in order."""
        ...

    async def fold(self, message: Outgoing, others: Sequence[Outgoing]) -> Outgoing | None:
        """`message`, being sent for the first time, as it carries `others`, which are then no messages.

        None if it is no longer held, may have been posted, or one of them is not new any more.
        """
        ...

    async def claim_sweeps(self, now: datetime, again_at: datetime) -> list[Outgoing]:
        """Posted messages that may stand there twice. Each comes again at `again_at` unless `swept`."""
        ...

    async def swept(self, message: Outgoing) -> None: ...

    async def park_link(self, link: Link, reason: str, retry_at: datetime) -> bool:
        """The bot cannot post there: no message of it is claimed before `retry_at`.

        Whether the person has not been told since the link last worked.
        """
        ...

    async def told(self, link: Link, now: datetime) -> bool:
        """The person is told that the link is parked. False: they were told before."""
        ...

    async def resume_links(self, channel_id: str) -> None:
        """What is parked in this channel is tried at once."""
        ...

    async def repost_card(self, link: Link, now: datetime) -> bool:
        """The card was deleted: it is posted anew, before all that is still to be told.

        False if it was posted anew before, stands elsewhere by now, or is watched no longer.
        """
        ...

    async def stale_cards(
        self, now: datetime, waiting: Collection[int] = (), edited: Collection[int] = (), *, most: int
    ) -> list[Following]:
        """Cards that no other worker edits; they are this worker's to edit until `card_shown`.

        At `most` so many; none of links that are parked, or `waiting` by their ids. Those where nothing moves
        any more, or by itself, come first, the rest in turn: as they were `edited`, the latest last.
        """
        ...

    async def card_shown(self, following: Following, card_digest: str) -> None:
        """The card shows this, whoever edits it: one that is older is edited again. Its link works."""
        ...
