"""What dies here, and what it dies in."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import structlog

from bot.sandbox.sandbox import Sandbox
from tests.crash.life import Life, Nursery

NewLife = Callable[..., AbstractAsyncContextManager[Life]]


@pytest.fixture
def quiet() -> Iterator[None]:
    """Models take thousands of turns: what they log is of no use."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def new_life(nursery: Nursery, tmp_path: Path) -> NewLife:
    """A life in a sandbox of its own; `keyed`: passwords survive a crash; `again`: all is submitted again."""
    born = iter(range(1000))

    @asynccontextmanager
    async def lived(*, keyed: bool = True, again: bool = True) -> AsyncIterator[Life]:
        folder = tmp_path / str(next(born))
        folder.mkdir()
        async with (
            Sandbox() as sandbox,
            Life(nursery, sandbox, folder, keyed=keyed, again=again).lived() as life,
        ):
            yield life

    return lived
