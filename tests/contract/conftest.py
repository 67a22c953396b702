"""A running local DBS and the ways to talk to it; the local workspace as its app sees it, bare."""

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import aiohttp
import httpx
import pytest
from alibabacloud_dbs20190306.client import Client
from alibabacloud_tea_openapi.utils_models import Config
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.dbs import Credentials, DbsClient
from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.slack import LocalWorkspace, Person
from tests.contract.control import ordering
from tests.contract.envelopes import Socket, acknowledge, address
from tests.contract.modals import new_trigger
from tests.contract.shapes import Ask, Create, Look, Order, Ordered, Plan, Raw
from tests.contract.signer import common, query, signed


@pytest.fixture
def dbs_clock() -> SimulatedClock:
    """A clock that stands still, on a whole second, until a test advances it."""
    return SimulatedClock(speed=0, start=float(int(time.time())))


@pytest.fixture
async def _served(dbs_clock: SimulatedClock) -> AsyncIterator[tuple[LocalDbs, str]]:
    dbs = LocalDbs(clock=dbs_clock)
    async with dbs.serve() as url:
        yield dbs, url


@pytest.fixture
def local_dbs(_served: tuple[LocalDbs, str]) -> LocalDbs:
    """A local DBS that is being served at `dbs_url`."""
    return _served[0]


@pytest.fixture
def dbs_url(_served: tuple[LocalDbs, str]) -> str:
    return _served[1]


@pytest.fixture
def dbs_sdk(dbs_url: str) -> Callable[..., Client]:
    """The vendor's client for the local DBS, with its published key unless told otherwise."""

    def make(**changes: str) -> Client:
        settings = {
            "access_key_id": "sandbox",
            "access_key_secret": "sandbox-secret",
            "endpoint": httpx.URL(dbs_url).netloc.decode(),
            "protocol": "http",
        }
        return Client(Config(**settings | changes))

    return make


@pytest.fixture
async def dbs_raw(dbs_url: str) -> AsyncIterator[Raw]:
    """Send a signed RPC 1.0 request; `changes` are made to its common parameters, None leaves one out."""
    async with httpx.AsyncClient() as http:

        async def send(
            action: str,
            parameters: Mapping[str, str] | None = None,
            *,
            method: str = "POST",
            secret: str = "sandbox-secret",
            as_form: bool = False,
            **changes: str | None,
        ) -> httpx.Response:
            request = signed(method, secret, {**common(action), **changes, **(parameters or {})})
            if as_form:
                return await http.post(dbs_url, data=request)
            return await http.request(method, f"{dbs_url}?{query(request)}")

        yield send


@pytest.fixture
def dbs_ask(dbs_raw: Raw) -> Ask:
    """Call an action and get the body of its answer."""

    async def ask(action: str, parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = (await dbs_raw(action, parameters)).json()
        return answer

    return ask


@pytest.fixture
def dbs_plan(local_dbs: LocalDbs) -> Plan:
    """A plan of the local DBS by its name."""
    return lambda name: next(plan for plan in local_dbs.estate.plans if plan.name == name)


@pytest.fixture
def dbs_order(dbs_plan: Plan) -> Order:
    """The parameters of a restore that DBS accepts; changes go on top, None leaves one out."""

    def order(plan_name: str = "orders-prod", **changes: str | None) -> dict[str, str]:
        plan = dbs_plan(plan_name)
        parameters = {
            "BackupPlanId": plan.plan_id,
            "RestoreTaskName": "back to last night",
            "DestinationEndpointInstanceType": "RDS",
            "DestinationEndpointRegion": "cn-hangzhou",
            "DestinationEndpointInstanceID": "rm-bp1target0000001",
            "DestinationEndpointUserName": "restore_rw",
            "DestinationEndpointPassword": "hunter2 &+~/ß",
            "RestoreObjects": json.dumps([{"DBName": plan.objects[0].db_name}]),
            "BackupSetId": plan.finished_sets()[0].backup_set_id,
        }
        return {name: value for name, value in {**parameters, **changes}.items() if value is not None}

    return order


@pytest.fixture
def dbs_create(dbs_ask: Ask, dbs_order: Order) -> Create:
    """Create a restore task; its id."""

    async def create(plan_name: str = "orders-prod", *, start: bool = False, **changes: str | None) -> str:
        body = await dbs_ask("CreateRestoreTask", dbs_order(plan_name, **changes))
        task_id: str = body["RestoreTaskId"]
        if start:
            await dbs_ask("StartRestoreTask", {"RestoreTaskId": task_id})
        return task_id

    return create


@pytest.fixture
def dbs_look(dbs_ask: Ask) -> Look:
    """A restore task as DBS describes it."""

    async def look(task_id: str) -> dict[str, Any]:
        body = await dbs_ask("DescribeRestoreTaskList", {"RestoreTaskId": task_id})
        (task,) = body["Items"]["RestoreTaskDetail"]
        return dict(task)

    return look


@pytest.fixture
async def dbs_client(dbs_url: str) -> AsyncIterator[DbsClient]:
    """The bot's own client."""
    credentials = Credentials("sandbox", SecretStr("sandbox-secret"))
    async with DbsClient(credentials, endpoint=dbs_url) as dbs:
        yield dbs


@pytest.fixture
def dbs_fault(dbs_url: str) -> Ordered:
    """Order a fault of the local DBS."""
    return ordering(f"{dbs_url.rstrip('/')}/control/dbs/faults")


@pytest.fixture
def slack_fault(url: str) -> Ordered:
    """Order a fault of the local workspace."""
    return ordering(f"{url}control/slack/faults")


@pytest.fixture
async def app_socket(
    web: AsyncWebClient, session: aiohttp.ClientSession
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A bare connection of the app, already greeted."""
    async with session.ws_connect(await address(web)) as socket:
        await socket.receive_json()
        yield socket


@pytest.fixture
def socket(app_socket: aiohttp.ClientWebSocketResponse) -> Socket:
    return Socket(app_socket)


@pytest.fixture
async def trigger(bolt: AsyncApp, alice: Person, workspace: LocalWorkspace) -> str:
    """The trigger of a command that alice has just typed and the app has acknowledged."""
    bolt.command("/restore")(acknowledge)
    return await new_trigger(alice, workspace)
