"""Which channels the app can know of, read and write in; people's direct conversations with it among them."""

from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import SlackError


def sees(state: State, channel: Channel) -> bool:
    """The app can know of this channel."""
    return state.installation.bot_user in state.directory.audience(channel)


def known(state: State, ref: str) -> Channel:
    """A channel by id or name. Raises SlackError `channel_not_found`, also where the app must not look."""
    channel = state.directory.channel(ref)
    if not sees(state, channel):
        raise SlackError("channel_not_found")
    return channel


def known_by_id(state: State, channel_id: str) -> Channel:
    """As `known`, where Slack takes no names."""
    channel = known(state, channel_id)
    if channel.id != channel_id:
        raise SlackError("channel_not_found")
    return channel


def joined(state: State, channel_id: str) -> Channel:
    """A channel the app can read. Raises SlackError `not_in_channel` too."""
    return _member(state, known_by_id(state, channel_id))


def writable(state: State, ref: str) -> Channel:
    """A channel the app can post in; a person's id opens their direct conversation.

    Raises SlackError `channel_not_found`, `is_archived`, `not_in_channel`.
    """
    if state.directory.is_person(ref):
        return state.directory.open_im(ref)
    return _open(state, known(state, ref))


def writable_by_id(state: State, channel_id: str) -> Channel:
    """As `writable`, where Slack takes no names and no people: to change a message that is there."""
    return _open(state, known_by_id(state, channel_id))


def posts_counted_in(state: State, ref: str) -> str:
    """What names the channel when its posts are counted: a person's id, or the channel's; "" for none."""
    if state.directory.is_person(ref):
        return ref
    try:
        channel = state.directory.channel(ref)
    except SlackError:
        return ""
    return channel.im_with or channel.id


def _open(state: State, channel: Channel) -> Channel:
    if channel.is_archived:
        raise SlackError("is_archived")
    return _member(state, channel)


def _member(state: State, channel: Channel) -> Channel:
    if state.installation.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel
