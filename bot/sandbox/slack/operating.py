"""What is done to a workspace from outside: to its channels and messages, and to the app's connections.

A channel is named by id or name; without one: SlackError `channel_not_found`.
"""

from bot.sandbox.slack.sockets import DISCONNECT_REASONS, WARNING_SECONDS
from bot.sandbox.slack.state import State


def archive(state: State, channel: str, *, archived: bool) -> None:
    """Archive a channel, or bring it back."""
    was = state.directory.channel(channel)
    now = state.directory.archive(was, archived=archived)
    if was.is_archived and not now.is_archived:
        state.events.unarchived(now)


def add_bot(state: State, channel: str) -> None:
    """As `/invite` does, by nobody."""
    state.directory.join(state.directory.channel(channel), state.installation.bot_user)


def remove_bot(state: State, channel: str) -> None:
    state.directory.leave(state.directory.channel(channel), state.installation.bot_user)


def delete(state: State, channel: str, ts: str) -> None:
    """Delete a message as its author or an admin does. Raises SlackError `message_not_found` too."""
    where = state.directory.channel(channel)
    state.board.delete(where, state.board.find(where, ts))


async def disconnect(state: State, reason: str) -> None:
    """Send the app's connections away, for one of `DISCONNECT_REASONS`; a warning gives ten seconds.

    Raises ValueError for another reason.
    """
    if reason not in DISCONNECT_REASONS:
        raise ValueError(f"a connection is closed for one of {', '.join(DISCONNECT_REASONS)}")
    leaving = state.sockets.connections
    if reason != "warning":
        await state.sockets.dismiss(leaving, reason)
        return
    await state.sockets.warn(leaving)

    async def later() -> None:
        await state.background.sleep(WARNING_SECONDS)
        await state.sockets.dismiss(leaving, "refresh_requested")

    state.background.spawn(later())
