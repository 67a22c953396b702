"""Whatever the app answers: the person gets a sentence or sees it done, and the workspace goes on."""

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import aiohttp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, PersonError

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = (
    *("text", "blocks", "attachments", "response_type", "thread_ts", "response_action", "errors", "view"),
    *("options", "option_groups", "replace_original", "delete_original", "plan", "type", "title", "value"),
)
WORDS = st.sampled_from(
    ["errors", "update", "push", "clear", "in_channel", "ephemeral", "modal", "plain_text"]
)
NEARLY = st.recursive(
    ANYTHING | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Restore"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [
        {
            "type": "input",
            "block_id": "plan",
            "label": {"type": "plain_text", "text": "Plan"},
            "element": {"type": "external_select", "action_id": "plan"},
            "optional": True,
        }
    ],
}


async def answered(
    socket: aiohttp.ClientWebSocketResponse, doing: Coroutine[Any, Any, Any], payload: Any
) -> dict[str, Any]:
    """What the app was sent, once it answered with this payload and the person saw what came of it."""
    task = asyncio.create_task(doing)
    envelope: dict[str, Any] = await socket.receive_json()
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": payload})
    with suppress(PersonError):
        await task
    sent: dict[str, Any] = envelope["payload"]
    return sent


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=NEARLY)
async def test_any_acknowledgement_comes_to_something(
    workspace: LocalWorkspace,
    web: AsyncWebClient,
    app_socket: aiohttp.ClientWebSocketResponse,
    alice: Person,
    payload: Any,
) -> None:
    command = await answered(app_socket, alice.say("#db-oncall", "/restore"), payload)
    await web.views_open(trigger_id=command["trigger_id"], view=FORM)
    await answered(app_socket, alice.options("plan", "plan", "x"), payload)
    await answered(app_socket, alice.submit(), payload)
    shown = [*workspace.messages("#db-oncall"), *alice.ephemerals("#db-oncall"), *alice.views]
    assert json.dumps(shown, allow_nan=False, ensure_ascii=False).encode()
