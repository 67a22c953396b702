"""HTTP delivery, the workspace's end: signed requests to the app's request URL, and what it answers."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack import route
from bot.sandbox.slack.arguments import parse_json
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import new_secret
from bot.sandbox.slack.installation import VERIFICATION_TOKEN
from bot.sandbox.slack.route import (
    BROKEN,
    FIRST,
    REFUSED,
    SILENT,
    UNREACHABLE,
    UNVERIFIED,
    NoAnswer,
    Retry,
)
from bot.sandbox.slack.wire import Json

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_SERVER_ERRORS = 500


class RequestUrl:
    """One URL for commands, interactions, options and events; events need it verified, once."""

    def __init__(self, url: str, signing_secret: str, feed: Feed, sent: list[Json]) -> None:
        self.url = url
        self._secret = signing_secret
        self._feed = feed
        self._sent = sent
        self._verified = False

    @property
    def connected(self) -> bool:
        """Nobody knows before something is delivered."""
        return True

    async def ask(self, kind: str, payload: Json, retry: Retry = FIRST) -> Any:
        if kind == "events_api":
            await self.verify()
        delivery: Json = {"type": kind, "payload": payload}
        if retry != FIRST:
            delivery |= {"retry_attempt": retry.attempt, "retry_reason": retry.reason}
        self._sent.append(delivery)
        self._feed.touch()
        content_type, body = _body(kind, payload)
        answer = await self._post(content_type, body, retry)
        return _read(answer) if kind != "events_api" else None

    async def verify(self) -> None:
        """Send `url_verification`, unless its challenge has already come back. Raises NoAnswer."""
        if self._verified:
            return
        challenge = new_secret()
        question = {"type": "url_verification", "token": VERIFICATION_TOKEN, "challenge": challenge}
        answer = _read(await self._post(_JSON, json.dumps(question).encode(), FIRST))
        echoed = answer.get("challenge") if isinstance(answer, dict) else answer
        if echoed != challenge:
            raise NoAnswer(UNVERIFIED, "http_error")
        self._verified = True

    async def _post(self, content_type: str, body: bytes, retry: Retry) -> str:
        """The body of a good answer. Raises NoAnswer."""
        headers = {"Content-Type": content_type, **signed(self._secret, body, int(time.time()))}
        if retry.attempt:
            headers |= {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
        limit = aiohttp.ClientTimeout(total=route.ACK_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(self.url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                if answer.ok and answer.status < 300:  # noqa: PLR2004  (2xx)
                    return (await answer.read()).decode(errors="replace")
                failure = BROKEN if answer.status >= _SERVER_ERRORS else REFUSED
                again = answer.headers.get("X-Slack-No-Retry") != "1"
                raise NoAnswer(failure, "http_error", again=again)
        except TimeoutError as error:
            raise NoAnswer(SILENT, "http_timeout") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NoAnswer(UNREACHABLE, "connection_failed") from error


def signed(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers that prove where a request comes from.

    The timestamp is the wall clock's, whatever time the workspace has: the app compares it with its own.
    """
    text = b"v0:%d:%b" % (timestamp, body)
    digest = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": f"v0={digest}",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


def _body(kind: str, payload: Json) -> tuple[str, bytes]:
    """Content type and body: a command is a form, an interaction JSON in a form, an event JSON."""
    if kind == "slash_commands":
        return _FORM, urlencode(payload).encode()
    if kind == "interactive":
        return _FORM, urlencode({"payload": json.dumps(payload)}).encode()
    return _JSON, json.dumps(payload).encode()


def _read(text: str) -> Any:
    """What an answer carries: nothing, an object, or a text."""
    if not text.strip():
        return None
    try:
        return parse_json(text)
    except ValueError:
        return text
