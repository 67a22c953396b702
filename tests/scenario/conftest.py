"""A stage for every scenario, without a bot on it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import stamina
from pydantic import SecretStr

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.slack import LocalWorkspace
from bot.settings import Settings
from tests.scenario.stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    clock = SimulatedClock(speed=0)
    workspace, dbs = LocalWorkspace(), LocalDbs(clock=clock)
    async with AsyncExitStack() as stack:
        workspace_url = await stack.enter_async_context(workspace.serve(port=0))
        dbs_server = await stack.enter_async_context(AsyncExitStack())
        dbs_url = await dbs_server.enter_async_context(dbs.serve())
        made = Stage(workspace, dbs, clock, dbs_server)
        made.settings = Settings(
            slack_bot_token=SecretStr("xoxb-sandbox"),
            slack_app_token=SecretStr("xapp-sandbox"),
            slack_signing_secret=SecretStr("sandbox-signing-secret"),
            slack_api_url=f"{workspace_url}api/",
            alibaba_cloud_access_key_id="sandbox",
            alibaba_cloud_access_key_secret=SecretStr("sandbox-secret"),
            dbs_endpoint=dbs_url,
            database_url=f"sqlite:///{tmp_path / 'restorebot.db'}",
            restorebot_poll_interval=0.02,
        )
        yield made


@pytest.fixture
def no_retry_waits() -> Iterator[None]:
    """Retries of one call follow each other at once."""
    stamina.set_testing(True, attempts=100, cap=True)
    yield
    stamina.set_testing(False)
