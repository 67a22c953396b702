"""Modals of the local workspace: triggers, stacks, updates, and every way an app can answer a submission."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, PersonError, sockets


class Now:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.time = 1712345678.0

    def __call__(self) -> float:
        return self.time


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def modal(title: str = "Restore", **fields: Any) -> dict[str, Any]:
    name = {
        "type": "input",
        "block_id": "name",
        "label": plain("Name"),
        "element": {"type": "plain_text_input", "action_id": "v"},
    }
    basics = {"type": "modal", "callback_id": "restore", "title": plain(title), "submit": plain("Go")}
    return {**basics, "blocks": [name], **fields}


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now)


@pytest.fixture
async def client(workspace: LocalWorkspace) -> AsyncIterator[AsyncWebClient]:
    async with workspace.serve(port=0) as url:
        yield AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])


@pytest.fixture
async def app(client: AsyncWebClient, workspace: LocalWorkspace) -> AsyncIterator[AsyncApp]:
    """A Bolt app that acknowledges the command and leaves the rest to the test."""
    app = AsyncApp(client=client)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.command("/restore")(acknowledge)
    handler = AsyncSocketModeHandler(app, "xapp-sandbox")
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt annotates it not
    await workspace.app_connected()
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]  # nor this


@pytest.fixture
def alice(workspace: LocalWorkspace) -> Person:
    return workspace.person("alice")


@pytest.fixture
async def trigger(app: AsyncApp, alice: Person, workspace: LocalWorkspace) -> str:
    """The trigger of a command that alice has just typed."""
    return await new_trigger(alice, workspace)


async def new_trigger(person: Person, workspace: LocalWorkspace) -> str:
    await person.say("#db-oncall", "/restore")
    return str(workspace.sent_to_app[-1]["payload"]["trigger_id"])


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


def answer_submission(app: AsyncApp, **answer: Any) -> None:
    async def submitted(ack: AsyncAck) -> None:
        await ack(**answer)

    app.view("restore")(submitted)


def title(person: Person) -> str | None:
    return person.view["title"]["text"] if person.view else None


async def test_a_trigger_opens_one_view_for_the_person_who_gave_it(
    client: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    opened = (await client.views_open(trigger_id=trigger, view=modal(private_metadata="nonce")))["view"]
    assert alice.view is not None
    assert alice.view["id"] == opened["id"] == opened["root_view_id"]
    assert opened["private_metadata"] == "nonce"
    assert opened["state"] == {"values": {"name": {"v": {"type": "plain_text_input", "value": None}}}}
    assert workspace.person("ben").view is None
    assert await error_of(client.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(client: AsyncWebClient, now: Now, trigger: str) -> None:
    now.time += 3.1
    assert await error_of(client.views_open(trigger_id=trigger, view=modal())) == "expired_trigger_id"


async def test_a_view_that_is_refused_does_not_spend_the_trigger(
    client: AsyncWebClient, trigger: str
) -> None:
    assert (
        await error_of(client.views_open(trigger_id=trigger, view={"type": "modal"})) == "invalid_arguments"
    )
    assert await error_of(client.api_call("views.open", json={"trigger_id": trigger})) == "invalid_arguments"
    assert await error_of(client.views_open(trigger_id="made.up", view=modal())) == "invalid_trigger_id"
    await client.views_open(trigger_id=trigger, view=modal())


async def test_an_update_keeps_what_was_typed_and_needs_the_last_hash(
    client: AsyncWebClient, alice: Person, trigger: str
) -> None:
    opened = (await client.views_open(trigger_id=trigger, view=modal()))["view"]
    await alice.choose("name", "v", "typed")
    updated = await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Changed"))
    assert title(alice) == "Changed"
    assert alice.view is not None
    assert alice.view["state"]["values"]["name"]["v"]["value"] == "typed"
    assert updated["view"]["hash"] != opened["hash"]
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Stale"))
    assert await error_of(stale) == "hash_conflict"
    await client.views_update(view_id=opened["id"], view=modal("Without hash"))
    assert title(alice) == "Without hash"


async def test_a_closed_view_cannot_be_updated(client: AsyncWebClient, alice: Person, trigger: str) -> None:
    opened = (await client.views_open(trigger_id=trigger, view=modal()))["view"]
    await alice.close()
    assert await error_of(client.views_update(view_id=opened["id"], view=modal())) == "not_found"
    assert await error_of(client.api_call("views.update", json={"view": modal()})) == "invalid_arguments"


async def test_a_view_can_be_found_by_its_external_id_which_is_unique(
    client: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    await client.views_open(trigger_id=trigger, view=modal(external_id="e-1"))
    await client.views_update(external_id="e-1", view=modal("Found", external_id="e-1"))
    assert title(alice) == "Found"
    again = await new_trigger(workspace.person("ben"), workspace)
    call = client.views_open(trigger_id=again, view=modal(external_id="e-1"))
    assert await error_of(call) == "duplicate_external_id"


async def test_three_views_stack_and_close_one_by_one(
    client: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    await client.views_open(trigger_id=trigger, view=modal("One"))
    for name in ("Two", "Three"):
        await client.views_push(trigger_id=await new_trigger(alice, workspace), view=modal(name))
    fourth = client.views_push(trigger_id=await new_trigger(alice, workspace), view=modal("Four"))
    assert await error_of(fourth) == "push_limit_reached"
    bottom, middle, top = alice.views
    assert (top["previous_view_id"], top["root_view_id"]) == (middle["id"], bottom["id"])
    await alice.close()
    assert title(alice) == "Two"
    await alice.close(everything=True)
    assert alice.view is None


async def test_nothing_can_be_pushed_onto_nothing(client: AsyncWebClient, trigger: str) -> None:
    assert await error_of(client.views_push(trigger_id=trigger, view=modal())) == "not_found"


async def test_a_submission_carries_everything_and_closes_the_view(
    app: AsyncApp, client: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    answer_submission(app)
    await client.views_open(trigger_id=trigger, view=modal(private_metadata="nonce"))
    assert await alice.submit({"name": "orders"}) == {}
    assert alice.view is None
    envelope = workspace.sent_to_app[-1]
    payload = envelope["payload"]
    assert (envelope["type"], payload["type"]) == ("interactive", "view_submission")
    assert payload["view"]["state"]["values"]["name"]["v"]["value"] == "orders"
    assert payload["view"]["private_metadata"] == "nonce"
    assert payload["view"]["callback_id"] == "restore"
    assert payload["user"]["id"] == alice.id
    assert payload["response_urls"] == []
    await client.views_open(trigger_id=payload["trigger_id"], view=modal("Next"))


async def test_every_kind_of_value_arrives_in_slacks_shape(
    app: AsyncApp, client: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    answer_submission(app)
    one, two = ({"text": plain(value), "value": value} for value in ("one", "two"))
    elements: dict[str, dict[str, Any]] = {
        "menu": {"type": "static_select", "options": [one, two]},
        "many": {"type": "checkboxes", "options": [one, two]},
        "found": {"type": "external_select", "min_query_length": 0},
        "when": {"type": "datetimepicker"},
        "count": {"type": "number_input", "is_decimal_allowed": False, "initial_value": "3"},
        "note": {"type": "plain_text_input"},
    }
    blocks = [
        {
            "type": "input",
            "block_id": name,
            "label": plain(name),
            "optional": True,
            "element": {**element, "action_id": "v"},
        }
        for name, element in elements.items()
    ]
    await client.views_open(trigger_id=trigger, view=modal(blocks=blocks))
    await alice.submit({"menu": "two", "many": ["one"], "found": one, "when": 1712345678})
    values = workspace.sent_to_app[-1]["payload"]["view"]["state"]["values"]
    assert {name: entry["v"] for name, entry in values.items()} == {
        "menu": {"type": "static_select", "selected_option": two},
        "many": {"type": "checkboxes", "selected_options": [one]},
        "found": {"type": "external_select", "selected_option": one},
        "when": {"type": "datetimepicker", "selected_date_time": 1712345678},
        "count": {"type": "number_input", "value": "3"},
        "note": {"type": "plain_text_input", "value": None},
    }


async def test_a_required_field_is_asked_for_before_anything_is_sent(
    client: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    await client.views_open(trigger_id=trigger, view=modal())
    sent = len(workspace.sent_to_app)
    assert await alice.submit() == {"name": "Please complete this required field."}
    assert len(workspace.sent_to_app) == sent


async def test_the_app_can_object_to_a_field(
    app: AsyncApp, client: AsyncWebClient, alice: Person, trigger: str
) -> None:
    answer_submission(app, response_action="errors", errors={"name": "Taken."})
    await client.views_open(trigger_id=trigger, view=modal())
    assert await alice.submit({"name": "orders"}) == {"name": "Taken."}
    assert title(alice) == "Restore"


async def test_the_app_can_update_push_and_clear(
    app: AsyncApp, client: AsyncWebClient, alice: Person, trigger: str
) -> None:
    answers: Iterator[dict[str, Any]] = iter([
        {"response_action": "update", "view": modal("Updated")},
        {"response_action": "push", "view": modal("Pushed")},
        {"response_action": "clear"},
    ])  # fmt: skip

    async def submitted(ack: AsyncAck) -> None:
        await ack(**next(answers))

    app.view("restore")(submitted)
    opened = (await client.views_open(trigger_id=trigger, view=modal()))["view"]
    await alice.submit({"name": "x"})
    assert [(view["id"], view["title"]["text"]) for view in alice.views] == [(opened["id"], "Updated")]
    await alice.submit({"name": "x"})
    assert [view["title"]["text"] for view in alice.views] == ["Updated", "Pushed"]
    await alice.submit({"name": "x"})
    assert alice.views == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "No such block."}},
        {"response_action": "errors", "errors": {"note": "Not an input."}},
        {"response_action": "update", "view": {"type": "modal"}},
    ],
)
async def test_an_answer_that_makes_no_sense_is_trouble_and_leaves_the_view_open(
    app: AsyncApp, client: AsyncWebClient, alice: Person, trigger: str, answer: dict[str, Any]
) -> None:
    answer_submission(app, **answer)
    note = {"type": "section", "block_id": "note", "text": plain("x")}
    await client.views_open(trigger_id=trigger, view=modal(blocks=[*modal()["blocks"], note]))
    with pytest.raises(PersonError, match=r"We had some trouble connecting\. Try again\?"):
        await alice.submit({"name": "x"})
    assert title(alice) == "Restore"


async def test_a_submission_without_an_answer_is_trouble(
    app: AsyncApp, client: AsyncWebClient, alice: Person, trigger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = asyncio.Event()

    async def submitted(ack: AsyncAck) -> None:
        await released.wait()
        await ack()

    app.view("restore")(submitted)
    await client.views_open(trigger_id=trigger, view=modal())
    monkeypatch.setattr(sockets, "ACK_SECONDS", 0.05)
    with pytest.raises(PersonError, match="trouble connecting"):
        await alice.submit({"name": "x"})
    released.set()
    assert title(alice) == "Restore"


@pytest.mark.parametrize("everything", [True, False])
async def test_the_app_hears_of_a_closed_view_if_it_asked(
    app: AsyncApp,
    client: AsyncWebClient,
    alice: Person,
    workspace: LocalWorkspace,
    trigger: str,
    everything: bool,
) -> None:
    async def closed(ack: AsyncAck) -> None:
        await ack()

    app.view_closed("restore")(closed)
    await client.views_open(trigger_id=trigger, view=modal(notify_on_close=True))
    await alice.close(everything=everything)
    payload = await workspace.until(lambda: last_payload(workspace, "view_closed"))
    assert payload is not None
    assert payload["is_cleared"] is everything
    assert payload["view"]["callback_id"] == "restore"


def last_payload(workspace: LocalWorkspace, kind: str) -> dict[str, Any] | None:
    payloads = [envelope["payload"] for envelope in workspace.sent_to_app]
    return next((payload for payload in reversed(payloads) if payload.get("type") == kind), None)


async def test_closing_does_not_depend_on_the_app(
    client: AsyncWebClient,
    alice: Person,
    workspace: LocalWorkspace,
    trigger: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sockets, "ACK_SECONDS", 0.05)
    await client.views_open(trigger_id=trigger, view=modal(callback_id="unheard", notify_on_close=True))
    await alice.close()
    assert alice.view is None
    await workspace.until(lambda: last_payload(workspace, "view_closed"))


@pytest.mark.parametrize("view", ["no json", "[]", 7])
async def test_a_view_must_be_an_object(client: AsyncWebClient, trigger: str, view: Any) -> None:
    call = client.api_call("views.open", json={"trigger_id": trigger, "view": view})
    assert await error_of(call) == "invalid_arguments"


async def test_a_view_may_come_as_json_text_in_a_form(
    client: AsyncWebClient, alice: Person, trigger: str
) -> None:
    await client.api_call("views.open", data={"trigger_id": trigger, "view": json.dumps(modal("Form"))})
    assert title(alice) == "Form"


async def test_nothing_can_be_done_with_a_closed_dialog(alice: Person) -> None:
    for attempt in (alice.submit(), alice.close(), alice.choose("a", "b"), alice.options("a", "b")):
        with pytest.raises(PersonError, match="No dialog is open"):
            await attempt


async def test_a_view_without_submit_cannot_be_submitted(
    client: AsyncWebClient, alice: Person, trigger: str
) -> None:
    view = {"type": "modal", "title": plain("Note"), "blocks": [{"type": "divider"}]}
    await client.views_open(trigger_id=trigger, view=view)
    with pytest.raises(PersonError, match="nothing to submit"):
        await alice.submit()


async def test_a_chosen_conversation_brings_a_response_url(
    app: AsyncApp, client: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    answer_submission(app)
    where = {
        "type": "input",
        "block_id": "where",
        "label": plain("Where"),
        "element": {"type": "channels_select", "action_id": "c", "response_url_enabled": True},
    }
    await client.views_open(trigger_id=trigger, view=modal(blocks=[where]))
    await alice.submit({"where": "C0GENERAL01"})
    [url] = workspace.sent_to_app[-1]["payload"]["response_urls"]
    assert (url["block_id"], url["channel_id"]) == ("where", "C0GENERAL01")
