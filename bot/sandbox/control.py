"""The control API's manners: who may call it, how orders are read, how it answers."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.guard import comes_from_page
from bot.sandbox.unread import abandon

Handler = Callable[[web.Request], Awaitable[web.Response]]


class ControlError(Exception):
    """What was ordered cannot be done; `status` is HTTP's, the sentence says why."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def controlled(handler: Handler) -> Handler:
    """Refuse other sites and other machines, and say in JSON what cannot be done."""

    async def guarded(request: web.Request) -> web.Response:
        if not comes_from_page(request):
            return _refusal(403, "The sandbox is controlled from this machine alone.")
        try:
            return await handler(request)
        except ControlError as error:
            return _refusal(error.status, str(error))

    return guarded


async def body(request: web.Request) -> dict[str, Any]:
    """The request's JSON object. Raises `ControlError`."""
    try:
        given = json.loads(await request.read())
    except web.HTTPRequestEntityTooLarge as error:
        raise ControlError("The request is too large.", 413) from error
    except web.RequestPayloadError as error:
        abandon(request)
        raise ControlError("The request cannot be read.") from error
    except (ValueError, RecursionError) as error:
        raise ControlError("The request is not JSON.") from error
    if not isinstance(given, dict):
        raise ControlError("The request is not a JSON object.")
    return given


def text(given: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = default if given.get(name) is None else given[name]
    if not isinstance(value, str):
        raise ControlError(f"{name} is a text.")
    return value


def truth(given: Mapping[str, Any], name: str) -> bool | None:
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise ControlError(f"{name} is true or false.")
    return value


def number(given: Mapping[str, Any], name: str) -> float | None:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise ControlError(f"{name} is a number.")
    return value


def whole(given: Mapping[str, Any], name: str) -> int | None:
    value = number(given, name)
    if isinstance(value, float):
        raise ControlError(f"{name} is a whole number.")
    return value


def ok(**fields: Any) -> web.Response:
    return web.json_response({"ok": True, **fields})


def unknown(status: int) -> web.Response:
    """For an address or a method that the control API does not have."""
    return _refusal(status, "The control API has no such address, or not with this method.")


def _refusal(status: int, sentence: str) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=status)
