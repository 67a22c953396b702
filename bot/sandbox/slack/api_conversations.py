"""Web API: conversations.*"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.paging import page
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.shapes import api_channel
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, SlackError


def list_(state: State, arguments: Arguments) -> Json:
    kinds = set(arguments.text("types", "public_channel").replace(" ", "").split(","))
    bot = state.installation.bot_user
    found = [
        channel
        for channel in state.directory.channels
        if bot in state.directory.audience(channel)
        and _kind(channel) in kinds
        and not (channel.is_archived and arguments.flag("exclude_archived"))
    ]
    piece, metadata = page(found, arguments, key=lambda channel: channel.id, default=100)
    shapes = [api_channel(channel, viewer=bot) for channel in piece]
    return {"channels": shapes, "response_metadata": metadata}


def info(state: State, arguments: Arguments) -> Json:
    channel = _known(state, arguments)
    counted = arguments.flag("include_num_members")
    return {"channel": api_channel(channel, viewer=state.installation.bot_user, include_num_members=counted)}


def members(state: State, arguments: Arguments) -> Json:
    channel = _known(state, arguments)
    piece, metadata = page(channel.members, arguments, key=lambda member: member, default=100)
    return {"members": piece, "response_metadata": metadata}


def history(state: State, arguments: Arguments) -> Json:
    """The channel's messages, newest first."""
    channel = _joined(state, arguments)
    found = [message for message in state.board.log(channel).roots() if _within(message, arguments)]
    piece, metadata = page(found, arguments, key=_ts, default=100, newest_first=True)
    return _messages(state, channel, piece, arguments, metadata)


def replies(state: State, arguments: Arguments) -> Json:
    """A thread, oldest first. Its root leads every page and is one of the `limit` messages."""
    channel = _joined(state, arguments)
    found = state.board.log(channel).thread(arguments.required("ts"))
    if not found:
        raise SlackError("thread_not_found")
    root, *answers = found
    answers = [message for message in answers if _within(message, arguments)]
    limit = arguments.integer("limit", 1000)
    counted = Arguments({**arguments.raw, "limit": max(limit - 1, 1)})
    piece, metadata = page(answers, counted, key=_ts, default=999)
    return _messages(state, channel, [root, *piece], arguments, metadata)


def open_(state: State, arguments: Arguments) -> Json:
    """The direct conversation with one person; there are no group conversations here."""
    user = state.directory.user(arguments.required("users"))
    return {"channel": {"id": state.directory.open_im(user.id).id}}


def join(state: State, arguments: Arguments) -> Json:
    channel, bot = _known(state, arguments), state.installation.bot_user
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_closed:
        raise SlackError("method_not_supported_for_channel_type")
    if bot in channel.members:
        shape = api_channel(channel, viewer=bot)
        return {"channel": shape, "warning": "already_in_channel"}
    return {"channel": api_channel(state.directory.join(channel, bot), viewer=bot)}


METHODS: Mapping[str, Callable[[State, Arguments], Json]] = {
    "conversations.list": list_,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.open": open_,
    "conversations.join": join,
}


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def _known(state: State, arguments: Arguments) -> Channel:
    """A channel by id only, as in Slack. SlackError `channel_not_found`, also where the app must not look."""
    channel = state.directory.channel(arguments.required("channel"))
    bot_sees = state.installation.bot_user in state.directory.audience(channel)
    if channel.id != arguments.text("channel") or not bot_sees:
        raise SlackError("channel_not_found")
    return channel


def _joined(state: State, arguments: Arguments) -> Channel:
    channel = _known(state, arguments)
    if state.installation.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _ts(message: Message) -> str:
    return message.ts


def _within(message: Message, arguments: Arguments) -> bool:
    """Between `oldest` and `latest`; the ends count with `inclusive`. SlackError `invalid_ts_*`."""
    oldest, latest = _bound(arguments, "oldest", "0"), _bound(arguments, "latest", "inf")
    ts = Decimal(message.ts)
    return oldest < ts < latest or (arguments.flag("inclusive") and ts in {oldest, latest})


def _bound(arguments: Arguments, name: str, default: str) -> Decimal:
    try:
        return Decimal(arguments.text(name) or default)
    except InvalidOperation as error:
        raise SlackError(f"invalid_ts_{name}") from error


def _messages(
    state: State, channel: Channel, messages: list[Message], arguments: Arguments, metadata: Json
) -> Json:
    log, full = state.board.log(channel), arguments.flag("include_all_metadata")
    return {
        "messages": [log.render(message, include_metadata=full) for message in messages],
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }
