"""The door for what the app posts to a response_url."""

from aiohttp import web

from bot.sandbox.door import Door, Reply
from bot.sandbox.faults import Fault, Strikes
from bot.sandbox.guard import comes_from_other_site
from bot.sandbox.slack import refusals
from bot.sandbox.slack.arguments import read_arguments
from bot.sandbox.slack.faults import refuse
from bot.sandbox.slack.responding import respond
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, SlackError

TARGET = "response_url"
"""What a post to one is called among the calls of the workspace."""

_GONE = frozenset({"no_service", "expired_url", "used_url"})


class ResponseDoor:
    def __init__(self, state: State, door: Door) -> None:
        self._state = state
        self._door = door

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one post, or fail as ordered at the door."""
        if comes_from_other_site(request):
            return refusals.foreign()
        body: Json = {}
        flaw: SlackError | None = None
        try:
            body = await read_arguments(request)
        except SlackError as refusal:
            flaw = refusal

        def answer(_: Strikes) -> Reply:
            return _refused(flaw) if flaw else self._answer(request.match_info["key"], body)

        return await self._door.pass_through(request, TARGET, body, answer, _refuse)

    def _answer(self, key: str, body: Json) -> Reply:
        try:
            respond(self._state, self._state.response_urls.use(key), body)
        except SlackError as refusal:
            return _refused(refusal)
        return Reply(web.json_response({"ok": True}))


def _refuse(fault: Fault) -> Reply:
    return _refused(SlackError(str(fault.fields["code"]))) if fault.kind.name == "error" else refuse(fault)


def _refused(error: SlackError) -> Reply:
    """404 where the response_url does not work (any more), 400 where the answer cannot be shown."""
    return Reply(web.json_response(error.to_json(), status=404 if error.error in _GONE else 400), error.error)
