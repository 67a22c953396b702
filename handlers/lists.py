"""`/restore list` and `/restore history`, and the buttons that turn their pages."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.restores.meant import name_in, plan_like, plan_names
from bot.slack import guide
from bot.slack.lists import PAGE, TURN, Listed, asked_history, asked_list, list_words, page_message, turned
from bot.slack.message import Message
from bot.slack.offers import plan_candidates
from handlers.calls import Answer, Call, answer
from handlers.desk import Desk
from handlers.finding import latest


async def list_restores(call: Call, start: int = 0) -> Answer:
    text = name_in(call.text)
    listed = asked_list(text, call.user_id)
    if listed is None:
        return await _other_word(call, text)
    if listed.names_no_plan:
        return await _which_plan(call)
    return await _page(call, listed, start)


async def list_history(call: Call, start: int = 0) -> Answer:
    return await _page(call, asked_history(name_in(call.text)), start)


async def _page(call: Call, listed: Listed, start: int) -> Message:
    page = await call.desk.register.page(listed.which, start, PAGE)
    if not page.restores and page.total:
        # Some are gone since the button was drawn.
        start = (page.total - 1) // PAGE * PAGE
        page = await call.desk.register.page(listed.which, start, PAGE)
    plan = listed.which.plan
    meant = plan_like(plan, await latest(call)) if plan and not page.total else None
    return page_message(listed, page, await call.viewer(), meant=None if meant == plan else meant)


async def _which_plan(call: Call) -> Message:
    names = plan_names(await latest(call))
    return plan_candidates(guide.usage("list", "Restores of which plan?"), names, "list plan")


async def _other_word(call: Call, text: str) -> Message:
    """A word misspelt, or else a plan; a plan of that very name is never misspelt."""
    first, _, rest = text.partition(" ")
    of_plan = asked_list(f"plan {text}", call.user_id)
    assert of_plan is not None, "plan is one of the words"  # noqa: S101 - as it stands there
    meant = guide.nearest(first, list_words())
    page = await call.desk.register.page(of_plan.which, 0, 1)
    if meant is None or page.total:
        return await _page(call, of_plan, 0)
    right = f"list {meant} {rest}".strip()
    return guide.suggestion(
        guide.unknown_word(f"/restore list {first}", right),
        *guide.numbered([(right, f"/restore {right}"), (f"list plan {text}", f"Of the plan {text}")]),
    )


async def turn_list(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond, desk: Desk
) -> None:
    """Another page, or another list, in the place of the one that is shown."""
    await ack()
    command, start = turned(body["actions"][0]["value"])
    name, _, text = command.partition(" ")
    call = Call.of_button(body, client, respond, desk).saying(text)
    shown = list_history(call, start) if name == "history" else list_restores(call, start)
    await answer(call, shown, instead=True)


def register(app: AsyncApp) -> None:
    app.action(re.compile(rf"^{TURN}:"))(turn_list)
