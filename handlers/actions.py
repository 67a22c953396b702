"""Choices and buttons inside the form: each changes what the form shows, and is kept in the steps below."""

import asyncio
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.forms.accounts import AccountPart
from bot.slack.forms.check import CheckForm
from bot.slack.forms.objects import ObjectsPart
from bot.slack.forms.point import PointPart
from bot.slack.forms.state import Choice, FormState
from bot.slack.forms.step import AGAIN, Notice
from bot.slack.forms.what import WhatForm
from bot.slack.forms.where import WhereForm
from bot.slack.message import Block
from bot.slack.outcome import outcome
from handlers.desk import Desk
from handlers.opening import show

log = structlog.get_logger()

#: Longer than that, and the form says what it waits for.
UNNOTICED_SECONDS = 0.4

CHOICES = (
    WhatForm.PLAN,
    PointPart.CHOICE,
    PointPart.TIME,
    *PointPart.NEAREST_IDS,
    AGAIN,
    WhereForm.LOCATION,
    WhereForm.REGION,
    WhereForm.SAME,
    AccountPart.WAY,
    ObjectsPart.CHOSEN,
    ObjectsPart.NEW_NAME,
    ObjectsPart.SWITCH,
    CheckForm.CONFLICT,
    CheckForm.LOOK_AGAIN,
)


async def choice_callback(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    await ack()
    view = body["view"]
    turn = desk.turns.begin(view["id"])
    action = body["actions"][0]
    state = after(action, read(view))
    user_id = body["user"]["id"]
    match view["callback_id"]:
        case WhatForm.CALLBACK_ID:
            await show_what(client, desk, view, state, user_id, turn)
        case WhereForm.CALLBACK_ID:
            await show(client, view["id"], desk.where(state))
        case CheckForm.CALLBACK_ID:
            fresh = await desk.checked_time(await desk.in_zone_of(client, state, user_id))
            shown = await desk.check(fresh, user_id)
            if desk.turns.is_last(view["id"], turn):
                await show(client, view["id"], shown)
    await keep_below(client, desk, view, state)


def read(view: Block) -> FormState:
    """What is put in at the moment, in whichever step."""
    match view["callback_id"]:
        case WhatForm.CALLBACK_ID:
            return WhatForm.read(view)
        case WhereForm.CALLBACK_ID:
            return WhereForm.read(view)
        case _:
            return CheckForm.read(view)


def after(action: Block, state: FormState) -> FormState:
    """What a button does to it. A choice is already part of it."""
    match action["action_id"]:
        case WhereForm.SAME:
            return WhereForm.same_as_source(state)
        case ObjectsPart.SWITCH:
            return ObjectsPart.switched(state)
        case action_id if action_id in PointPart.NEAREST_IDS:
            return PointPart.at(state.evolve(choice=Choice.TIME), action["value"])
        case _:
            return state


async def show_what(
    client: AsyncWebClient, desk: Desk, view: Block, state: FormState, user_id: str, turn: int
) -> None:
    """Bring step one up to date with what is chosen in it, or say why it cannot be."""
    chosen = WhatForm.chosen(view)
    asking = asyncio.create_task(_found(client, desk, state, chosen, user_id))
    await asyncio.wait([asking], timeout=UNNOTICED_SECONDS)
    if not asking.done() and desk.turns.is_last(view["id"], turn):
        waiting = Notice("Asking DBS what can be restored …", icon=":hourglass_flowing_sand:")
        await show(client, view["id"], desk.what(state.evolve(plan=None), waiting))
    fresh, notice = await asking
    if not desk.turns.is_last(view["id"], turn):
        return
    try:
        await show(client, view["id"], desk.what(fresh, notice))
    except SlackApiError as error:
        if outcome(error).reason != "invalid_arguments":
            raise
        log.warning("slack refuses the form of a plan", chosen=chosen)
        notice = Notice("Slack cannot show the form for this plan. Restore it in the DBS console.")
        await show(client, view["id"], desk.what(state.evolve(plan=None, windows=()), notice))


async def _found(
    client: AsyncWebClient, desk: Desk, state: FormState, chosen: tuple[str, str] | None, user_id: str
) -> tuple[FormState, Notice | None]:
    state, notice = await desk.looked_up(await desk.in_zone_of(client, state, user_id), chosen)
    return await desk.checked_time(state), notice


async def keep_below(client: AsyncWebClient, desk: Desk, view: Block, state: FormState) -> None:
    """Write what a step holds into the steps below it, so that going back and on again loses nothing."""
    if view["callback_id"] == CheckForm.CALLBACK_ID and view.get("previous_view_id"):
        await show(client, view["previous_view_id"], desk.where(state))
    if view["callback_id"] != WhatForm.CALLBACK_ID and view.get("root_view_id"):
        await show(client, view["root_view_id"], desk.what(state))


def register(app: AsyncApp) -> None:
    for action_id in CHOICES:
        app.action(action_id)(choice_callback)
