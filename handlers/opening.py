"""Opening the form: on screen at once; what was asked for by name comes as DBS answers."""

import asyncio

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.forms.state import FormState
from bot.slack.forms.step import Notice
from bot.slack.forms.what import WhatForm
from bot.slack.membership import cannot_post
from bot.slack.message import Block
from bot.slack.outcome import outcome
from handlers.desk import Desk

log = structlog.get_logger()

#: What Slack says of a view that was changed, or closed, since.
_OVERTAKEN = frozenset({"hash_conflict", "not_found"})


async def open_form(
    client: AsyncWebClient,
    desk: Desk,
    trigger_id: str,
    user_id: str,
    state: FormState,
    notice: Notice | None = None,
) -> None:
    """Open the form, a trigger lives 3 seconds; then fill it in, and see whether the bot can post here."""
    state = state.evolve(zone=desk.zones.known(user_id))
    wanted = state.wish.plan
    looking = Notice(f"Looking for “{wanted}” …", icon=":hourglass_flowing_sand:") if wanted else None
    opened = await client.views_open(trigger_id=trigger_id, view=desk.what(state, notice or looking))
    view = opened["view"]
    reason, filled = await asyncio.gather(
        _cannot_post(client, state.channel_id), _filled(client, desk, state, user_id)
    )
    if reason is not None:
        await show(client, view["id"], WhatForm.build_closed(reason))
        return
    state, found = filled
    if looking or found:
        await show(client, view["id"], desk.what(state, notice or found), expected_hash=view.get("hash"))


async def _cannot_post(client: AsyncWebClient, channel_id: str | None) -> str | None:
    return await cannot_post(client, channel_id) if channel_id else None


async def _filled(
    client: AsyncWebClient, desk: Desk, state: FormState, user_id: str
) -> tuple[FormState, Notice | None]:
    state = await desk.in_zone_of(client, state, user_id)
    return await desk.looked_up(state, None)


async def show(
    client: AsyncWebClient, view_id: str, view: Block, *, expected_hash: str | None = None
) -> bool:
    """Put a view in the place of an open one; False if that is gone or, as `expected_hash` tells, another."""
    try:
        await client.views_update(view_id=view_id, view=view, hash=expected_hash)
    except SlackApiError as error:
        if outcome(error).reason not in _OVERTAKEN:
            raise
        log.info("form changed or closed meanwhile", reason=outcome(error).reason)
        return False
    return True
