"""reactions.* of the local workspace, driven by Slack's own client."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.api_reactions import MAX_EMOJI
from bot.sandbox.slack.emoji import known_emoji
from bot.sandbox.slack.scopes import EVERY_SCOPE
from tests.contract.calls import error_of

CHANNEL = "C0DBONCALL1"


@pytest.fixture
def workspace() -> LocalWorkspace:
    return LocalWorkspace(scopes=EVERY_SCOPE)


@pytest.fixture
async def ts(web: AsyncWebClient) -> str:
    return str((await web.chat_postMessage(channel=CHANNEL, text="x"))["ts"])


async def test_a_reaction_shows_on_the_message_until_it_is_taken_back(
    web: AsyncWebClient, workspace: LocalWorkspace, ts: str
) -> None:
    await web.reactions_add(channel=CHANNEL, timestamp=ts, name=":eyes:")
    await web.reactions_add(channel=CHANNEL, timestamp=ts, name="wave::skin-tone-3")
    [message] = workspace.messages("#db-oncall")
    assert message["reactions"] == [
        {"name": "eyes", "users": ["U0RESTORE01"], "count": 1},
        {"name": "wave::skin-tone-3", "users": ["U0RESTORE01"], "count": 1},
    ]
    await web.chat_update(channel=CHANNEL, ts=ts, text="changed")
    await web.reactions_remove(channel=CHANNEL, timestamp=ts, name="wave::skin-tone-3")
    assert [each["name"] for each in workspace.messages("#db-oncall")[0]["reactions"]] == ["eyes"]
    await web.reactions_remove(channel=CHANNEL, timestamp=ts, name="eyes")
    assert "reactions" not in workspace.messages("#db-oncall")[0]


async def test_a_reaction_is_given_and_taken_back_once(web: AsyncWebClient, ts: str) -> None:
    item = {"channel": CHANNEL, "timestamp": ts, "name": "eyes"}
    assert await error_of(web.reactions_remove(**item)) == "no_reaction"
    await web.reactions_add(**item)
    assert await error_of(web.reactions_add(**item)) == "already_reacted"


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
    web: AsyncWebClient, ts: str, changes: dict[str, str], error: str
) -> None:
    item = {"channel": CHANNEL, "timestamp": ts, "name": "eyes", **changes}
    assert await error_of(web.reactions_add(**item)) == error


async def test_one_user_gives_twenty_three_reactions_at_most(web: AsyncWebClient, ts: str) -> None:
    *names, one_more = sorted(known_emoji())[: MAX_EMOJI + 1]
    for name in names:
        await web.reactions_add(channel=CHANNEL, timestamp=ts, name=name)
    assert await error_of(web.reactions_add(channel=CHANNEL, timestamp=ts, name=one_more)) == "too_many_emoji"
