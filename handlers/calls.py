"""A command, typed or behind a button: who wants what where, and how they are answered."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.forms.state import FormState
from bot.slack.forms.step import Notice
from bot.slack.glance import Viewer
from bot.slack.message import Message
from handlers.answering import or_why_not
from handlers.desk import Desk
from handlers.opening import open_form

#: Whoever waits so long is told that it goes on.
SLOW_AFTER = 2.0
SLOW = ":hourglass_flowing_sand: DBS, or my own database, is slow to answer. What comes of this follows here."


@dataclass(frozen=True, slots=True)
class Form:
    """An answer that is a form."""

    state: FormState
    notice: Notice | None = None


Answer = Message | Form


@dataclass(frozen=True, slots=True)
class Call:
    """`text` is what stands behind the command's own word, as it was typed."""

    user_id: str
    channel_id: str
    trigger_id: str
    client: AsyncWebClient
    respond: AsyncRespond
    desk: Desk
    text: str = ""

    @classmethod
    def of_command(
        cls, command: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond, desk: Desk
    ) -> "Call":
        ids = command["user_id"], command["channel_id"], command["trigger_id"]
        return cls(*ids, client, respond, desk)

    @classmethod
    def of_button(
        cls, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond, desk: Desk
    ) -> "Call":
        ids = body["user"]["id"], body["channel"]["id"], body["trigger_id"]
        return cls(*ids, client, respond, desk)

    def saying(self, text: str) -> "Call":
        return replace(self, text=text)

    async def viewer(self) -> Viewer:
        address, language = await asyncio.gather(self.desk.workspace.address(self.client), self.language())
        return Viewer(self.user_id, address, language)

    async def language(self) -> str:
        return await self.desk.zones.language(self.client, self.user_id)

    async def say(self, message: Message, *, instead: bool = False) -> None:
        """To the person alone; `instead`: in the place of the message whose button was pressed."""
        await self.respond(
            text=message.text,
            blocks=list(message.blocks) or None,
            response_type="ephemeral",
            replace_original=instead,
        )


Command = Callable[[Call], Awaitable[Answer]]


async def answer(call: Call, work: Awaitable[Answer], *, instead: bool = False) -> None:
    """Give the answer when it is there; say so meanwhile when it takes long, and when there will be none."""
    finding = asyncio.ensure_future(or_why_not(work))
    try:
        done, _ = await asyncio.wait([finding], timeout=SLOW_AFTER)
        if not done:
            await call.say(Message(SLOW))
        found = await finding
    finally:
        finding.cancel()
    if isinstance(found, Form):
        await open_form(call.client, call.desk, call.trigger_id, call.user_id, found.state, found.notice)
    else:
        await call.say(found, instead=instead)
