"""Telling the app what a person did, and saying to them what became of it."""

from typing import Any

from bot.sandbox.slack.route import NoAnswer
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, PersonError


async def ask_app(state: State, payload: Json) -> Any:
    """Send an interactive payload and give its acknowledgement's payload. Raises PersonError."""
    try:
        return await state.route.ask("interactive", payload)
    except NoAnswer as failure:
        raise PersonError(f"{state.installation.app_name} {failure.words}. Try again?") from failure
