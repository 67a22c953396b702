"""Who is in the workspace and which channels it has."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import new_id
from bot.sandbox.slack.records import Channel, User
from bot.sandbox.slack.shapes import page_channel
from bot.sandbox.slack.wire import SlackError


class Directory:
    """People and channels by id and by name. Members come and go, channels are archived and opened."""

    def __init__(
        self, users: Iterable[User], channels: Iterable[Channel], *, bot_user: str, feed: Feed
    ) -> None:
        self._users = {user.id: user for user in users}
        self._channels = {channel.id: channel for channel in channels}
        self._bot_user = bot_user
        self._feed = feed
        # Told who came into which channel, and who invited them.
        self.on_join: Callable[[Channel, str, str | None], None] | None = None

    @property
    def users(self) -> list[User]:
        return list(self._users.values())

    @property
    def people(self) -> list[User]:
        return [user for user in self.users if user.is_person]

    @property
    def channels(self) -> list[Channel]:
        return list(self._channels.values())

    def user(self, user_id: str) -> User:
        """Raises SlackError `user_not_found`."""
        if user_id not in self._users:
            raise SlackError("user_not_found")
        return self._users[user_id]

    def is_person(self, user_id: str) -> bool:
        return user_id in self._users and self._users[user_id].is_person

    def person(self, name: str) -> User:
        """A person by user name or id. KeyError names the ones there are."""
        for user in self.people:
            if name in {user.id, user.name}:
                return user
        raise KeyError(f"no person {name!r}; there are {', '.join(user.name for user in self.people)}")

    def channel(self, ref: str) -> Channel:
        """A channel by id, or by name with or without #. Raises SlackError `channel_not_found`."""
        if found := self._channels.get(ref):
            return found
        name = ref.removeprefix("#")
        for channel in self.channels:
            if channel.name == name and not channel.is_im:
                return channel
        raise SlackError("channel_not_found")

    def visible_to(self, user_id: str) -> Iterator[Channel]:
        """The channels this person finds in the sidebar."""
        for channel in self.channels:
            if not channel.is_archived and user_id in self.audience(channel):
                yield channel

    def audience(self, channel: Channel) -> frozenset[str]:
        """Everyone who can read the channel."""
        return channel.members if channel.is_closed else frozenset(self._users)

    def join(self, channel: Channel, user_id: str, *, inviter: str | None = None) -> Channel:
        if user_id in channel.members:
            return channel
        joined = self._put(replace(channel, members=channel.members | {user_id}))
        if self.on_join:
            self.on_join(joined, user_id, inviter)
        return joined

    def leave(self, channel: Channel, user_id: str) -> Channel:
        return self._put(replace(channel, members=channel.members - {user_id}))

    def archive(self, channel: Channel, *, archived: bool) -> Channel:
        return self._put(replace(channel, is_archived=archived))

    def open_im(self, user_id: str) -> Channel:
        """The app's direct conversation with this person, opened if need be."""
        person = self.user(user_id)
        for channel in self.channels:
            if channel.im_with == person.id:
                return channel
        members = frozenset({person.id, self._bot_user})
        return self._put(Channel(new_id("D"), "directmessage", members, im_with=person.id))

    def _put(self, channel: Channel) -> Channel:
        self._channels[channel.id] = channel
        for user in self.audience(channel):
            self._feed.publish({"type": "channel", "channel": page_channel(channel, user)}, to={user})
        return channel
