"""The fault matrix on the way from Slack to the bot: what comes twice, what does not come, and the socket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from bot.sandbox.slack import route
from bot.sandbox.slack.wire import PersonError
from tests.scenario.asking import (
    sentences,
    served_by_an_impatient_bot,
    to_the_task,
    until_seen,
    until_struck,
)
from tests.scenario.fault_matrix import BY_HAND, DEAF, FORM, TWICE
from tests.scenario.stage import CHANNEL, PATIENCE, Stage, staged
from tests.scenario.trial import Control

TARGET = "rm-bp1target0001"


@pytest.fixture
async def served(stage: Stage, no_waiting: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    async with served_by_an_impatient_bot(stage, monkeypatch):
        yield stage


@contextmanager
def impatience() -> Iterator[None]:
    """Slack does not wait three seconds for an answer that will not come."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(route, "ACK_SECONDS", 0.05)
        yield


def calls(stage: Stage, method: str) -> int:
    return sum(arrival.name == method for arrival in stage.workspace.journal)


# Twice


@pytest.mark.parametrize(
    "target", ["*", "slash_commands", "interactive", "block_actions", "block_suggestion", "view_submission"]
)
async def test_what_comes_twice_is_one_form_one_request_and_one_task(served: Stage, target: str) -> None:
    fault = served.workspace.faults.add(TWICE, target)
    await served.open_form("orders-prod")
    await to_the_task(served)
    assert fault.hits
    assert sentences(served) == []
    assert calls(served, "views.open") == 1
    assert len(served.told()) == 1


async def test_a_shortcut_that_comes_twice_opens_one_form(served: Stage) -> None:
    fault = served.workspace.faults.add(TWICE, "shortcut")
    await served.alice.shortcut("restore")
    await until_seen(served, FORM)
    await served.choose_plan("orders-prod")
    assert await served.submit(channel="C0DBONCALL1") == {}
    await served.until_told("created the task")
    assert (fault.hits, calls(served, "views.open"), len(served.dbs.tasks)) == (1, 1, 1)


@pytest.mark.parametrize("kind", [TWICE, DEAF])
async def test_a_step_whose_closing_comes_twice_or_never_leaves_a_form_that_works(
    served: Stage, kind: str
) -> None:
    await served.open_form("orders-prod")
    await served.to_step("where")
    fault = served.workspace.faults.add(kind, "view_closed")
    with impatience():
        await served.alice.close()
        await served.workspace.until(lambda: fault.hits)
        await served.workspace.settled()
    served.workspace.faults.clear()
    await served.to_step("check")
    await to_the_task(served)
    (task,) = served.dbs.tasks
    assert task.parameters["DestinationEndpointInstanceID"] == TARGET


async def test_a_shortcut_on_a_message_that_comes_twice_opens_one_form(served: Stage) -> None:
    await served.open_form("orders-prod")
    await to_the_task(served)
    fault = served.workspace.faults.add(TWICE, "message_action")
    await served.alice.message_shortcut("restore_again", served.thread()[0])
    await until_views(served, 1)
    await served.workspace.until(lambda: fault.hits == 1)
    await served.workspace.settled()
    assert len(served.alice.views) == 1


# Never


async def the_command(stage: Stage) -> None:
    """Slack itself tells the person what became of a command."""
    before = len(sentences(stage))
    await stage.alice.say(CHANNEL, "/restore")
    if len(sentences(stage)) > before:
        raise PersonError(sentences(stage)[-1])
    await until_views(stage, 1)


async def the_shortcut(stage: Stage) -> None:
    await stage.alice.shortcut("restore")
    await until_views(stage, 1)


async def the_shortcut_on_a_card(stage: Stage) -> None:
    await stage.alice.message_shortcut("restore_again", stage.thread()[0])
    await until_views(stage, 1)


async def the_choice(stage: Stage) -> None:
    await stage.alice.choose(stage.block("choice"), "choice", "backup_set")
    await stage.until_block("backup_set_id")


async def the_list(stage: Stage) -> None:
    assert await stage.alice.options(stage.block("plan"), "plan", "orders")


async def the_step(stage: Stage) -> None:
    assert await stage.alice.submit({}) == {}
    await until_views(stage, 2)


async def until_views(stage: Stage, count: int) -> None:
    await stage.workspace.until(lambda: len(stage.alice.views) == count, within=PATIENCE)


@pytest.mark.parametrize(
    ("target", "do"),
    [
        ("slash_commands", the_command),
        ("shortcut", the_shortcut),
        ("block_actions", the_choice),
        ("block_suggestion", the_list),
        ("view_submission", the_step),
        ("interactive", the_step),
    ],
)
async def test_what_does_not_come_is_told_to_the_person_and_done_at_the_next_try(
    served: Stage, target: str, do: Callable[[Stage], Awaitable[None]]
) -> None:
    if do not in {the_command, the_shortcut}:
        await served.open_form("orders-prod")
    fault = served.workspace.faults.add(DEAF, target, times=1)
    with impatience(), pytest.raises(PersonError):
        await do(served)
    assert (fault.hits, served.dbs.tasks) == (1, ())
    await do(served)


async def test_a_shortcut_on_a_card_that_does_not_come_is_told_to_the_person(served: Stage) -> None:
    await served.open_form("orders-prod")
    await to_the_task(served)
    served.workspace.faults.add(DEAF, "message_action", times=1)
    with impatience(), pytest.raises(PersonError):
        await the_shortcut_on_a_card(served)
    await the_shortcut_on_a_card(served)


async def test_a_submission_that_did_not_come_is_one_task_when_it_is_sent_again(served: Stage) -> None:
    await served.open_form("orders-prod")
    await served.to_step("check")
    served.workspace.faults.add(DEAF, "view_submission", times=1)
    with impatience(), pytest.raises(PersonError):
        await served.submit()
    assert (served.dbs.tasks, served.thread()) == ((), [])
    await to_the_task(served)


# That the bot was let in


@pytest.mark.parametrize("kind", [TWICE, DEAF])
async def test_what_was_parked_goes_on_once_when_the_event_comes_twice_or_at_its_second_try(
    served: Stage, kind: str
) -> None:
    await served.open_form("orders-prod")
    await to_the_task(served)
    served.workspace.remove_bot(CHANNEL)
    served.clock.advance(61)
    told = len(served.told())
    await served.workspace.until(
        lambda: "I cannot post in" in str([call.arguments for call in served.workspace.journal[-3:]]),
        within=PATIENCE,
    )
    served.workspace.faults.add(kind, "events_api", times=1)
    with impatience() if kind == DEAF else nullcontext():
        served.workspace.add_bot(CHANNEL)
        await until_struck(served)
    await served.until_told("is running")
    assert len(served.told()) > told
    assert len(served.told()) == len(set(served.told()))


# The socket


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets", "link_disabled"])
async def test_a_socket_that_is_sent_away_is_replaced_and_the_next_try_works(
    served: Stage, reason: str
) -> None:
    async with Control(served) as control:
        await control.order("slack", BY_HAND["sockets sent away"].name, reason=reason)
    await served.workspace.until(lambda: calls(served, "apps.connections.open") == 2, within=PATIENCE)
    await served.workspace.app_connected(within=PATIENCE)
    await served.open_form("orders-prod")
    await to_the_task(served)


async def test_a_bot_that_starts_while_slack_fails_asks_again_until_it_answers(tmp_path: Path) -> None:
    """The rows of auth.test and apps.connections.open, for all kinds side by side: each waits a second."""

    async def starts(kind: str) -> None:
        folder = tmp_path / kind
        folder.mkdir()
        async with staged(folder) as stage:
            for call in ("auth.test", "apps.connections.open"):
                order = {"retry_after": 1} if kind == "throttle" else {}
                stage.workspace.faults.add(kind, call, times=1, **order)
            async with stage.bot():
                await stage.alice.say(CHANNEL, "/restore")
                await until_seen(stage, FORM)

    await asyncio.gather(*map(starts, ("status", "close_after", "cut_json", "throttle", "error")))
