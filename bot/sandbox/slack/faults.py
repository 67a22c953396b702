"""What can be ordered to go wrong in the local workspace, and how Slack words it."""

from collections.abc import Callable

from aiohttp import web

from bot.sandbox.door import Reply, common_kinds
from bot.sandbox.faults import EVERYTHING, Fault, Faults, Kind
from bot.sandbox.slack.wire import Json, SlackError

# Envelopes by their type, and interactive ones also by what they carry.
_INTERACTIVE = frozenset({
    "block_actions", "block_suggestion", "view_submission", "view_closed", "shortcut", "message_action",
})  # fmt: skip
_ENVELOPES = frozenset({"slash_commands", "interactive", "events_api"}) | _INTERACTIVE
KINDS = (
    *common_kinds("internal_error"),
    Kind("duplicate_envelope", "Socket Mode: send it twice", targets=_ENVELOPES),
    Kind("deaf_socket", "Socket Mode: stay open, deliver nothing", targets=_ENVELOPES),
)


def refuse(fault: Fault) -> Reply:
    match fault.kind.name:
        case "status":
            return Reply(web.Response(status=int(fault.fields["status"]), text="upstream request failed"))
        case "throttle":
            error, status = "ratelimited", 429
            headers = {"Retry-After": str(fault.fields["retry_after"])}
        case _:
            error, status, headers = str(fault.fields["code"]), 200, {}
    answer = web.json_response(SlackError(error).to_json(), status=status, headers=headers)
    return Reply(answer, error)


def copies(faults: Faults) -> Callable[[Json], int]:
    """How many times an envelope reaches the app: not at all, twice, or once."""

    def count(envelope: Json) -> int:
        if _struck(faults, envelope, "deaf_socket"):
            return 0
        return 2 if _struck(faults, envelope, "duplicate_envelope") else 1

    return count


def _struck(faults: Faults, envelope: Json, kind: str) -> bool:
    """Whether such a fault strikes the envelope, under whichever of its names it was ordered."""
    names = [envelope["type"]]
    if envelope["type"] == "interactive":
        names.append(envelope["payload"]["type"])

    def aims_at(name: str) -> Callable[[Fault], bool]:
        # The last name takes what strikes everything, so that no fault is asked twice.
        return lambda fault: fault.target == name or (fault.target == EVERYTHING and name == names[-1])

    return any(faults.strike(name, kind, when=aims_at(name)) for name in names)
