"""Slack's Web API, the one door: read the arguments, check the token, call the method, record the call."""

from aiohttp import web

from bot.sandbox.slack import api_chat, api_conversations, api_people, api_views
from bot.sandbox.slack.arguments import Arguments, read_arguments
from bot.sandbox.slack.guard import comes_from_other_site
from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.state import ApiCall, State
from bot.sandbox.slack.wire import Json, SlackError

METHODS = {
    **api_people.METHODS,
    **api_chat.METHODS,
    **api_conversations.METHODS,
    **api_views.METHODS,
}
_WITHOUT_TOKEN = frozenset({"api.test"})
_WITH_APP_TOKEN = frozenset({"apps.connections.open"})
_SCOPES = (
    "commands,chat:write,channels:read,channels:join,channels:history,"
    "groups:read,groups:history,im:read,im:history"
)


class WebApi:
    def __init__(self, state: State) -> None:
        self._state = state

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call: HTTP 200 whatever the method says, as Slack does."""
        method = request.match_info["method"]
        raw: Json = {}
        error: str | None = None
        if comes_from_other_site(request):
            raise web.HTTPForbidden(text="Web pages have no business here.")
        try:
            raw = await read_arguments(request)
            answer = self._call(request, method, raw)
        except SlackError as refusal:
            error, answer = refusal.error, refusal.to_json()
        self._state.calls.append(ApiCall(method, raw, error))
        self._state.feed.touch()
        return web.json_response(answer, headers={"X-OAuth-Scopes": _SCOPES})

    def _call(self, request: web.Request, method: str, raw: Json) -> Json:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        # Out of the arguments in any case: they are recorded, and no record holds a token.
        token = token or raw.get("token", "")
        raw.pop("token", None)
        if method not in METHODS:
            raise SlackError("unknown_method", req_method=method)
        if method not in _WITHOUT_TOKEN:
            _check_token(self._state.installation, method, token)
        self._state.base_url = str(request.url.origin())
        return {"ok": True, **METHODS[method](self._state, Arguments(raw))}


def _check_token(installation: Installation, method: str, token: str) -> None:
    """Raises SlackError `not_authed`, `invalid_auth`, `not_allowed_token_type`."""
    if not token:
        raise SlackError("not_authed")
    if token not in {installation.bot_token, installation.app_token}:
        raise SlackError("invalid_auth")
    wanted = installation.app_token if method in _WITH_APP_TOKEN else installation.bot_token
    if token != wanted:
        raise SlackError("not_allowed_token_type")
