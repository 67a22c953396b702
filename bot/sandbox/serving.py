"""An aiohttp application on an address, from entering to leaving."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.sandbox.connection import Connection, Refuse

_log = logging.getLogger(__name__)


def _is_news(record: logging.LogRecord) -> bool:
    """Not a complaint about unreadable HTTP, which quotes the request, nor about a caller who left."""
    return not (
        record.exc_info and isinstance(record.exc_info[1], HttpProcessingError | ConnectionResetError)
    )


@asynccontextmanager
async def serving(app: web.Application, *, host: str, port: int, refuse: Refuse) -> AsyncIterator[str]:
    """Serve until the block ends; gives the address without a slash at its end. Port 0 is any free one.

    `refuse` words what aiohttp refuses by itself. A port that is taken raises OSError.
    """
    _log.addFilter(_is_news)
    # No access log: a query can hold a password.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        server, loop = runner.server, asyncio.get_running_loop()
        assert server is not None  # noqa: S101  (set up above)
        listener = await loop.create_server(lambda: Connection(server, refuse, _log), host, port)
        try:
            yield f"http://{host}:{listener.sockets[0].getsockname()[1]}"
        finally:
            listener.close()
    finally:
        await runner.cleanup()
