"""A restore once more: the form as that one was, at its first step or, ready to be sent, at its last."""

import asyncio
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import RestoreBotError
from bot.slack.buttons import EDIT
from bot.slack.dialogs import waiting
from bot.slack.forms.again import GONE, as_asked, as_it_was
from bot.slack.forms.state import FormState, TooLarge
from bot.slack.forms.step import Notice
from bot.slack.forms.what import WhatForm
from bot.slack.membership import cannot_post
from bot.slack.message import Block
from handlers.answering import put_up
from handlers.desk import Desk
from handlers.opening import open_form, show
from handlers.place import Place
from handlers.press import Press

log = structlog.get_logger()

TITLE = "Restore again"
#: The form has to open within the trigger's 3 seconds.
REMEMBERED_WITHIN_SECONDS = 1.0
#: Of a nonce, which messages of earlier versions name instead of the link.
_NONCE_LENGTH = 32


async def try_again(press: Press) -> None:
    """On screen at once; what DBS says of the plan, and whether anything is in the way, comes into it."""
    client, desk = press.client, press.desk
    state = as_it_was(press.following, press.place.channel_id)
    words = "Asking DBS whether it can be restored as it was …"
    opened = await put_up(client, press.place, waiting(TITLE, words))
    await show(client, opened["id"], await _ready(client, desk, state, press.user_id))


async def _ready(client: AsyncWebClient, desk: Desk, state: FormState, user_id: str) -> Block:
    """The last step; the first, with what stands in the way, if it cannot be sent as it was."""
    reason, (state, notice) = await asyncio.gather(
        cannot_post(client, state.channel_id or ""), _planned(client, desk, state, user_id)
    )
    if reason is not None:
        return WhatForm.build_closed(reason)
    notice = notice or await desk.in_the_way(state)
    if notice or state.plan is None:
        return desk.what(state, notice)
    try:
        kept = state.evolve(alone=True).kept
    except TooLarge:
        return desk.what(state)
    return await desk.check(kept, user_id)


async def _planned(
    client: AsyncWebClient, desk: Desk, state: FormState, user_id: str
) -> tuple[FormState, Notice | None]:
    return await desk.looked_up(await desk.in_zone_of(client, state, user_id), None)


async def edit(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    """The form as it was, but a new one: with a nonce of its own, and without the password."""
    await ack()
    place = Place.of(body)
    found = await _remembered(desk, body["actions"][0]["value"], place.channel_id)
    state, notice = (found, None) if found else (FormState.new(place.channel_id), GONE)
    await open_form(client, desk, place.trigger_id, place.user_id, state, notice)


async def _remembered(desk: Desk, value: str, channel_id: str | None) -> FormState | None:
    try:
        async with asyncio.timeout(REMEMBERED_WITHIN_SECONDS):
            if len(value) == _NONCE_LENGTH:
                request = await desk.service.request(value)
                return as_asked(request, channel_id) if request else None
            following = await desk.register.link(int(value))
    except (RestoreBotError, TimeoutError, ValueError) as error:
        log.warning("request not at hand", button=value, error=type(error).__name__)
        return None
    return as_it_was(following, channel_id) if following else None


def register(app: AsyncApp) -> None:
    app.action(EDIT)(edit)
