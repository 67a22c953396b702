"""A hundred restores through their whole life, while the bot is killed again and again, anywhere and anytime.

What is checked is what arrived: at DBS one task for each request under one token; in Slack every message
once, in order, to the end, and the cards current.
"""

from collections import Counter
from random import Random
from typing import Any

import pytest

from tests.crash.conftest import NewLife
from tests.crash.life import CLOCK, Life, event_ids
from tests.crash.points import ANY
from tests.crash.story import CHANNELS, STEPS, STORY, UNSETTLED, submitted

RESTORES = 100
#: In each step of the story: how often the bot dies, and how many points it reaches before, at most.
DEATHS = ((12, 600), (6, 150), (6, 150), (6, 150), (6, 150), (6, 300))
#: Or how many milliseconds it lives, at most.
LIFETIME = 500
#: Of so many tasks at once some run before the poller has asked for their precheck.
OPTIONAL = "Precheck passed"


class Replies:
    """How much each thread was told, counted as it arrives: looking at all of it each time takes too long."""

    def __init__(self, life: Life) -> None:
        self._journal = life.sandbox.workspace.journal
        self._seen = 0
        self._told: Counter[str] = Counter()

    def reach(self, messages: int) -> bool:
        """Whether that many stand in every thread, beside those that not every thread has."""
        for arrival in self._journal[self._seen :]:
            thread = arrival.name == "chat.postMessage" and arrival.arguments.get("thread_ts")
            if thread and not any(words in arrival.arguments["text"] for words in (UNSETTLED, OPTIONAL)):
                self._told[thread] += 1
        self._seen = len(self._journal)
        return len(self._told) >= RESTORES and min(self._told.values()) >= messages


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [5])
async def test_promises_1_to_5_killed_at_random_nothing_of_a_hundred_restores_is_lost_or_doubled(
    new_life: NewLife, seed: int
) -> None:
    dice = Random(seed)
    async with new_life(again=False) as life:
        submitted(life.sandbox, life, [list(CHANNELS)[number % len(CHANNELS)] for number in range(RESTORES)])
        replies, expected = Replies(life), 0
        for (seconds, said), (deaths, points) in zip(STEPS, DEATHS, strict=True):
            life.dooms = [
                (ANY, dice.randint(1, points)) if dice.random() < 0.5 else (CLOCK, dice.randint(1, LIFETIME))
                for _ in range(deaths)
            ]
            life.kill()
            life.sandbox.clock.advance(seconds)
            expected += len(set(said) - {OPTIONAL})
            await life.until(lambda expected=expected: replies.reach(expected) and not life.dooms)  # type: ignore[misc]
        await life.until(life.at_rest)
        assert life.deaths >= sum(number for number, _ in DEATHS) - 1
        check_tasks(life)
        check_threads(life)


def check_tasks(life: Life) -> None:
    tasks = life.sandbox.dbs.tasks
    assert len({task.parameters["RestoreTaskName"] for task in tasks}) == len(tasks) == RESTORES
    sent = {(call["RestoreTaskName"], call["ClientToken"]) for call in life.creations()}
    assert len(sent) == RESTORES, "one token for each request"
    assert all(task.started_ms is not None for task in tasks)


def check_threads(life: Life) -> None:
    assert set(life.posts().values()) == {1}, "taken twice, though it may have been swept since"
    names = {task.task_id: task.parameters["RestoreTaskName"] for task in life.sandbox.dbs.tasks}
    marks: dict[str, set[str]] = {channel_id: set() for channel_id in CHANNELS.values()}
    for draft in life.drafts:
        marks[draft.channel_id].add(f"rb-{draft.nonce[:10]}")
    for channel, channel_id in CHANNELS.items():
        for card in life.cards(channel):
            thread = life.sandbox.workspace.thread(channel, card["ts"])
            (task_id,) = (task_id for task_id in names if task_id in str(card["blocks"]))
            marks[channel_id].remove(names.pop(task_id)[-13:])
            check_thread(thread, task_id)
    assert not names, "a task without a thread"


def check_thread(thread: list[dict[str, Any]], task_id: str) -> None:
    card, *replies = thread
    assert "*Finished*" in card["text"], "the card is current"
    assert "100 %" in str(card["blocks"]), "the card is current"
    assert set(event_ids(thread).values()) == {1}, "nothing twice"
    told = [message["text"] for message in replies]
    if UNSETTLED in told[0]:
        told.pop(0)
    assert task_id in told[0], "of another task"
    story = [words for words in STORY if words != OPTIONAL or any(OPTIONAL in text for text in told)]
    assert len(told) == len(story), f"lost or doubled: {told}"
    assert all(words in text for words, text in zip(story, told, strict=True)), f"out of order: {told}"
