"""Which messages of a thread, piled up while nothing could be posted, are told as one. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.restores.models import Outgoing

#: A message that waited so long, or failed, has others behind it told with it.
LATE = timedelta(minutes=1)
#: Of events told in one message; the next message carries what is left.
MOST = 20


def late(message: Outgoing, now: datetime) -> bool:
    """Whether others may be folded into this message: an event that waits, and that was surely not posted."""
    waited = message.attempts > 0 or now - message.created_at >= LATE
    return message.event is not None and not message.uncertain and waited


def pile(message: Outgoing, behind: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
    """Those of the messages behind it, in order, that fit into this one.

    Only a row of events is folded: nothing is told before what came ahead of it.
    """
    room = MOST - 1 - len(message.carried)
    others = []
    for other in behind[: max(0, room)]:
        if other.event is None or other.uncertain:
            break
        others.append(other)
    return tuple(others)
