"""A running local DBS, and two ways to talk to it: the vendor's own client, and a signer written here."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from alibabacloud_dbs20190306.client import Client
from alibabacloud_tea_openapi.utils_models import Config

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import BackupPlan, LocalDbs


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
async def dbs_raw(dbs_url: str) -> AsyncIterator[Callable[..., Awaitable[httpx.Response]]]:
    """Send a signed RPC 1.0 request; `common` changes its common parameters, None leaves one out."""
    async with httpx.AsyncClient() as http:

        async def send(
            action: str,
            parameters: Mapping[str, str] | None = None,
            *,
            method: str = "POST",
            secret: str = "sandbox-secret",
            as_form: bool = False,
            **common: str | None,
        ) -> httpx.Response:
            signed = _signed(method, secret, {**_common(action), **common, **(parameters or {})})
            if as_form:
                return await http.post(dbs_url, data=signed)
            return await http.request(method, f"{dbs_url}?{_query(signed)}")

        yield send


@pytest.fixture
def dbs_ask(
    dbs_raw: Callable[..., Awaitable[httpx.Response]],
) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Call an action and get the body of its answer."""

    async def ask(action: str, parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = (await dbs_raw(action, parameters)).json()
        return answer

    return ask


@pytest.fixture
def dbs_plan(local_dbs: LocalDbs) -> Callable[[str], BackupPlan]:
    """A plan of the local DBS by its name."""
    return lambda name: next(plan for plan in local_dbs.estate.plans if plan.name == name)


@pytest.fixture
def dbs_order(dbs_plan: Callable[[str], BackupPlan]) -> Callable[..., dict[str, str]]:
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


def _common(action: str) -> dict[str, str]:
    return {
        "Action": action,
        "Version": "2019-03-06",
        "Format": "JSON",
        "AccessKeyId": "sandbox",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _signed(method: str, secret: str, parameters: Mapping[str, str | None]) -> dict[str, str]:
    given = {name: value for name, value in parameters.items() if value is not None}
    to_sign = f"{method}&%2F&{quote(_query(given), safe='~')}"
    digest = hmac.new(f"{secret}&".encode(), to_sign.encode(), hashlib.sha1).digest()
    return {"Signature": base64.b64encode(digest).decode(), **given}


def _query(parameters: Mapping[str, str]) -> str:
    return "&".join(
        f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(parameters.items())
    )
