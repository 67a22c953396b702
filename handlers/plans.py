"""`/restore plans` and the buttons of its list."""

import asyncio
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import RestoreBotError
from bot.restores.catalog import Catalog
from bot.restores.models import BackupPlan, Wish
from bot.slack import replies
from bot.slack.forms.options import account_and_id, is_whole, plan_key
from bot.slack.forms.state import FormState
from bot.slack.message import Message
from bot.slack.plans import MORE, PAGE, RESTORE, more_of, plans_message
from handlers.calls import Call
from handlers.desk import Desk
from handlers.opening import open_form

#: A page is shown after that without what is still missing.
SETS_WITHIN_SECONDS = 4.0


async def list_plans(call: Call, start: int = 0) -> Message:
    """A page of the plans this channel may restore."""
    catalog = call.desk.catalog
    try:
        found = await catalog.plans(call.text, call.channel_id)
    except RestoreBotError as error:
        return replies.warning(f"The backup plans cannot be listed. {error.sentence}")
    page = (found.plans or found.nearest)[start : start + PAGE]
    return plans_message(
        found.plans,
        await _last_backups(catalog, page),
        text=call.text,
        start=start,
        silent=found.silent,
        nearest=found.nearest,
        with_account=catalog.many_accounts,
    )


async def _last_backups(catalog: Catalog, plans: tuple[BackupPlan, ...]) -> dict[str, datetime | None]:
    """By plan key, as far as DBS answers in time."""
    known: dict[str, datetime | None] = {}

    async def ask(plan: BackupPlan) -> None:
        try:
            async with asyncio.timeout(SETS_WITHIN_SECONDS):
                sets = await catalog.backup_sets(plan)
        except (RestoreBotError, TimeoutError):
            return
        times = [each.time for each in sets if each.time is not None and is_whole(each)]
        known[plan_key(plan)] = max(times, default=None)

    await asyncio.gather(*(ask(plan) for plan in plans))
    return known


async def restore_plan(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, desk: Desk) -> None:
    await ack()
    account, backup_plan_id = account_and_id(body["actions"][0]["value"])
    wish = Wish(plan=backup_plan_id, account=account)
    state = FormState.new(body["channel"]["id"], wish)
    await open_form(client, desk, body["trigger_id"], body["user"]["id"], state)


async def more_plans(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond, desk: Desk
) -> None:
    await ack()
    text, start = more_of(body["actions"][0]["value"])
    call = Call.of_button(body, client, respond, desk).saying(text)
    await call.say(await list_plans(call, start))


def register(app: AsyncApp) -> None:
    app.action(RESTORE)(restore_plan)
    app.action(MORE)(more_plans)
