"""Without an app token the bot serves HTTP, and only to Slack."""

import hashlib
import hmac
import signal
import socket
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest

from bot.listening import HTTP_PATH
from tests.scenario.processes import environment, restorebot
from tests.scenario.stage import Stage

BODY = urlencode(
    {
        "command": "/restore",
        "text": "help",
        "user_id": "U0ALICECHEN",
        "channel_id": "C0DBONCALL1",
        "team_id": "T0LOCAL0001",
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1:9/",
    }
)


def signed(secret: str, *, at: float | None = None) -> dict[str, str]:
    timestamp = str(int(at or time.time()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{BODY}".encode(), hashlib.sha256).hexdigest()
    return {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={digest}",
    }


@pytest.fixture
async def address(stage: Stage) -> AsyncIterator[str]:
    """Where a bot in HTTP mode serves."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with restorebot("run", environment=over_http(stage, port)) as bot:
        await bot.until_printed("serving HTTP")
        yield f"http://127.0.0.1:{port}{HTTP_PATH}"
        assert await bot.end(signal.SIGTERM) == 0


def over_http(stage: Stage, port: int) -> dict[str, str]:
    return environment(stage) | {"SLACK_APP_TOKEN": "", "RESTOREBOT_PORT": str(port)}


async def test_a_signed_command_is_answered(address: str) -> None:
    async with httpx.AsyncClient() as slack:
        answer = await slack.post(address, content=BODY, headers=signed("sandbox-signing-secret"))
    assert answer.status_code == 200
    assert "/restore status" in answer.text


async def test_a_command_that_is_not_slacks_is_refused(address: str) -> None:
    async with httpx.AsyncClient() as stranger:
        wrong = await stranger.post(address, content=BODY, headers=signed("wrong"))
        late = await stranger.post(
            address, content=BODY, headers=signed("sandbox-signing-secret", at=time.time() - 600)
        )
    assert (wrong.status_code, late.status_code) == (401, 401)


async def test_a_port_that_is_taken_ends_the_bot_with_a_sentence(stage: Stage) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        async with restorebot("run", environment=over_http(stage, port)) as bot:
            assert await bot.ended() == 1
    assert "RESTOREBOT_PORT" in bot.printed
    assert "Traceback" not in bot.printed
