"""The steps of the form, submitted or left. A step is left only with everything in it right."""

import asyncio
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import AlreadySubmitted, CredentialMissing, NotOffered, RestoreBotError
from bot.restores.checks import nearest
from bot.restores.models import RestoreDraft
from bot.slack.forms.check import CheckForm, Seen
from bot.slack.forms.objects import ObjectsPart
from bot.slack.forms.point import PointPart
from bot.slack.forms.risks import RisksPart
from bot.slack.forms.state import FormState
from bot.slack.forms.step import FormErrors, Notice
from bot.slack.forms.what import WhatForm
from bot.slack.forms.where import WhereForm
from bot.slack.membership import cannot_post
from bot.slack.message import Block
from handlers.actions import keep_below, read, show_what
from handlers.desk import Desk
from handlers.opening import put

log = structlog.get_logger()

#: Slack waits 3 seconds. What was not saved by then can be submitted again: it stays one request.
SAVED_WITHIN_SECONDS = 1.2
POSTING_CHECKED_WITHIN_SECONDS = 1.0
_UNSEEN = "There is something dangerous you have not seen yet. Read it, then submit again."


async def what_submitted(
    ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, desk: Desk
) -> None:
    user_id = body["user"]["id"]
    state = await desk.checked_time(desk.in_known_zone_of(WhatForm.read(view), user_id))
    errors = WhatForm.errors(view, state) or await _not_here(client, desk, view)
    if errors:
        await ack(response_action="errors", errors=errors)
        if WhatForm.lags_behind(view) or PointPart.TIME in {name.split(":")[0] for name in errors}:
            await show_what(client, desk, view, state, user_id, desk.turns.begin(view["id"]))
        return
    turn = desk.turns.begin(view["id"])
    await ack(response_action="push", view=desk.where(state.evolve(pushed=turn)))
    await put(client, desk, view["id"], desk.what(state), turn)


async def _not_here(client: AsyncWebClient, desk: Desk, view: Block) -> FormErrors:
    """Why the channel that was chosen will not do."""
    state = WhatForm.read(view)
    if state.plan and not desk.catalog.allowed(state.plan, state.channel_id):
        return {WhatForm.plan_block(state): NotOffered().sentence}
    if not state.asks_channel or state.channel_id is None:
        return {}
    try:
        async with asyncio.timeout(POSTING_CHECKED_WITHIN_SECONDS):
            reason = await cannot_post(client, state.channel_id)
    except TimeoutError:
        return {}
    return {WhatForm.CHANNEL: reason} if reason else {}


async def where_submitted(
    ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, desk: Desk
) -> None:
    user_id = body["user"]["id"]
    state = WhereForm.read(view)
    errors = WhereForm.errors(view, state, desk.stored())
    if errors:
        await ack(response_action="errors", errors=errors)
        if WhereForm.lags_behind(view):
            await put(client, desk, view["id"], desk.where(state), desk.turns.begin(view["id"]))
        return
    turn = desk.turns.begin(view["id"])
    await ack(response_action="push", view=await desk.check(state.evolve(pushed=turn), user_id))
    await put(client, desk, view["id"], desk.where(state), turn)
    await keep_below(client, desk, view, state, turn)


async def check_submitted(
    ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, desk: Desk
) -> None:
    """The form closes only when the request is saved; until then every error is shown in it."""
    user_id = body["user"]["id"]
    put_in = CheckForm.read(view)
    state, plan, size, language = await asyncio.gather(
        desk.with_windows_as_they_are(put_in),
        desk.plan_with_databases(put_in),
        desk.size(put_in),
        desk.zones.language(client, user_id),
    )
    state = ObjectsPart.entered(state, plan.databases if plan else ())
    password = CheckForm.password(view)
    draft = desk.draft(state, plan, user_id, password=password, size=size, language=language)
    errors = CheckForm.errors(view, state, draft)
    if errors:
        await ack(response_action="errors", errors=errors)
        return
    seen = await desk.seen(state, draft)
    if seen.dangers is None:
        sentence = "Whether this is dangerous could not be checked. Submit again in a moment."
        await ack(response_action="errors", errors={CheckForm.START: sentence})
        return
    notice = None
    if PointPart.problem(state, state.point.time):
        notice = Notice(_out_of_reach(state))
    elif not RisksPart.are_shown(seen.dangers, view):
        notice = Notice(_UNSEEN)
    if notice:
        desk.turns.begin(view["id"])
        await ack(response_action="update", view=CheckForm.build(state, draft, seen, notice))
        return
    if unconfirmed := RisksPart.error(draft, seen.dangers, view):
        await ack(response_action="errors", errors=unconfirmed)
        return
    await _submit(ack, desk, state, draft, seen)


def _out_of_reach(state: FormState) -> str:
    at = state.point.time
    if at is not None and nearest(at, state.windows):
        return "The time is out of reach meanwhile. Choose one of those below, then submit again."
    return (
        "The time is out of reach meanwhile, and the plan has no other to restore to."
        " Go back to the first step and choose a backup set."
    )


async def _submit(ack: AsyncAck, desk: Desk, state: FormState, draft: RestoreDraft, seen: Seen) -> None:
    try:
        async with asyncio.timeout(SAVED_WITHIN_SECONDS):
            unseen = await desk.service.submit(draft, seen.dangers)
    except (AlreadySubmitted, CredentialMissing, NotOffered) as error:
        await ack(response_action="errors", errors={CheckForm.START: error.sentence})
    except (RestoreBotError, TimeoutError) as error:
        log.warning("request not saved", nonce=draft.nonce, error=type(error).__name__)
        sentence = "This could not be saved. Submit again: it will not be created twice."
        await ack(response_action="errors", errors={CheckForm.START: sentence})
    else:
        if unseen:
            seen = replace(seen, dangers=unseen)
            await ack(response_action="update", view=CheckForm.build(state, draft, seen, Notice(_UNSEEN)))
        else:
            await ack(response_action="clear")


async def step_left(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    """Back in the step below, what was put in is still known; when all is closed there is no step below."""
    view = body["view"]
    turn = desk.turns.begin(view["id"])
    await ack()
    if not body.get("is_cleared") and view["callback_id"] != WhatForm.CALLBACK_ID:
        await keep_below(client, desk, view, read(view), turn)


def register(app: AsyncApp) -> None:
    for callback_id, submitted in (
        (WhatForm.CALLBACK_ID, what_submitted),
        (WhereForm.CALLBACK_ID, where_submitted),
        (CheckForm.CALLBACK_ID, check_submitted),
    ):
        app.view(callback_id)(submitted)
        app.view_closed(callback_id)(step_left)
