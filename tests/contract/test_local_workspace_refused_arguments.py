"""What the Web API of the local workspace refuses in its arguments, and what it says of it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person
from bot.sandbox.slack.metadata import MAX_BYTES
from bot.sandbox.slack.scopes import EVERY_SCOPE

CHANNEL = "C0DBONCALL1"
SECTION = {"type": "section", "text": {"type": "plain_text", "text": "x"}}


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace(scopes=EVERY_SCOPE)


@pytest.fixture
async def url(workspace: LocalWorkspace) -> AsyncIterator[str]:
    async with workspace.serve(port=0) as url:
        yield f"{url}api/"


@pytest.fixture
def client(url: str) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-sandbox", base_url=url, retry_handlers=[])


@pytest.fixture
def alice(workspace: LocalWorkspace) -> Person:
    return workspace.person("alice")


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


def posting(client: AsyncWebClient, **arguments: Any) -> Any:
    return client.api_call("chat.postMessage", json={"channel": CHANNEL, **arguments})


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"json": {"token": "xoxb-sandbox"}}, "not_authed"),
        ({"params": {"token": "xoxb-sandbox"}}, "not_authed"),
        ({"params": {"token": "xoxb-sandbox"}, "data": {"token": "xoxb-sandbox"}}, "not_authed"),
        ({"data": {"token": "xoxb-sandbox"}}, None),
        ({"headers": {"Authorization": "Bearer xoxb-sandbox"}}, None),
    ],
    ids=["json", "query", "query and form", "form", "header"],
)
async def test_a_token_comes_in_the_header_or_in_a_form(
    url: str, workspace: LocalWorkspace, sent: dict[str, Any], error: str | None
) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{url}auth.test", **sent)
    assert answer.json().get("error") == error
    assert "xoxb-sandbox" not in str(workspace.journal[-1].arguments)


async def test_scopes_are_told_to_the_bearer_of_a_token_alone(url: str) -> None:
    told = {}
    async with httpx.AsyncClient() as http:
        for token in ("", "xoxb-wrong", "xapp-sandbox", "xoxb-sandbox"):
            answer = await http.post(f"{url}auth.test", data={"token": token})
            told[token] = answer.headers.get("X-OAuth-Scopes")
    assert told == {
        "": None,
        "xoxb-wrong": None,
        "xapp-sandbox": "connections:write",
        "xoxb-sandbox": ",".join(EVERY_SCOPE),
    }


def metadata(bytes_in_all: int) -> dict[str, Any]:
    empty = len('{"event_type":"e","event_payload":{"text":""}}')
    return {"event_type": "e", "event_payload": {"text": "x" * (bytes_in_all - empty)}}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (metadata(MAX_BYTES), None),
        (metadata(MAX_BYTES + 1), "metadata_too_large"),
        ({"event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "e", "event_payload": []}, "invalid_metadata_format"),
        ({"event_type": "e", "event_payload": {}, "more": 1}, "invalid_metadata_format"),
        ("no JSON", "invalid_metadata_format"),
    ],
    ids=range(7),
)
async def test_metadata_has_a_form_and_a_size(client: AsyncWebClient, given: Any, error: str | None) -> None:
    answer = client.api_call("chat.postMessage", json={"channel": CHANNEL, "text": "x", "metadata": given})
    if error:
        assert await error_of(answer) == error
    else:
        assert (await answer)["message"]["metadata"] == given


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("conversations.list", "invalid_limit"),
        ("conversations.members", "invalid_limit"),
        ("users.conversations", "invalid_limit"),
        ("conversations.history", "invalid_arguments"),
        ("conversations.replies", "invalid_arguments"),
        ("users.list", "invalid_arguments"),
    ],
)
@pytest.mark.parametrize("limit", ["-1", "1001", "1_0", "٣", "1.5", "x", True, "9" * 5000])
async def test_a_limit_is_a_number_from_one_to_a_thousand(
    client: AsyncWebClient, method: str, error: str, limit: Any
) -> None:
    root = await client.chat_postMessage(channel=CHANNEL, text="root")
    arguments = {"channel": CHANNEL, "ts": root["ts"]}
    assert await error_of(client.api_call(method, json={**arguments, "limit": limit})) == error
    assert (await client.api_call(method, json={**arguments, "limit": 1000}))["ok"]


async def test_a_limit_of_none_is_refused_except_for_users(client: AsyncWebClient) -> None:
    root = await client.chat_postMessage(channel=CHANNEL, text="root")
    nothing = client.conversations_replies(channel=CHANNEL, ts=root["ts"], limit=0)
    assert await error_of(nothing) == "invalid_arguments"
    assert len((await client.users_list(limit=0))["members"]) == 5


async def test_a_page_of_replies_holds_the_root_and_one_at_least(client: AsyncWebClient) -> None:
    root = await client.chat_postMessage(channel=CHANNEL, text="root")
    for text in ("one", "two", "three"):
        await client.chat_postMessage(channel=CHANNEL, text=text, thread_ts=root["ts"])

    async def texts(limit: int, cursor: str = "") -> tuple[list[str], str]:
        page = await client.conversations_replies(channel=CHANNEL, ts=root["ts"], limit=limit, cursor=cursor)
        found: str = page["response_metadata"]["next_cursor"]
        return [message["text"] for message in page["messages"]], found

    read, cursor = await texts(3)
    assert read == ["root", "one", "two"]
    assert await texts(3, cursor) == (["root", "three"], "")
    assert (await texts(1))[0] == ["root", "one"]


async def test_a_reply_names_whom_it_answers(client: AsyncWebClient, workspace: LocalWorkspace) -> None:
    await workspace.person("ben").say("#db-oncall", "is it down?")
    [root] = workspace.messages("#db-oncall")
    posted = await client.chat_postMessage(channel=CHANNEL, text="yes", thread_ts=root["ts"])
    assert posted["message"]["parent_user_id"] == workspace.person("ben").id
    assert "parent_user_id" not in root


@pytest.mark.parametrize("blocks", [0, False, {}, 5, "{}", '"x"', "[1]", "no JSON"])
async def test_blocks_that_are_no_list_of_objects_have_no_format(client: AsyncWebClient, blocks: Any) -> None:
    assert await error_of(posting(client, text="x", blocks=blocks)) == "invalid_blocks_format"


async def test_blocks_that_are_not_given_may_be_empty_text(client: AsyncWebClient) -> None:
    assert (await client.api_call("chat.postMessage", data={"channel": CHANNEL, "text": "x", "blocks": ""}))[
        "ok"
    ]


async def test_markdown_text_is_refused_instead_of_left_out(client: AsyncWebClient) -> None:
    refused = posting(client, text="x", markdown_text="**bold**")
    assert await error_of(refused) == "invalid_arguments"


@pytest.mark.parametrize(
    "attachment",
    [
        {"color": 5, "text": "x"},
        {"text": 5},
        {"text": ["x"]},
        {"pretext": {}, "text": "x"},
        {"fallback": True},
        {"title": {"text": "x"}},
        {"fields": [{"title": 1}]},
        {"fields": {}, "text": "x"},
        {"text": "x" * 40_001},
        {"blocks": [{"type": "nothing"}]},
        {"blocks": 5, "text": "x"},
    ],
    ids=str,
)
async def test_an_attachment_of_wrong_types_is_invalid(
    client: AsyncWebClient, attachment: dict[str, Any]
) -> None:
    assert await error_of(posting(client, text="x", attachments=[attachment])) == "invalid_attachments"


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([SECTION] * 51, "msg_blocks_too_many"),
        (
            [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}}] * 5,
            "msg_blocks_too_long",
        ),
    ],
    ids=["many", "long"],
)
async def test_blocks_of_an_attachment_have_the_limits_of_a_message(
    client: AsyncWebClient, blocks: list[Any], error: str
) -> None:
    assert await error_of(posting(client, text="x", attachments=[{"blocks": blocks}])) == error


@pytest.mark.parametrize("attachment", [{}, {"color": "good"}, {"text": ""}, {"blocks": [], "mrkdwn_in": []}])
async def test_a_message_of_empty_attachments_has_no_text(
    client: AsyncWebClient, attachment: dict[str, Any]
) -> None:
    assert await error_of(posting(client, attachments=[attachment])) == "no_text"
    assert (await posting(client, text="x", attachments=[attachment]))["ok"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("eyes", None),
        (":eyes:", None),
        ("thumbsup::skin-tone-3", None),
        ("no_such_emoji", "invalid_name"),
        ("eyes::skin-tone-9", "invalid_name"),
        ("toString", "invalid_name"),
        ("👀", "invalid_name"),
    ],
)
async def test_a_reaction_is_one_of_the_emoji_there_are(
    client: AsyncWebClient, name: str, error: str | None
) -> None:
    ts = (await client.chat_postMessage(channel=CHANNEL, text="x"))["ts"]
    adding = client.reactions_add(channel=CHANNEL, timestamp=ts, name=name)
    if error:
        assert await error_of(adding) == error
    else:
        assert (await adding)["ok"]


@pytest.mark.parametrize("user", ["U0RESTORE01", "USLACKBOT", "U0NOBODY001"])
async def test_only_people_have_a_home(client: AsyncWebClient, user: str) -> None:
    view = {"type": "home", "blocks": [SECTION]}
    assert await error_of(client.views_publish(user_id=user, view=view)) == "invalid_arguments"


async def test_joining_twice_is_a_warning(client: AsyncWebClient) -> None:
    again = await client.conversations_join(channel=CHANNEL)
    assert again["warning"] == "already_in_channel"
    assert again["response_metadata"] == {"warnings": ["already_in_channel"]}


async def test_a_person_is_no_channel_to_change_messages_in(client: AsyncWebClient, alice: Person) -> None:
    changing = client.chat_update(channel=alice.id, ts="1.2", text="x")
    reacting = client.reactions_add(channel=alice.id, timestamp="1.2", name="eyes")
    assert [await error_of(call) for call in (changing, reacting)] == ["channel_not_found"] * 2
    conversations = (await client.conversations_list(types="im"))["channels"]
    assert conversations == []


async def test_an_ephemeral_message_in_a_thread_needs_a_thread(client: AsyncWebClient, alice: Person) -> None:
    root = (await client.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    for thread_ts in ("1700000000.000100", root):
        sent: dict[str, Any] = {"channel": CHANNEL, "user": alice.id, "thread_ts": thread_ts}
        assert (await client.chat_postEphemeral(**sent, text="nobody sees this"))["ok"]
    assert alice.ephemerals("#db-oncall") == []
    await client.chat_postMessage(channel=CHANNEL, text="reply", thread_ts=root)
    await client.chat_postEphemeral(**sent, text="seen")
    assert [message["text"] for message in alice.ephemerals("#db-oncall")] == ["seen"]


async def test_posts_to_a_person_count_as_one_channel_from_the_first(
    client: AsyncWebClient, workspace: LocalWorkspace, alice: Person
) -> None:
    workspace.rates = True
    channel = (await client.chat_postMessage(channel=alice.id, text="1"))["channel"]
    for number in (2, 3, 4, 5):
        await client.chat_postMessage(channel=alice.id if number % 2 else channel, text=str(number))
    assert await error_of(client.chat_postMessage(channel=channel, text="6")) == "ratelimited"
