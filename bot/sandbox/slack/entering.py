"""What a person enters, held against what Slack's client would let them enter."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox.slack.block_kit import options_of
from bot.sandbox.slack.state import State
from bot.sandbox.slack.view_state import entered, given_entries, initial_values, value_of
from bot.sandbox.slack.wire import Json, PersonError

NO_FIT = "This value does not fit here."


def check_entries(state: State, user: str, blocks: Sequence[Json], typed: Mapping[str, Any]) -> None:
    """All that was typed fits its element, and names only whom and what this person sees. PersonError."""
    if not all(fits for *_, fits in _judged(state, user, blocks, typed)):
        raise PersonError(NO_FIT)


def fitting_entries(state: State, user: str, blocks: Sequence[Json], typed: Mapping[str, Any]) -> Json:
    """Of what was typed, that which `check_entries` lets through."""
    fitting: Json = {}
    for block_id, action_id, entry, fits in _judged(state, user, blocks, typed):
        if fits:
            fitting.setdefault(block_id, {})[action_id] = entry
    return fitting


def _judged(
    state: State, user: str, blocks: Sequence[Json], typed: Mapping[str, Any]
) -> Iterator[tuple[str, str, Any, bool]]:
    """What was typed into each element: block_id, action_id, entry, whether a person can enter it there."""
    begun = initial_values(blocks)
    for block_id, action_id, element, entry in given_entries(blocks, typed):
        fitting = entered(element, entry)
        # What the app began with may stay, whatever it names.
        fits = fitting is not None and (
            fitting == begun[block_id][action_id]
            or _in_sight(state, user, element["type"], value_of(fitting))
        )
        yield block_id, action_id, entry, fits


def chosen_in_overflow(element: Json, action: Json) -> Json:
    """The option of the menu that was chosen. Raises PersonError."""
    for option in options_of(element):
        if option == action.get("selected_option"):
            return option
    raise PersonError(NO_FIT)


def _in_sight(state: State, user: str, kind: str, value: Any) -> bool:
    if (find := _IDS.get(kind.removeprefix("multi_"))) is None or value is None:
        return True
    return set(value if isinstance(value, list) else [value]) <= find(state, user)


def _people(state: State, user: str) -> set[str]:  # noqa: ARG001  (the shape of all three)
    return {person.id for person in state.directory.users}


def _channels(state: State, user: str) -> set[str]:
    return {channel.id for channel in state.directory.visible_to(user) if not channel.is_closed}


def _conversations(state: State, user: str) -> set[str]:
    return {channel.id for channel in state.directory.visible_to(user)}


_IDS: Mapping[str, Callable[[State, str], set[str]]] = {
    "users_select": _people,
    "channels_select": _channels,
    "conversations_select": _conversations,
}
