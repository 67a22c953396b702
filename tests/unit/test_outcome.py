"""What became of a call to Slack."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.outcome import Verdict, outcome


def refusal(reason: str | None, *, status: int = 200, retry_after: str | None = None) -> SlackApiError:
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": reason},
        headers={"retry-after": retry_after} if retry_after else {},
        status_code=status,
    )
    return SlackApiError("no", response)  # type: ignore[no-untyped-call]  # as the SDK left it


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ("channel_not_found", Verdict.SHUT_OUT),
        ("is_archived", Verdict.SHUT_OUT),
        ("a_word_of_tomorrow", Verdict.FORBIDDEN),
        ("invalid_blocks", Verdict.REFUSED),
        ("message_not_found", Verdict.GONE),
        ("thread_not_found", Verdict.GONE),
        ("not_in_channel", Verdict.SHUT_OUT),
        ("restricted_action_read_only_channel", Verdict.SHUT_OUT),
        ("token_revoked", Verdict.FORBIDDEN),
        ("missing_scope", Verdict.FORBIDDEN),
        ("ratelimited", Verdict.NOT_NOW),
        ("internal_error", Verdict.UNKNOWN),
        ("fatal_error", Verdict.UNKNOWN),
    ],
)
def test_a_no_is_told_from_a_doubt(reason: str, verdict: Verdict) -> None:
    assert outcome(refusal(reason)).verdict is verdict
    assert outcome(refusal(reason)).reason == reason


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("30", 30), ("0", 1), ("soon", 1), (None, 1), ("-3", 1), ("1e20", 300), ("nan", 300), ("inf", 300)],
)
def test_slack_names_the_wait_or_a_second_is_waited(said: str | None, seconds: float) -> None:
    what = outcome(refusal("ratelimited", status=429, retry_after=said))
    assert (what.verdict, what.retry_after) == (Verdict.NOT_NOW, seconds)


@pytest.mark.parametrize("status", [200, 403, 404, 407, 502, 503])
def test_an_answer_that_is_not_slacks_is_a_doubt(status: int) -> None:
    assert outcome(refusal(None, status=status)).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError(), aiohttp.ServerDisconnectedError()])
def test_a_lost_answer_is_a_doubt(error: Exception) -> None:
    assert outcome(error).verdict is Verdict.UNKNOWN


def test_a_connection_that_never_stood_is_none() -> None:
    error = aiohttp.ClientConnectorError(None, OSError("refused"))  # type: ignore[arg-type]  # a key nobody reads
    assert outcome(error).verdict is Verdict.NOT_NOW
