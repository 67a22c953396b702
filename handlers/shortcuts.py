"""Shortcuts: the global one opens the form, those on a message do what a button of its restore does."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreError
from bot.slack import buttons, replies
from bot.slack.forms.state import FormState
from handlers.answering import tell
from handlers.deeds import DEEDS
from handlers.desk import Desk
from handlers.opening import open_form
from handlers.place import Place
from handlers.press import REMEMBERED_WITHIN_SECONDS, Press

SHORTCUT = "restore"
#: The shortcuts of a message, each with the button that does the same.
ON_MESSAGE = {
    "restore_status": buttons.STATUS,
    "restore_follow": buttons.FOLLOW,
    "restore_watch": buttons.WATCH_ELSEWHERE,
    "restore_again": buttons.AGAIN,
    "restore_receipt": buttons.RECEIPT,
}


async def restore_shortcut(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    await ack()
    await open_form(client, desk, body["trigger_id"], body["user"]["id"], FormState.new(None))


async def on_message(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    """On a card or on any message of its thread."""
    await ack()
    place = Place.of(body)
    try:
        async with asyncio.timeout(REMEMBERED_WITHIN_SECONDS):
            following = await desk.register.at(place.channel_id or "", place.root_ts or "")
    except (StoreError, TimeoutError):
        await tell(client, place, replies.NO_STORE)
        return
    if following is None:
        await tell(client, place, replies.NOT_A_RESTORE)
    else:
        await DEEDS.do(ON_MESSAGE[body["callback_id"]], Press(client, desk, place, following))


def register(app: AsyncApp) -> None:
    app.shortcut(SHORTCUT)(restore_shortcut)
    for callback_id in ON_MESSAGE:
        app.message_shortcut(callback_id)(on_message)
