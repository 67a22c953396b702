"""users.conversations, usergroups.* and conversations.open of the local workspace."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.scopes import EVERY_SCOPE
from tests.contract.calls import error_of

ALICE, BEN, MARA = "U0ALICECHEN", "U0BENOKORO1", "U0MARASILVA"


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace(scopes=EVERY_SCOPE)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({}, ["database-changes", "db-oncall", "general", "old-oncall"]),
        ({"exclude_archived": True}, ["database-changes", "db-oncall", "general"]),
        ({"user": MARA}, ["general"]),
        ({"types": "private_channel"}, []),
        ({"user": ALICE, "types": "private_channel"}, []),
        ({"types": "mpim"}, []),
    ],
)
async def test_someones_conversations_as_far_as_the_app_may_know(
    web: AsyncWebClient, arguments: dict[str, Any], names: list[str]
) -> None:
    answer = await web.users_conversations(**arguments)
    assert sorted(channel["name"] for channel in answer["channels"]) == names


async def test_conversations_come_page_by_page(web: AsyncWebClient) -> None:
    pages = [
        len(page["channels"]) async for page in await web.users_conversations(limit=3, exclude_archived=False)
    ]
    assert pages == [3, 1]
    assert await error_of(web.users_conversations(user="U0NOBODY001")) == "user_not_found"


async def test_user_groups_tell_their_members_when_asked(web: AsyncWebClient) -> None:
    [bare] = (await web.usergroups_list())["usergroups"]
    [full] = (await web.usergroups_list(include_count=True, include_users=True))["usergroups"]
    assert bare["handle"] == "dba"
    assert not {"users", "user_count"} & bare.keys()
    assert (full["users"], full["user_count"]) == ([ALICE, BEN], 2)
    assert (await web.usergroups_users_list(usergroup=bare["id"]))["users"] == [ALICE, BEN]
    assert await error_of(web.usergroups_users_list(usergroup="S0NOBODY001")) == "no_such_subteam"


async def test_a_direct_conversation_is_opened_once(web: AsyncWebClient) -> None:
    first = await web.conversations_open(users=ALICE)
    again = await web.conversations_open(users=[ALICE], return_im=True)
    by_id = await web.conversations_open(channel=first["channel"]["id"])
    assert "already_open" not in first
    assert again["already_open"]
    assert by_id["no_op"]
    assert again["channel"]["user"] == ALICE
    assert first["channel"]["id"] == again["channel"]["id"] == by_id["channel"]["id"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "users_list_not_supplied"),
        ({"users": []}, "users_list_not_supplied"),
        ({"users": "U0NOBODY001"}, "user_not_found"),
        ({"users": "U0RESTORE01"}, "cannot_dm_bot"),
        ({"users": "USLACKBOT"}, "cannot_dm_bot"),
        ({"channel": "C0NOWHERE01"}, "channel_not_found"),
        ({"channel": "C0DBONCALL1"}, "method_not_supported_for_channel_type"),
    ],
)
async def test_a_conversation_that_cannot_be_opened_is_refused(
    web: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    assert await error_of(web.api_call("conversations.open", json=arguments)) == error
