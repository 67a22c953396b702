"""`/restore`: opens the form, filled as asked, or answers to the person alone."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DbsError
from bot.restores.clock import utc_now
from bot.restores.models import Wish
from bot.restores.quick import read
from bot.slack.answers import HELP, STATUS_USAGE, described, followed, mistaken, unreachable
from bot.slack.forms.state import FormState
from bot.slack.zones import clock_of
from handlers.desk import Desk
from handlers.opening import open_form
from handlers.plans import answer_plans

COMMAND = "/restore"


async def restore_callback(
    ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond, desk: Desk
) -> None:
    text = command.get("text", "")
    match words(text):
        case ["help", *_]:
            await ack(HELP)
        case ["status", restore_task_id]:
            await ack()
            await answer_status(respond, desk, restore_task_id)
        case ["status", *_]:
            await ack(STATUS_USAGE)
        case ["plans", *searched]:
            await ack()
            await answer_plans(respond, desk, command["channel_id"], " ".join(searched))
        case _:
            await open_filled(ack, command, client, desk, text)


def words(text: str) -> list[str]:
    """What was typed, as phones and pasting leave it: `Status`, or an id between backticks."""
    typed = [word.strip("`") for word in text.split()]
    return [word.lower() for word in typed[:1]] + typed[1:]


async def open_filled(
    ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient, desk: Desk, text: str
) -> None:
    """The form with what was typed in it; or what is wrong with that, and then no form."""
    user_id = command["user_id"]
    # Times are on the person's own clock: worth asking for when there may be one.
    name = await desk.zones.of(client, user_id) if "=" in text else desk.zones.known(user_id)
    wish = read(text, now=utc_now(), zone=clock_of(name))
    if not isinstance(wish, Wish):
        await ack(mistaken(wish))
        return
    await ack()
    state = FormState.new(command["channel_id"], wish)
    await open_form(client, desk, command["trigger_id"], user_id, state)


async def answer_status(respond: AsyncRespond, desk: Desk, restore_task_id: str) -> None:
    following = await desk.service.status(restore_task_id)
    try:
        answer = (
            followed(following)
            if following
            else described(restore_task_id, await desk.catalog.task(restore_task_id))
        )
    except DbsError as error:
        answer = unreachable(error.sentence)
    await respond(text=answer.text, blocks=list(answer.blocks), response_type="ephemeral")


def register(app: AsyncApp) -> None:
    app.command(COMMAND)(restore_callback)
