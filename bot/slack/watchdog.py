"""A Socket Mode connection that is open and deaf is noticed: Slack pings, so one that is alive is not quiet.

The SDK's client reconnects by itself in most cases. It does not when its own tasks have died, or when it
tries an address for ever that was good only once. Whoever listens asks `deaf()`, and then makes a new client.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog
from aiohttp import ClientSession, ClientWebSocketResponse, WSMessage, WSMsgType
from slack_sdk.socket_mode.aiohttp import SocketModeClient

log = structlog.get_logger()

#: Slack and the local workspace ping several times in so many seconds, and the client asks for pongs as well.
DEAF_AFTER_SECONDS = 40.0
#: What came over the wire. A connection that is gone is read as well, and says so again and again.
_FRAMES = frozenset({WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG})


class Watchdog:
    """Notes when a client last received a frame of any kind."""

    def __init__(self, client: SocketModeClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._heard_at = clock()

    async def attach(self) -> None:
        """From here on every connection the client makes is listened to."""
        watchdog = self

        class Heard(ClientWebSocketResponse):
            async def receive(self, timeout: float | None = None) -> WSMessage:  # noqa: ASYNC109 - as aiohttp has it
                message = await super().receive(timeout)
                if message.type in _FRAMES:
                    watchdog.heard()
                return message

        await self._client.aiohttp_client_session.close()
        self._client.aiohttp_client_session = ClientSession(ws_response_class=Heard)

    def heard(self) -> None:
        self._heard_at = self._clock()

    async def deaf(self) -> None:
        """Return when nothing was heard for too long."""
        while (left := self._heard_at + DEAF_AFTER_SECONDS - self._clock()) > 0:  # noqa: ASYNC110 - no event says that nothing came
            await asyncio.sleep(left)
        log.warning("nothing is heard from Slack, connecting anew", seconds=DEAF_AFTER_SECONDS)


async def cut(client: SocketModeClient) -> None:
    """Close a connection without a word: who is deaf does not take part in a farewell."""
    client.closed = True
    client.auto_reconnect_enabled = False
    tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
    running: list[asyncio.Future[Any]] = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await client.aiohttp_client_session.close()
    if client.current_session is not None:
        # With its connection gone this waits for nobody.
        await client.current_session.close()
