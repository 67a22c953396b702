"""A request whose body breaks off, or is not encoded as its headers say."""

from aiohttp import web


def abandon(request: web.Request) -> None:
    """Read no more of the body, and answer on this connection for the last time.

    Otherwise aiohttp reads on, logs what was handled already as unhandled, and lets the next request hang.
    """
    request.content.feed_eof()
    request.protocol.close()
