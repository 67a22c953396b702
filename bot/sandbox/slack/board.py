"""Every message in the workspace: posting, editing and deleting, told to those who can see it."""

from collections.abc import Callable
from dataclasses import replace

from bot.sandbox.slack.directory import Directory
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import Timestamps
from bot.sandbox.slack.messages import Log, Message
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.wire import Json, SlackError


class Board:
    """The channels' messages, and beside them what only one person sees (ephemeral messages)."""

    def __init__(self, directory: Directory, feed: Feed, now: Callable[[], float]) -> None:
        self._directory = directory
        self._feed = feed
        self._logs: dict[str, Log] = {}
        self._ephemerals: dict[tuple[str, str], dict[str, Message]] = {}
        self.timestamps = Timestamps(now)

    def log(self, channel: Channel) -> Log:
        return self._logs.setdefault(channel.id, Log())

    def find(self, channel: Channel, ts: str) -> Message:
        """Raises SlackError `message_not_found`, also for a deleted message that still holds a thread."""
        message = self.log(channel).get(ts)
        if message is None or message.is_tombstone:
            raise SlackError("message_not_found")
        return message

    def channel_of(self, ts: str, user: str) -> Channel | None:
        """Where the message with this ts stands, among all this person sees; a ts is unique everywhere."""
        for channel in self._directory.visible_to(user):
            if self.log(channel).get(ts) or ts in self._ephemerals.get((channel.id, user), {}):
                return channel
        return None

    def post(self, channel: Channel, message: Message) -> Message:
        """Add the message under its ts. A reply to a reply joins the thread that one is in.

        Raises SlackError `thread_not_found`.
        """
        log = self.log(channel)
        if message.thread_ts is not None:
            root = log.get(message.thread_ts)
            if root is None:
                raise SlackError("thread_not_found")
            message = replace(message, thread_ts=root.thread_ts or root.ts)
        log.put(message)
        self._tell(channel, "message", message)
        self._tell_root(channel, message)
        return message

    def edit(self, channel: Channel, message: Message) -> None:
        self.log(channel).put(message)
        self._tell(channel, "message_changed", message)

    def delete(self, channel: Channel, message: Message) -> None:
        log = self.log(channel)
        log.remove(message.ts)
        if tombstone := log.get(message.ts):
            self._tell(channel, "message_changed", tombstone)
        else:
            self._tell_deleted(channel, message.ts)
        self._tell_root(channel, message)

    def can_show(self, channel: Channel, thread_ts: str | None) -> bool:
        """Where an app's ephemeral message is shown: in the channel, or in a thread that has begun."""
        return thread_ts is None or self.log(channel).has_replies(thread_ts)

    def ephemerals(self, channel: Channel, user: str) -> list[Message]:
        """The messages in this channel that only this person sees, oldest first."""
        return list(self._ephemerals.get((channel.id, user), {}).values())

    def show_to(self, channel: Channel, user: str, message: Message) -> Message:
        """Show a message to one person only, or replace the one with this ts."""
        known = self._ephemerals.setdefault((channel.id, user), {})
        kind = "message_changed" if message.ts in known else "ephemeral"
        known[message.ts] = replace(message, is_ephemeral=True)
        event: Json = {"type": kind, "channel": channel.id, "message": known[message.ts].to_json()}
        self._feed.publish(event, to={user})
        return known[message.ts]

    def hide_from(self, channel: Channel, user: str, ts: str) -> None:
        if self._ephemerals.get((channel.id, user), {}).pop(ts, None):
            self._feed.publish({"type": "message_deleted", "channel": channel.id, "ts": ts}, to={user})

    def _tell(self, channel: Channel, kind: str, message: Message) -> None:
        event: Json = {"type": kind, "channel": channel.id, "message": self.log(channel).render(message)}
        self._feed.publish(event, to=self._directory.audience(channel))

    def _tell_root(self, channel: Channel, reply: Message) -> None:
        """A thread changed: its root carries the count, or is gone with the last reply."""
        if reply.thread_ts is None or not reply.is_reply:
            return
        if root := self.log(channel).get(reply.thread_ts):
            self._tell(channel, "message_changed", root)
        else:
            self._tell_deleted(channel, reply.thread_ts)

    def _tell_deleted(self, channel: Channel, ts: str) -> None:
        event: Json = {"type": "message_deleted", "channel": channel.id, "ts": ts}
        self._feed.publish(event, to=self._directory.audience(channel))
