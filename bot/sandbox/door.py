"""The door of a service: every call is written down here, and here the ordered faults strike it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault, Faults, Field, Kind
from bot.sandbox.journal import Arrival
from bot.sandbox.xml import document

Perform = Callable[[], Awaitable[web.Response]]
Refuse = Callable[[Fault], web.Response]

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


class Door:
    def __init__(self, service: str, faults: Faults) -> None:
        self._service = service
        self._faults = faults
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

        `refuse` writes a status, error or throttle fault the way the service does.
        """
        arrival = Arrival(self._service, call, arguments)
        self.journal.append(arrival)
        answer = await self._answer(arrival, perform, refuse)
        if answer is None:
            _drop(request)
            return web.Response()
        arrival.status = answer.status
        return answer

    async def _answer(self, arrival: Arrival, perform: Perform, refuse: Refuse) -> web.Response | None:
        """The answer; None means that there is none."""

        def struck(*kinds: str) -> Fault | None:
            if fault := self._faults.strike(arrival.name, *kinds):
                arrival.faults.append(fault.kind.name)
            return fault

        if fault := struck("delay"):
            await _until_cleared(fault, float(fault.fields["seconds"]))
        if fault := struck("hang"):
            await _until_cleared(fault, None)
            return None
        if struck("close_before"):
            return None
        if fault := struck(*_REFUSED):
            return refuse(fault)
        answer = await perform()
        if struck("close_after"):
            return None
        if fault := struck(*_SPOILED):
            return _spoiled(answer, fault.kind.name)
        return answer


async def _until_cleared(fault: Fault, seconds: float | None) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await fault.cleared.wait()


def _drop(request: web.Request) -> None:
    """Close the connection without a word."""
    if request.transport is not None:
        request.transport.abort()


def _spoiled(answer: web.Response, how: str) -> web.Response:
    text = answer.text or ""
    match how:
        case "cut_json":
            return _like(answer, text[: len(text) // 2], answer.content_type)
        case "garbled_json":
            return _like(answer, text.replace(":", "", 1) + "}\ufffd", answer.content_type)
        case "html":
            return _like(answer, _HTML.format(answer.reason), "text/html")
        case _:
            return _like(answer, _as_xml(text), "text/xml")


def _like(answer: web.Response, text: str, content_type: str) -> web.Response:
    return web.Response(status=answer.status, text=text, content_type=content_type)


def _as_xml(text: str) -> str:
    """The answer in XML; one that is XML already stays as it is."""
    try:
        return document("Response", json.loads(text))
    except ValueError:
        return text
