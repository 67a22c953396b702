"""Web API: conversations.*, and users.conversations"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.paging import page
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.scopes import kind_of, requested_kinds
from bot.sandbox.slack.shapes import api_channel
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, SlackError

_TS = re.compile(r"[0-9]{1,20}(\.[0-9]{0,20})?")


def list_(state: State, arguments: Arguments) -> Json:
    """Every conversation the app can know of."""
    bot = state.installation.bot_user
    return _listed(state, arguments, lambda channel: bot in state.directory.audience(channel))


def users_conversations(state: State, arguments: Arguments) -> Json:
    """The conversations the app is in, or those it can know of that another user is in."""
    bot = state.installation.bot_user
    user = state.directory.user(arguments.text("user") or bot).id
    return _listed(
        state,
        arguments,
        lambda channel: user in channel.members and bot in state.directory.audience(channel),
    )


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
    found = filter(_within(arguments), state.board.log(channel).roots())
    piece, metadata = page(found, arguments, key=_ts, default=100, newest_first=True)
    return _messages(state, channel, piece, arguments, metadata)


def replies(state: State, arguments: Arguments) -> Json:
    """A thread, oldest first. Its root leads every page and is one of the `limit` messages."""
    channel = _joined(state, arguments)
    found = state.board.log(channel).thread(arguments.required("ts"))
    if not found:
        raise SlackError("thread_not_found")
    root, *answers = found
    answers = list(filter(_within(arguments), answers))
    limit = arguments.integer("limit", 1000)
    counted = Arguments({**arguments.raw, "limit": max(limit - 1, 1)})
    piece, metadata = page(answers, counted, key=_ts, default=999)
    return _messages(state, channel, [root, *piece], arguments, metadata)


def open_(state: State, arguments: Arguments) -> Json:
    """The direct conversation with one person; there are no group conversations here."""
    if "channel" in arguments:
        channel, already = _known(state, arguments), True
        if not channel.is_im:
            raise SlackError("method_not_supported_for_channel_type")
    else:
        user = state.directory.user(_users(arguments))
        if not user.is_person:
            raise SlackError("cannot_dm_bot")
        already = any(channel.im_with == user.id for channel in state.directory.channels)
        channel = state.directory.open_im(user.id)
    full = api_channel(channel, viewer=state.installation.bot_user)
    shape = full if arguments.flag("return_im") else {"id": channel.id}
    return {"channel": shape, **({"no_op": True, "already_open": True} if already else {})}


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
    "users.conversations": users_conversations,
}


def _listed(state: State, arguments: Arguments, wanted: Callable[[Channel], bool]) -> Json:
    kinds, without_archived = requested_kinds(arguments), arguments.flag("exclude_archived")
    found = [
        channel
        for channel in state.directory.channels
        if wanted(channel) and kind_of(channel) in kinds and not (channel.is_archived and without_archived)
    ]
    piece, metadata = page(found, arguments, key=lambda channel: channel.id, default=100)
    shapes = [api_channel(channel, viewer=state.installation.bot_user) for channel in piece]
    return {"channels": shapes, "response_metadata": metadata}


def _users(arguments: Arguments) -> str:
    """The one user in `users`, as text or as a list. SlackError `users_list_not_supplied`."""
    users = arguments.raw.get("users")
    if isinstance(users, list) and len(users) == 1:
        return Arguments({"users": users[0]}).required("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    return arguments.text("users")


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


def _within(arguments: Arguments) -> Callable[[Message], bool]:
    """Between `oldest` and `latest`; the ends count with `inclusive`. SlackError `invalid_ts_*`."""
    oldest, latest = _bound(arguments, "oldest", Decimal(0)), _bound(arguments, "latest", Decimal("inf"))
    inclusive = arguments.flag("inclusive")

    def within(message: Message) -> bool:
        ts = Decimal(message.ts)
        return oldest < ts < latest or (inclusive and ts in {oldest, latest})

    return within


def _bound(arguments: Arguments, name: str, default: Decimal) -> Decimal:
    text = arguments.text(name)
    if not text:
        return default
    if not _TS.fullmatch(text):
        raise SlackError(f"invalid_ts_{name}")
    return Decimal(text)


def _messages(
    state: State, channel: Channel, messages: list[Message], arguments: Arguments, metadata: Json
) -> Json:
    log, full = state.board.log(channel), arguments.flag("include_all_metadata")
    return {
        "messages": [log.render(message, include_metadata=full) for message in messages],
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }
