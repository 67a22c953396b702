"""An aiohttp application on an address, from entering to leaving."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

#: DBS takes RestoreObjects in the query, and they can be long.
_LONGEST_LINE = 256 * 1024

_log = logging.getLogger(__name__)


def _is_news(record: logging.LogRecord) -> bool:
    """Not a complaint about unreadable HTTP, which quotes the request, nor about a caller who left."""
    return not (
        record.exc_info and isinstance(record.exc_info[1], HttpProcessingError | ConnectionResetError)
    )


@asynccontextmanager
async def serving(app: web.Application, *, host: str, port: int) -> AsyncIterator[str]:
    """Serve until the block ends; gives the address without a slash at its end. Port 0 is any free one.

    A port that is taken raises OSError.
    """
    _log.addFilter(_is_news)
    # No access log: a query can hold a password.
    runner = web.AppRunner(
        app, access_log=None, logger=_log, max_line_size=_LONGEST_LINE, shutdown_timeout=1.0
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
