"""Modals of the local workspace that are submitted or closed, and every way an app can answer."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, PersonError, route
from tests.blocks import plain
from tests.clocks import Now
from tests.contract.modals import modal, title


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now)


def answer_submission(bolt: AsyncApp, **answer: Any) -> None:
    async def submitted(ack: AsyncAck) -> None:
        await ack(**answer)

    bolt.view("restore")(submitted)


async def test_a_submission_carries_everything_and_closes_the_view(
    bolt: AsyncApp, web: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    answer_submission(bolt)
    await web.views_open(trigger_id=trigger, view=modal(private_metadata="nonce"))
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
    await web.views_open(trigger_id=payload["trigger_id"], view=modal("Next"))


async def test_every_kind_of_value_arrives_in_slacks_shape(
    bolt: AsyncApp, web: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    answer_submission(bolt)
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
    await web.views_open(trigger_id=trigger, view=modal(blocks=blocks))
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
    web: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    await web.views_open(trigger_id=trigger, view=modal())
    sent = len(workspace.sent_to_app)
    assert await alice.submit() == {"name": "Please complete this required field."}
    assert len(workspace.sent_to_app) == sent


async def test_the_app_can_object_to_a_field(
    bolt: AsyncApp, web: AsyncWebClient, alice: Person, trigger: str
) -> None:
    answer_submission(bolt, response_action="errors", errors={"name": "Taken."})
    await web.views_open(trigger_id=trigger, view=modal())
    assert await alice.submit({"name": "orders"}) == {"name": "Taken."}
    assert title(alice) == "Restore"


async def test_the_app_can_update_push_and_clear(
    bolt: AsyncApp, web: AsyncWebClient, alice: Person, trigger: str
) -> None:
    answers: Iterator[dict[str, Any]] = iter([
        {"response_action": "update", "view": modal("Updated")},
        {"response_action": "push", "view": modal("Pushed")},
        {"response_action": "clear"},
    ])  # fmt: skip

    async def submitted(ack: AsyncAck) -> None:
        await ack(**next(answers))

    bolt.view("restore")(submitted)
    opened = (await web.views_open(trigger_id=trigger, view=modal()))["view"]
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
    bolt: AsyncApp, web: AsyncWebClient, alice: Person, trigger: str, answer: dict[str, Any]
) -> None:
    answer_submission(bolt, **answer)
    note = {"type": "section", "block_id": "note", "text": plain("x")}
    await web.views_open(trigger_id=trigger, view=modal(blocks=[*modal()["blocks"], note]))
    with pytest.raises(PersonError, match=r"We had some trouble connecting\. Try again\?"):
        await alice.submit({"name": "x"})
    assert title(alice) == "Restore"


async def test_a_submission_without_an_answer_is_trouble(
    bolt: AsyncApp, web: AsyncWebClient, alice: Person, trigger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = asyncio.Event()

    async def submitted(ack: AsyncAck) -> None:
        await released.wait()
        await ack()

    bolt.view("restore")(submitted)
    await web.views_open(trigger_id=trigger, view=modal())
    monkeypatch.setattr(route, "ACK_SECONDS", 0.05)
    with pytest.raises(PersonError, match="trouble connecting"):
        await alice.submit({"name": "x"})
    released.set()
    assert title(alice) == "Restore"


@pytest.mark.parametrize("everything", [True, False])
async def test_the_app_hears_of_a_closed_view_if_it_asked(
    bolt: AsyncApp,
    web: AsyncWebClient,
    alice: Person,
    workspace: LocalWorkspace,
    trigger: str,
    everything: bool,
) -> None:
    async def closed(ack: AsyncAck) -> None:
        await ack()

    bolt.view_closed("restore")(closed)
    await web.views_open(trigger_id=trigger, view=modal(notify_on_close=True))
    await alice.close(everything=everything)
    payload = await workspace.until(lambda: last_payload(workspace, "view_closed"))
    assert payload is not None
    assert payload["is_cleared"] is everything
    assert payload["view"]["callback_id"] == "restore"


def last_payload(workspace: LocalWorkspace, kind: str) -> dict[str, Any] | None:
    payloads = [envelope["payload"] for envelope in workspace.sent_to_app]
    return next((payload for payload in reversed(payloads) if payload.get("type") == kind), None)


async def test_closing_does_not_depend_on_the_app(
    web: AsyncWebClient,
    alice: Person,
    workspace: LocalWorkspace,
    trigger: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(route, "ACK_SECONDS", 0.05)
    await web.views_open(trigger_id=trigger, view=modal(callback_id="unheard", notify_on_close=True))
    await alice.close()
    assert alice.view is None
    await workspace.until(lambda: last_payload(workspace, "view_closed"))


async def test_a_view_without_submit_cannot_be_submitted(
    web: AsyncWebClient, alice: Person, trigger: str
) -> None:
    view = {"type": "modal", "title": plain("Note"), "blocks": [{"type": "divider"}]}
    await web.views_open(trigger_id=trigger, view=view)
    with pytest.raises(PersonError, match="nothing to submit"):
        await alice.submit()


async def test_a_chosen_conversation_brings_a_response_url(
    bolt: AsyncApp, web: AsyncWebClient, alice: Person, workspace: LocalWorkspace, trigger: str
) -> None:
    answer_submission(bolt)
    where = {
        "type": "input",
        "block_id": "where",
        "label": plain("Where"),
        "element": {"type": "channels_select", "action_id": "c", "response_url_enabled": True},
    }
    await web.views_open(trigger_id=trigger, view=modal(blocks=[where]))
    await alice.submit({"where": "C0GENERAL01"})
    [url] = workspace.sent_to_app[-1]["payload"]["response_urls"]
    assert (url["block_id"], url["channel_id"]) == ("where", "C0GENERAL01")
