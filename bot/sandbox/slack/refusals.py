"""What the workspace refuses before any method sees it, in Slack's words."""

from aiohttp import web

from bot.sandbox import controls
from bot.sandbox.slack.wire import SlackError

_ERRORS = {404: "unknown_method", 405: "invalid_post_type", 500: "internal_error"}


def foreign() -> web.Response:
    """For a request that another web site sent through a browser."""
    return _answer("access_denied", 403)


def unheard(request: web.BaseRequest | None, status: int) -> web.Response | None:
    """For what never reached a handler: no HTTP (None), or no such address. The page keeps its own words."""
    path = request.path if request is not None else "/api/"
    if path.startswith("/control/"):
        return controls.unknown(status)
    if path.startswith("/") and not path.startswith(("/api/", "/response/")):
        return None
    return _answer(_ERRORS.get(status, "invalid_arguments"), status)


def _answer(error: str, status: int) -> web.Response:
    return web.json_response(SlackError(error).to_json(), status=status)
