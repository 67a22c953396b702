"""Buttons, menus, suggestions and response_urls of the local workspace, with a Bolt app at the other end."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, PersonError, route
from tests.blocks import option, plain
from tests.clocks import Now
from tests.contract.envelopes import acknowledge, sent, webhook

CHANNEL = "C0DBONCALL1"

BUTTON = {"type": "button", "action_id": "stop", "text": plain("Stop"), "value": "r-1", "style": "danger"}
MENU = {"type": "static_select", "action_id": "pace", "options": [option("slow"), option("fast")]}
OVERFLOW = {"type": "overflow", "action_id": "more", "options": [option("follow"), option("hide")]}
CARD = [{"type": "actions", "block_id": "controls", "elements": [BUTTON, MENU, OVERFLOW]}]


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now)


@pytest.fixture
def app(bolt: AsyncApp) -> AsyncApp:
    """A Bolt app that acknowledges the command and every action, and leaves the rest to the test."""
    bolt.command("/restore")(acknowledge)
    for action in ("stop", "pace", "more", "plan", "loud"):
        bolt.action(action)(acknowledge)
    return bolt


async def open_modal(app: AsyncApp, alice: Person, workspace: LocalWorkspace, *blocks: Any) -> None:
    await alice.say("#db-oncall", "/restore")
    view = {"type": "modal", "title": plain("Restore"), "submit": plain("Go"), "blocks": list(blocks)}
    await app.client.views_open(trigger_id=sent(workspace)["trigger_id"], view=view)


async def test_a_pressed_button_tells_the_app_where_and_what(
    app: AsyncApp, web: AsyncWebClient, alice: Person, workspace: LocalWorkspace
) -> None:
    root = (await web.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    metadata = {"event_type": "card", "event_payload": {"id": "r-1"}}
    card = await web.chat_postMessage(
        channel=CHANNEL, text="card", blocks=CARD, thread_ts=root, metadata=metadata
    )
    await alice.click(workspace.thread("#db-oncall", root)[1], "stop")
    payload = sent(workspace)
    assert payload["type"] == "block_actions"
    assert payload["container"] == {
        "type": "message",
        "message_ts": card["ts"],
        "channel_id": CHANNEL,
        "is_ephemeral": False,
        "thread_ts": root,
    }
    assert payload["channel"] == {"id": CHANNEL, "name": "db-oncall"}
    assert payload["message"] == card["message"]
    assert payload["message"]["metadata"] == metadata
    [action] = payload["actions"]
    assert action.pop("action_ts") > card["ts"]
    assert action == {"block_id": "controls"} | BUTTON
    assert payload["state"] == {
        "values": {"controls": {"pace": {"type": "static_select", "selected_option": None}}}
    }


async def test_menus_in_a_message_carry_the_choice(
    app: AsyncApp, web: AsyncWebClient, alice: Person, workspace: LocalWorkspace
) -> None:
    await web.chat_postMessage(channel=CHANNEL, text="card", attachments=[{"blocks": CARD}])
    [card] = workspace.messages("#db-oncall")
    await alice.click(card, "more", "hide")
    assert sent(workspace)["actions"][0]["selected_option"] == option("hide")
    await alice.click(card, "pace", "fast")
    payload = sent(workspace)
    assert payload["actions"][0]["selected_option"] == option("fast")
    assert payload["state"]["values"]["controls"]["pace"]["selected_option"] == option("fast")
    with pytest.raises(PersonError, match="no option 'warp'"):
        await alice.click(card, "pace", "warp")
    with pytest.raises(PersonError, match="no element"):
        await alice.click(card, "nothing")


async def test_a_button_of_an_ephemeral_message_brings_no_message(
    app: AsyncApp, web: AsyncWebClient, alice: Person, workspace: LocalWorkspace
) -> None:
    await web.chat_postEphemeral(channel=CHANNEL, user=alice.id, text="only you", blocks=CARD)
    [message] = alice.ephemerals("#db-oncall")
    await alice.click(message, "stop")
    payload = sent(workspace)
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    assert (await webhook(workspace, delete_original=True))[0] == 200
    assert alice.ephemerals("#db-oncall") == []
    with pytest.raises(PersonError, match="This message is gone"):
        await alice.click(message, "stop")


async def test_a_person_hears_that_a_button_did_not_work(
    app: AsyncApp,
    web: AsyncWebClient,
    alice: Person,
    workspace: LocalWorkspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unheard = [{"type": "actions", "elements": [BUTTON | {"action_id": "unheard"}]}]
    await web.chat_postMessage(channel=CHANNEL, text="card", blocks=unheard)
    monkeypatch.setattr(route, "ACK_SECONDS", 0.05)
    with pytest.raises(PersonError, match="Restore Bot did not respond"):
        await alice.click(workspace.messages("#db-oncall")[0], "unheard")


async def test_a_person_hears_that_the_app_is_away(
    web: AsyncWebClient, alice: Person, workspace: LocalWorkspace
) -> None:
    await web.chat_postMessage(channel=CHANNEL, text="card", blocks=CARD)
    with pytest.raises(PersonError, match="Restore Bot is not connected"):
        await alice.click(workspace.messages("#db-oncall")[0], "stop")


async def test_a_choice_in_a_modal_reaches_the_app_with_the_views_state(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    plan = {"type": "static_select", "action_id": "plan", "options": [option("a"), option("b")]}
    quiet = {"type": "plain_text_input", "action_id": "quiet"}
    loud = {"type": "plain_text_input", "action_id": "loud"}
    await open_modal(
        app,
        alice,
        workspace,
        {"type": "section", "block_id": "p", "text": plain("Plan"), "accessory": plan},
        {"type": "input", "block_id": "q", "label": plain("Quiet"), "element": quiet},
        {"type": "input", "block_id": "l", "label": plain("Loud"), "element": loud, "dispatch_action": True},
    )
    await alice.choose("q", "quiet", "typed")
    assert sent(workspace)["command"] == "/restore"
    await alice.choose("p", "plan", "b")
    payload = sent(workspace)
    assert payload["container"] == {"type": "view", "view_id": payload["view"]["id"]}
    assert not {"message", "channel", "response_url", "state"} & payload.keys()
    assert payload["actions"][0]["selected_option"] == option("b")
    values = payload["view"]["state"]["values"]
    assert values["p"]["plan"]["selected_option"] == option("b")
    assert values["q"]["quiet"]["value"] == "typed"
    await alice.choose("l", "loud", "now")
    assert sent(workspace)["actions"][0]["value"] == "now"


async def test_an_external_select_is_filled_by_the_app(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    async def suggest(ack: AsyncAck, payload: dict[str, Any]) -> None:
        if payload["value"] == "groups":
            await ack(option_groups=[{"label": plain("g"), "options": [option("c")]}])
        elif payload["value"] == "broken":
            await ack(options=[{"text": plain("no value")}])
        else:
            await ack(options=[option(payload["value"])])

    app.options("plan")(suggest)
    select = {"type": "external_select", "action_id": "plan"}
    block = {"type": "input", "block_id": "p", "label": plain("Plan"), "element": select}
    await open_modal(app, alice, workspace, block)
    assert await alice.options("p", "plan", "ord") == [option("ord")]
    payload = sent(workspace)
    assert (payload["type"], payload["block_id"], payload["value"]) == ("block_suggestion", "p", "ord")
    assert payload["view"]["title"]["text"] == "Restore"
    assert await alice.options("p", "plan", "groups") == [option("c")]
    with pytest.raises(PersonError, match="options that cannot be shown: missing required field: value"):
        await alice.options("p", "plan", "broken")


async def test_only_external_selects_are_filled_by_the_app(
    app: AsyncApp, alice: Person, workspace: LocalWorkspace
) -> None:
    await open_modal(app, alice, workspace, {"type": "actions", "block_id": "a", "elements": [MENU]})
    with pytest.raises(PersonError, match="brings its own options"):
        await alice.options("a", "pace", "s")
