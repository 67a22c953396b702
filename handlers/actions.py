"""Choices inside the form that change what it asks for."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DbsError
from bot.restores.catalog import Catalog
from bot.slack.forms.options import UNAVAILABLE
from bot.slack.forms.restore import RestoreForm
from bot.slack.forms.state import FormState


async def plan_callback(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, catalog: Catalog
) -> None:
    """A plan was chosen: show the fields it needs, or why they cannot be shown."""
    await ack()
    view = body["view"]
    state = FormState.of(view)
    plan_id = RestoreForm.chosen_plan(view)
    if plan_id is None or plan_id == UNAVAILABLE:
        return
    try:
        plan, windows = await catalog.plan(plan_id)
    except DbsError as error:
        await client.views_update(view_id=view["id"], view=RestoreForm.build(state, notice=error.sentence))
        return
    state = state.evolve(plan=plan, windows=windows)
    await client.views_update(view_id=view["id"], view=RestoreForm.build(state))


async def choice_callback(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
    """Latest, a time or a backup set: show the field that goes with it."""
    await ack()
    view = body["view"]
    state = FormState.of(view).evolve(choice=RestoreForm.chosen_point(view))
    await client.views_update(view_id=view["id"], view=RestoreForm.build(state))


def register(app: AsyncApp) -> None:
    app.action(RestoreForm.PLAN)(plan_callback)
    app.action(RestoreForm.CHOICE)(choice_callback)
