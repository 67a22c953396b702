"""Which scopes each method of the Web API needs, and whether the app was installed with them.

Source: "Scopes" on each method's page of docs.slack.dev. A method that is not in the table needs none.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from bot.sandbox.slack import app_channels
from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import SlackError

#: The first half of a scope for each kind of conversation: `channels:read`, `groups:read`, …
_OF_KIND = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
KINDS = frozenset(_OF_KIND)


class OfChannel(NamedTuple):
    """The scope of the kind of conversation that the argument `channel` names."""

    ability: str


class OfTypes(NamedTuple):
    """The scope of every kind of conversation that the argument `types` names."""

    ability: str


NEEDED: Mapping[str, str | OfChannel | OfTypes] = {
    "bots.info": "users:read",
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.list": OfTypes("read"),
    "conversations.info": OfChannel("read"),
    "conversations.members": OfChannel("read"),
    "conversations.history": OfChannel("history"),
    "conversations.replies": OfChannel("history"),
    "conversations.open": "im:write",
    "conversations.join": "channels:join",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.conversations": OfTypes("read"),
    "users.info": "users:read",
    "users.list": "users:read",
}
EVERY_SCOPE: tuple[str, ...] = (
    "commands",
    *sorted({need for need in NEEDED.values() if isinstance(need, str)}),
    *(f"{half}:{ability}" for half in _OF_KIND.values() for ability in ("read", "history")),
)


def requested_kinds(arguments: Arguments) -> set[str]:
    """The kinds of conversation in `types`, at first public channels alone. SlackError `invalid_types`."""
    kinds = set((arguments.text("types") or "public_channel").replace(" ", "").split(","))
    if kinds - KINDS:
        raise SlackError("invalid_types")
    return kinds


def check_scopes(state: State, method: str, arguments: Arguments) -> None:
    """Raises SlackError `missing_scope` with what is `needed` and what the app was `provided` with."""
    match NEEDED.get(method):
        case OfTypes(ability):
            _all_of(state, [f"{_OF_KIND[kind]}:{ability}" for kind in requested_kinds(arguments)])
        case OfChannel(ability):
            _for_channel(state, ability, arguments.text("channel"))
        case str(scope):
            _all_of(state, [scope])


def _for_channel(state: State, ability: str, channel_id: str) -> None:
    """What the app must not know of is no channel to it: then one scope of any kind will do."""
    try:
        channel = app_channels.known_by_id(state, channel_id)
    except SlackError as error:
        halves = [f"{half}:{ability}" for half in _OF_KIND.values()]
        if not set(halves) & set(state.installation.scopes):
            raise _missing(state, halves) from error
    else:
        _all_of(state, [f"{_OF_KIND[channel.kind]}:{ability}"])


def _all_of(state: State, needed: Collection[str]) -> None:
    if set(needed) - set(state.installation.scopes):
        raise _missing(state, needed)


def _missing(state: State, needed: Collection[str]) -> SlackError:
    provided = ",".join(state.installation.scopes)
    return SlackError("missing_scope", needed=",".join(sorted(needed)), provided=provided)
