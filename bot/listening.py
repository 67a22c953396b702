"""Where work from Slack comes in: Socket Mode with an app token, else HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog
from aiohttp import ClientError, web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.errors import ConfigurationError
from bot.settings import Settings
from bot.slack.outcome import Verdict, outcome
from bot.slack.watchdog import Watchdog, cut

log = structlog.get_logger()

SOCKET_OPEN_WITHIN = timedelta(seconds=10)
SOCKET_CLOSED_WITHIN = timedelta(seconds=0.5)
HTTP_PATH = "/slack/events"

T = TypeVar("T")


@asynccontextmanager
async def listening(bolt: AsyncApp, settings: Settings) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    """Take work from Slack: through Socket Mode with an app token, else over HTTP.

    What it gives returns when nothing is heard from Slack any more, and all this is to be done anew.
    """
    async with AsyncExitStack() as stack:
        if settings.slack_app_token is not None:
            await _until_taken(bolt.client.auth_test, "SLACK_BOT_TOKEN")
            handler = AsyncSocketModeHandler(bolt, settings.slack_app_token.get_secret_value())
            stack.push_async_callback(_close, handler)
            watchdog = Watchdog(handler.client)
            await watchdog.attach()
            await _connect(handler.client)
            log.info("connected to Slack through Socket Mode")
            yield watchdog.deaf
        else:
            runner = web.AppRunner(bolt.web_app(path=HTTP_PATH), access_log=None, shutdown_timeout=0.5)
            stack.push_async_callback(runner.cleanup)
            await runner.setup()
            try:
                await web.TCPSite(runner, port=settings.restorebot_port).start()
            except OSError as error:
                sentence = (
                    f"Port {settings.restorebot_port} cannot be served. Set RESTOREBOT_PORT to another."
                )
                raise ConfigurationError(sentence) from error
            log.info("serving HTTP", port=settings.restorebot_port, path=HTTP_PATH)
            yield asyncio.Event().wait


async def _close(handler: AsyncSocketModeHandler) -> None:
    """Close the socket; a peer that does not take part in that is left alone."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SOCKET_CLOSED_WITHIN.total_seconds()):
            await handler.close_async()  # type: ignore[no-untyped-call]  # as Bolt left it
    await cut(handler.client)


async def _connect(client: SocketModeClient) -> None:
    """Connect, however long Slack is out of reach. Raises `ConfigurationError` when it refuses the token."""
    while True:
        # The address is good only once, and the client would try it for ever.
        client.wss_uri = await _until_taken(partial(_socket_address, client), "SLACK_APP_TOKEN")
        with suppress(TimeoutError):
            async with asyncio.timeout(SOCKET_OPEN_WITHIN.total_seconds()):
                await client.connect()  # type: ignore[no-untyped-call]  # as the SDK left it
                return


async def _socket_address(client: SocketModeClient) -> str:
    """Asked for without the SDK's own way to ask, which breaks over answers that are not Slack's."""
    answer = await client.web_client.apps_connections_open(app_token=client.app_token)
    if not answer.get("url"):
        raise ValueError("an answer without an address")
    return str(answer["url"])


async def _until_taken(call: Callable[[], Awaitable[T]], variable: str) -> T:
    """Call until Slack answers. Raises `ConfigurationError` when it says no to what the variable holds."""
    pause = 1.0
    while True:
        try:
            return await call()
        except (SlackApiError, ClientError, OSError, ValueError) as error:
            what = outcome(error)
        if what.verdict in {Verdict.REFUSED, Verdict.FORBIDDEN}:
            raise ConfigurationError(f"Slack refuses {variable} ({what.reason}).")
        pause = max(pause, what.retry_after or 0.0)
        log.warning("slack cannot be reached", reason=what.reason, again_in_seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, 30.0)
