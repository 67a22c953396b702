"""Entries of the form's lists, as the person types."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.errors import RestoreBotError
from bot.restores.clock import utc_now
from bot.slack.forms.elements import VALUE_LIMIT, option
from bot.slack.forms.options import (
    backup_set_option,
    gateway_option,
    matching,
    plan_options,
    unavailable_option,
)
from bot.slack.forms.point import PointPart
from bot.slack.forms.state import FormState
from bot.slack.forms.what import WhatForm
from bot.slack.forms.where import WhereForm
from bot.slack.message import Block
from handlers.desk import Desk

log = structlog.get_logger()

#: Slack waits 3 seconds for the entries of a list.
ANSWERED_WITHIN_SECONDS = 2.5


async def plans_callback(ack: AsyncAck, payload: dict[str, Any], body: dict[str, Any], desk: Desk) -> None:
    async def load() -> list[Block]:
        view = body["view"]
        state = WhatForm.read(view)
        # Before anything is typed, what a command asked for.
        text = payload.get("value") or (state.wish.plan if state.plan is None else None) or ""
        found = await desk.catalog.plans(text, state.channel_id)
        with_account = desk.catalog.many_accounts
        options = plan_options(found.plans or found.nearest, found.silent, with_account=with_account)
        return options or [unavailable_option(_no_plan(text))]

    await ack(options=await _or_say_so(load()))


async def backup_sets_callback(
    ack: AsyncAck, payload: dict[str, Any], body: dict[str, Any], desk: Desk
) -> None:
    async def load() -> list[Block]:
        state = FormState.of(body["view"])
        sets = await desk.catalog.backup_sets(state.plan) if state.plan else ()
        options = [
            backup_set_option(each, state.zone) for each in sets if len(each.backup_set_id) <= VALUE_LIMIT
        ]
        text = payload.get("value") or ""
        return matching(
            options, text, "No backup set matches." if options else "This plan has no backup sets yet."
        )

    await ack(options=await _or_say_so(load()))


async def regions_callback(ack: AsyncAck, payload: dict[str, Any], body: dict[str, Any], desk: Desk) -> None:
    async def load() -> list[Block]:
        plan = FormState.of(body["view"]).plan
        regions = await desk.catalog.regions(plan.account) if plan else ()
        text = payload.get("value") or ""
        return matching(
            (option(region, region) for region in regions), text, f"DBS names no region like “{text}”."
        )

    await ack(options=await _or_say_so(load()))


async def gateways_callback(ack: AsyncAck, payload: dict[str, Any], body: dict[str, Any], desk: Desk) -> None:
    async def load() -> list[Block]:
        view = body["view"]
        state = WhereForm.read(view)
        region = state.wish.region
        if state.plan is None or region is None:
            return [unavailable_option("Choose the region first: gateways belong to a region.")]
        gateways = await desk.catalog.gateways(state.plan.account, region)
        options = [gateway_option(gateway, utc_now()) for gateway in gateways]
        otherwise = f"{'No gateway like this' if options else 'There is no backup gateway'} in {region}."
        return matching(options, payload.get("value") or "", otherwise)

    await ack(options=await _or_say_so(load()))


async def _or_say_so(options: Awaitable[list[Block]]) -> list[Block]:
    """The options, or one that says why there are none."""
    try:
        async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
            return await options
    except TimeoutError:
        return [unavailable_option("DBS does not answer. Type again to ask again.")]
    except RestoreBotError as error:
        log.warning("dbs gave a form no answer", error=error.sentence)
        return [unavailable_option(error.sentence)]


def _no_plan(text: str) -> str:
    return f"No backup plan matches “{text}”." if text else "There is no backup plan to restore from here."


def register(app: AsyncApp) -> None:
    app.options(WhatForm.PLAN)(plans_callback)
    app.options(PointPart.BACKUP_SET)(backup_sets_callback)
    app.options(WhereForm.REGION)(regions_callback)
    app.options(WhereForm.GATEWAY)(gateways_callback)
