"""Somebody asks for a restore while something fails: what they see of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import built
from tests.scenario.fault_matrix import FORM, NEVER_ASKED, NEVER_CALLED, SENTENCE
from tests.scenario.stage import CHANNEL, PATIENCE, Stage
from tests.scenario.trial import ToDbs, impatient_with_slack


@asynccontextmanager
async def served_by_an_impatient_bot(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """It gives up whatever hangs."""
    monkeypatch.setattr(AsyncWebClient, "api_call", impatient_with_slack(stage))
    async with built(stage.settings, transport=ToDbs(stage)) as bot:
        running = asyncio.create_task(bot.run())
        await stage.workspace.app_connected()
        yield
        bot.stop()
        await running
    assert not {call.name for call in stage.dbs.journal} & NEVER_ASKED
    assert not {call.name for call in stage.workspace.journal} & NEVER_CALLED


def sentences(stage: Stage) -> list[str]:
    return [message["text"] for message in stage.alice.ephemerals(CHANNEL)]


def seen(stage: Stage) -> tuple[str, ...]:
    """What the person sees: the form, and sentences that nobody else sees."""
    return (FORM,) * len(stage.alice.views) + (SENTENCE,) * len(sentences(stage))


async def until_seen(stage: Stage, *what: str) -> None:
    await stage.workspace.until(lambda: seen(stage) == what, within=PATIENCE)


async def until_struck(stage: Stage) -> None:
    """The one fault there is has struck; then it is over."""
    (fault,) = stage.workspace.faults.all
    await stage.workspace.until(lambda: fault.hits, within=PATIENCE)
    stage.workspace.faults.clear()


async def to_the_task(stage: Stage) -> None:
    """The form that is open is filled in to its end: it becomes one task with one thread."""
    assert await stage.submit() == {}
    await stage.until_told("created the task")
    assert len(stage.dbs.tasks) == 1
    assert len([each for each in stage.workspace.messages(CHANNEL) if each.get("metadata")]) == 1
