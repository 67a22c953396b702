"""Socket Mode, the workspace's end: the app's connections, and envelopes that wait for acknowledgement."""

import asyncio
import json
from collections import deque
from contextlib import suppress
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import new_secret
from bot.sandbox.slack.wire import Json

ACK_SECONDS = 3.0
MAX_CONNECTIONS = 10
_HEARTBEAT_SECONDS = 10.0


class NoAnswer(Exception):
    """The app did not acknowledge: `dispatch_failed` (not connected) or `operation_timeout` (3 s passed)."""


class AppSockets:
    """One-time tickets, up to ten connections, and each envelope sent to one of them in turn."""

    def __init__(self, feed: Feed, app_id: str) -> None:
        self._feed = feed
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._connections: deque[web.WebSocketResponse] = deque()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self.sent: list[Json] = []

    @property
    def connected(self) -> bool:
        return bool(self._connections)

    def ticket(self) -> str:
        """A ticket that opens one connection."""
        ticket = new_secret()
        self._tickets.add(ticket)
        return ticket

    async def connection(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection of the app until it goes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPUnauthorized(text="This ticket was used, or never issued.")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_SECONDS)
        await socket.prepare(request)
        if len(self._connections) >= MAX_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        # In the list before the next await: a burst of connections must not pass the limit.
        self._connections.append(socket)
        try:
            with suppress(ConnectionError):
                await self._greet(socket)
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._receive(frame.data)
        finally:
            self._connections.remove(socket)
            self._tell()
        return socket

    async def ask(self, kind: str, payload: Json) -> Any:
        """Send one envelope and wait for what its acknowledgement carries (None, a text or an object).

        Raises NoAnswer.
        """
        if not self._connections:
            raise NoAnswer("dispatch_failed")
        envelope_id = str(uuid4())
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": True,
            "payload": payload,
        }
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        self.sent.append(envelope)
        self._feed.touch()
        self._connections.rotate(-1)
        try:
            async with asyncio.timeout(ACK_SECONDS):
                await self._connections[-1].send_json(envelope)
                return await answer
        except (TimeoutError, ConnectionError) as error:
            raise NoAnswer("operation_timeout") from error
        finally:
            del self._waiting[envelope_id]

    async def close(self) -> None:
        """Say goodbye to every connection."""
        for socket in list(self._connections):
            with suppress(ConnectionError):
                await socket.send_json({"type": "disconnect", "reason": "link_disabled"})
            await socket.close()

    async def _greet(self, socket: web.WebSocketResponse) -> None:
        await socket.send_json({
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        })  # fmt: skip
        self._tell()

    def _receive(self, text: str) -> None:
        """An acknowledgement. One that comes too late, or answers nothing, is dropped as Slack drops it."""
        with suppress(json.JSONDecodeError):
            match json.loads(text):
                case {"envelope_id": str(envelope_id), **rest} if waiting := self._waiting.get(envelope_id):
                    if not waiting.done():
                        waiting.set_result(rest.get("payload"))

    def _tell(self) -> None:
        self._feed.publish({"type": "bot", "connected": self.connected})
