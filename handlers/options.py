"""Entries of the form's lists, as the person types."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.errors import DbsError
from bot.restores.catalog import Catalog
from bot.restores.requirements import Field
from bot.slack.forms.elements import OPTIONS_LIMIT, VALUE_LIMIT, option
from bot.slack.forms.options import backup_set_option, plan_option, unavailable_option
from bot.slack.forms.point import PointPart
from bot.slack.forms.restore import RestoreForm
from bot.slack.forms.state import FormState
from bot.slack.message import Block

log = structlog.get_logger()

#: Slack waits 3 seconds for the entries of a list.
ANSWERED_WITHIN_SECONDS = 2.5


async def plans_callback(ack: AsyncAck, payload: dict[str, Any], catalog: Catalog) -> None:
    async def load() -> list[Block]:
        plans = await catalog.plans(payload.get("value") or "")
        return [plan_option(plan) for plan in plans if len(plan.backup_plan_id) <= VALUE_LIMIT]

    await ack(options=await _or_say_so(load()))


async def backup_sets_callback(
    ack: AsyncAck, payload: dict[str, Any], body: dict[str, Any], catalog: Catalog
) -> None:
    async def load() -> list[Block]:
        plan = FormState.of(body["view"]).plan
        sets = await catalog.backup_sets(plan) if plan else ()
        options = [backup_set_option(backup_set) for backup_set in sets]
        return _matching(options, payload.get("value") or "")

    await ack(options=await _or_say_so(load()))


async def regions_callback(ack: AsyncAck, payload: dict[str, Any], catalog: Catalog) -> None:
    async def load() -> list[Block]:
        options = [option(region, region) for region in await catalog.regions()]
        return _matching(options, payload.get("value") or "")

    await ack(options=await _or_say_so(load()))


async def _or_say_so(options: Awaitable[list[Block]]) -> list[Block]:
    """The first 100 options, or one that says why there are none."""
    try:
        async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
            return (await options)[:OPTIONS_LIMIT]
    except TimeoutError:
        return [unavailable_option("DBS does not answer. Type again to ask again.")]
    except DbsError as error:
        log.warning("dbs gave a form no answer", error=error.sentence)
        return [unavailable_option(error.sentence)]


def _matching(options: list[Block], text: str) -> list[Block]:
    return [made for made in options if text.strip().lower() in made["text"]["text"].lower()]


def register(app: AsyncApp) -> None:
    app.options(RestoreForm.PLAN)(plans_callback)
    app.options(PointPart.BACKUP_SET)(backup_sets_callback)
    app.options(Field.REGION.value)(regions_callback)
