"""Deliveries whose turns are taken by hand, between a store and a workspace, and a client that fails."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.restores.models import Event, EventKind, PollResult, RestoreRequest, RestoreTask, Stage
from bot.sandbox.slack import LocalWorkspace
from bot.slack.delivery import QUARANTINE, Delivery
from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore
from tests import values
from tests.cards import cards

CHANNEL = "#db-oncall"

Fault = Callable[[str, dict[str, Any]], str | None]


class Client(AsyncWebClient):
    """A client whose calls go wrong: `fault(method, arguments)` says how, None lets a call pass."""

    def __init__(self, url: str) -> None:
        super().__init__(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])
        self.fault: Fault = healthy
        #: Calls under way that arrive when a test lets them.
        self.late: list[Callable[[], Any]] = []
        #: Set while a call is frozen; it goes on when `thawed`.
        self.frozen = asyncio.Event()
        self.thawed = asyncio.Event()

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        arguments = options.get("json") or options.get("params") or options.get("data") or {}

        async def call() -> AsyncSlackResponse:
            return await super(Client, self).api_call(api_method, **options)

        fault = self.fault(api_method, arguments)
        await self._before(fault, call)
        answer = await call()
        await self._after(fault)
        return answer

    async def _before(self, fault: str | None, call: Callable[[], Any]) -> None:
        match fault:
            case None | "answer lost" | "answer frozen" | "died after":
                return
            case "frozen":
                await self._freeze()
            case "late":
                self.late.append(call)
                raise TimeoutError
            case "never sent":
                raise aiohttp.ClientConnectorError(None, OSError("refused"))  # type: ignore[arg-type]
            case "died before":
                raise asyncio.CancelledError
            case "too many":
                raise refusal("ratelimited", status=429, headers={"Retry-After": "30"})
            case reason:
                raise refusal(reason)

    async def _after(self, fault: str | None) -> None:
        match fault:
            case "answer lost":
                raise TimeoutError
            case "answer frozen":
                await self._freeze()
            case "died after":
                raise asyncio.CancelledError

    async def _freeze(self) -> None:
        self.frozen.set()
        await self.thawed.wait()
        self.frozen.clear()
        self.thawed.clear()


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


def healthy(_method: str, _arguments: dict[str, Any]) -> str | None:
    return None


def every(method: str, fault: str) -> Fault:
    """The fault strikes each call of the method."""
    return lambda called, _: fault if called == method else None


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


class Worker:
    """One process's part: its own connection to the database, its own client, its own clock."""

    def __init__(self, client: Client, store: SqliteStore, now: Callable[[], datetime]) -> None:
        self.client = client
        self.store = store
        self.now = now
        self.delivery = Delivery(client, store, now=now)

    def restart_delivery(self) -> None:
        self.delivery = Delivery(self.client, self.store, now=self.now)

    async def bury(self, dead: "Worker") -> None:
        """Take the other for dead."""
        worker_id, _ = await dead.store.beat()
        _, beats = await self.store.beat()
        assert await self.store.bury(worker_id, beats[worker_id], self.now() + QUARANTINE)


class Desk:
    """A workspace, a database, workers on it, and time that tests advance."""

    def __init__(self, workspace: LocalWorkspace, url: str, path: Path, stack: AsyncExitStack) -> None:
        self.workspace = workspace
        self.time = datetime.now(UTC)
        self.channels: dict[str, str] = {}
        self.made = 0
        self._url = url
        self._path = path
        self._stack = stack
        self.me: Worker

    async def worker(self, *, ahead: timedelta = timedelta()) -> Worker:
        """One more process on the same database, whose clock may be another."""
        connection = await Connection.open(self._path)
        self._stack.push_async_callback(connection.close)
        return Worker(Client(self._url), SqliteStore(connection), lambda: self.time + ahead)

    @property
    def client(self) -> Client:
        return self.me.client

    @property
    def store(self) -> SqliteStore:
        return self.me.store

    async def request(self, channel: str = CHANNEL) -> RestoreRequest:
        """A request of Alice's whose task exists; its card is due."""
        self.made += 1
        request = values.request(
            f"n{self.made}",
            spec=values.spec(task_name=f"task {self.made}"),
            channel_id=self.channels.get(channel, channel),
            user_id=self.workspace.person("alice").id,
            created_at=self.time,
            restore_task_id=f"s{self.made}",
        )
        await self.store.add_request(request, wanted=lambda: True)
        await self.store.save_request(request, self.time)
        return request

    async def happened(self, request: RestoreRequest, *percents: int) -> None:
        """The poller saw progress; one message for each percent."""
        events = tuple(Event(kind=EventKind.DATA_PROGRESS, percent=percent) for percent in percents)
        await self.told_of(request, *events, percent=percents[-1])

    async def told_of(
        self, request: RestoreRequest, *events: Event, percent: int = 0, status: str = "running"
    ) -> None:
        """The poller saw the task like this, which means these events."""
        task_id = request.restore_task_id or ""
        task = RestoreTask(restore_task_id=task_id, status=status, stages={Stage.FULL_DATA: percent})
        result = PollResult(restore_task_id=task_id, task=task, events=events, next_poll_at=self.time)
        await self.store.save_polls([result], self.time)

    async def deliver(self, *, turns: int = 1, pause: timedelta = QUARANTINE * 2) -> None:
        for _ in range(turns):
            await self.me.delivery.deliver()
            await self.me.delivery.loop.crew.wait(None)
            self.time += pause

    def threads(self, channel: str = CHANNEL) -> list[list[str]]:
        roots = cards(self.workspace.messages(channel))
        return [[message["text"] for message in self.workspace.thread(channel, card["ts"])] for card in roots]

    def told(self, channel: str = CHANNEL) -> list[int]:
        """The percents the only thread tells, in order."""
        (thread,) = self.threads(channel)
        return percents(thread[1:])

    def card(self, channel: str = CHANNEL) -> str:
        """All that the latest card shows."""
        return str(cards(self.workspace.messages(channel))[-1])

    def calls(self, method: str) -> int:
        return sum(call.name == method for call in self.workspace.journal)

    def direct_messages(self) -> list[str]:
        """What the bot told Alice alone."""
        alice = self.workspace.person("alice").id
        sent = [call for call in self.workspace.journal if call.name == "chat.postMessage"]
        return [call.arguments["text"] for call in sent if call.arguments["channel"] == alice]


def percents(texts: list[str]) -> list[int]:
    """Those that messages tell, one or several each."""
    return [int(number) for text in texts for number in re.findall(r"Data: (\d+) %", text)]


@asynccontextmanager
async def delivering(tmp_path: Path, workspace: LocalWorkspace | None = None) -> AsyncIterator[Desk]:
    workspace = workspace or LocalWorkspace()
    async with workspace.serve(port=0) as url, AsyncExitStack() as stack:
        desk = Desk(workspace, url, tmp_path / "bot.db", stack)
        desk.me = await desk.worker()
        listed = (await desk.client.conversations_list())["channels"]
        desk.channels = {f"#{channel['name']}": channel["id"] for channel in listed}
        yield desk
