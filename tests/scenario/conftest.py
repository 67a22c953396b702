"""A stage for every scenario, without a bot on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.dbs import Credentials, DbsClient
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
from tests.scenario.desk import Desk, Wire
from tests.scenario.stage import Stage, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
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
