"""reactions.* of the local workspace, driven by Slack's own client."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.api_reactions import MAX_EMOJI
from bot.sandbox.slack.scopes import EVERY_SCOPE

CHANNEL = "C0DBONCALL1"


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace(scopes=EVERY_SCOPE)


@pytest.fixture
async def client(workspace: LocalWorkspace) -> AsyncIterator[AsyncWebClient]:
    async with workspace.serve(port=0) as url:
        yield AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])


@pytest.fixture
async def ts(client: AsyncWebClient) -> str:
    return str((await client.chat_postMessage(channel=CHANNEL, text="x"))["ts"])


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_reaction_shows_on_the_message_until_it_is_taken_back(
    client: AsyncWebClient, workspace: LocalWorkspace, ts: str
) -> None:
    await client.reactions_add(channel=CHANNEL, timestamp=ts, name=":eyes:")
    await client.reactions_add(channel=CHANNEL, timestamp=ts, name="wave::skin-tone-3")
    [message] = workspace.messages("#db-oncall")
    assert message["reactions"] == [
        {"name": "eyes", "users": ["U0RESTORE01"], "count": 1},
        {"name": "wave::skin-tone-3", "users": ["U0RESTORE01"], "count": 1},
    ]
    await client.chat_update(channel=CHANNEL, ts=ts, text="changed")
    await client.reactions_remove(channel=CHANNEL, timestamp=ts, name="wave::skin-tone-3")
    assert [each["name"] for each in workspace.messages("#db-oncall")[0]["reactions"]] == ["eyes"]
    await client.reactions_remove(channel=CHANNEL, timestamp=ts, name="eyes")
    assert "reactions" not in workspace.messages("#db-oncall")[0]


async def test_a_reaction_is_given_and_taken_back_once(client: AsyncWebClient, ts: str) -> None:
    item = {"channel": CHANNEL, "timestamp": ts, "name": "eyes"}
    assert await error_of(client.reactions_remove(**item)) == "no_reaction"
    await client.reactions_add(**item)
    assert await error_of(client.reactions_add(**item)) == "already_reacted"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": "Not an emoji"}, "invalid_name"),
        ({"name": ""}, "invalid_arguments"),
        ({"timestamp": ""}, "no_item_specified"),
        ({"channel": ""}, "no_item_specified"),
        ({"timestamp": "1.0"}, "message_not_found"),
        ({"channel": "C0NOWHERE01"}, "channel_not_found"),
        ({"channel": "#db-oncall"}, "channel_not_found"),
        ({"channel": "C0RANDOM001"}, "not_in_channel"),
        ({"channel": "C0OLDONCALL"}, "is_archived"),
    ],
)
async def test_a_reaction_that_cannot_be_given_is_refused(
    client: AsyncWebClient, ts: str, changes: dict[str, str], error: str
) -> None:
    item = {"channel": CHANNEL, "timestamp": ts, "name": "eyes", **changes}
    assert await error_of(client.reactions_add(**item)) == error


async def test_one_user_gives_twenty_three_reactions_at_most(client: AsyncWebClient, ts: str) -> None:
    for number in range(MAX_EMOJI):
        await client.reactions_add(channel=CHANNEL, timestamp=ts, name=f"emoji-{number}")
    assert (
        await error_of(client.reactions_add(channel=CHANNEL, timestamp=ts, name="eyes")) == "too_many_emoji"
    )
