"""Rates: how often a method may be called, counted by a clock that the tests advance."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.rates import POSTING, TIER_2, TIER_3, RateLimited, Rates
from tests.clocks import Now

CHANNEL = "C0DBONCALL1"


@pytest.fixture
def now() -> Now:
    """Not on a whole second: what is left of one counts."""
    return Now(1712345678.1)


@pytest.fixture
def workspace(now: Now) -> LocalWorkspace:
    return LocalWorkspace(now=now, rates=True)


async def post(web: AsyncWebClient, channel: str = CHANNEL) -> int:
    """Post once: 0 when it was posted, or the seconds to wait."""
    try:
        await web.chat_postMessage(channel=channel, text="x")
    except SlackApiError as error:
        answer = error.response
        assert (answer.status_code, answer["error"]) == (429, "ratelimited")
        return int(answer.headers["Retry-After"])
    return 0


async def test_after_a_short_burst_a_channel_takes_one_message_a_second(
    web: AsyncWebClient, workspace: LocalWorkspace, now: Now
) -> None:
    burst = [await post(web) for _ in range(POSTING.at_once)]
    assert burst == [0] * POSTING.at_once
    for _ in range(3):
        assert await post(web) == 1
        now.time += 1
        assert await post(web) == 0
    assert len(workspace.messages("#db-oncall")) == POSTING.at_once + 3
    assert workspace.journal[-2].error == "ratelimited"


async def test_each_channel_counts_for_itself_by_whatever_name(web: AsyncWebClient) -> None:
    for name in (CHANNEL, "#db-oncall", "db-oncall"):
        await post(web, name)
    assert [await post(web) for _ in range(3)] == [0, 0, 1]
    assert await post(web, "#general") == 0
    assert await post(web, "U0ALICECHEN") == 0


async def test_a_tier_counts_the_calls_of_a_minute(web: AsyncWebClient, now: Now) -> None:
    for _ in range(TIER_3.at_once):
        await web.conversations_info(channel=CHANNEL)
    with pytest.raises(SlackApiError) as caught:
        await web.conversations_info(channel=CHANNEL)
    wait = int(caught.value.response.headers["Retry-After"])
    assert wait == 2  # 60 seconds for 50 calls
    now.time += wait
    await web.conversations_info(channel=CHANNEL)
    await web.conversations_members(channel=CHANNEL)


async def test_the_rate_is_looked_at_after_the_token_and_before_the_arguments(web: AsyncWebClient) -> None:
    for _ in range(TIER_2.at_once):
        await web.conversations_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await web.conversations_list(types="nonsense")
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await web.conversations_list(token="xoxb-other")


async def test_without_being_asked_for_no_rate_is_kept() -> None:
    async with LocalWorkspace(now=lambda: 1.0).serve(port=0) as url:
        web = AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])
        assert [await post(web) for _ in range(20)] == [0] * 20


def test_they_can_be_switched_at_any_time(now: Now) -> None:
    rates = Rates(now)
    for _ in range(10):
        rates.take("chat.postMessage", CHANNEL)
    rates.on = True
    for _ in range(POSTING.at_once):
        rates.take("chat.postMessage", CHANNEL)
    with pytest.raises(RateLimited):
        rates.take("chat.postMessage", CHANNEL)
    rates.on = False
    rates.take("chat.postMessage", CHANNEL)


@pytest.mark.parametrize(
    "method", ["chat.update", "conversations.replies", "users.list", "apps.connections.open"]
)
def test_who_waits_as_long_as_told_is_let_in(now: Now, method: str) -> None:
    rates = Rates(now, on=True)
    refused = 0
    for _ in range(400):
        try:
            rates.take(method)
        except RateLimited as error:
            refused += 1
            now.time += error.retry_after
            rates.take(method)
        now.time += 0.07
    assert refused


def test_a_clock_that_is_set_back_takes_nothing_away(now: Now) -> None:
    rates = Rates(now, on=True)
    rates.take("chat.postMessage", CHANNEL)
    now.time -= 3600
    for _ in range(POSTING.at_once - 1):
        rates.take("chat.postMessage", CHANNEL)
