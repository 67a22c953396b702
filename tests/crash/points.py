"""Where a process can be killed: before and after each commit, each request it sends and each answer it gets.

A point is named for what happens there: `commit.save_request.before`, `dbs.CreateRestoreTask.sent`,
`slack.chat.postMessage.after`.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import httpx
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlite_utils import Database

from bot.settings import Settings
from bot.store.connection import Connection

T = TypeVar("T")

ANY = "*"


class Points:
    """Counts the points that are reached, and kills its own process at the `nth` of the name `doomed`."""

    def __init__(self, doomed: str | None, nth: int, trace: Path | None) -> None:
        self._doomed = doomed
        self._nth = nth
        self._trace = trace
        self._reached: Counter[str] = Counter()

    def reach(self, point: str) -> None:
        self._reached.update([point, ANY])
        if self._trace is not None:
            with self._trace.open("a") as trace:
                trace.write(f"{point}\n")
        if self._doomed in {point, ANY} and self._reached[self._doomed] == self._nth:
            os.kill(os.getpid(), signal.SIGKILL)


def connection_through(points: Points) -> type[Connection]:
    """Connections whose transactions are named for the methods of the store."""

    class Watched(Connection):
        async def run(self, work: Callable[[Database], T]) -> T:
            name = work.__qualname__.split(".")[1]

            def watched(db: Database) -> T:
                result = work(db)
                points.reach(f"commit.{name}.before")
                return result

            result = await super().run(watched)
            points.reach(f"commit.{name}.after")
            return result

    return Watched


class DbsThrough(httpx.AsyncHTTPTransport):
    def __init__(self, points: Points) -> None:
        super().__init__(verify=False)
        self._points = points

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        call = f"dbs.{request.headers['x-acs-action']}"

        async def trace(event: str, _: dict[str, Any]) -> None:
            if event == "http11.send_request_body.complete":
                self._points.reach(f"{call}.sent")

        self._points.reach(f"{call}.before")
        request.extensions = {**request.extensions, "trace": trace}
        response = await super().handle_async_request(request)
        await response.aread()
        self._points.reach(f"{call}.after")
        return response


class SlackThrough(AsyncWebClient):
    """Reading is a request without a body: there is nothing between sending it and its answer."""

    def __init__(self, points: Points, settings: Settings) -> None:
        class Sending(aiohttp.ClientRequest):
            async def write_bytes(self, *arguments: Any, **options: Any) -> None:
                await super().write_bytes(*arguments, **options)
                points.reach(f"slack.{self.url.name}.sent")

        session = aiohttp.ClientSession(request_class=Sending, timeout=aiohttp.ClientTimeout(10))
        super().__init__(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[],
        )
        self._points = points

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        self._points.reach(f"slack.{api_method}.before")
        answer = await super().api_call(api_method, **options)
        self._points.reach(f"slack.{api_method}.after")
        return answer
