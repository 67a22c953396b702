"""One connection to a local service: what aiohttp refuses is said in the service's own words."""

import asyncio
import logging
from collections.abc import Callable
from typing import cast

from aiohttp import web

#: DBS takes RestoreObjects in the query, and they can be long.
_LONGEST_LINE = 256 * 1024

Refuse = Callable[[web.BaseRequest | None, int], web.Response | None]
"""The service's answer instead of aiohttp's, for a request (None: one that is no HTTP) and a status.

None leaves aiohttp's answer.
"""


class Connection(web.RequestHandler):
    """aiohttp's connection. No answer of its own quotes the request, which can hold a password."""

    def __init__(self, manager: web.Server, refuse: Refuse, log: logging.Logger) -> None:
        super().__init__(
            manager,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # None turns it off, as in AppRunner
            logger=log,
            max_line_size=_LONGEST_LINE,
        )
        self._refuse = refuse
        self.left = asyncio.Event()

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self.left.set()

    def data_received(self, data: bytes) -> None:
        """Tell whoever reads a body that it has turned to nonsense; aiohttp would let them wait for more."""
        super().data_received(data)
        request = self._current_request
        if request is None or not self._messages or request.content.is_eof():
            return
        newest, _ = self._messages[-1]
        if (error := getattr(newest, "exc", None)) is not None:
            request.content.set_exception(web.RequestPayloadError("The body breaks off."), error)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP, or ended in a traceback."""
        answer = super().handle_error(request, status, exc, message)
        asked = request if status >= 500 else None  # noqa: PLR2004  (HTTP's 5xx)
        if (own := self._refuse(asked, status)) is None:
            return answer
        own.force_close()
        return own

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """What has no route, or expects what nobody can do."""
        if isinstance(resp, web.HTTPError):
            resp = self._refuse(request, resp.status) or resp
        return await super().finish_response(request, resp, start_time)


async def left(request: web.BaseRequest) -> None:
    """Wait until the caller has left."""
    await cast("Connection", request.protocol).left.wait()
