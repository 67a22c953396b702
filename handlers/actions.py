"""Choices inside the form that change what it asks for."""

from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DbsError
from bot.restores.catalog import Catalog
from bot.slack.forms.point import PointPart
from bot.slack.forms.restore import RestoreForm
from bot.slack.message import Block
from bot.slack.outcome import outcome

log = structlog.get_logger()


async def choice_callback(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, catalog: Catalog
) -> None:
    """A plan or a kind of point was chosen: show the fields that go with it."""
    await ack()
    await show_what_is_chosen(client, catalog, body["view"])


async def show_what_is_chosen(client: AsyncWebClient, catalog: Catalog, view: Block) -> None:
    """Bring the form up to date with the plan and the point chosen in it, or say why it cannot be."""
    state = RestoreForm.state_of(view)
    plan_id = RestoreForm.chosen_plan(view)
    notice = None
    if plan_id is not None and (state.plan is None or state.plan.backup_plan_id != plan_id):
        try:
            state = state.for_plan(*await catalog.plan(plan_id))
        except DbsError as error:
            log.warning("dbs gave a form no answer", error=error.sentence)
            state, notice = state.evolve(plan=None, windows=()), error.sentence
    try:
        await client.views_update(view_id=view["id"], view=RestoreForm.build(state, notice))
    except SlackApiError as error:
        if outcome(error).reason != "invalid_arguments":
            raise
        log.warning("slack refuses the form of a plan", backup_plan_id=plan_id)
        notice = "Slack cannot show the form for this plan. Restore it in the DBS console."
        bare = state.evolve(plan=None, windows=())
        await client.views_update(view_id=view["id"], view=RestoreForm.build(bare, notice))


def register(app: AsyncApp) -> None:
    app.action(RestoreForm.PLAN)(choice_callback)
    app.action(PointPart.CHOICE)(choice_callback)
