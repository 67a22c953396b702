"""A stage for every scenario, without a bot on it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.dbs import Credentials, DbsClient
from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.slack import LocalWorkspace
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
from tests.scenario.desk import Desk, Wire
from tests.scenario.stage import Stage
from tests.settings import local_settings


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    clock = SimulatedClock(speed=0)
    workspace, dbs = LocalWorkspace(), LocalDbs(clock=clock)
    async with AsyncExitStack() as stack:
        workspace_url = await stack.enter_async_context(workspace.serve(port=0))
        dbs_server = await stack.enter_async_context(AsyncExitStack())
        dbs_url = await dbs_server.enter_async_context(dbs.serve())
        made = Stage(workspace, dbs, clock, dbs_server)
        made.settings = local_settings(workspace_url, dbs_url, tmp_path, poll_interval=0.02)
        yield made


@pytest.fixture
async def desk(stage: Stage, no_waiting: None) -> AsyncIterator[Desk]:
    connection = await Connection.open(database_path(stage.settings.database_url))
    wire = Wire()
    credentials = Credentials(
        access_key_id="sandbox", access_key_secret=SecretStr("sandbox-secret"), security_token=None
    )
    async with DbsClient(credentials, endpoint=stage.settings.dbs_endpoint, transport=wire) as dbs:
        made = Desk(stage, SqliteStore(connection), dbs, wire)
        yield made
    await connection.close()
