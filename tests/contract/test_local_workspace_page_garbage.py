"""Whatever arrives for the page, at a response_url or at the app's socket: an error, never a traceback."""

import asyncio
import json
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.sandbox.slack import LocalWorkspace, Person
from tests.contract.envelopes import address

ALICE, CHANNEL = "U0ALICECHEN", "C0DBONCALL1"
PATHS = ("message", "action", "options", "submit", "close", "shortcut", "home", "im")
INPUTS: dict[str, dict[str, Any]] = {
    "plain_text_input": {},
    "number_input": {"is_decimal_allowed": False, "max_value": "9"},
    "email_text_input": {},
    "url_text_input": {},
    "datetimepicker": {},
    "datepicker": {},
    "users_select": {},
    "multi_users_select": {},
    "checkboxes": {"options": [{"text": {"type": "plain_text", "text": "a"}, "value": "a"}]},
    "static_select": {"options": [{"text": {"type": "plain_text", "text": "a"}, "value": "a"}]},
}
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "All"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [
        {
            "type": "input",
            "block_id": kind,
            "label": {"type": "plain_text", "text": kind},
            "element": {"type": kind, "action_id": "a", **fields},
            "dispatch_action": True,
        }
        for kind, fields in INPUTS.items()
    ],
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("value", "selected_option", "selected_options", "selected_date_time", "selected_user", "type")
TYPED = st.dictionaries(
    st.sampled_from(sorted(INPUTS)),
    ANYTHING | st.fixed_dictionaries({"a": ANYTHING | st.dictionaries(st.sampled_from(KEYS), ANYTHING)}),
)
BODY = st.fixed_dictionaries(
    {},
    optional={
        "channel": ANYTHING | st.just(CHANNEL),
        "text": ANYTHING | st.just("/restore"),
        "thread_ts": ANYTHING,
        "container": ANYTHING | st.just("view"),
        "action": ANYTHING
        | st.dictionaries(st.sampled_from(KEYS), ANYTHING).flatmap(
            lambda value: st.sampled_from(sorted(INPUTS)).map(
                lambda kind: {**value, "block_id": kind, "action_id": "a"}
            )
        ),
        "block_id": ANYTHING,
        "action_id": ANYTHING,
        "view_id": ANYTHING | st.just("view"),
        "state_values": ANYTHING | TYPED,
        "callback_id": ANYTHING,
        "message_ts": ANYTHING,
        "all": ANYTHING,
    },
)
many = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(path=st.sampled_from(PATHS), body=BODY)
async def test_any_json_gets_an_answer_of_the_page(
    workspace: LocalWorkspace,
    url: str,
    web: AsyncWebClient,
    session: aiohttp.ClientSession,
    path: str,
    body: dict[str, Any],
) -> None:
    view = workspace.person("alice").view
    view_id = await opened(workspace, url, web) if view is None else view["id"]
    if body.get("view_id") == "view":
        body = body | {"view_id": view_id}
    if body.get("container") == "view":
        body = body | {"container": {"type": "view", "view_id": view_id}}
    async with session.post(f"{url}page/{path}", data=json.dumps({**body, "user": ALICE})) as answer:
        assert answer.status in {200, 400}
        assert (await answer.json())["ok"] is (answer.status == 200)
    async with session.get(f"{url}page/boot?user={ALICE}") as answer:
        assert answer.status == 200


async def opened(workspace: LocalWorkspace, url: str, web: AsyncWebClient) -> str:
    """The id of a form with every kind of input, opened for Alice."""
    async with aiohttp.ClientSession() as session, session.ws_connect(await address(web)) as socket:
        await socket.receive_json()
        payload = {"user": ALICE, "channel": CHANNEL, "text": "/restore"}
        async with session.post(f"{url}page/message", json=payload):
            envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        view = await web.views_open(trigger_id=envelope["payload"]["trigger_id"], view=FORM)
    await workspace.settled()
    return str(view["view"]["id"])


@many
@given(path=st.sampled_from(PATHS), body=st.binary(max_size=60))
async def test_any_bytes_get_an_answer_of_the_page(
    url: str, session: aiohttp.ClientSession, path: str, body: bytes
) -> None:
    async with session.post(f"{url}page/{path}", data=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["ok"] is False


@pytest.mark.parametrize(
    "body",
    [
        b'{"user": "U0ALICECHEN", "channel": "C0DBONCALL1", "text": NaN}',
        b'{"user": "U0ALICECHEN", "channel": "C0DBONCALL1", "text": ' + b"1" * 5000 + b"}",
        b"[" * 100_000,
        b'"' + b"x" * 5_000_000 + b'"',
    ],
)
async def test_json_that_cannot_be_passed_on_is_refused(
    workspace: LocalWorkspace, url: str, session: aiohttp.ClientSession, body: bytes
) -> None:
    async with session.post(f"{url}page/message", data=BytesIO(body)) as answer:
        assert answer.status == (413 if len(body) > 2**22 else 400)
        assert (await answer.json())["error"].startswith("The request is ")
    assert workspace.messages("#db-oncall") == []


async def test_half_a_character_is_replaced(
    workspace: LocalWorkspace, url: str, session: aiohttp.ClientSession
) -> None:
    body = b'{"user": "U0ALICECHEN", "channel": "C0DBONCALL1", "text": "\\ud800"}'
    async with session.post(f"{url}page/message", data=body) as answer:
        assert answer.status == 200
    assert workspace.messages("#db-oncall")[0]["text"] == "\ufffd"


async def test_a_message_has_its_limit(url: str, session: aiohttp.ClientSession) -> None:
    for length, status in ((40_000, 200), (40_001, 400)):
        body = {"user": ALICE, "channel": CHANNEL, "text": "x" * length}
        async with session.post(f"{url}page/message", json=body) as answer:
            assert answer.status == status


@pytest.mark.parametrize(
    "path",
    [
        "page/static/../../../wire.py",
        "page/static/%2e%2e/%2e%2e/wire.py",
        "page/static/..%2f..%2fwire.py",
        "page/static/%00",
        "page/static/",
        "page/nothing",
        "archives/x",
        "link/",
        "link/?ticket=%00",
        "response/x",
    ],
)
async def test_no_path_leads_outside(url: str, session: aiohttp.ClientSession, path: str) -> None:
    async with session.get(URL(url + path, encoded=True)) as answer:
        assert answer.status in {401, 403, 404, 405}
        assert "slack" not in (await answer.text()).lower()


NEARLY = ANYTHING.map(lambda value: json.dumps({"text": "x", "thread_ts": value}).encode())


@many
@given(body=st.binary(max_size=60) | NEARLY)
async def test_anything_posted_to_a_response_url_gets_an_answer(
    app_socket: aiohttp.ClientWebSocketResponse, session: aiohttp.ClientSession, alice: Person, body: bytes
) -> None:
    answer_url = await commanded(app_socket, alice)
    async with session.post(answer_url, data=body, headers={"Content-Type": "application/json"}) as answer:
        assert answer.status in {200, 400}


async def commanded(socket: aiohttp.ClientWebSocketResponse, person: Person) -> str:
    """The response_url of a command that the app acknowledged."""
    saying = asyncio.create_task(person.say("#db-oncall", "/restore"))
    envelope = await socket.receive_json()
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await saying
    return str(envelope["payload"]["response_url"])


@pytest.mark.parametrize(
    "frame", ["", "[]", "{", "[" * 100_000, '{"envelope_id": []}', '{"envelope_id": "x"}', "\x00"]
)
async def test_nonsense_from_the_app_does_not_end_its_connection(
    app_socket: aiohttp.ClientWebSocketResponse, alice: Person, frame: str
) -> None:
    await app_socket.send_str(frame)
    await app_socket.send_bytes(b"\xff")
    assert await commanded(app_socket, alice)
    assert alice.ephemerals("#db-oncall") == []
