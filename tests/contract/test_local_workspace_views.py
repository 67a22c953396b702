"""Modals of the local workspace: triggers, stacks and updates."""

import json
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, PersonError
from tests.clocks import Now
from tests.contract.calls import error_of
from tests.contract.modals import modal, new_trigger, title


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now)


async def test_a_trigger_opens_one_view_for_the_person_who_gave_it(
    web: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    opened = (await web.views_open(trigger_id=trigger, view=modal(private_metadata="nonce")))["view"]
    assert alice.view is not None
    assert alice.view["id"] == opened["id"] == opened["root_view_id"]
    assert opened["private_metadata"] == "nonce"
    assert opened["state"] == {"values": {"name": {"v": {"type": "plain_text_input", "value": None}}}}
    assert workspace.person("ben").view is None
    assert await error_of(web.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(web: AsyncWebClient, now: Now, trigger: str) -> None:
    now.time += 3.1
    assert await error_of(web.views_open(trigger_id=trigger, view=modal())) == "expired_trigger_id"


async def test_a_view_that_is_refused_does_not_spend_the_trigger(web: AsyncWebClient, trigger: str) -> None:
    assert await error_of(web.views_open(trigger_id=trigger, view={"type": "modal"})) == "invalid_arguments"
    assert await error_of(web.api_call("views.open", json={"trigger_id": trigger})) == "invalid_arguments"
    assert await error_of(web.views_open(trigger_id="made.up", view=modal())) == "invalid_trigger_id"
    await web.views_open(trigger_id=trigger, view=modal())


async def test_an_update_keeps_what_was_typed_and_needs_the_last_hash(
    web: AsyncWebClient, alice: Person, trigger: str
) -> None:
    opened = (await web.views_open(trigger_id=trigger, view=modal()))["view"]
    await alice.choose("name", "v", "typed")
    updated = await web.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Changed"))
    assert title(alice) == "Changed"
    assert alice.view is not None
    assert alice.view["state"]["values"]["name"]["v"]["value"] == "typed"
    assert updated["view"]["hash"] != opened["hash"]
    stale = web.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Stale"))
    assert await error_of(stale) == "hash_conflict"
    await web.views_update(view_id=opened["id"], view=modal("Without hash"))
    assert title(alice) == "Without hash"


async def test_a_closed_view_cannot_be_updated(web: AsyncWebClient, alice: Person, trigger: str) -> None:
    opened = (await web.views_open(trigger_id=trigger, view=modal()))["view"]
    await alice.close()
    assert await error_of(web.views_update(view_id=opened["id"], view=modal())) == "not_found"
    assert await error_of(web.api_call("views.update", json={"view": modal()})) == "invalid_arguments"


async def test_a_view_can_be_found_by_its_external_id_which_is_unique(
    web: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    await web.views_open(trigger_id=trigger, view=modal(external_id="e-1"))
    await web.views_update(external_id="e-1", view=modal("Found", external_id="e-1"))
    assert title(alice) == "Found"
    again = await new_trigger(workspace.person("ben"), workspace)
    call = web.views_open(trigger_id=again, view=modal(external_id="e-1"))
    assert await error_of(call) == "duplicate_external_id"


async def test_three_views_stack_and_close_one_by_one(
    web: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    await web.views_open(trigger_id=trigger, view=modal("One"))
    for name in ("Two", "Three"):
        await web.views_push(trigger_id=await new_trigger(alice, workspace), view=modal(name))
    fourth = web.views_push(trigger_id=await new_trigger(alice, workspace), view=modal("Four"))
    assert await error_of(fourth) == "push_limit_reached"
    bottom, middle, top = alice.views
    assert (top["previous_view_id"], top["root_view_id"]) == (middle["id"], bottom["id"])
    await alice.close()
    assert title(alice) == "Two"
    await alice.close(everything=True)
    assert alice.view is None


async def test_nothing_can_be_pushed_onto_nothing(web: AsyncWebClient, trigger: str) -> None:
    assert await error_of(web.views_push(trigger_id=trigger, view=modal())) == "not_found"


@pytest.mark.parametrize("view", ["no json", "[]", 7])
async def test_a_view_must_be_an_object(web: AsyncWebClient, trigger: str, view: Any) -> None:
    call = web.api_call("views.open", json={"trigger_id": trigger, "view": view})
    assert await error_of(call) == "invalid_arguments"


async def test_a_view_may_come_as_json_text_in_a_form(
    web: AsyncWebClient, alice: Person, trigger: str
) -> None:
    await web.api_call("views.open", data={"trigger_id": trigger, "view": json.dumps(modal("Form"))})
    assert title(alice) == "Form"


async def test_nothing_can_be_done_with_a_closed_dialog(alice: Person) -> None:
    for attempt in (alice.submit(), alice.close(), alice.choose("a", "b"), alice.options("a", "b")):
        with pytest.raises(PersonError, match="No dialog is open"):
            await attempt
