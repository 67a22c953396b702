"""A button of a restore that was pressed, and how it comes to what it does."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotPossible, StoreError
from bot.restores.models import Following
from bot.slack import replies
from bot.slack.buttons import pressed
from bot.slack.message import Message
from handlers import answering
from handlers.desk import Desk
from handlers.place import Place

#: A dialog has to open within the trigger's 3 seconds.
REMEMBERED_WITHIN_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed it where, and which restore it is about."""

    client: AsyncWebClient
    desk: Desk
    place: Place
    following: Following

    @property
    def user_id(self) -> str:
        return self.place.user_id

    @property
    def task_id(self) -> str | None:
        return self.following.link.restore_task_id

    async def language(self) -> str:
        return await self.desk.zones.language(self.client, self.user_id)


#: What is answered, and what opens a dialog of its own.
Answered = Callable[[Press], Awaitable[Message]]
Opened = Callable[[Press], Awaitable[None]]


async def about(
    client: AsyncWebClient,
    desk: Desk,
    place: Place,
    finding: Awaitable[Following | None],
    *,
    otherwise: Message,
) -> Press | None:
    """The press of a button of the restore that is found; None if none is, and the person is told so."""
    try:
        async with asyncio.timeout(REMEMBERED_WITHIN_SECONDS):
            following = await finding
    except (StoreError, TimeoutError):
        following, otherwise = None, replies.NO_STORE
    if following is None:
        await answering.tell(client, place, otherwise)
        return None
    return Press(client, desk, place, following)


async def _linked(desk: Desk, link_id: str) -> Following | None:
    return await desk.register.link(int(link_id)) if link_id.isdecimal() else None


class Deeds:
    """What each button does, by its id: the same from a button, a menu and a shortcut."""

    def __init__(self, answered: Mapping[str, Answered], opened: Mapping[str, Opened]) -> None:
        self._answered = answered
        self._opened = opened

    @property
    def action_ids(self) -> tuple[str, ...]:
        return (*self._answered, *self._opened)

    async def do(self, action_id: str, press: Press) -> None:
        if action_id in self._answered:
            await answering.answer(press.client, press.place, self._answered[action_id](press))
            return
        try:
            await self._opened[action_id](press)
        except NotPossible as error:
            await answering.tell(press.client, press.place, replies.impossible(error))

    async def callback(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
        await ack()
        action_id, link_id = pressed(body["actions"][0])
        finding = _linked(desk, link_id)
        press = await about(client, desk, Place.of(body), finding, otherwise=replies.UNKNOWN)
        if press is not None:
            await self.do(action_id, press)
