"""A Web API call's arguments, as form fields or JSON, read the way Slack reads them."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.slack.wire import Json, SlackError


class Arguments:
    """Typed access to the arguments; a missing or mistyped one raises SlackError `invalid_arguments`."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw

    def text(self, name: str, default: str = "") -> str:
        value = self.raw.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        if not (value := self.text(name)):
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        """True, "true", "1"; everything else is false."""
        return self.text(name).lower() in {"true", "1"}

    def integer(self, name: str, default: int) -> int:
        try:
            return int(self.text(name, str(default)))
        except ValueError as error:
            raise invalid_arguments(f"must be an integer: {name}") from error

    def object(self, name: str) -> Json | None:
        """A JSON object, or the JSON text of one; None if the argument is missing."""
        value = self.raw.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except json.JSONDecodeError as error:
                raise invalid_arguments(f"must be valid JSON: {name}") from error
        if value is None or isinstance(value, dict):
            return value
        raise invalid_arguments(f"must provide an object: {name}")

    def __contains__(self, name: str) -> bool:
        return self.raw.get(name) is not None


def invalid_arguments(message: str) -> SlackError:
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {message}"]})


async def read_arguments(request: web.Request) -> Json:
    """Query, form and JSON arguments together. Raises SlackError `invalid_json`, `json_not_object`."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except json.JSONDecodeError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return arguments | body
    return arguments | dict(await request.post())
