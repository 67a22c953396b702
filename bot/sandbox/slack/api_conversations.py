"""Web API: conversations.*, and users.conversations"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from bot.sandbox.slack import app_channels
from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.paging import limit_of, page
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.scopes import requested_kinds
from bot.sandbox.slack.shapes import api_channel
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, SlackError

_TS = re.compile(r"[0-9]{1,20}(\.[0-9]{0,20})?")


def list_(state: State, arguments: Arguments) -> Json:
    """Every conversation the app can know of."""
    return _listed(state, arguments)


def users_conversations(state: State, arguments: Arguments) -> Json:
    """The conversations the app is in, or those it can know of that another user is in."""
    user = state.directory.user(arguments.text("user") or state.installation.bot_user).id
    return _listed(state, arguments, member=user)


def info(state: State, arguments: Arguments) -> Json:
    channel = app_channels.known_by_id(state, arguments.required("channel"))
    counted = arguments.flag("include_num_members")
    return {"channel": api_channel(channel, viewer=state.installation.bot_user, include_num_members=counted)}


def members(state: State, arguments: Arguments) -> Json:
    channel = app_channels.known_by_id(state, arguments.required("channel"))
    limit = limit_of(arguments, 100, error="invalid_limit")
    piece, metadata = page(channel.members, arguments.text("cursor"), limit, key=lambda member: member)
    return {"members": piece, "response_metadata": metadata}


def history(state: State, arguments: Arguments) -> Json:
    """The channel's messages, newest first."""
    channel = app_channels.joined(state, arguments.required("channel"))
    found = filter(_within(arguments), state.board.log(channel).roots())
    limit = limit_of(arguments, 100)
    piece, metadata = page(found, arguments.text("cursor"), limit, key=_ts, newest_first=True)
    return _messages(state, channel, piece, arguments, metadata)


def replies(state: State, arguments: Arguments) -> Json:
    """A thread, oldest first. Its root leads every page and is one of the `limit`; a reply goes with it."""
    channel = app_channels.joined(state, arguments.required("channel"))
    found = state.board.log(channel).thread(arguments.required("ts"))
    if not found:
        raise SlackError("thread_not_found")
    root, *answers = found
    limit = max(limit_of(arguments, 1000) - 1, 1)
    piece, metadata = page(filter(_within(arguments), answers), arguments.text("cursor"), limit, key=_ts)
    return _messages(state, channel, [root, *piece], arguments, metadata)


def open_(state: State, arguments: Arguments) -> Json:
    """The direct conversation with one person; there are no group conversations here."""
    if "channel" in arguments:
        channel, already = app_channels.known_by_id(state, arguments.required("channel")), True
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
    bot = state.installation.bot_user
    channel = app_channels.known_by_id(state, arguments.required("channel"))
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_closed:
        raise SlackError("method_not_supported_for_channel_type")
    if bot in channel.members:
        warning = "already_in_channel"
        shape = api_channel(channel, viewer=bot)
        return {"channel": shape, "warning": warning, "response_metadata": {"warnings": [warning]}}
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


def _listed(state: State, arguments: Arguments, *, member: str | None = None) -> Json:
    """Of the channels the app can know of, those this member is in."""
    kinds, without_archived = requested_kinds(arguments), arguments.flag("exclude_archived")
    found = (
        channel
        for channel in state.directory.channels
        if app_channels.sees(state, channel)
        and (member is None or member in channel.members)
        and channel.kind in kinds
        and not (channel.is_archived and without_archived)
    )
    limit = limit_of(arguments, 100, error="invalid_limit")
    piece, metadata = page(found, arguments.text("cursor"), limit, key=lambda channel: channel.id)
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
