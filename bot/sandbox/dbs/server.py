"""The local DBS as a server: one address that speaks the vendor's protocol."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from email.utils import formatdate
from typing import TypeVar

from aiohttp import web

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.controls import FaultControl, TimeControl
from bot.sandbox.dbs import answers, schema
from bot.sandbox.dbs.actions import perform
from bot.sandbox.dbs.actions.account import Account
from bot.sandbox.dbs.call import Call, read_call
from bot.sandbox.dbs.catalogue import estate
from bot.sandbox.dbs.errors import GatewayError, RefusedError
from bot.sandbox.dbs.estate import BackupPlan, Estate
from bot.sandbox.dbs.faults import KINDS, refusal_for, tampered
from bot.sandbox.dbs.gate import TOO_LARGE, UNREADABLE, Credentials, Gate, check_http
from bot.sandbox.dbs.tasks import Task, TaskBook, TokenMemory
from bot.sandbox.dbs.unheard import foreign, unheard
from bot.sandbox.door import Door, Reply
from bot.sandbox.faults import Fault, Faults, Strikes
from bot.sandbox.guard import comes_from_other_site
from bot.sandbox.journal import Arrival
from bot.sandbox.news import News
from bot.sandbox.serving import serving
from bot.sandbox.unread import abandon

T = TypeVar("T")


class LocalDbs:
    """An account in DBS on loopback: `async with LocalDbs(clock=clock).serve() as url: ...`

    `news` wakes whoever waits for something here; several services can share it.
    """

    def __init__(
        self,
        *,
        clock: SimulatedClock,
        access_key_id: str = "sandbox",
        access_key_secret: str = "sandbox-secret",  # noqa: S107, the sandbox's published key
        security_token: str | None = None,
        news: News | None = None,
    ) -> None:
        self.start_ms = clock.now_ms()
        self._clock = clock
        self._news = news or News()
        self._news.follow(clock)
        self._gate = Gate(Credentials(access_key_id, access_key_secret, security_token))
        self.faults = Faults(KINDS, self._news)
        self.faults.aim_at(tuple(schema.SCHEMAS))
        self._door = Door("dbs", self.faults, self._news)
        self.estate: Estate = estate(self.start_ms)
        """As it was declared: time adds sets and takes others away, see `ageing`."""
        self._tasks = TaskBook(run=str(self.start_ms))
        self._tokens = TokenMemory()

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks created so far, oldest first."""
        return self._tasks.all

    @property
    def journal(self) -> list[Arrival]:
        """Everything that arrived, in order, with its answer and the faults that struck it."""
        return self._door.journal

    def add_plan(self, plan: BackupPlan) -> BackupPlan:
        """One more plan, as `backup_plan(dbs.start_ms, "name", ...)` declares it."""
        self.estate.add(plan)
        return plan

    async def until(self, predicate: Callable[[], T | None], *, within: float = 5) -> T:
        """The predicate's first true value, looked at anew after every answer and as time passes.

        Raises TimeoutError when it stays false.
        """
        return await self._news.until(predicate, within=within)

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(self.controls())
        app.router.add_route("*", "/{path:.*}", self._handle)

        async def let_go(_: web.Application) -> None:
            self.faults.clear()

        app.on_shutdown.append(let_go)
        return app

    def controls(self) -> list[web.RouteDef]:
        """The control API's part about DBS."""
        return [
            *FaultControl(self.faults).routes("dbs"),
            *TimeControl(self._clock).routes("dbs"),
        ]

    @asynccontextmanager
    async def serve(self, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[str]:
        """Serve at the URL given; port 0 is any free one. A taken port raises OSError."""
        async with serving(self.app(), host=host, port=port, refuse=unheard) as address:
            yield f"{address}/"

    async def _handle(self, request: web.Request) -> web.Response:
        if comes_from_other_site(request):
            return foreign(request)
        if request.path.startswith("/control/"):
            raise web.HTTPNotFound
        body, unreadable = await _body(request)
        call = read_call(request.method, request.rel_url.raw_query_string, request.headers, body)
        flaw = unreadable or check_http(request.method, request.path)

        def answer(strikes: Strikes) -> Reply:
            return self._answer(call, strikes) if flaw is None else _written(_refused(call, flaw), call)

        def refuse(fault: Fault) -> Reply:
            wait = fault.fields.get("retry_after")
            return _written(_refused(call, refusal_for(fault)), call, retry_after=wait)

        return await self._door.pass_through(request, call.action, call.parameters, answer, refuse)

    def _answer(self, call: Call, strikes: Strikes) -> Reply:
        """The one place where a call becomes an answer."""
        ahead = 0.0
        try:
            claim = self._gate.claim(call)
            if skew := strikes.first("clock_skew"):
                ahead = float(skew.fields["seconds"])
            self._gate.admit(call, claim, ahead=ahead)
            schema.check(call.action, call.parameters)
            done = perform(call.action, self._account(strikes, ahead), call.parameters)
        except RefusedError as error:
            return _written(_refused(call, error), call, ahead=ahead)
        answer = answers.success(call.action, done)
        return _written(replace(answer, body=tampered(strikes, answer.body)), call, ahead=ahead)

    def _account(self, strikes: Strikes, ahead: float) -> Account:
        now_ms = self._clock.now_ms()
        return Account(now_ms, self.estate, self._tasks, self._tokens, strikes, int(ahead * 1000))


async def _body(request: web.Request) -> tuple[bytes, GatewayError | None]:
    """The body, or why there is none."""
    try:
        return await request.read(), None
    except web.HTTPRequestEntityTooLarge:
        return b"", TOO_LARGE
    except web.RequestPayloadError:
        abandon(request)
        return b"", UNREADABLE


def _refused(call: Call, error: RefusedError) -> answers.Answer:
    return answers.refusal(call.action, call.headers.get("host", ""), error)


def _written(answer: answers.Answer, call: Call, *, ahead: float = 0, retry_after: object = None) -> Reply:
    """`ahead` is how many seconds the clock of DBS is ahead."""
    text, content_type = answers.write(answer, as_xml=call.wants_xml)
    headers = {"Content-Type": content_type}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    if ahead:
        headers["Date"] = formatdate(time.time() + ahead, usegmt=True)
    body = text.encode(errors="replace")
    return Reply(web.Response(status=answer.status, body=body, headers=headers), answer.error_code)
