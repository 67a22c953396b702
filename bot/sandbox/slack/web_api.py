"""Slack's Web API, the one door: read the arguments, check the token, call the method."""

from aiohttp import web

from bot.sandbox.door import Door, Reply
from bot.sandbox.faults import Strikes
from bot.sandbox.guard import comes_from_other_site
from bot.sandbox.slack import (
    api_blocks,
    api_chat,
    api_conversations,
    api_people,
    api_reactions,
    api_usergroups,
    api_views,
    app_channels,
    refusals,
)
from bot.sandbox.slack.arguments import FORMS, Arguments, read_arguments
from bot.sandbox.slack.faults import refuse
from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.rates import RateLimited
from bot.sandbox.slack.scopes import check_scopes
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import Json, SlackError

METHODS = {
    **api_people.METHODS,
    **api_chat.METHODS,
    **api_conversations.METHODS,
    **api_views.METHODS,
    **api_reactions.METHODS,
    **api_usergroups.METHODS,
    **api_blocks.METHODS,
}
_WITHOUT_TOKEN = frozenset({"api.test"})
_WITH_APP_TOKEN = frozenset({"apps.connections.open"})


class WebApi:
    def __init__(self, state: State, door: Door) -> None:
        self._state = state
        self._door = door

    def add_to(self, app: web.Application) -> None:
        """Serve every path below /api/: what is no method gets the Web API's own answer."""
        app.router.add_route("*", "/api/{method:(?s:.*)}", self.handle)

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call, or fail as ordered at the door."""
        if comes_from_other_site(request):
            return refusals.foreign()
        method = request.match_info["method"]
        raw: Json = {}
        flaw: SlackError | None = None
        try:
            raw = await read_arguments(request)
        except SlackError as refusal:
            flaw = refusal
        token = _take_token(request, raw)
        headers = _scopes(self._state.installation, token)

        def answer(_: Strikes) -> Reply:
            return _refused(flaw, headers) if flaw else self._answer(request, method, raw, token, headers)

        return await self._door.pass_through(request, method, raw, answer, refuse)

    def _answer(
        self, request: web.Request, method: str, raw: Json, token: str, headers: dict[str, str]
    ) -> Reply:
        try:
            answer = self._call(request, method, raw, token)
        except SlackError as refusal:
            return _refused(refusal, headers)
        return Reply(web.json_response(answer, headers=headers))

    def _call(self, request: web.Request, method: str, raw: Json, token: str) -> Json:
        if method not in METHODS:
            raise SlackError("unknown_method", req_method=method)
        if method not in _WITHOUT_TOKEN:
            _check_token(self._state.installation, method, token)
        arguments = Arguments(raw)
        self._state.rates.take(method, _counted_channel(self._state, method, arguments))
        check_scopes(self._state, method, arguments)
        self._state.base_url = str(request.url.origin())
        return {"ok": True, **METHODS[method](self._state, arguments)}


def _refused(refusal: SlackError, headers: dict[str, str]) -> Reply:
    """HTTP 200 whatever is wrong, as Slack does; 429 when it came too often."""
    status = 200
    if isinstance(refusal, RateLimited):
        status, headers = 429, headers | {"Retry-After": str(refusal.retry_after)}
    return Reply(web.json_response(refusal.to_json(), status=status, headers=headers), refusal.error)


def _counted_channel(state: State, method: str, arguments: Arguments) -> str:
    """The channel whose posts are counted, "" where calls are counted all together."""
    is_post = method == "chat.postMessage"
    return app_channels.posts_counted_in(state, arguments.text("channel")) if is_post else ""


def _take_token(request: web.Request, raw: Json) -> str:
    """The call's token, from the header or a form; in JSON or a query Slack does not look for one.

    It goes out of the arguments in any case: they are recorded, and no record holds a token.
    """
    argument = raw.pop("token", "")
    header = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    in_form = request.content_type in FORMS and "token" not in request.query
    return header or (argument if in_form else "")


def _scopes(installation: Installation, token: str) -> dict[str, str]:
    """What the bearer of this token may do, as a header; nothing for a stranger."""
    of = {installation.bot_token: ",".join(installation.scopes), installation.app_token: "connections:write"}
    return {"X-OAuth-Scopes": of[token]} if token in of else {}


def _check_token(installation: Installation, method: str, token: str) -> None:
    """Raises SlackError `not_authed`, `invalid_auth`, `not_allowed_token_type`."""
    if not token:
        raise SlackError("not_authed")
    if token not in {installation.bot_token, installation.app_token}:
        raise SlackError("invalid_auth")
    wanted = installation.app_token if method in _WITH_APP_TOKEN else installation.bot_token
    if token != wanted:
        raise SlackError("not_allowed_token_type")
