"""Web API: views.*"""

from collections.abc import Callable, Mapping

from bot.sandbox.slack.arguments import Arguments, invalid_arguments
from bot.sandbox.slack.block_kit import checked_view
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json


def open_(state: State, arguments: Arguments) -> Json:
    """The view is checked before the trigger is spent."""
    trigger_id, definition = arguments.required("trigger_id"), _view(arguments)
    view = state.views.open(state.triggers.exchange(trigger_id), definition)
    return {"view": view.to_json(state.installation)}


def push(state: State, arguments: Arguments) -> Json:
    trigger_id, definition = arguments.required("trigger_id"), _view(arguments)
    view = state.views.push(state.triggers.exchange(trigger_id), definition)
    return {"view": view.to_json(state.installation)}


def update(state: State, arguments: Arguments) -> Json:
    view_id, external_id = arguments.text("view_id"), arguments.text("external_id")
    if not view_id and not external_id:
        raise invalid_arguments("missing required field: view_id")
    expected = arguments.text("hash") or None
    view = state.views.update(
        _view(arguments), view_id=view_id, external_id=external_id, expected_hash=expected
    )
    return {"view": view.to_json(state.installation)}


def publish(state: State, arguments: Arguments) -> Json:
    """Show a view in one person's App Home; bots have none. Raises SlackError `hash_conflict`."""
    user_id = arguments.required("user_id")
    if not state.directory.is_person(user_id):
        raise invalid_arguments("invalid `user_id`")
    view = state.homes.publish(user_id, _view(arguments, "home"), arguments.text("hash") or None)
    return {"view": view.to_json(state.installation)}


METHODS: Mapping[str, Callable[[State, Arguments], Json]] = {
    "views.open": open_,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}


def _view(arguments: Arguments, kind: str = "modal") -> Json:
    definition = arguments.object("view")
    if definition is None:
        raise invalid_arguments("missing required field: view")
    return checked_view(definition, kind)
