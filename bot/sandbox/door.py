"""The door of a service: every call is written down here, and here the ordered faults strike it."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from aiohttp import web

from bot.sandbox.connection import left
from bot.sandbox.faults import Fault, Faults, Field, Kind, Strikes
from bot.sandbox.journal import Arrival
from bot.sandbox.news import News
from bot.sandbox.xml import document

_SPOILED = ("cut_json", "garbled_json", "html", "xml")
_REFUSED = ("status", "throttle", "error")
_HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>Local proxy</p></body></html>"


def common_kinds(error: str) -> tuple[Kind, ...]:
    """What can go wrong with every call over HTTP; `error` is the service's error to begin with."""
    return (
        Kind("status", "Answer with an HTTP status", (Field("status", "Status", 503, (200, 599)),)),
        Kind("error", "Answer with an error", (Field("code", "Error", error),)),
        Kind("delay", "Answer late", (Field("seconds", "Seconds", 5.0),)),
        Kind("hang", "Never answer"),
        Kind("close_before", "Close the connection, nothing done"),
        Kind("close_after", "Close the connection after it was done"),
        Kind("throttle", "Too many requests (429)", (Field("retry_after", "Retry after seconds", 5),)),
        Kind("cut_json", "Done, but half of the answer is missing"),
        Kind("garbled_json", "Done, but the answer is garbled"),
        Kind("html", "Done, but the answer is a page of HTML"),
        Kind("xml", "Done, but the answer is XML"),
    )


class Reply(NamedTuple):
    """An answer, with the service's code if it is a refusal."""

    answer: web.Response
    error: str | None = None


Perform = Callable[[Strikes], Reply]
Refuse = Callable[[Fault], Reply]


class Door:
    """Whatever passes is written down in `journal`, and is news."""

    def __init__(self, service: str, faults: Faults, news: News) -> None:
        self._service = service
        self._faults = faults
        self._news = news
        self.journal: list[Arrival] = []

    async def pass_through(
        self,
        request: web.Request,
        call: str,
        arguments: Mapping[str, Any],
        perform: Perform,
        refuse: Refuse,
    ) -> web.Response:
        """Answer one call by `perform`, or fail as ordered.

        `perform` gets the call's strikes, for faults that only the service knows. `refuse` writes a status,
        error or throttle fault the way the service does. Nothing is done for a caller who leaves while a
        fault keeps the call waiting.
        """
        arrival = Arrival(self._service, call, arguments, request.method)
        self.journal.append(arrival)
        strikes = Strikes(self._faults, call, arrival.faults)
        reply = await _reply(request, strikes, perform, refuse)
        self._news.touch()
        if reply is None:
            _drop(request)
            return web.Response()
        arrival.status, arrival.error = reply.answer.status, reply.error
        return reply.answer


async def _reply(request: web.Request, strikes: Strikes, perform: Perform, refuse: Refuse) -> Reply | None:
    """None means that there is none."""
    if fault := strikes.first("delay"):
        await _until_cleared(fault, request, float(fault.fields["seconds"]))
        if request.transport is None:
            return None
    if fault := strikes.first("hang"):
        await _until_cleared(fault, request, None)
        return None
    if strikes.first("close_before"):
        return None
    if fault := strikes.first(*_REFUSED):
        return refuse(fault)
    answer, error = perform(strikes)
    if strikes.first("close_after"):
        return None
    if fault := strikes.first(*_SPOILED, when=lambda fault: _spoiled(answer, fault) is not answer):
        answer = _spoiled(answer, fault)
    return Reply(answer, error)


async def _until_cleared(fault: Fault, request: web.Request, seconds: float | None) -> None:
    """Until the time is up, the fault is cleared, or the caller has left."""
    waits = [asyncio.create_task(wait) for wait in (fault.cleared.wait(), left(request))]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _drop(request: web.Request) -> None:
    """Close the connection without a word."""
    if request.transport is not None:
        request.transport.abort()


def _spoiled(answer: web.Response, fault: Fault) -> web.Response:
    """The answer as the fault leaves it: XML can only be made of JSON."""
    text = answer.text or ""
    match fault.kind.name:
        case "cut_json":
            return _like(answer, text[: len(text) // 2], answer.content_type)
        case "garbled_json":
            return _like(answer, text.replace(":", "", 1) + "}\ufffd", answer.content_type)
        case "html":
            return _like(answer, _HTML.format(answer.reason), "text/html")
        case _:
            try:
                return _like(answer, document("Response", json.loads(text)), "text/xml")
            except ValueError:
                return answer


def _like(answer: web.Response, text: str, content_type: str) -> web.Response:
    return web.Response(status=answer.status, text=text, content_type=content_type)
