"""Choices inside the form that change what it asks for."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DbsError
from bot.restores.catalog import Catalog
from bot.slack.forms.restore import RestoreForm
from bot.slack.forms.state import FormState
from bot.slack.message import Block


async def choice_callback(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, catalog: Catalog
) -> None:
    """A plan or a kind of point was chosen: show the fields that go with it."""
    await ack()
    await show_what_is_chosen(client, catalog, body["view"])


async def show_what_is_chosen(client: AsyncWebClient, catalog: Catalog, view: Block) -> None:
    """Bring the form up to date with the plan and the point chosen in it, or say why it cannot be."""
    state = FormState.of(view).evolve(choice=RestoreForm.chosen_point(view))
    plan_id = RestoreForm.chosen_plan(view)
    notice = None
    if plan_id is not None and (state.plan is None or state.plan.backup_plan_id != plan_id):
        try:
            plan, windows = await catalog.plan(plan_id)
            state = state.evolve(plan=plan, windows=windows)
        except DbsError as error:
            state, notice = state.evolve(plan=None, windows=()), error.sentence
    await client.views_update(view_id=view["id"], view=RestoreForm.build(state, notice))


def register(app: AsyncApp) -> None:
    app.action(RestoreForm.PLAN)(choice_callback)
    app.action(RestoreForm.CHOICE)(choice_callback)
