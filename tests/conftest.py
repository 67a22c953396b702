"""A local workspace that is served, the people in it, and a Bolt app at its other end."""

import os
import shutil
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from functools import cache
from itertools import chain

import aiohttp
import hypothesis
import pytest
import stamina
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import LocalWorkspace, Person, route
from tests import unhurried
from tests.clocks import Now

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.load_profile("here")

# In memory a commit waits for no disk: what is killed here are processes, not the machine.
with suppress(OSError):
    if shutil.disk_usage("/dev/shm").free > 2**30:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")

#: What takes longest is begun first: whoever came to it last would keep all others waiting for the end.
SLOWEST = (
    "test_a_day.py",
    "test_kill_anywhere.py",
    "test_model_",
    "test_random_kills.py",
    "_in_the_browser.py",
    "test_secrets.py",
    "test_processes.py",
    "test_leases.py",
    # Its tests share a fixture: they stay together.
    "test_form_matrix.py",
)
#: Neighbours wait for the same thing, be it the processor or a clock: every so manyth test follows the first.
STRIDE = 64


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest first, then all others, well mixed."""
    slow = [item for name in SLOWEST for item in items if name in item.path.name]
    rest = [item for item in items if not any(name in item.path.name for name in SLOWEST)]
    items[:] = chain(slow, *(rest[start::STRIDE] for start in range(STRIDE)))


@pytest.fixture(scope="session", autouse=True)
def certificates() -> Iterator[None]:
    """Read once: every client reads all of them anew, and no test meets one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def long_waits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        unhurried.wait(patch, unhurried.FACTOR)
        yield


@pytest.fixture(autouse=True)
def true_waits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What proves promise 8 waits as long as the bot does, and so does who asks for it."""
    if "promise_8" in request.node.name or request.node.get_closest_marker("true_waits"):
        unhurried.wait(monkeypatch, 1)


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def workspace() -> LocalWorkspace:
    """The workspace as it is by default; a module that needs another says so in a fixture of this name."""
    return LocalWorkspace()


@pytest.fixture
async def url(workspace: LocalWorkspace) -> AsyncIterator[str]:
    """The workspace is served here until the test ends."""
    async with workspace.serve(port=0) as url:
        yield url


@pytest.fixture
def alice(workspace: LocalWorkspace) -> Person:
    return workspace.person("alice")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def web(url: str) -> AsyncWebClient:
    """The bot's own client."""
    return AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])


@pytest.fixture
async def bolt(workspace: LocalWorkspace, web: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """An app connected to the workspace; a test adds its listeners."""
    app = AsyncApp(client=web)
    handler = AsyncSocketModeHandler(app, "xapp-sandbox")
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt says no types here
    await workspace.app_connected()
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]  # nor here


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No three seconds of waiting for an acknowledgement that does not come."""
    monkeypatch.setattr(route, "ACK_SECONDS", 0.1)


@pytest.fixture
def no_waiting() -> Iterator[None]:
    """Tries of one call follow each other at once."""
    stamina.set_testing(True, attempts=100, cap=True)
    yield
    stamina.set_testing(False)
