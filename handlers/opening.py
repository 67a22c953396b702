"""Opening the form: on screen at once; what was asked for by name comes as DBS answers."""

import asyncio

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.forms.state import FormState
from bot.slack.forms.step import Notice, unshowable
from bot.slack.forms.what import WhatForm
from bot.slack.membership import cannot_post
from bot.slack.message import Block
from bot.slack.outcome import outcome
from handlers.desk import Desk

log = structlog.get_logger()

#: What Slack says of a view that was changed, or closed, since.
_OVERTAKEN = frozenset({"hash_conflict", "not_found"})
#: And of one that it will not show, however often it is asked.
_REFUSED = frozenset({"invalid_arguments", "view_too_large"})


async def open_form(
    client: AsyncWebClient,
    desk: Desk,
    trigger_id: str,
    user_id: str,
    state: FormState,
    notice: Notice | None = None,
) -> None:
    """Open the form, a trigger lives 3 seconds; then fill it in, and see whether the bot can post here."""
    state = desk.in_known_zone_of(state, user_id)
    wanted = state.wish.plan
    looking = Notice(f"Looking for “{wanted}” …", icon=":hourglass_flowing_sand:") if wanted else None
    opened = await _opened(client, trigger_id, desk.what(state, notice or looking))
    if opened is None:
        return
    reason, filled = await asyncio.gather(
        _cannot_post(client, state.channel_id), _filled(client, desk, state, user_id)
    )
    if reason is not None:
        await show(client, opened["id"], WhatForm.build_closed(reason))
        return
    state, found = filled
    if looking or found:
        view = desk.what(state, notice or found)
        await show(client, opened["id"], view, expected_hash=opened.get("hash"))


async def _opened(client: AsyncWebClient, trigger_id: str, view: Block) -> Block | None:
    """The view that is open now; None if Slack refuses to show it, and the person is shown that."""
    try:
        return (await client.views_open(trigger_id=trigger_id, view=view))["view"]  # type: ignore[no-any-return]  # the SDK types no answers
    except SlackApiError as error:
        if not _is_unshowable(error, view):
            raise
        await client.views_open(trigger_id=trigger_id, view=unshowable(view))
        return None


async def _cannot_post(client: AsyncWebClient, channel_id: str | None) -> str | None:
    return await cannot_post(client, channel_id) if channel_id else None


async def _filled(
    client: AsyncWebClient, desk: Desk, state: FormState, user_id: str
) -> tuple[FormState, Notice | None]:
    state = await desk.in_zone_of(client, state, user_id)
    return await desk.looked_up(state, None)


async def put(client: AsyncWebClient, desk: Desk, view_id: str, view: Block, turn: int) -> None:
    """Show what came of a turn, unless something newer was done in that view since, or is shown there."""
    async with desk.turns.writing(view_id, turn) as allowed:
        if allowed:
            await show(client, view_id, view)


async def show(
    client: AsyncWebClient, view_id: str, view: Block, *, expected_hash: str | None = None
) -> None:
    """Put a view in the place of an open one, unless that is gone or, as `expected_hash` tells, another.

    In the place of a view that Slack refuses it says so.
    """
    try:
        await client.views_update(view_id=view_id, view=view, hash=expected_hash)
    except SlackApiError as error:
        if outcome(error).reason in _OVERTAKEN:
            log.info("form changed or closed meanwhile", reason=outcome(error).reason)
        elif _is_unshowable(error, view):
            await show(client, view_id, unshowable(view), expected_hash=expected_hash)
        else:
            raise


def _is_unshowable(error: SlackApiError, view: Block) -> bool:
    refused = outcome(error).reason in _REFUSED and "submit" in view
    if refused:
        log.error("slack refuses a form", callback_id=view["callback_id"], reason=outcome(error).reason)
    return refused
