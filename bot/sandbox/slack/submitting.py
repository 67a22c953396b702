"""What a person does with a modal: submit it or close it."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack import payloads
from bot.sandbox.slack.acting import ask_app
from bot.sandbox.slack.block_kit import checked_view
from bot.sandbox.slack.state import State
from bot.sandbox.slack.view_state import complaints, value_of
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import Json, PersonError, SlackError

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(state: State, user: str, view_id: str, typed: Mapping[str, Any]) -> dict[str, str]:
    """Submit a modal; {} when it went through, else a sentence per block_id.

    Raises PersonError when the dialog is closed, or the app did not answer or answered nonsense.
    """
    view = _open_view(state, user, view_id)
    if "submit" not in view.definition:
        raise PersonError("This dialog has nothing to submit.")
    view = state.views.remember(user, view.id, typed)
    if errors := complaints(view.blocks, view.values):
        return errors
    actor = payloads.Actor(state.installation, state.directory.user(user), state.triggers.issue(user))
    shape = view.to_json(state.installation)
    payload = payloads.view_submission(actor, shape, _response_urls(state, user, view))
    try:
        answer = await ask_app(state, payload)
        return _follow(state, user, view, answer)
    except (PersonError, SlackError) as error:
        raise PersonError(TROUBLE) from error


async def close(state: State, user: str, view_id: str, *, everything: bool = False) -> None:
    """Close a modal, or the whole stack; the app hears of it if the view asked for that. PersonError."""
    view = _open_view(state, user, view_id)
    cleared = everything or bool(view.definition.get("clear_on_close"))
    closed = state.views.clear(user) if cleared else state.views.close(user, view_id)
    actor = payloads.Actor(state.installation, state.directory.user(user))
    for each in closed:
        if each.notify_on_close:
            payload = payloads.view_closed(actor, each.to_json(state.installation), is_cleared=cleared)
            state.spawn(_notify(state, payload))


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


def _follow(state: State, user: str, view: View, answer: Any) -> dict[str, str]:
    """Do what the acknowledgement says. Raises SlackError when it makes no sense."""
    if not answer:
        if view.id in {each.id for each in state.views.stack(user)}:
            state.views.close(user, view.id)
        return {}
    match answer:
        case {"response_action": "errors", "errors": dict(errors)} if errors:
            return _checked_errors(view, errors)
        case {"response_action": "update", "view": definition}:
            state.views.update(checked_view(definition), view_id=view.id)
        case {"response_action": "push", "view": definition}:
            state.views.push(user, checked_view(definition))
        case {"response_action": "clear"}:
            state.views.clear(user)
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
    urls = []
    for block in view.blocks:
        element = block.get("element", {})
        if block["type"] == "input" and element.get("response_url_enabled"):
            chosen = value_of(view.values[block["block_id"]][element["action_id"]])
            url = state.response_urls.issue(chosen, user)
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            urls.append({**ids, "channel_id": chosen, "response_url": f"{state.base_url}/response/{url.key}"})
    return urls
