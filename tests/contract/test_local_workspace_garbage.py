"""Whatever arrives at the Web API is answered the way Slack answers: never by a 500, never by a traceback."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.scopes import EVERY_SCOPE
from bot.sandbox.slack.web_api import METHODS

#: aiohttp warns of parts that say nothing useful of themselves.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::aiohttp.multipart.BadContentDisposition{what}")
    for what in ("Header", "Param")
]

CHANNEL, ALICE = "C0DBONCALL1", "U0ALICECHEN"
JSON_TYPE = "application/json; charset=utf-8"
FORM_TYPE = "application/x-www-form-urlencoded"

property_test = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

texts = st.text(max_size=20) | st.sampled_from([
    CHANNEL, ALICE, "#general", "D1", "0", "-1", "1.0", "NaN", "1e999", "\ud800", "\x00", "{}", "[]", "[[",
    "true", "null", "im,mpim", "eyes", "YWZ0ZXI6", "ä",
    '{"type":"modal"}', '[{"type":"actions","elements":[5]}]',
])  # fmt: skip
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
junk = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from([
    "attachments", "blocks", "bot", "channel", "cursor", "error", "external_id", "hash", "inclusive",
    "latest", "limit", "message", "message_ts", "metadata", "name", "oldest", "reply_broadcast", "return_im",
    "text", "thread_ts", "timestamp", "token", "trigger_id", "ts", "types", "user", "user_id", "usergroup",
    "users", "view", "view_id",
])  # fmt: skip
arguments = st.dictionaries(names | texts, junk, max_size=6)
methods = st.sampled_from(sorted(METHODS))
#: Arguments that are right, but for those that junk is put in place of.
PLAUSIBLE = {
    "channel": CHANNEL,
    "message_ts": "1.0",
    "name": "eyes",
    "text": "x",
    "timestamp": "1.0",
    "trigger_id": "1.2.3",
    "ts": "1.0",
    "user": ALICE,
    "user_id": ALICE,
    "usergroup": "S0DBADMINS1",
    "users": ALICE,
    "view": {"type": "home", "blocks": [{"type": "divider"}]},
    "view_id": "V1",
}


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with LocalWorkspace(scopes=EVERY_SCOPE).serve(port=0) as url:
        yield url


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer xoxb-sandbox"}) as session:
        yield session


async def answer(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """The call's answer, which has Slack's shape."""
    assert response.status == 200, await response.text()
    body: dict[str, Any] = json.loads(await response.text(), parse_constant=pytest.fail)
    assert isinstance(body["ok"], bool)
    assert body["ok"] is ("error" not in body)
    return body


@property_test
@given(method=methods, given=arguments)
async def test_any_arguments_as_json_get_an_answer_of_slacks_shape(
    url: str, session: aiohttp.ClientSession, method: str, given: dict[str, Any]
) -> None:
    for sent in (given, PLAUSIBLE | given):
        body = json.dumps(sent).encode()
        async with session.post(
            f"{url}api/{method}", data=body, headers={"Content-Type": JSON_TYPE}
        ) as response:
            await answer(response)


@property_test
@given(method=methods, given=arguments, in_query=st.booleans())
async def test_any_arguments_as_a_form_get_an_answer_of_slacks_shape(
    url: str, session: aiohttp.ClientSession, method: str, given: dict[str, Any], in_query: bool
) -> None:
    whole = PLAUSIBLE | given
    pairs = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in whole.items())
    target = URL(f"{url}api/{method}?{pairs}" if in_query else f"{url}api/{method}", encoded=True)
    data = None if in_query else pairs.encode()
    async with session.post(target, data=data, headers={"Content-Type": FORM_TYPE}) as response:
        await answer(response)


def _quoted(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return quote(text.encode(errors="surrogatepass"), safe="")


@property_test
@given(
    method=methods,
    body=st.binary(max_size=60)
    | st.sampled_from([b'{"channel":"\xff"}', b"\xff=\xfe", b"%ff=%ed%a0%80", b"&&=", b"--x"]),
    kind=st.sampled_from([
        JSON_TYPE, FORM_TYPE, "application/json; charset=utf-99", "application/json; charset=utf-16",
        f"{FORM_TYPE}; charset=none", "multipart/form-data", "multipart/form-data; boundary=x",
        "text/plain", "a/b/c",
        "", ";", "multipart/mixed",
    ]),
)  # fmt: skip
async def test_any_bytes_under_any_content_type_get_an_answer_of_slacks_shape(
    url: str, session: aiohttp.ClientSession, method: str, body: bytes, kind: str
) -> None:
    async with session.post(f"{url}api/{method}", data=body, headers={"Content-Type": kind}) as response:
        await answer(response)


@property_test
@given(parts=st.binary(max_size=80))
async def test_any_multipart_body_gets_an_answer_of_slacks_shape(
    url: str, session: aiohttp.ClientSession, parts: bytes
) -> None:
    body = b"--x\r\nContent-Disposition: form-data; name=" + parts + b"\r\n--x--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with session.post(f"{url}api/chat.postMessage", data=body, headers=headers) as response:
        await answer(response)


@property_test
@given(path=st.text(max_size=20).filter(lambda path: path not in METHODS))
async def test_any_other_method_name_is_unknown(url: str, session: aiohttp.ClientSession, path: str) -> None:
    encoded = quote(path.encode(errors="surrogatepass"), safe="")
    async with session.post(URL(f"{url}api/{encoded}", encoded=True)) as response:
        assert (await answer(response))["error"] == "unknown_method"


TRICKS = [
    "", "/", ".", "a/b", "..%2f..%2fetc%2fpasswd", "%2e%2e/page", "chat.postMessage/", "%00", "%ff",
    "a%0d%0ab:%20c", "{x}",
]  # fmt: skip


@pytest.mark.parametrize("path", TRICKS)
async def test_path_tricks_lead_nowhere(url: str, session: aiohttp.ClientSession, path: str) -> None:
    async with session.get(URL(f"{url}api/{path}", encoded=True)) as response:
        assert (await answer(response))["error"] == "unknown_method"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("[" * 100_000, "invalid_json"),
        ('{"a":' * 100_000, "invalid_json"),
        ('{"a":' * 70 + "1" + "}" * 70, "invalid_json"),
        ('{"limit":' + "9" * 10_000 + "}", "invalid_json"),
        ('{"limit":1e999}', "invalid_json"),
        ('{"limit":NaN}', "invalid_json"),
        ("null", "json_not_object"),
        ('"x"', "json_not_object"),
        ('{"text":"' + "x" * 5_000_000, "request_too_large"),
    ],
    ids=range(9),
)
async def test_json_that_is_too_much_is_refused(
    url: str, session: aiohttp.ClientSession, body: str, error: str
) -> None:
    headers = {"Content-Type": JSON_TYPE}
    async with session.post(f"{url}api/users.list", data=BytesIO(body.encode()), headers=headers) as response:
        assert (await answer(response))["error"] == error


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"Content-Type": "text/plain"}, "invalid_post_type"),
        ({"Content-Type": "application/json; charset=utf-99"}, "invalid_charset"),
        ({"Content-Type": JSON_TYPE}, "invalid_json"),
        ({"Content-Type": FORM_TYPE}, "invalid_form_data"),
    ],
)
async def test_a_body_that_cannot_be_read_is_named(
    url: str, session: aiohttp.ClientSession, headers: dict[str, str], error: str
) -> None:
    async with session.post(f"{url}api/users.list", data=b"\xff\xfe=", headers=headers) as response:
        assert (await answer(response))["error"] == error


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_is_not_compressed_as_it_says_is_refused(
    url: str, session: aiohttp.ClientSession, encoding: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Content-Type": JSON_TYPE, "Content-Encoding": encoding, "Connection": "close"}
    async with session.post(f"{url}api/users.list", data=b"x" * 99, headers=headers) as response:
        assert (await answer(response))["error"] in {"invalid_form_data", "invalid_json"}
    assert caplog.records == []


async def test_a_body_of_no_type_is_refused(url: str, session: aiohttp.ClientSession) -> None:
    call = session.post(f"{url}api/users.list", data=b"x", skip_auto_headers=["Content-Type"])
    async with call as response:
        assert (await answer(response))["error"] == "missing_post_type"


async def test_half_a_surrogate_pair_is_replaced(url: str, session: aiohttp.ClientSession) -> None:
    body = b'{"channel":"C0DBONCALL1","text":"a\\ud83d b \\ud83d\\ude00"}'
    async with session.post(
        f"{url}api/chat.postMessage", data=body, headers={"Content-Type": JSON_TYPE}
    ) as response:
        assert (await answer(response))["message"]["text"] == "a\ufffd b \U0001f600"
