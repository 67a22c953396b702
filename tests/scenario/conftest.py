"""A stage for every scenario, without a bot on it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import LocalDbs
from bot.sandbox.slack import LocalWorkspace
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
