"""What waits in the outbox."""

from datetime import datetime

from bot.store.sqlite import SqliteStore


async def posted(store: SqliteStore, time: datetime) -> list[str]:
    """The kinds of all messages that are due, posted in order as they come up."""
    kinds = []
    while messages := await store.claim(time):
        for message in messages:
            kinds.append(message.event.kind.value if message.event else "card")
            await store.sent(message, ts=str(len(kinds)), card_digest="digest")
    return kinds
