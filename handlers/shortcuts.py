"""Shortcuts: the global one opens the form, those on a message do what a button of its restore does."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import buttons, replies
from bot.slack.forms.state import FormState
from handlers.deeds import DEEDS
from handlers.desk import Desk
from handlers.opening import open_form
from handlers.place import Place
from handlers.press import about

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
    finding = desk.register.at(place.channel_id or "", place.root_ts or "")
    press = await about(client, desk, place, finding, otherwise=replies.NOT_A_RESTORE)
    if press is not None:
        await DEEDS.do(ON_MESSAGE[body["callback_id"]], press)


def register(app: AsyncApp) -> None:
    app.shortcut(SHORTCUT)(restore_shortcut)
    for callback_id in ON_MESSAGE:
        app.message_shortcut(callback_id)(on_message)
