"""Calls of a DBS client whose answers are written beforehand."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr

from bot.dbs import Credentials, DbsClient, Timeouts
from bot.errors import DbsError
from bot.restores.models import Destination, Location, RestorePoint, RestoreSpec

Step = httpx.Response | Exception
REGION = "cn-hangzhou"
PASSWORD = "p@ss CANARY/ö%"
SPEC = RestoreSpec(
    backup_plan_id="dbs1",
    region=REGION,
    task_name="orders-x7",
    point=RestorePoint(time=datetime(2026, 1, 1, tzinfo=UTC)),
    destination=Destination(location=Location.RDS, instance_id="rm-1"),
)


class Script(httpx.AsyncBaseTransport):
    """Answers each request with the next step, the last one for ever, and remembers what was asked."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, httpx.HTTPError):
            step.request = request
        if isinstance(step, Exception):
            raise step
        return httpx.Response(step.status_code, headers=step.headers, content=step.content)


def client(transport: httpx.AsyncBaseTransport, **changes: float) -> DbsClient:
    credentials = Credentials("key-id", SecretStr("SECRET-CANARY"), SecretStr("TOKEN-CANARY"))
    return DbsClient(credentials, transport=transport, timeouts=Timeouts(**changes))


async def create(dbs: DbsClient) -> object:
    return await dbs.create_restore_task(SPEC, password=SecretStr(PASSWORD), client_token="token-1")


async def failure(
    transport: httpx.AsyncBaseTransport, call: Callable[[DbsClient], Awaitable[object]]
) -> DbsError:
    async with client(transport) as dbs:
        with pytest.raises(DbsError) as raised:
            await call(dbs)
    return raised.value
