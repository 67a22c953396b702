"""Web API: reactions.*"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.sandbox.slack import app_channels
from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.emoji import known_emoji
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, SlackError

MAX_EMOJI = 23  # different ones by one user on one message
_NAME = re.compile(r"([^:]{1,100})(::skin-tone-[2-6])?")


def add(state: State, arguments: Arguments) -> Json:
    channel, message, name = _item(state, arguments)
    bot, reactions = state.installation.bot_user, dict(message.reactions)
    if bot in reactions.get(name, ()):
        raise SlackError("already_reacted")
    if sum(bot in users for users in reactions.values()) >= MAX_EMOJI:
        raise SlackError("too_many_emoji")
    reactions[name] = (*reactions.get(name, ()), bot)
    state.board.edit(channel, replace(message, reactions=reactions))
    return {}


def remove(state: State, arguments: Arguments) -> Json:
    channel, message, name = _item(state, arguments)
    bot, reactions = state.installation.bot_user, dict(message.reactions)
    if bot not in reactions.get(name, ()):
        raise SlackError("no_reaction")
    reactions[name] = tuple(user for user in reactions[name] if user != bot)
    left = {each: users for each, users in reactions.items() if users}
    state.board.edit(channel, replace(message, reactions=left))
    return {}


METHODS: Mapping[str, Callable[[State, Arguments], Json]] = {
    "reactions.add": add,
    "reactions.remove": remove,
}


def _item(state: State, arguments: Arguments) -> tuple[Channel, Message, str]:
    """Raises SlackError `invalid_name`, `no_item_specified`, `message_not_found`, and those of a channel."""
    name = arguments.required("name").strip(":")
    found = _NAME.fullmatch(name)
    if found is None or found[1] not in known_emoji():
        raise SlackError("invalid_name")
    if not (arguments.text("channel") and arguments.text("timestamp")):
        raise SlackError("no_item_specified")
    channel = app_channels.writable_by_id(state, arguments.text("channel"))
    return channel, state.board.find(channel, arguments.text("timestamp")), name
