"""`/restore`: opens the form, or answers to the person alone."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DbsError
from bot.restores.catalog import Catalog
from bot.restores.service import RestoreService
from bot.slack.answers import HELP, STATUS_USAGE, described, followed, not_a_command, unreachable
from bot.slack.forms.restore import RestoreForm
from bot.slack.forms.state import FormState
from bot.slack.membership import cannot_post

COMMAND = "/restore"


async def restore_callback(
    ack: AsyncAck,
    command: dict[str, Any],
    client: AsyncWebClient,
    respond: AsyncRespond,
    service: RestoreService,
    catalog: Catalog,
) -> None:
    match words(command.get("text", "")):
        case []:
            await ack()
            await open_form(client, command["trigger_id"], command["channel_id"])
        case ["help", *_]:
            await ack(HELP)
        case ["status", restore_task_id]:
            await ack()
            await answer_status(respond, service, catalog, restore_task_id)
        case ["status", *_]:
            await ack(STATUS_USAGE)
        case _:
            await ack(not_a_command(command["text"]))


def words(text: str) -> list[str]:
    """What was typed, as phones and pasting leave it: `Status`, or an id between backticks."""
    typed = [word.strip("`") for word in text.split()]
    return [word.lower() for word in typed[:1]] + typed[1:]


async def open_form(client: AsyncWebClient, trigger_id: str, channel_id: str) -> None:
    """Open the form at once, a trigger lives 3 seconds, then see whether the thread could be posted here."""
    state = FormState.new(channel_id)
    opened = await client.views_open(trigger_id=trigger_id, view=RestoreForm.build(state))
    reason = await cannot_post(client, channel_id)
    if reason:
        await client.views_update(view_id=opened["view"]["id"], view=RestoreForm.build_closed(reason))


async def answer_status(
    respond: AsyncRespond, service: RestoreService, catalog: Catalog, restore_task_id: str
) -> None:
    following = await service.status(restore_task_id)
    try:
        answer = (
            followed(following)
            if following
            else described(restore_task_id, await catalog.task(restore_task_id))
        )
    except DbsError as error:
        answer = unreachable(error.sentence)
    await respond(text=answer.text, blocks=list(answer.blocks), response_type="ephemeral")


def register(app: AsyncApp) -> None:
    app.command(COMMAND)(restore_callback)
