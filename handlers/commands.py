"""`/restore`: opens the form, filled as asked, or answers to the person alone."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import RestoreBotError
from bot.restores.clock import utc_now
from bot.restores.meant import name_in
from bot.restores.models import Wish
from bot.restores.quick import COMMAND, NO_PASSWORD, has_secret, read, without_name
from bot.restores.words import EQUALS
from bot.slack import guide
from bot.slack.forms.state import FormState
from bot.slack.message import Message
from bot.slack.zones import clock_of
from handlers import following, lists, plans, restarting
from handlers.calls import Answer, Call, Command, answer
from handlers.desk import Desk
from handlers.opening import open_form

log = structlog.get_logger()

#: Of the trigger's 3 seconds, for whether a word that may be a misspelt command is the name of a plan.
PLANS_WITHIN_SECONDS = 1.2


async def show_help(call: Call) -> Answer:
    return guide.help_message(call.text)


COMMANDS: Mapping[str, Command] = {
    "plans": plans.list_plans,
    "list": lists.list_restores,
    "status": following.status,
    "watch": following.watch,
    "unwatch": following.unwatch,
    "follow": following.follow,
    "unfollow": following.unfollow,
    "start": restarting.start,
    "again": restarting.again,
    "history": lists.list_history,
    "help": show_help,
}


async def restore_callback(
    ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond, desk: Desk
) -> None:
    text, call = command.get("text", ""), Call.of_command(command, client, respond, desk)
    name, rest = parted(text)
    # `start = yes` is a key of the form, though it begins like a command.
    if name not in COMMANDS or rest.startswith(tuple(EQUALS)):
        await open_filled(ack, call, text)
    elif has_secret(rest):
        await _at_once(ack, guide.mistaken((NO_PASSWORD,)))
    elif name == "help":
        await _at_once(ack, guide.help_message(rest))
    else:
        await ack()
        await answer(call, COMMANDS[name](call.saying(rest)))


async def _at_once(ack: AsyncAck, message: Message) -> None:
    """An answer that is known goes with the acknowledgement."""
    await ack(text=message.text, blocks=list(message.blocks), response_type="ephemeral")


def parted(text: str) -> tuple[str, str]:
    """The first word and the rest, as phones and pasting leave them: `Status`, or all between backticks."""
    first, rest = (*without_name(text).split(maxsplit=1), "", "")[:2]
    return name_in(first).lower(), rest.strip()


async def open_filled(ack: AsyncAck, call: Call, text: str) -> None:
    """The form with what was typed in it; or what is wrong with that, and then no form."""
    # Times are on the person's own clock: worth asking for when there may be one.
    zones = call.desk.zones
    zone = await zones.of(call.client, call.user_id) if "=" in text else zones.known(call.user_id)
    wish = read(text, now=utc_now(), zone=clock_of(zone))
    if not isinstance(wish, Wish):
        await _at_once(ack, guide.mistaken(wish))
        return
    await ack()
    if wish == Wish(plan=wish.plan) and (meant := await _misspelt(call, wish.plan or "")):
        await call.say(meant)
    else:
        state = FormState.new(call.channel_id, wish)
        await open_form(call.client, call.desk, call.trigger_id, call.user_id, state)


async def _misspelt(call: Call, text: str) -> Message | None:
    """What was probably meant by words that are nearly a command, unless a plan is called so."""
    first, _, rest = text.partition(" ")
    suggested = guide.instead_of(first, rest.strip()) if text else None
    if suggested is None:
        return None
    try:
        async with asyncio.timeout(PLANS_WITHIN_SECONDS):
            found = await call.desk.catalog.plans(text, call.channel_id)
    except (RestoreBotError, TimeoutError) as error:
        log.warning("plans not known for a command", error=type(error).__name__)
        return suggested
    return None if found.plans else suggested


# The buttons of answers


async def run_command(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond, desk: Desk
) -> None:
    await ack()
    name, _, rest = str(body["actions"][0]["value"]).partition(" ")
    call = Call.of_button(body, client, respond, desk)
    await answer(call, COMMANDS[name](call.saying(rest)))


async def look_for_plan(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    """The form, with the plan that is meant by words that are nearly a command."""
    await ack()
    wish = Wish(plan=body["actions"][0].get("value") or None)
    state = FormState.new(body["channel"]["id"], wish)
    await open_form(client, desk, body["trigger_id"], body["user"]["id"], state)


def register(app: AsyncApp) -> None:
    app.command(COMMAND)(restore_callback)
    app.action(re.compile(rf"^{guide.RUN}:"))(run_command)
    app.action(guide.LOOK)(look_for_plan)
