"""Where an interactive element stands, a message or a view, and how the payload names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.block_kit import find_element
from bot.sandbox.slack.messages import Message, blocks_of
from bot.sandbox.slack.records import Channel
from bot.sandbox.slack.state import State
from bot.sandbox.slack.talking import readable
from bot.sandbox.slack.view import View
from bot.sandbox.slack.wire import Json, PersonError, SlackError


@dataclass(frozen=True)
class InMessage:
    channel: Channel
    message: Message

    @property
    def blocks(self) -> Sequence[Json]:
        return blocks_of(self.message.to_json())


@dataclass(frozen=True)
class InView:
    view: View

    @property
    def blocks(self) -> Sequence[Json]:
        return self.view.blocks


Place = InMessage | InView


def find_place(state: State, user: str, container: Json) -> Place:
    """The message or view this container names. Raises PersonError when it is gone."""
    if container.get("type") == "view":
        try:
            return InView(_view(state, user, str(container.get("view_id"))))
        except SlackError as error:
            raise PersonError("This dialog is closed.") from error
    channel = readable(state, user, str(container.get("channel")))
    ts = str(container.get("message_ts"))
    if message := state.board.log(channel).get(ts):
        return InMessage(channel, message)
    for ephemeral in state.board.ephemerals(channel, user):
        if ephemeral.ts == ts:
            return InMessage(channel, ephemeral)
    raise PersonError("This message is gone.")


def _view(state: State, user: str, view_id: str) -> View:
    """A modal or the home view. Raises SlackError `not_found`."""
    home = state.homes.of(user)
    return home if home and home.id == view_id else state.views.find(user, view_id)


def remembered(state: State, user: str, place: InView, *typed: Mapping[str, Any]) -> InView:
    """The view with what the person typed and chose, kept."""
    keeper = state.homes if place.view.definition["type"] == "home" else state.views
    view = place.view
    for each in typed:
        view = keeper.remember(user, view.id, each)
    return InView(view)


def element_at(place: Place, block_id: str, action_id: str) -> tuple[Json, Json]:
    """The block and the element with these ids. Raises PersonError."""
    found = find_element(place.blocks, block_id, action_id)
    if found is None:
        raise PersonError("This element is gone.")
    return found


def place_in_payload(state: State, user: str, place: Place, *, with_response_url: bool) -> Json:
    """What a payload says of the place: container, and view or channel, message and response_url."""
    if isinstance(place, InView):
        view = place.view.to_json(state.installation)
        return {"container": {"type": "view", "view_id": view["id"]}, "view": view}
    channel, message = place.channel, place.message
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.is_ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload: Json = {"container": container, "channel": {"id": channel.id, "name": channel.name}}
    if not message.is_ephemeral:
        payload["message"] = state.board.log(channel).render(message, include_metadata=True)
    if with_response_url:
        payload["response_url"] = state.response_address(channel.id, user, original_ts=message.ts)
    return payload
