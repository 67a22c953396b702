"""The page's own door: its files, its REST calls and its socket. Only the page on this machine comes in."""

import asyncio
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from bot.sandbox import jsonhttp
from bot.sandbox.jsonhttp import Handler, Refused, ok, refusal
from bot.sandbox.slack import acting, opening, shortcuts, submitting, talking
from bot.sandbox.slack.arguments import parse_json
from bot.sandbox.slack.block_kit.tables import ELEMENTS
from bot.sandbox.slack.shapes import page_channel, page_user
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, PersonError

PAGE = Path(__file__).parent / "page"
_HEARTBEAT_SECONDS = 10.0
# The page is made of its own files alone; pictures in messages may come from anywhere.
_POLICY = (
    "default-src 'self'; img-src * data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {"Cache-Control": "no-cache", "Content-Security-Policy": _POLICY}


class PageApi:
    def __init__(self, state: State) -> None:
        self._state = state
        self._pages: set[web.WebSocketResponse] = set()
        self._files = frozenset(file.name for file in PAGE.iterdir())

    def add_to(self, app: web.Application) -> None:
        """Add the page's routes to the server."""
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/", self._index),
            ("GET", "/archives/{channel}/{message}", self._index),
            ("GET", "/page/static/{file}", self._file),
            ("GET", "/page/elements.json", self._elements),
            ("GET", "/page/boot", self._boot),
            ("GET", "/page/messages", self._messages),
            ("GET", "/page/socket", self._socket),
            ("POST", "/page/message", self._message),
            ("POST", "/page/action", self._action),
            ("POST", "/page/options", self._options),
            ("POST", "/page/submit", self._submit),
            ("POST", "/page/close", self._close),
            ("POST", "/page/shortcut", self._shortcut),
            ("POST", "/page/home", self._home),
            ("POST", "/page/im", self._im),
            ("POST", "/page/join", self._join),
            ("POST", "/page/read", self._read),
        ]
        for method, path, handler in routes:
            app.router.add_route(method, path, _guarded(handler))

    async def close(self) -> None:
        for socket in list(self._pages):
            await socket.close()

    async def _index(self, request: web.Request) -> web.StreamResponse:  # noqa: ARG002  (the shape of every handler)
        return web.FileResponse(PAGE / "index.html", headers=_HEADERS)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["file"]
        if name not in self._files:
            return refusal(404, "There is no such file.")
        return web.FileResponse(PAGE / name, headers=_HEADERS)

    async def _elements(self, request: web.Request) -> web.StreamResponse:  # noqa: ARG002  (the shape of every handler)
        """The elements that keep a value: under which key, what it starts from, whether it is a list."""
        kept = {kind: element.state for kind, element in ELEMENTS.items() if element.state}
        shapes = {
            kind: {"key": state.key, "initial": state.initial, "several": state.is_list}
            for kind, state in kept.items()
        }
        return web.json_response(shapes, headers=_HEADERS)

    async def _boot(self, request: web.Request) -> web.Response:
        state = self._state
        me = self._user(request.query.get("user") or state.directory.people[0].id)
        team = state.installation.team
        commands = [
            {
                "command": command.command,
                "description": command.description,
                "usage_hint": command.usage_hint,
                "app": state.installation.app_name,
            }
            for command in state.installation.commands
        ]
        return ok(
            workspace={"name": team.name, "domain": team.domain},
            me=page_user(state.directory.user(me)),
            users=[page_user(user) for user in state.directory.users],
            channels=[page_channel(channel, me) for channel in state.directory.visible_to(me)],
            unread=state.reading.all_unread(me),
            commands=commands,
            bot={"connected": state.route.connected},
            shortcuts=[asdict(shortcut) for shortcut in state.installation.shortcuts],
            app={
                "id": state.installation.app_id,
                "name": state.installation.app_name,
                "bot_user": state.installation.bot_user,
            },
        )

    async def _messages(self, request: web.Request) -> web.Response:
        user = self._user(request.query.get("user", ""))
        channel = talking.readable(self._state, user, request.query.get("channel", ""))
        messages = self._state.page_messages(channel, user, request.query.get("thread_ts"))
        return ok(messages=messages)

    async def _message(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        state, user, text = self._state, body["user"], str(body.get("text", ""))
        channel = talking.writable(state, user, str(body.get("channel")))
        thread_ts = str(body.get("thread_ts") or "") or None
        if text.startswith("/"):
            state.background.spawn(talking.run_command(state, user, channel, text, thread_ts))
        else:
            talking.post(state, user, channel, text, thread_ts)
        return ok()

    async def _action(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        container, action = _object(body, "container"), _object(body, "action")
        await acting.act(self._state, body["user"], container, action, _object(body, "state_values"))
        return ok()

    async def _options(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        block_id, action_id, value = (str(body.get(name, "")) for name in ("block_id", "action_id", "value"))
        container, user = _object(body, "container"), body["user"]
        found = await acting.options(self._state, user, container, block_id, action_id, value=value)
        return ok(**found)

    async def _submit(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        typed = _object(body, "state_values")
        errors = await submitting.submit(self._state, body["user"], str(body.get("view_id")), typed)
        return ok(errors=errors) if errors else ok()

    async def _close(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        everything, typed = bool(body.get("all")), _object(body, "typed")
        view_id = str(body.get("view_id"))
        await submitting.close(self._state, body["user"], view_id, typed, everything=everything)
        return ok()

    async def _shortcut(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        state, user, callback_id = self._state, body["user"], str(body.get("callback_id"))
        if body.get("message_ts"):
            channel, ts = str(body.get("channel")), str(body["message_ts"])
            await shortcuts.run_on_message(state, user, callback_id, channel, ts)
        else:
            await shortcuts.run_global(state, user, callback_id)
        return ok()

    async def _home(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        return ok(view=opening.open_home(self._state, body["user"]))

    async def _im(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        channel = opening.open_im(self._state, body["user"])
        return ok(channel=page_channel(channel, body["user"]))

    async def _join(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        talking.join(self._state, body["user"], str(body.get("channel")))
        return ok()

    async def _read(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        channel = talking.readable(self._state, body["user"], str(body.get("channel")))
        self._state.reading.mark(channel, body["user"])
        return ok()

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        user = self._user(request.query.get("user", ""))
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_SECONDS)
        await socket.prepare(request)
        self._pages.add(socket)
        try:
            with self._state.feed.page(user) as events:
                # A page that comes back finds its dialogs as they are now.
                events.put_nowait({"type": "view", "views": self._state.views.page_stack(user)})
                async with asyncio.TaskGroup() as tasks:
                    sender = tasks.create_task(self._send(socket, user, events))
                    async for _ in socket:
                        pass
                    sender.cancel()
        finally:
            self._pages.discard(socket)
        return socket

    async def _send(self, socket: web.WebSocketResponse, user: str, events: asyncio.Queue[Json]) -> None:
        with suppress(ConnectionError):
            while True:
                await socket.send_json(self._state.reading.told(await events.get(), user))

    def _user(self, user_id: str) -> str:
        try:
            return self._state.directory.person(user_id).id
        except KeyError as error:
            raise PersonError("There is no such person.") from error

    async def _body(self, request: web.Request) -> Json:
        body = await jsonhttp.body(request, parse_json)
        return body | {"user": self._user(str(body.get("user")))}


def _guarded(handler: Handler) -> Handler:
    """Guard the page's door, and say in JSON what did not work for its person."""

    async def told(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except PersonError as error:
            raise Refused(str(error)) from error

    return jsonhttp.guarded(told)


def _object(body: Json, name: str) -> Json:
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise PersonError(f"{name} is not a JSON object.")
    return value
