"""How far each person has read each channel, and what of it is news to them."""

import re
from typing import Any

from bot.sandbox.slack.board import Board
from bot.sandbox.slack.directory import Directory
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.wire import Json

_TO_EVERYONE = re.compile(r"<!(?:here|channel|everyone)\b")


class Reading:
    """Read marks live as long as the workspace, whichever page the person reads on."""

    def __init__(self, directory: Directory, board: Board, feed: Feed) -> None:
        self._directory = directory
        self._board = board
        self._feed = feed
        self._read: dict[tuple[str, str], str] = {}

    def mark(self, channel: Channel, user: str) -> None:
        """Everything in the channel is read; every page of this person hears of it."""
        if news := self._news(channel, user):
            self._read[channel.id, user] = news[-1].ts
            self._feed.publish({"type": "read", "channel": channel.id}, to={user})

    def unread(self, channel: Channel, user: str) -> Json | None:
        """How many messages are news, how many of them want this person's eye, and where they begin."""
        news = self._news(channel, user)
        if not news:
            return None
        mentions = sum(channel.is_im or _is_for(user, message) for message in news)
        return {"count": len(news), "mentions": mentions, "since": news[0].ts}

    def all_unread(self, user: str) -> Json:
        """As `unread`, by channel, of those that have news."""
        found = {channel.id: self.unread(channel, user) for channel in self._directory.visible_to(user)}
        return {channel: unread for channel, unread in found.items() if unread}

    def told(self, event: Json, user: str) -> Json:
        """A page event; one about a channel's messages says what is unread there now."""
        channel: Any = event.get("channel")
        if not isinstance(channel, str):
            return event
        return event | {"unread": self.unread(self._directory.channel(channel), user)}

    def _news(self, channel: Channel, user: str) -> list[Message]:
        """What others wrote in the channel itself since it was read, oldest first."""
        if user not in channel.members:
            return []
        read = self._read.get((channel.id, user), "")
        ephemerals = [each for each in self._board.ephemerals(channel, user) if not each.is_reply]
        shown = [*self._board.log(channel).roots(), *ephemerals]
        news = [each for each in shown if each.ts > read and each.user != user and not each.is_tombstone]
        return sorted(news, key=lambda message: message.ts)


def _is_for(user: str, message: Message) -> bool:
    return f"<@{user}>" in message.text or bool(_TO_EVERYONE.search(message.text))
