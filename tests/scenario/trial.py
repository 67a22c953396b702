"""One restore between the local services, its turns taken by hand, while a fault is ordered over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar

import httpx
import pytest
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.dbs import Credentials as AccessKey
from bot.dbs import DbsClient
from bot.restores.catalog import Catalog
from bot.restores.credentials import Credentials
from bot.restores.passwords import Passwords
from bot.restores.poller import RestorePoller
from bot.restores.service import RestoreService
from bot.restores.settling import Settler
from bot.sandbox.journal import Arrival
from bot.slack.delivery import Delivery
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
from tests import values
from tests.cards import cards
from tests.scenario.desk import drafted
from tests.scenario.stage import CHANNEL, PATIENCE, Stage

T = TypeVar("T")
INTERVAL = timedelta(seconds=15)
#: Until the restore runs, half of it is done, all of it; seconds of DBS's time from one to the next.
TO_RUN, TO_HALF, TO_END = 61, 330, 1200
CHANNEL_ID = "C0DBONCALL1"

#: What a message is about, by words of it.
WORDS = {
    "unsettled": "It is not known whether",
    "created": "Its precheck comes first",
    "refused": "refused the restore",
    "prechecked": "Precheck passed",
    "started": "is running",
    "structure": "structure is restored",
    "quarter": ":arrow_forward: Data:",
    "data": "All data",
    "indexes": "Indexes and triggers",
    "logs": "logs are applied",
    "finished": "finished",
    "other status": "DBS now says",
    "unreported": "does not list",
    "listed again": "lists the task now",
    "silent": "has not answered",
    "back": "answers again",
}


async def impatient(call: Awaitable[T], hung: Awaitable[Any], error: Exception) -> T:
    """What the call brings; the caller gives up as soon as a fault lets it hang."""
    calling, hanging = asyncio.ensure_future(call), asyncio.ensure_future(hung)
    try:
        await asyncio.wait([calling, hanging], return_when=asyncio.FIRST_COMPLETED)
    finally:
        calling.cancel()
        hanging.cancel()
    await asyncio.gather(calling, hanging, return_exceptions=True)
    if calling.cancelled():
        raise error
    return await calling


def hangs(journal: Sequence[Arrival], name: str) -> int:
    return sum(arrival.name == name and "hang" in arrival.faults for arrival in journal)


class ToDbs(httpx.AsyncHTTPTransport):
    """The way to DBS, for a bot without patience."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        journal, action = self._stage.dbs.journal, request.headers["x-acs-action"]
        before = hangs(journal, action)
        hung = self._stage.dbs.until(lambda: hangs(journal, action) > before, within=2 * PATIENCE)
        return await impatient(super().handle_async_request(request), hung, httpx.ReadTimeout("no patience"))


def impatient_with_slack(stage: Stage) -> Callable[..., Awaitable[AsyncSlackResponse]]:
    """`AsyncWebClient.api_call` for bots without patience: Bolt makes clients of its own."""
    as_it_is = AsyncWebClient.api_call

    async def api_call(client: AsyncWebClient, api_method: str, **options: Any) -> AsyncSlackResponse:
        journal = stage.workspace.journal
        before = hangs(journal, api_method)
        hung = stage.workspace.until(lambda: hangs(journal, api_method) > before, within=2 * PATIENCE)
        return await impatient(as_it_is(client, api_method, **options), hung, TimeoutError())

    return api_call


class Control:
    """The control API of both services."""

    def __init__(self, stage: Stage) -> None:
        self._urls = {
            "dbs": f"{stage.settings.dbs_endpoint}control/dbs/",
            "slack": f"{stage.settings.slack_api_url.removesuffix('api/')}control/slack/",
        }
        self._http = httpx.AsyncClient()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def listed(self, service: str) -> dict[str, Any]:
        """The kinds of faults of a service, and its targets."""
        listed: dict[str, Any] = (await self._http.get(f"{self._urls[service]}faults")).json()
        return listed

    async def order(self, service: str, what: str = "faults", **order: Any) -> None:
        answer = await self._http.post(f"{self._urls[service]}{what}", json=order)
        assert answer.json()["ok"], answer.text

    async def clear(self) -> None:
        for url in self._urls.values():
            assert (await self._http.delete(f"{url}faults")).json()["ok"]


class Trial:
    """`create`, `poll` and `deliver` are turns of the bot's parts; its time passes when told to."""

    def __init__(self, stage: Stage, control: Control, store: SqliteStore, dbs: DbsClient) -> None:
        self.stage = stage
        self.order = control.order
        self.clear = control.clear
        self.listed = control.listed
        self.time = datetime.now(UTC)
        url = stage.settings.slack_api_url
        self._slack = AsyncWebClient(token="xoxb-sandbox", base_url=url, retry_handlers=[])
        accounts, credentials = values.accounts(dbs), Credentials(None)
        catalog, passwords = Catalog(accounts), Passwords(store, now=self.now)
        self._settler = Settler(
            accounts, catalog, store, passwords, credentials, tell=_nobody, follow=_nobody, now=self.now
        )
        self._service = RestoreService(
            catalog, store, passwords, credentials, tell=_nobody, settle=_nobody, now=self.now
        )
        self._poller = RestorePoller(accounts, store, interval=INTERVAL, tell=_nobody, now=self.now)
        self._delivery = Delivery(self._slack, store, now=self.now)

    def now(self) -> datetime:
        return self.time

    # Turns

    async def submit(self) -> None:
        plan, person = self.stage.plan("orders-prod"), self.stage.alice.id
        await self._service.submit(drafted(plan, start=True, user_id=person))

    async def create(self, *, times: int = 1) -> None:
        for _ in range(times):
            await self._settler.settle()
            await self._settler.loop.crew.wait(None)
            self.time += timedelta(seconds=10)

    async def poll(self, seconds: float = 0, *, times: int = 1) -> None:
        """Time passes in DBS; the poller looks, a minute after it last did."""
        self.stage.clock.advance(seconds)
        for _ in range(times):
            self.time += timedelta(seconds=60)
            await self._poller.round()
            await self._poller.loop.crew.wait(None)

    async def deliver(self, *, times: int = 3) -> None:
        """Longer apart than a message is in doubt for."""
        for _ in range(times):
            await self._delivery.deliver()
            await self._delivery.loop.crew.wait(None)
            self.time += timedelta(seconds=15)

    async def let_in(self) -> None:
        """The bot hears that it may post again."""
        await self._delivery.let_in(CHANNEL_ID)

    # What arrived

    def creations(self) -> int:
        """Calls to create a task, whether they came through or not."""
        return sum(each.name == "CreateRestoreTask" for each in self.stage.dbs.journal)

    def tokens(self, action: str = "CreateRestoreTask") -> set[str]:
        """Of all its calls, whether they came through or not."""
        return {each.arguments["ClientToken"] for each in self.stage.dbs.journal if each.name == action}

    def calls(self, method: str) -> int:
        """Of a method of Slack, whether they came through or not."""
        return sum(each.name == method for each in self.stage.workspace.journal)

    def messages_below(self) -> int:
        """Below the card."""
        return len(self.stage.thread()) - 1

    def direct_messages(self) -> int:
        return sum(
            call.name == "chat.postMessage" and call.arguments["channel"] == self.stage.alice.id
            for call in self.stage.workspace.journal
        )

    def told(self) -> tuple[str, ...]:
        """What the thread is about, message by message; of one that lists several things, each."""
        return tuple(kind for message in self.stage.thread()[1:] for kind in kinds_in(message["text"]))

    @property
    def card(self) -> str:
        return str(self.stage.thread()[0]["text"]) if self.stage.thread() else ""

    def cards(self) -> int:
        return len(cards(self.stage.workspace.messages(CHANNEL)))

    def posted_twice(self) -> bool:
        ids = [message["metadata"]["event_payload"]["event_id"] for message in self.stage.thread()]
        return len(ids) != len(set(ids))


def _nobody() -> None:
    """Turns are taken by hand."""


def kinds_in(text: str) -> list[str]:
    found = {text.find(words): kind for kind, words in WORDS.items() if words in text}
    return [found[at] for at in sorted(found)]


async def begin(tried: Trial) -> tuple[str, ...]:
    """The restore is created and runs, and its thread says so."""
    await tried.submit()
    await tried.create()
    await tried.poll(TO_RUN)
    await tried.deliver()
    return tried.told()


@asynccontextmanager
async def trial(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Trial]:
    monkeypatch.setattr(AsyncWebClient, "api_call", impatient_with_slack(stage))
    connection = await Connection.open(database_path(stage.settings.database_url))
    secret = SecretStr("sandbox-secret")
    key = AccessKey(access_key_id="sandbox", access_key_secret=secret, security_token=None)
    async with (
        Control(stage) as control,
        DbsClient(key, endpoint=stage.settings.dbs_endpoint, transport=ToDbs(stage)) as dbs,
    ):
        yield Trial(stage, control, SqliteStore(connection), dbs)
    await connection.close()
