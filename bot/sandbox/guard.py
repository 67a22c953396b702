"""Who may come in: other web sites that a browser has open must not reach the workspace through it."""

from aiohttp import web

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def comes_from_page(request: web.Request) -> bool:
    """The request is for this machine by name, and if a page sent it, it was the workspace's own."""
    try:
        host, own = request.url.host, str(request.url.origin())
    except ValueError:
        return False
    return host in _LOOPBACK and request.headers.get("Origin", own) == own


def comes_from_other_site(request: web.Request) -> bool:
    """A browser says that a page sent the request; an app's own HTTP client says no such thing.

    Nor does it use another name for this machine, as a page behind a rebound DNS name would.
    """
    try:
        foreign = request.url.host not in _LOOPBACK
    except ValueError:
        foreign = True
    site = request.headers.get("Sec-Fetch-Site", "none")
    return foreign or "Origin" in request.headers or site not in {"none", "same-origin"}
