"""Ways into the form without a command: the global shortcut, and the button to try once more."""

import asyncio
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import RestoreBotError
from bot.restores.asking import wish_of
from bot.restores.models import Wish
from bot.slack.buttons import EDIT
from bot.slack.forms.state import FormState
from bot.slack.forms.step import Notice
from handlers.desk import Desk
from handlers.opening import open_form

log = structlog.get_logger()

SHORTCUT = "restore"
#: The form has to open within the trigger's 3 seconds.
REMEMBERED_WITHIN_SECONDS = 1.0


async def restore_shortcut(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    await ack()
    await open_form(client, desk, body["trigger_id"], body["user"]["id"], FormState.new(None))


async def edit_and_try_again(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    """The form as it was, but a new one: with a nonce of its own, and without the password."""
    await ack()
    wish = await _asked_for(desk, body["actions"][0]["value"])
    notice = None if wish else Notice("What was asked for is not at hand any more. Fill the form anew.")
    state = FormState.new(body["channel"]["id"], wish)
    await open_form(client, desk, body["trigger_id"], body["user"]["id"], state, notice)


async def _asked_for(desk: Desk, nonce: str) -> Wish | None:
    try:
        async with asyncio.timeout(REMEMBERED_WITHIN_SECONDS):
            request = await desk.service.request(nonce)
    except (RestoreBotError, TimeoutError) as error:
        log.warning("request not at hand", nonce=nonce, error=type(error).__name__)
        return None
    return wish_of(request) if request else None


def register(app: AsyncApp) -> None:
    app.shortcut(SHORTCUT)(restore_shortcut)
    app.action(EDIT)(edit_and_try_again)
