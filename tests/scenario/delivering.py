"""A delivery to the local workspace, and the way to Slack on which things get lost."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.restores.models import Event, EventKind, PollResult, RestoreRequest, RestoreTask, Stage
from bot.sandbox.slack import LocalWorkspace
from bot.slack.delivery import QUARANTINE, Delivery
from bot.store.sqlite import SqliteStore
from tests import values

Fault = Callable[[str, dict[str, Any]], str | None]


class Client(AsyncWebClient):
    """A client whose calls go wrong: `fault(method, arguments)` says how, None lets a call pass."""

    fault: Fault = staticmethod(lambda _method, _arguments: None)

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        arguments = options.get("json") or options.get("params") or options.get("data") or {}
        match self.fault(api_method, arguments):
            case "never sent":
                raise aiohttp.ClientConnectorError(None, OSError("refused"))  # type: ignore[arg-type]
            case "answer lost":
                await super().api_call(api_method, **options)
                raise TimeoutError
            case "died before":
                raise asyncio.CancelledError
            case "died after":
                await super().api_call(api_method, **options)
                raise asyncio.CancelledError
            case "too many":
                raise refusal("ratelimited", status=429, headers={"Retry-After": "30"})
            case str() as reason:
                raise refusal(reason)
        return await super().api_call(api_method, **options)


def refusal(reason: str, *, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    answer = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": reason},
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError(reason, answer)  # type: ignore[no-untyped-call]  # as the SDK left it


class Desk:
    """A delivery whose turns are taken by hand, with its own clock."""

    def __init__(
        self, workspace: LocalWorkspace, client: Client, store: SqliteStore, channels: dict[str, str]
    ) -> None:
        self.workspace = workspace
        self.client = client
        self.store = store
        self.time = datetime.now(UTC)
        self.channels = channels
        self.delivery = self.new_delivery()
        self.made = 0

    def new_delivery(self) -> Delivery:
        return Delivery(self.client, self.store, now=lambda: self.time)

    async def request(self, channel: str = "#db-oncall") -> RestoreRequest:
        """A request whose task exists; its card is due."""
        self.made += 1
        request = values.request(
            f"n{self.made}",
            spec=values.spec(task_name=f"task {self.made}"),
            channel_id=self.channels.get(channel, channel),
            created_at=self.time,
            restore_task_id=f"s{self.made}",
        )
        await self.store.add_request(request, wanted=lambda: True)
        await self.store.save_request(request, self.time)
        return request

    async def happened(self, request: RestoreRequest, *percents: int) -> None:
        """The poller saw progress; one message for each percent."""
        task_id = request.restore_task_id or ""
        task = RestoreTask(restore_task_id=task_id, status="running", stages={Stage.FULL_DATA: percents[-1]})
        events = tuple(Event(kind=EventKind.DATA_PROGRESS, percent=percent) for percent in percents)
        result = PollResult(restore_task_id=task_id, task=task, events=events, next_poll_at=self.time)
        await self.store.save_polls([result], self.time)

    async def deliver(self, *, turns: int = 1, pause: timedelta = QUARANTINE * 2) -> None:
        for _ in range(turns):
            await self.delivery.deliver()
            self.time += pause

    def threads(self, channel: str = "#db-oncall") -> list[list[str]]:
        cards = [message for message in self.workspace.messages(channel) if message.get("metadata")]
        return [[message["text"] for message in self.workspace.thread(channel, card["ts"])] for card in cards]

    def told(self, channel: str = "#db-oncall") -> list[int]:
        """The percents the only thread tells, in order."""
        (thread,) = self.threads(channel)
        return [int(text.split()[-2]) for text in thread[1:]]

    def calls(self, method: str) -> int:
        return sum(call.name == method for call in self.workspace.journal)


def once(method: str, fault: str) -> Fault:
    """The fault strikes the first call of the method alone."""
    struck = False

    def strike(called: str, _: dict[str, Any]) -> str | None:
        nonlocal struck
        if called != method or struck:
            return None
        struck = True
        return fault

    return strike
