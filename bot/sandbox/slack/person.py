"""A person in the workspace, for scenarios without a browser: what the page does, by the same functions."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack import acting, opening, shortcuts, submitting, talking
from bot.sandbox.slack.block_kit import elements_of, options_of, state_of
from bot.sandbox.slack.messages import blocks_of
from bot.sandbox.slack.records import User
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, PersonError


class Person:
    """Names things by their ids, as the page does (`Someone` of the sandbox reads labels and waits).

    What does not work raises PersonError with the sentence a person would read.
    """

    def __init__(self, state: State, user: User) -> None:
        self._state = state
        self.id = user.id
        self.name = user.name

    async def say(self, channel: str, text: str, *, thread_ts: str | None = None) -> None:
        """Write in a channel ("#db-oncall"); a line that starts with / is a command, answered on return."""
        where = talking.writable(self._state, self.id, channel)
        if text.startswith("/"):
            await talking.run_command(self._state, self.id, where, text, thread_ts)
        else:
            talking.post(self._state, self.id, where, text, thread_ts)

    async def click(self, message: Mapping[str, Any], action_id: str, value: Any = None) -> None:
        """Press a button of a message (as `messages` or `ephemerals` give it), or choose in its menu.

        `value` as in `choose`.
        """
        channel = self._state.board.channel_of(message["ts"], self.id)
        if channel is None:
            raise PersonError("This message is gone.")
        block, element = _find(blocks_of(message), action_id=action_id)
        container = {"type": "message", "channel": channel.id, "message_ts": message["ts"]}
        action = {"block_id": block["block_id"], "action_id": action_id, **_typed(element, value)}
        await acting.act(self._state, self.id, container, action, {})

    @property
    def views(self) -> list[Json]:
        """The open modals, bottom first, with what is typed in `state.values`."""
        return self._state.views.page_stack(self.id)

    @property
    def view(self) -> Json | None:
        """The modal on top, if any."""
        return self.views[-1] if self.views else None

    async def choose(self, block_id: str, action_id: str, value: Any = None) -> None:
        """Press, type or choose in the modal on top, else in the app's Home; dispatches where Slack does.

        `value` is what the element takes: an option or the value of one it lists (or a list of them), a text,
        a number of seconds. None clears, and is right for a button.
        """
        view = self._surface()
        _, element = _find(view["blocks"], block_id=block_id, action_id=action_id)
        action = {"block_id": block_id, "action_id": action_id, **_typed(element, value)}
        await acting.act(self._state, self.id, _view_container(view), action, {})

    async def options(self, block_id: str, action_id: str, query: str = "") -> list[Json]:
        """What the app suggests for an external select in the modal on top or its Home, groups flattened."""
        container = _view_container(self._surface())
        answer = await acting.options(self._state, self.id, container, block_id, action_id, value=query)
        return options_of(answer)

    async def submit(self, values: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Fill in input blocks ({block_id: value}, values as in `choose`) and submit the modal on top.

        The sentences beside the fields, {} when it went through.
        """
        view = self._top()
        typed: Json = {}
        for block_id, value in (values or {}).items():
            _, element = _find(view["blocks"], block_id=block_id)
            typed[block_id] = {element["action_id"]: {"type": element["type"], **_typed(element, value)}}
        return await submitting.submit(self._state, self.id, view["id"], typed)

    async def close(self, *, everything: bool = False) -> None:
        """Cancel the modal on top, or the whole stack."""
        await submitting.close(self._state, self.id, self._top()["id"], everything=everything)

    async def shortcut(self, callback_id: str) -> None:
        """Run a global shortcut of the app."""
        await shortcuts.run_global(self._state, self.id, callback_id)

    async def message_shortcut(self, callback_id: str, message: Mapping[str, Any]) -> None:
        """Run a shortcut of the app on a message (as `messages` gives it)."""
        channel = self._state.board.channel_of(message["ts"], self.id)
        if channel is None:
            raise PersonError("This message is gone.")
        await shortcuts.run_on_message(self._state, self.id, callback_id, channel.id, message["ts"])

    def open_home(self) -> Json | None:
        """Open the app's Home; the view it has published so far, if any."""
        return opening.open_home(self._state, self.id)

    @property
    def home(self) -> Json | None:
        """The app's Home as this person sees it, with what is typed in `state.values`."""
        return self._state.homes.page_view(self.id)

    def open_im(self) -> str:
        """Open the direct conversation with the app; the id of its channel."""
        return opening.open_im(self._state, self.id).id

    def ephemerals(self, channel: str) -> list[Json]:
        """The messages in this channel that only this person sees, oldest first."""
        where = self._state.directory.channel(channel)
        return [message.to_json() for message in self._state.board.ephemerals(where, self.id)]

    def _surface(self) -> Json:
        return self.view or self.home or self._top()

    def _top(self) -> Json:
        if self.view is None:
            raise PersonError("No dialog is open.")
        return self.view


def _view_container(view: Json) -> Json:
    return {"type": "view", "view_id": view["id"]}


def _find(
    blocks: list[Json], *, block_id: str | None = None, action_id: str | None = None
) -> tuple[Json, Json]:
    for block in blocks:
        for element in elements_of(block):
            if block_id in {None, block["block_id"]} and action_id in {None, element["action_id"]}:
                return block, element
    raise PersonError(f"There is no element with block_id {block_id} and action_id {action_id}.")


def _typed(element: Json, value: Any) -> Json:
    """The value under its key, with options looked up by their value among the element's own."""
    kept = state_of(element)
    if kept is None:
        return {"selected_option": _option(element, value)} if element["type"] == "overflow" else {}
    if kept.key == "selected_option":
        return {kept.key: _option(element, value)}
    if kept.key == "selected_options":
        return {kept.key: [_option(element, each) for each in value or ()]}
    return {kept.key: value}


def _option(element: Json, value: Any) -> Json | None:
    if value is None or isinstance(value, dict):
        return value
    for option in options_of(element):
        if option["value"] == value:
            return option
    raise PersonError(f"There is no option {value!r}.")
