"""What a person does with an interactive element: press, choose, ask for options."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack import payloads
from bot.sandbox.slack.asking import ask_app
from bot.sandbox.slack.block_kit import check_options, state_of
from bot.sandbox.slack.entering import check_entries, chosen_in_overflow
from bot.sandbox.slack.places import InView, element_at, find_place, place_in_payload, remembered
from bot.sandbox.slack.state import State
from bot.sandbox.slack.view_state import merge_values, value_of
from bot.sandbox.slack.wire import Json, PersonError

# What an action repeats from its element, beside the value.
_REPEATED = ("text", "style", "url", "placeholder", "confirm")


async def act(state: State, user: str, container: Json, action: Json, typed: Mapping[str, Any]) -> None:
    """Send a block_actions payload; the app has acknowledged it when this returns. Raises PersonError."""
    block_id, action_id = str(action.get("block_id")), str(action.get("action_id"))
    place = find_place(state, user, container)
    block, element = element_at(place, block_id, action_id)
    entry = {block_id: {action_id: _entry(element, action)}}
    for given in (typed, entry):
        check_entries(state, user, place.blocks, given)
    if isinstance(place, InView):
        place = remembered(state, user, place, typed, entry)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return
    values = merge_values(place.blocks, typed, entry)
    told = _told(element, action, block_id, values) | {"action_ts": state.board.timestamps.next()}
    where = place_in_payload(state, user, place, with_response_url=True)
    await ask_app(state, payloads.block_actions(state.actor(user), where, told, values))


async def options(
    state: State, user: str, container: Json, block_id: str, action_id: str, *, value: str
) -> Json:
    """The app's suggestions for an external select, as `options` or `option_groups`. Raises PersonError."""
    place = find_place(state, user, container)
    _, element = element_at(place, block_id, action_id)
    if element["type"] not in {"external_select", "multi_external_select"}:
        raise PersonError("This menu brings its own options.")
    where = place_in_payload(state, user, place, with_response_url=False)
    question = payloads.block_suggestion(state.actor(user), where, block_id, action_id, value)
    answer = await ask_app(state, question)
    if problems := check_options(answer):
        flaw = f"{problems[0].message} {problems[0].pointer}".strip()
        raise PersonError(f"The app sent options that cannot be shown: {flaw}.")
    suggestions: Json = answer
    return suggestions


def _entry(element: Json, action: Json) -> Json:
    """The action's value as an entry of `state.values`; {} for elements without state."""
    kept = state_of(element)
    return {"type": element["type"], kept.key: action.get(kept.key)} if kept else {}


def _told(element: Json, action: Json, block_id: str, values: Json) -> Json:
    """The action as the app gets it: the element's own fields, and what was pressed or chosen."""
    repeated = {key: element[key] for key in _REPEATED if key in element}
    ids = {"type": element["type"], "block_id": block_id, "action_id": element["action_id"]}
    kept = state_of(element)
    if kept:
        initial = {kept.initial: element[kept.initial]} if kept.initial in element else {}
        return {**ids, **repeated, **initial, kept.key: value_of(values[block_id][element["action_id"]])}
    if element["type"] == "overflow":
        return {**ids, **repeated, "selected_option": chosen_in_overflow(element, action)}
    return {**ids, **repeated, **({"value": element["value"]} if "value" in element else {})}
