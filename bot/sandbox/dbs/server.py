"""The local DBS as a server: one address that speaks the vendor's protocol."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import answers, schema
from bot.sandbox.dbs.actions import perform
from bot.sandbox.dbs.actions.account import Account
from bot.sandbox.dbs.call import Call, read_call
from bot.sandbox.dbs.catalogue import estate
from bot.sandbox.dbs.errors import RefusedError
from bot.sandbox.dbs.estate import BackupPlan, Estate
from bot.sandbox.dbs.gate import Credentials, Gate
from bot.sandbox.dbs.tasks import Task, TaskBook, TokenMemory
from bot.sandbox.news import News

T = TypeVar("T")

# RestoreObjects travels in the query and can be long.
_LONGEST_LINE = 256 * 1024

_log = logging.getLogger(__name__)


def _tells_no_request(record: logging.LogRecord) -> bool:
    """Keep aiohttp's complaint about unreadable HTTP out of the log: it quotes the request."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


@dataclass(frozen=True)
class ReceivedRequest:
    """One request that arrived and how it was answered. The parameters can hold a password."""

    action: str
    parameters: Mapping[str, str] = field(repr=False)
    http_method: str
    http_status: int
    error_code: str | None


class LocalDbs:
    """An account in DBS on loopback: `async with LocalDbs(clock=clock).serve() as url: ...`

    `requests` is everything that arrived, in order.
    """

    def __init__(
        self,
        *,
        clock: SimulatedClock,
        access_key_id: str = "sandbox",
        access_key_secret: str = "sandbox-secret",  # noqa: S107, the sandbox's published key
        security_token: str | None = None,
    ) -> None:
        self.requests: list[ReceivedRequest] = []
        self.start_ms = clock.now_ms()
        self._news = News()
        self._gate = Gate(Credentials(access_key_id, access_key_secret, security_token))
        self._account = Account(clock, estate(self.start_ms), TaskBook(run=str(self.start_ms)), TokenMemory())

    @property
    def estate(self) -> Estate:
        return self._account.estate

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks created so far, oldest first."""
        return self._account.tasks.all

    def add_plan(self, plan: BackupPlan) -> BackupPlan:
        """One more plan, as `backup_plan(dbs.start_ms, "name", ...)` declares it."""
        self.estate.add(plan)
        return plan

    async def until(self, predicate: Callable[[], T], timeout: float = 5) -> T:  # noqa: ASYNC109  (a test's word)
        """The predicate's first true value, looked at anew after every request that was answered.

        Raises TimeoutError when it stays false.
        """
        return await self._news.until(predicate, timeout=timeout)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/", self._handle, allow_head=False)
        app.router.add_post("/", self._handle)
        return app

    @asynccontextmanager
    async def serve(self, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[str]:
        """Serve at the URL given; port 0 is any free one. A taken port raises OSError."""
        _log.addFilter(_tells_no_request)
        # No access log: the query holds the password.
        runner = web.AppRunner(
            self.app(), access_log=None, logger=_log, max_line_size=_LONGEST_LINE, shutdown_timeout=1.0
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            yield f"http://{host}:{runner.addresses[0][1]}/"
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        if "Origin" in request.headers or request.headers.get("Sec-Fetch-Site", "none") != "none":
            raise web.HTTPForbidden(text="Web pages have no business here.")
        body = await request.read()
        call = read_call(request.method, request.rel_url.raw_query_string, request.headers, body)
        answer = self._answer(call)
        self.requests.append(
            ReceivedRequest(call.action, call.parameters, call.method, answer.status, answer.error_code)
        )
        self._news.touch()
        text, content_type = answers.write(answer, as_xml=call.wants_xml)
        return web.Response(
            status=answer.status, body=text.encode(errors="replace"), headers={"Content-Type": content_type}
        )

    def _answer(self, call: Call) -> answers.Answer:
        """The one place where a call becomes an answer."""
        try:
            self._gate.admit(call)
            schema.check(call.action, call.parameters)
            return answers.success(call.action, perform(call.action, self._account, call.parameters))
        except RefusedError as error:
            return answers.refusal(call.action, call.headers.get("host", ""), error)
