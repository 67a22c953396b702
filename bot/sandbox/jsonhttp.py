"""JSON over HTTP for the page and the control API: who may call, how bodies are read, how it answers."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.guard import comes_from_page
from bot.sandbox.unread import abandon

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """What was asked for cannot be done; `status` is HTTP's, the sentence says why."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def guarded(handler: Handler) -> Handler:
    """Refuse other sites and other machines, and say in JSON what cannot be done."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if not comes_from_page(request):
            return refusal(403, "The sandbox can only be used from this machine.")
        try:
            return await handler(request)
        except Refused as error:
            return refusal(error.status, str(error))

    return answer


async def body(request: web.Request, parse: Callable[[str], Any] = json.loads) -> dict[str, Any]:
    """The request's JSON object. Raises `Refused`."""
    try:
        given = parse((await request.read()).decode())
    except web.HTTPRequestEntityTooLarge as error:
        raise Refused("The request is too large.", 413) from error
    except web.RequestPayloadError as error:
        abandon(request)
        raise Refused("The request cannot be read.") from error
    except (ValueError, RecursionError) as error:
        raise Refused("The request is not JSON.") from error
    if not isinstance(given, dict):
        raise Refused("The request is not a JSON object.")
    return given


def text(given: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = default if given.get(name) is None else given[name]
    if not isinstance(value, str):
        raise Refused(f"{name} is a text.")
    return value


def truth(given: Mapping[str, Any], name: str) -> bool | None:
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise Refused(f"{name} is true or false.")
    return value


def number(given: Mapping[str, Any], name: str) -> float | None:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise Refused(f"{name} is a number.")
    return value


def whole(given: Mapping[str, Any], name: str) -> int | None:
    value = number(given, name)
    if isinstance(value, float):
        raise Refused(f"{name} is a whole number.")
    return value


def ok(**fields: Any) -> web.Response:
    return web.json_response({"ok": True, **fields})


def refusal(status: int, sentence: str) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=status)
