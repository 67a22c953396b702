"""Where something was pressed or chosen, and so where its answer belongs. Pure."""

from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A message, one that only this person sees, App Home, or a dialog: of the last two no channel is known.

    `root_ts` is the card of the thread the message is in, as far as it is in one. `thread_ts` is where an
    answer is seen: None in the channel itself. `response_url` lets the bot answer there, member or not.
    """

    user_id: str
    trigger_id: str
    channel_id: str | None = None
    root_ts: str | None = None
    thread_ts: str | None = None
    response_url: str | None = None
    #: It is a dialog, on which another can be put.
    in_dialog: bool = False

    @classmethod
    def of(cls, body: Body) -> "Place":
        """By the body of a button, a menu or a shortcut, which all tell it in another way."""
        who = body["user"]["id"], body["trigger_id"]
        channel = body.get("channel")
        if channel is None:
            return cls(*who, in_dialog=(body.get("view") or {}).get("type") == "modal")
        container, message = body.get("container") or {}, body.get("message") or {}
        ts = container.get("message_ts") or body.get("message_ts") or message.get("ts")
        thread_ts = container.get("thread_ts") or message.get("thread_ts")
        # A card is looked at in the channel, and so is what was also sent there: an answer in the thread,
        # which may not be open, would seem to be none.
        in_channel = thread_ts in {None, ts} or message.get("subtype") == "thread_broadcast"
        # Below what only this person sees there is no thread.
        root_ts = thread_ts if container.get("is_ephemeral") else thread_ts or ts
        return cls(
            *who,
            channel_id=channel["id"],
            root_ts=root_ts,
            thread_ts=None if in_channel else thread_ts,
            response_url=body.get("response_url"),
        )

    @property
    def is_direct(self) -> bool:
        """Whether it is a conversation with the bot alone."""
        return self.channel_id is not None and self.channel_id.startswith("D")
