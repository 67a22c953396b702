"""What a person does with a modal: submit it or close it."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack import payloads
from bot.sandbox.slack.asking import ask_app
from bot.sandbox.slack.block_kit import checked_view
from bot.sandbox.slack.entering import check_entries, fitting_entries
from bot.sandbox.slack.state import State
from bot.sandbox.slack.view import View
from bot.sandbox.slack.view_state import complaints, value_of
from bot.sandbox.slack.wire import Json, PersonError, SlackError

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(state: State, user: str, view_id: str, typed: Mapping[str, Any]) -> dict[str, str]:
    """Submit a modal; {} when it went through, else a sentence per block_id.

    Raises PersonError when the dialog is closed, or the app did not answer or answered nonsense.
    """
    view = _open_view(state, user, view_id)
    if "submit" not in view.definition:
        raise PersonError("This dialog has nothing to submit.")
    check_entries(state, user, view.blocks, typed)
    view = state.views.remember(user, view.id, typed)
    if errors := complaints(view.blocks, view.values):
        return errors
    shape = view.to_json(state.installation)
    payload = payloads.view_submission(state.actor(user), shape, _response_urls(state, user, view))
    try:
        answer = await ask_app(state, payload)
        return _follow(state, user, view.id, answer)
    except (PersonError, SlackError) as error:
        raise PersonError(TROUBLE) from error


async def close(
    state: State,
    user: str,
    view_id: str,
    typed: Mapping[str, Any] | None = None,
    *,
    everything: bool = False,
) -> None:
    """Close a modal, or the whole stack; the app hears of it if the view asked for that. PersonError.

    `typed` is what stands in each view, by its id; what does not fit keeps nobody from closing it.
    """
    view = _open_view(state, user, view_id)
    for each in state.views.stack(user):
        if isinstance(entries := (typed or {}).get(each.id), dict):
            state.views.remember(user, each.id, fitting_entries(state, user, each.blocks, entries))
    cleared = everything or bool(view.definition.get("clear_on_close"))
    closed = state.views.clear(user) if cleared else state.views.close(user, view_id)
    for each in closed:
        if each.notify_on_close:
            shape = each.to_json(state.installation)
            payload = payloads.view_closed(state.actor(user), shape, is_cleared=cleared)
            state.background.spawn(_notify(state, payload))


async def _notify(state: State, payload: Json) -> None:
    """The dialog is gone either way, so nobody is told when the app does not listen."""
    try:
        await ask_app(state, payload)
    except PersonError:
        return


def _open_view(state: State, user: str, view_id: str) -> View:
    try:
        return state.views.find(user, view_id)
    except SlackError as error:
        raise PersonError("This dialog is closed.") from error


def _follow(state: State, user: str, view_id: str, answer: Any) -> dict[str, str]:
    """Do what the acknowledgement says, unless the view is gone. Raises SlackError when it makes no sense."""
    view = next((each for each in state.views.stack(user) if each.id == view_id), None)
    if view is None:
        return {}
    match answer or {}:
        case {"response_action": "errors", "errors": dict(errors)} if errors:
            return _checked_errors(view, errors)
        case {"response_action": "update", "view": definition}:
            state.views.update(checked_view(definition), view_id=view_id)
        case {"response_action": "push", "view": definition}:
            state.views.push(user, checked_view(definition))
        case {"response_action": "clear"}:
            state.views.clear(user)
        case {} if not answer:
            state.views.close(user, view_id)
        case _:
            raise SlackError("invalid_response_action")
    return {}


def _checked_errors(view: View, errors: Mapping[str, Any]) -> dict[str, str]:
    """Errors belong to input blocks that exist; Slack shows nothing else."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not set(errors) <= inputs or not all(isinstance(text, str) and text for text in errors.values()):
        raise SlackError("invalid_response_action")
    return dict(errors)


def _response_urls(state: State, user: str, view: View) -> list[Json]:
    """One for each conversation chosen in an input that asks for it."""
    urls: list[Json] = []
    for block in view.blocks:
        element = block.get("element", {})
        if block["type"] == "input" and element.get("response_url_enabled"):
            chosen = value_of(view.values[block["block_id"]][element["action_id"]])
            if chosen is None:
                continue
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            address = state.response_address(chosen, user)
            urls.append({**ids, "channel_id": chosen, "response_url": address})
    return urls
