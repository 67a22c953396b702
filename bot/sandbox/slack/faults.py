"""What can be ordered to go wrong in the local workspace, and how Slack words it."""

from collections.abc import Callable
from typing import Literal

from aiohttp import web

from bot.sandbox.door import common_kinds
from bot.sandbox.faults import Fault, Faults, Kind
from bot.sandbox.slack.wire import Json

_ENVELOPES = frozenset({"slash_commands", "interactive", "events_api"})
KINDS = (
    *common_kinds("internal_error"),
    Kind("duplicate_envelope", "Socket Mode: send it twice", targets=_ENVELOPES),
    Kind("deaf_socket", "Socket Mode: stay open, deliver nothing", targets=_ENVELOPES),
)


def refuse(fault: Fault) -> web.Response:
    match fault.kind.name:
        case "status":
            return web.Response(status=int(fault.fields["status"]), text="upstream request failed")
        case "throttle":
            wait = str(fault.fields["retry_after"])
            answer = {"ok": False, "error": "ratelimited"}
            return web.json_response(answer, status=429, headers={"Retry-After": wait})
        case _:
            return web.json_response({"ok": False, "error": fault.fields["code"]})


def tampering(faults: Faults) -> Callable[[Json], Literal["drop", "duplicate"] | None]:
    """What happens to an envelope on its way to the app."""

    def fate(envelope: Json) -> Literal["drop", "duplicate"] | None:
        if faults.strike(envelope["type"], "deaf_socket"):
            return "drop"
        return "duplicate" if faults.strike(envelope["type"], "duplicate_envelope") else None

    return fate
