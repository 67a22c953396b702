"""Choices and buttons inside the form: each changes what the form shows, and is kept in the steps below."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
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
from handlers.desk import Desk
from handlers.opening import put

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
    ObjectsPart.START_OVER,
    ObjectsPart.EVERY,
    CheckForm.CONFLICT,
    CheckForm.START,
    CheckForm.LOOK_AGAIN,
    CheckForm.CHANGE,
)


async def choice_callback(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    view = body["view"]
    turn = desk.turns.begin(view["id"])
    await ack()
    action = body["actions"][0]
    before = read(view)
    state = after(action, before)
    user_id = body["user"]["id"]
    match view["callback_id"]:
        case WhatForm.CALLBACK_ID:
            await show_what(client, desk, view, state, user_id, turn)
        case WhereForm.CALLBACK_ID:
            await put(client, desk, view["id"], desk.where(state), turn)
        case CheckForm.CALLBACK_ID if action["action_id"] == CheckForm.CHANGE:
            await put(client, desk, view["id"], desk.what(state.evolve(alone=False)), turn)
        case CheckForm.CALLBACK_ID:
            unwritable = ObjectsPart.unwritable(action["action_id"], before)
            fresh = await desk.checked_time(await desk.in_zone_of(client, state, user_id))
            notice = Notice(unwritable) if unwritable else None
            shown = await desk.check(fresh, user_id, notice, before=view)
            await put(client, desk, view["id"], shown, turn)
    await keep_below(client, desk, view, state, turn)


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
        case action_id if action_id in PointPart.NEAREST_IDS:
            return PointPart.at(state.evolve(choice=Choice.TIME), action["value"])
        case action_id:
            return ObjectsPart.after(action_id, state)


async def show_what(
    client: AsyncWebClient, desk: Desk, view: Block, state: FormState, user_id: str, turn: int
) -> None:
    """Bring step one up to date with what is chosen in it, or say why it cannot be."""
    chosen = WhatForm.chosen(view)
    asking = asyncio.create_task(_found(client, desk, state, chosen, user_id))
    await asyncio.wait([asking], timeout=UNNOTICED_SECONDS)
    if not asking.done():
        waiting = Notice("Asking DBS what can be restored …", icon=":hourglass_flowing_sand:")
        await put(client, desk, view["id"], desk.what(state.evolve(plan=None), waiting), turn)
    fresh, notice = await asking
    await put(client, desk, view["id"], desk.what(fresh, notice), turn)


async def _found(
    client: AsyncWebClient, desk: Desk, state: FormState, chosen: tuple[str, str] | None, user_id: str
) -> tuple[FormState, Notice | None]:
    state, notice = await desk.looked_up(await desk.in_zone_of(client, state, user_id), chosen)
    return await desk.checked_time(state), notice


async def keep_below(client: AsyncWebClient, desk: Desk, view: Block, state: FormState, turn: int) -> None:
    """Write what a step holds into the steps below it, so that going back and on again loses nothing."""
    if view.get("root_view_id") == view["id"]:
        return
    below, root = view.get("previous_view_id"), view.get("root_view_id")
    if view["callback_id"] == CheckForm.CALLBACK_ID and below:
        await _keep(client, desk, below, desk.where(state), turn, state)
    if view["callback_id"] != WhatForm.CALLBACK_ID and root:
        await _keep(client, desk, root, desk.what(state), turn, state)


async def _keep(
    client: AsyncWebClient, desk: Desk, view_id: str, view: Block, turn: int, state: FormState
) -> None:
    """Not when something was done below since: then the step above was left, and tells of it late."""
    if desk.turns.untouched(view_id, state.pushed):
        await put(client, desk, view_id, view, turn)


def register(app: AsyncApp) -> None:
    for action_id in CHOICES:
        app.action(action_id)(choice_callback)
