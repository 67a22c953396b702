"""Tokens, arguments, conversations.* and users.* of the local workspace, driven by Slack's own client."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.scopes import EVERY_SCOPE
from tests.contract.calls import error_of

CHANNEL = "C0DBONCALL1"


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace(scopes=EVERY_SCOPE)


async def post_many(web: AsyncWebClient, count: int, **arguments: Any) -> list[str]:
    return [
        (await web.chat_postMessage(channel=CHANNEL, text=f"{n}", **arguments))["ts"] for n in range(count)
    ]


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        (None, "auth.test", "not_authed"),
        ("xoxb-other", "auth.test", "invalid_auth"),
        ("xapp-sandbox", "auth.test", "not_allowed_token_type"),
        ("xoxb-sandbox", "apps.connections.open", "not_allowed_token_type"),
        ("xoxb-sandbox", "chat.dance", "unknown_method"),
    ],
)
async def test_a_call_needs_the_right_token(url: str, token: str | None, method: str, error: str) -> None:
    web = AsyncWebClient(token=token, base_url=f"{url}api/", retry_handlers=[])
    assert await error_of(web.api_call(method)) == error


async def test_a_token_may_come_as_an_argument_and_is_never_recorded(
    url: str, workspace: LocalWorkspace
) -> None:
    async with aiohttp.ClientSession() as session:
        answer = await session.post(f"{url}api/auth.test", data={"token": "xoxb-sandbox", "a": "b"})
        assert (await answer.json())["user_id"] == "U0RESTORE01"
    [call] = workspace.journal
    assert (call.name, call.arguments, call.error) == ("auth.test", {"a": "b"}, None)


@pytest.mark.parametrize(("body", "error"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_a_body_that_is_no_json_object_is_refused(url: str, body: str, error: str) -> None:
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:
        answer = await session.post(f"{url}api/chat.postMessage", data=body, headers=headers)
        assert answer.status == 200
        assert await answer.json() == {"ok": False, "error": error}


async def test_a_web_page_of_another_site_cannot_use_the_tokens_everyone_knows(
    url: str, workspace: LocalWorkspace
) -> None:
    form = {"token": "xoxb-sandbox", "channel": CHANNEL, "text": "forged"}
    async with aiohttp.ClientSession() as session:
        for headers in ({"Origin": "https://example.com"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = await session.post(f"{url}api/chat.postMessage", data=form, headers=headers)
            assert answer.status == 403
    assert workspace.messages("#db-oncall") == []


async def test_missing_arguments_are_named(web: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await web.api_call("chat.postMessage", json={"text": "x"})
    assert caught.value.response["error"] == "invalid_arguments"
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] missing required field: channel"
    ]


async def test_api_test_echoes_and_fails_on_demand(web: AsyncWebClient) -> None:
    assert (await web.api_test(foo="bar"))["args"]["foo"] == "bar"
    assert await error_of(web.api_test(error="my_error")) == "my_error"


async def test_the_app_lists_the_channels_it_may_know_of(web: AsyncWebClient) -> None:
    answer = await web.conversations_list(types="public_channel,private_channel", exclude_archived=True)
    assert {channel["name"]: channel["is_member"] for channel in answer["channels"]} == {
        "db-oncall": True,
        "database-changes": True,
        "general": True,
        "random": False,
    }


async def test_lists_are_handed_out_page_by_page(web: AsyncWebClient) -> None:
    names: list[str] = []
    async for page in await web.conversations_list(limit=2):
        names += [channel["name"] for channel in page["channels"]]
    assert sorted(names) == ["database-changes", "db-oncall", "general", "old-oncall", "random"]
    members = await web.conversations_members(channel=CHANNEL, limit=2)
    assert len(members["members"]) == 2
    rest = await web.conversations_members(
        channel=CHANNEL, limit=2, cursor=members["response_metadata"]["next_cursor"]
    )
    assert len(rest["members"]) == 1
    assert rest["response_metadata"]["next_cursor"] == ""


@pytest.mark.parametrize("cursor", ["?", "bm9uc2Vuc2U="])
async def test_a_made_up_cursor_is_refused(web: AsyncWebClient, cursor: str) -> None:
    assert await error_of(web.users_list(cursor=cursor)) == "invalid_cursor"


async def test_a_limit_must_be_sensible(web: AsyncWebClient) -> None:
    assert await error_of(web.users_list(limit=1001)) == "invalid_arguments"
    assert await error_of(web.api_call("users.list", params={"limit": "many"})) == "invalid_arguments"


async def test_history_is_newest_first_and_stays_steady_while_messages_arrive(web: AsyncWebClient) -> None:
    stamps = await post_many(web, 5)
    first = await web.conversations_history(channel=CHANNEL, limit=2)
    await post_many(web, 1)
    cursor = first["response_metadata"]["next_cursor"]
    second = await web.conversations_history(channel=CHANNEL, limit=10, cursor=cursor)
    assert [each["ts"] for each in first["messages"]] == [stamps[4], stamps[3]]
    assert [each["ts"] for each in second["messages"]] == [stamps[2], stamps[1], stamps[0]]
    assert (first["has_more"], second["has_more"]) == (True, False)


async def test_history_between_two_times_counts_the_ends_only_if_asked(web: AsyncWebClient) -> None:
    stamps = await post_many(web, 3)
    first, _, last = stamps
    inner = await web.conversations_history(channel=CHANNEL, oldest=first, latest=last)
    outer = await web.conversations_history(channel=CHANNEL, oldest=first, latest=last, inclusive=True)
    assert [each["ts"] for each in inner["messages"]] == [stamps[1]]
    assert len(outer["messages"]) == 3
    assert await error_of(web.conversations_history(channel=CHANNEL, oldest="soon")) == "invalid_ts_oldest"


async def test_metadata_is_given_only_when_asked_for(web: AsyncWebClient) -> None:
    metadata = {"event_type": "restore_event", "event_payload": {"event_id": "e-1"}}
    [root] = await post_many(web, 1, metadata=metadata)
    for method in (web.conversations_history, web.conversations_replies):
        with_it = await method(channel=CHANNEL, ts=root, include_all_metadata=True)
        without = await method(channel=CHANNEL, ts=root)
        assert with_it["messages"][0]["metadata"] == metadata
        assert "metadata" not in without["messages"][0]


async def test_replies_come_oldest_first_with_the_root_on_every_page(web: AsyncWebClient) -> None:
    [root] = await post_many(web, 1)
    stamps = await post_many(web, 5, thread_ts=root)
    pages = [
        [message["ts"] for message in page["messages"]]
        async for page in await web.conversations_replies(channel=CHANNEL, ts=root, limit=3)
    ]
    assert pages == [[root, *stamps[0:2]], [root, *stamps[2:4]], [root, stamps[4]]]
    assert await error_of(web.conversations_replies(channel=CHANNEL, ts="1.0")) == "thread_not_found"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0RANDOM001", "not_in_channel"),
        ("C0DBAPRIVAT", "channel_not_found"),
        ("#general", "channel_not_found"),
    ],
)
async def test_reading_needs_membership(web: AsyncWebClient, channel: str, error: str) -> None:
    assert await error_of(web.conversations_history(channel=channel)) == error


async def test_the_app_can_join_a_public_channel(web: AsyncWebClient) -> None:
    assert (await web.conversations_join(channel="C0RANDOM001"))["channel"]["is_member"]
    await web.chat_postMessage(channel="C0RANDOM001", text="I am here")
    again = await web.conversations_join(channel="C0RANDOM001")
    assert again["warning"] == "already_in_channel"
    assert await error_of(web.conversations_join(channel="C0OLDONCALL")) == "is_archived"
    direct = (await web.conversations_open(users="U0ALICECHEN"))["channel"]["id"]
    refused = await error_of(web.conversations_join(channel=direct))
    assert refused == "method_not_supported_for_channel_type"


async def test_direct_conversations_are_listed_as_such(web: AsyncWebClient) -> None:
    opened = (await web.conversations_open(users="U0ALICECHEN"))["channel"]["id"]
    [listed] = (await web.conversations_list(types="im"))["channels"]
    assert (listed["id"], listed["user"], listed["is_im"]) == (opened, "U0ALICECHEN", True)
    assert await error_of(web.conversations_open(users="U0NOBODY001")) == "user_not_found"


async def test_a_channel_tells_its_members_only_when_asked(web: AsyncWebClient) -> None:
    plain = await web.conversations_info(channel=CHANNEL)
    counted = await web.conversations_info(channel=CHANNEL, include_num_members=True)
    assert "num_members" not in plain["channel"]
    assert counted["channel"]["num_members"] == 3


async def test_a_person_has_a_zone_and_on_request_a_locale(web: AsyncWebClient) -> None:
    user = (await web.users_info(user="U0ALICECHEN", include_locale=True))["user"]
    assert (user["tz"], user["tz_offset"], user["locale"]) == ("Asia/Shanghai", 28800, "en-US")
    assert "locale" not in (await web.users_info(user="U0ALICECHEN"))["user"]
    assert await error_of(web.users_info(user="U0NOBODY001")) == "user_not_found"


async def test_people_slackbot_and_the_bot_are_listed(web: AsyncWebClient) -> None:
    members = (await web.users_list())["members"]
    assert {user["name"]: user["is_bot"] for user in members} == {
        "alice": False,
        "ben": False,
        "mara": False,
        "slackbot": False,
        "restorebot": True,
    }


async def test_the_bot_is_a_user_with_a_bot_id(web: AsyncWebClient) -> None:
    me = await web.auth_test()
    bot = (await web.bots_info(bot=me["bot_id"]))["bot"]
    assert bot["user_id"] == me["user_id"]
    assert (await web.users_info(user=me["user_id"]))["user"]["is_bot"]
    assert await error_of(web.bots_info(bot="B0NOBODY001")) == "bot_not_found"
