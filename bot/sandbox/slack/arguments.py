"""A Web API call's arguments, as form fields or JSON, read the way Slack reads them."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.sandbox.slack.wire import Json, SlackError
from bot.sandbox.unread import abandon

MAX_DEPTH = 64
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class Arguments:
    """Typed access to the arguments; a missing or mistyped one raises SlackError `invalid_arguments`."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers and truth values count as the text of them."""
        value = self.raw.get(name)
        if isinstance(value, dict | list):
            raise invalid_arguments(f"must provide a string [json-pointer:/{name}]")
        if isinstance(value, bool):
            return str(value).lower()
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        if not (value := self.text(name)):
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        """True, "true", "1"; everything else is false."""
        return self.text(name).lower() in {"true", "1"}

    def object(self, name: str) -> Json | None:
        """A JSON object, or the JSON text of one; None if the argument is missing."""
        value = self.raw.get(name)
        if isinstance(value, str):
            try:
                value = parse_json(value)
            except ValueError as error:
                raise invalid_arguments(f"must be valid JSON: {name}") from error
        if value is None or isinstance(value, dict):
            return value
        raise invalid_arguments(f"must provide an object: {name}")

    def __contains__(self, name: str) -> bool:
        return self.raw.get(name) is not None


def invalid_arguments(message: str) -> SlackError:
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {message}"]})


async def read_arguments(request: web.Request) -> Json:
    """Query, form and JSON arguments together.

    Raises SlackError `invalid_json`, `json_not_object`, `invalid_form_data`, `invalid_charset`,
    `missing_post_type`, `invalid_post_type`, `request_too_large`.
    """
    try:
        return dict(request.query) | await _body(request)
    except web.HTTPRequestEntityTooLarge as error:
        raise SlackError("request_too_large") from error
    except web.RequestPayloadError as error:
        abandon(request)
        raise SlackError("invalid_form_data") from error
    except LookupError as error:
        raise SlackError("invalid_charset") from error


async def _body(request: web.Request) -> Json:
    if not request.can_read_body:
        return {}
    if "Content-Type" not in request.headers:
        raise SlackError("missing_post_type")
    if request.content_type == "application/json":
        return await _json(request)
    if request.content_type in FORMS:
        return await _form(request)
    raise SlackError("invalid_post_type")


async def _json(request: web.Request) -> Json:
    try:
        body = parse_json(await request.text() or "{}")
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


async def _form(request: web.Request) -> Json:
    """The form's texts; files are no arguments."""
    try:
        fields = await request.post()
    except (
        ValueError,
        AssertionError,
        HttpProcessingError,
    ) as error:  # all that aiohttp makes of broken parts
        raise SlackError("invalid_form_data") from error
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def parse_json(text: str) -> Any:
    """JSON as Slack takes it. ValueError: broken, nested too deeply, or with a number that JSON has not.

    Half of a surrogate pair cannot be sent on as UTF-8; it becomes U+FFFD.
    """
    try:
        return _checked(json.loads(text), MAX_DEPTH)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _checked(value: Any, depth: int) -> Any:
    if depth == 0:
        raise ValueError("nested too deeply")
    match value:
        case str():
            return value if value.isascii() else _whole(value)
        case float() if not isfinite(value):
            raise ValueError("no number of JSON")
        case dict():
            return {_whole(name): _checked(each, depth - 1) for name, each in value.items()}
        case list():
            return [_checked(each, depth - 1) for each in value]
        case _:
            return value


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
