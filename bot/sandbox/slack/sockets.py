"""Socket Mode, the workspace's end: the app's connections, and envelopes that wait for acknowledgement."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.sandbox.guard import comes_from_other_site
from bot.sandbox.slack import refusals, route
from bot.sandbox.slack.arguments import parse_json
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import new_secret
from bot.sandbox.slack.route import FIRST, NOT_CONNECTED, SILENT, NoAnswer, Retry
from bot.sandbox.slack.wire import Json

MAX_CONNECTIONS = 10
TICKET_SECONDS = 30.0
HEARTBEAT_SECONDS = 10.0
CLOSE_SECONDS = 1.0
DISCONNECT_REASONS = ("warning", "refresh_requested", "too_many_websockets", "link_disabled")
WARNING_SECONDS = 10.0


class AppSockets:
    """A ticket for each connection, ten of them at most, and each envelope sent to one of them in turn."""

    def __init__(self, feed: Feed, now: Callable[[], float], app_id: str, sent: list[Json]) -> None:
        self._feed = feed
        self._now = now
        self._app_id = app_id
        # Until when each one opens a connection.
        self._tickets: dict[str, float] = {}
        self._connections: deque[web.WebSocketResponse] = deque()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._sent = sent
        # How many times an envelope reaches the app, for what can go wrong on its way.
        self.copies: Callable[[Json], int] = lambda _: 1

    @property
    def connected(self) -> bool:
        return bool(self._connections)

    def ticket(self) -> str:
        """A ticket that opens one connection, for half a minute."""
        ticket = new_secret()
        self._tickets[ticket] = self._now() + TICKET_SECONDS
        return ticket

    async def connection(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection of the app until it goes."""
        if comes_from_other_site(request):
            return refusals.foreign()
        ticket = request.query.get("ticket", "")
        if self._tickets.get(ticket, 0) < self._now():
            raise web.HTTPUnauthorized(text="This ticket was used, is too old, or was never issued.")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, timeout=CLOSE_SECONDS)
        if not socket.can_prepare(request):
            raise web.HTTPUpgradeRequired(text="A WebSocket is opened here.")
        del self._tickets[ticket]
        await socket.prepare(request)
        if len(self._connections) >= MAX_CONNECTIONS:
            await _send_away(socket, "too_many_websockets")
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
            self._forget(socket)
        return socket

    async def ask(self, kind: str, payload: Json, retry: Retry = FIRST) -> Any:
        if not self._connections:
            raise NoAnswer(NOT_CONNECTED)
        envelope = _envelope(kind, payload, retry)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        self._sent.append(envelope)
        self._feed.touch()
        try:
            async with asyncio.timeout(route.ACK_SECONDS):
                await self._send(envelope)
                return await answer
        except (TimeoutError, ConnectionError) as error:
            raise NoAnswer(SILENT) from error
        finally:
            del self._waiting[envelope["envelope_id"]]

    @property
    def connections(self) -> list[web.WebSocketResponse]:
        return list(self._connections)

    async def warn(self, connections: Iterable[web.WebSocketResponse]) -> None:
        """Tell connections that they will be closed soon; they stay in use until then."""
        for socket in connections:
            await _send_away(socket, "warning")

    async def dismiss(self, connections: Iterable[web.WebSocketResponse], reason: str) -> None:
        """Say why to connections that are still there, and close those that do not go by themselves."""
        leaving = [socket for socket in connections if socket in self._connections]
        # Out of the list first: no envelope goes into a connection that is being closed.
        for socket in leaving:
            self._forget(socket)
        await asyncio.gather(*(_send_away(socket, reason) for socket in leaving))
        with suppress(TimeoutError):
            await self._feed.until(lambda: all(socket.closed for socket in leaving), within=CLOSE_SECONDS)
        await asyncio.gather(*(socket.close() for socket in leaving))

    async def close(self) -> None:
        """Close every connection at once."""
        for socket in list(self._connections):
            await _send_away(socket, "link_disabled")
            await socket.close()

    async def _send(self, envelope: Json) -> None:
        """Into the next connection."""
        self._connections.rotate(-1)
        socket = self._connections[-1]
        for _ in range(self.copies(envelope)):
            await socket.send_json(envelope)

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
        with suppress(ValueError):
            match parse_json(text):
                case {"envelope_id": str(envelope_id), **rest} if waiting := self._waiting.get(envelope_id):
                    if not waiting.done():
                        waiting.set_result(rest.get("payload"))

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._connections:
            self._connections.remove(socket)
            self._tell()
        self._feed.touch()

    def _tell(self) -> None:
        self._feed.publish({"type": "bot", "connected": self.connected})


def _envelope(kind: str, payload: Json, retry: Retry) -> Json:
    """One envelope; only events say which attempt they are, and take no answer."""
    is_event = kind == "events_api"
    attempt: Json = {"retry_attempt": retry.attempt, "retry_reason": retry.reason} if is_event else {}
    return {
        "envelope_id": str(uuid4()),
        "type": kind,
        "accepts_response_payload": not is_event,
        **attempt,
        "payload": payload,
    }


async def _send_away(socket: web.WebSocketResponse, reason: str) -> None:
    with suppress(ConnectionError):
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})
