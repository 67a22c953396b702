"""A message as a value, and one channel's messages with their threads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.records import SLACKBOT
from bot.sandbox.slack.wire import Json


@dataclass(frozen=True)
class Message:
    """One message. `author` is what Slack adds to `user`: team, for apps also bot_id, app_id, bot_profile.

    `reactions` holds the users behind each emoji.
    """

    ts: str
    user: str
    text: str
    blocks: Sequence[Json] = ()
    attachments: Sequence[Json] = ()
    metadata: Json | None = None
    thread_ts: str | None = None
    is_broadcast: bool = False
    is_ephemeral: bool = False
    is_tombstone: bool = False
    edited_ts: str | None = None
    reactions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    author: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def subtype(self) -> str | None:
        if self.is_tombstone:
            return "tombstone"
        return "thread_broadcast" if self.is_broadcast else None

    def to_json(self, *, include_metadata: bool = False) -> Json:
        """Slack's shape, without what only the thread knows."""
        optional: Json = {
            "subtype": self.subtype,
            "blocks": list(self.blocks),
            "attachments": list(self.attachments),
            "thread_ts": self.thread_ts,
            "is_ephemeral": self.is_ephemeral,
            "hidden": self.is_tombstone,
            "reactions": [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in self.reactions.items()
            ],
            "edited": self.edited_ts and {"user": self.user, "ts": self.edited_ts},
            "metadata": self.metadata if include_metadata else None,
        }
        known = {name: value for name, value in optional.items() if value}
        return {
            "type": "message",
            "user": self.user,
            "text": self.text,
            **self.author,
            "ts": self.ts,
            **known,
        }


def blocks_of(message: Mapping[str, Any]) -> list[Json]:
    """All blocks of a message in Slack's shape, those of its attachments last."""
    attached = (block for each in message.get("attachments", ()) for block in each.get("blocks", ()))
    return [*message.get("blocks", ()), *attached]


class Log:
    """One channel's messages, oldest first."""

    def __init__(self) -> None:
        self._messages: dict[str, Message] = {}
        self._replies: dict[str, list[str]] = {}

    def get(self, ts: str) -> Message | None:
        return self._messages.get(ts)

    def put(self, message: Message) -> None:
        """Add a message, or replace the one with this ts."""
        if message.thread_ts and message.is_reply and message.ts not in self._messages:
            self._replies.setdefault(message.thread_ts, []).append(message.ts)
        self._messages[message.ts] = message

    def remove(self, ts: str) -> None:
        """Take a message out. The root of a living thread stays as a tombstone, until its last reply goes."""
        message = self._messages[ts]
        if self._replies.get(ts):
            self._messages[ts] = Message(
                ts, SLACKBOT, "This message was deleted.", thread_ts=ts, is_tombstone=True
            )
            return
        del self._messages[ts]
        if message.thread_ts and message.is_reply:
            self._replies[message.thread_ts].remove(ts)
            root = self._messages[message.thread_ts]
            if root.is_tombstone and not self._replies[root.ts]:
                del self._messages[root.ts]

    def roots(self) -> Iterator[Message]:
        """What the channel itself shows: everything but replies that were not sent to the channel as well."""
        return (
            message for message in self._messages.values() if not message.is_reply or message.is_broadcast
        )

    def thread(self, ts: str) -> list[Message]:
        """The root with this ts and its replies; for a reply's ts the reply alone; [] if there is neither."""
        timestamps = [ts, *self._replies.get(ts, ())]
        return [self._messages[each] for each in timestamps if each in self._messages]

    def has_replies(self, ts: str) -> bool:
        return bool(self._replies.get(ts))

    def render(self, message: Message, *, include_metadata: bool = False) -> Json:
        """Slack's shape, with the thread's summary on its root."""
        shape = message.to_json(include_metadata=include_metadata)
        if message.is_reply and (root := self._messages.get(message.thread_ts or "")):
            shape["parent_user_id"] = root.user
            if message.is_broadcast:
                shape["root"] = self.render(root)
        replies = self._replies.get(message.ts)
        if not replies:
            return shape
        authors = list(dict.fromkeys(self._messages[ts].user for ts in replies))
        return shape | {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(authors),
            "reply_users": authors,
            "latest_reply": replies[-1],
        }
