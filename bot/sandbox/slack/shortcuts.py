"""What a person does with the app's shortcuts: a global one, or one on a message."""

from bot.sandbox.slack import payloads
from bot.sandbox.slack.asking import ask_app
from bot.sandbox.slack.places import InMessage, find_place
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import PersonError


async def run_global(state: State, user: str, callback_id: str) -> None:
    """The app has acknowledged the shortcut when this returns. Raises PersonError."""
    _check(state, callback_id, "global")
    await ask_app(state, payloads.global_shortcut(state.actor(user), callback_id, _ts(state)))


async def run_on_message(state: State, user: str, callback_id: str, channel: str, message_ts: str) -> None:
    """As `run_global`, on a message the person sees; not on one that only they see, as in Slack."""
    _check(state, callback_id, "message")
    place = find_place(state, user, {"type": "message", "channel": channel, "message_ts": message_ts})
    if not isinstance(place, InMessage) or place.message.is_ephemeral or place.message.is_tombstone:
        raise PersonError("Shortcuts do not work on this message.")
    payload = payloads.message_shortcut(
        state.actor(user),
        callback_id,
        _ts(state),
        channel=place.channel,
        message=state.board.log(place.channel).render(place.message, include_metadata=True),
        response_url=state.response_address(place.channel.id, user),
    )
    await ask_app(state, payload)


def _check(state: State, callback_id: str, kind: str) -> None:
    known = [(shortcut.callback_id, str(shortcut.type)) for shortcut in state.installation.shortcuts]
    if (callback_id, kind) not in known:
        raise PersonError("There is no such shortcut.")


def _ts(state: State) -> str:
    return state.board.timestamps.next()
