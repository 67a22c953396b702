"""What is refused before it is a call: pages of other sites, and what is hardly HTTP."""

from aiohttp import web

from bot.sandbox import controls
from bot.sandbox.dbs import answers
from bot.sandbox.dbs.errors import GatewayError
from bot.sandbox.dbs.gate import check_http


def foreign(request: web.BaseRequest) -> web.Response:
    """For a request that a web site sent through a browser."""
    return _answer(request, GatewayError("Request.Forbidden", "Web pages have no business here."))


def unheard(request: web.BaseRequest | None, status: int) -> web.Response:
    """For what never reached a handler: no HTTP (None), no address there is, or more than can be expected."""
    if request is not None and request.path.startswith("/control/"):
        return controls.unknown(status)
    if status >= 500:  # noqa: PLR2004  (HTTP's 5xx)
        return _answer(request, GatewayError("InternalError", "The request has failed.", status))
    flaw = None if request is None else check_http(request.method, "/")
    return _answer(request, flaw or GatewayError("InvalidRequest", "The request cannot be read.", status))


def _answer(request: web.BaseRequest | None, error: GatewayError) -> web.Response:
    host = "" if request is None else request.headers.get("Host", "")
    refusal = answers.refusal("", host, error)
    return web.json_response(refusal.body, status=refusal.status)
