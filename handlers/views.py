"""The submitted form."""

import asyncio
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import AlreadySubmitted, RestoreBotError
from bot.restores.catalog import Catalog
from bot.restores.models import RestoreDraft
from bot.restores.service import RestoreService
from bot.slack.forms.restore import RestoreForm
from handlers.actions import show_what_is_chosen

log = structlog.get_logger()

#: Slack waits 3 seconds. What was not saved by then can be submitted again: it stays one request.
SAVED_WITHIN_SECONDS = 2.0


async def restore_submitted(
    ack: AsyncAck,
    view: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    service: RestoreService,
    catalog: Catalog,
) -> None:
    """The form closes only when the request is saved; until then every error is shown in it."""
    parsed = RestoreForm.parse(view, body["user"]["id"])
    if not isinstance(parsed, RestoreDraft):
        await ack(response_action="errors", errors=parsed)
        if RestoreForm.lags_behind(view):
            await show_what_is_chosen(client, catalog, view)
        return
    try:
        async with asyncio.timeout(SAVED_WITHIN_SECONDS):
            await service.submit(parsed)
    except AlreadySubmitted as error:
        await ack(response_action="errors", errors={RestoreForm.PLAN: error.sentence})
        return
    except (RestoreBotError, TimeoutError) as error:
        log.warning("request not saved", nonce=parsed.nonce, error=type(error).__name__)
        sentence = "This could not be saved. Submit again: it will not be created twice."
        await ack(response_action="errors", errors={RestoreForm.PLAN: sentence})
        return
    await ack()


def register(app: AsyncApp) -> None:
    app.view(RestoreForm.CALLBACK_ID)(restore_submitted)
