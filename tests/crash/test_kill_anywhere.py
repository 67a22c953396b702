"""The bot is killed before and after every commit, every request and every answer, and goes on.

What is checked is what arrived: at DBS one task for each request under one token; in Slack every message
once, in order, to the end, and the card current.
"""

import asyncio
from random import Random

import pytest

from tests.crash.conftest import NewLife
from tests.crash.story import CHANNELS, check, lives_through, submitted

COMMIT, CALL = ("before", "after"), ("before", "sent", "after")

#: What a restore goes through from submission to its end.
PLACES = {
    "creation": {
        "commit.add_request": COMMIT,
        "commit.password": COMMIT,
        "commit.drop_passwords": COMMIT,
        "commit.claim_requests": COMMIT,
        "dbs.DescribeBackupPlanList": CALL,
        "dbs.DescribeRestoreRangeInfo": CALL,
        "commit.save_request": COMMIT,
        "dbs.CreateRestoreTask": CALL,
        "commit.thread": COMMIT,
        "dbs.StartRestoreTask": CALL,
        "commit.open_requests": COMMIT,
    },
    "polling": {
        "commit.due_tasks": COMMIT,
        "dbs.DescribeRestoreTaskList": CALL,
        "dbs.DescribePreCheckProgressList": CALL,
        "commit.earlier": COMMIT,
        "commit.save_polls": COMMIT,
        "commit.next_poll_at": COMMIT,
        "commit.beat": COMMIT,
    },
    "delivery": {
        "commit.claim": COMMIT,
        "slack.chat.postMessage": CALL,
        "commit.sent": COMMIT,
        "commit.stale_cards": COMMIT,
        "slack.chat.update": CALL,
        "commit.card_shown": COMMIT,
        "commit.claim_sweeps": COMMIT,
        "commit.next_due_at": COMMIT,
    },
}
#: Reached at start, or once an hour.
ELSEWHERE = {"slack.auth.test", "slack.apps.connections.open", "commit.prune", "commit.open_homes"}

Dooms = list[tuple[str, int]]

#: Reached only after a death: the bot dies once more, of what it does about the first time.
TWICE: dict[str, Dooms] = {
    f"{first} {nth}, then {second}": [(first, nth), (second, 1)]
    for first, nth, second in (
        ("slack.chat.postMessage.sent", 5, "commit.bury.before"),
        ("slack.chat.postMessage.sent", 5, "commit.bury.after"),
        ("slack.chat.postMessage.sent", 5, "slack.conversations.replies.before"),
        ("slack.chat.postMessage.sent", 5, "slack.conversations.replies.after"),
        ("slack.chat.postMessage.before", 2, "slack.conversations.history.after"),
        ("dbs.CreateRestoreTask.sent", 1, "dbs.DescribeRestoreTaskList.after"),
        ("dbs.CreateRestoreTask.after", 2, "commit.save_request.before"),
        ("dbs.CreateRestoreTask.before", 1, "dbs.CreateRestoreTask.sent"),
    )
}

#: What goes wrong beside the deaths: service, kind, target, how often.
BESIDE: list[tuple[str, str, str, int] | None] = [
    None,
    ("slack", "close_after", "chat.postMessage", 2),
    ("slack", "close_before", "chat.postMessage", 2),
    ("slack", "status", "chat.update", 2),
    ("dbs", "close_after", "CreateRestoreTask", 1),
    ("dbs", "status", "CreateRestoreTask", 1),
    ("dbs", "close_after", "StartRestoreTask", 1),
    ("dbs", "close_before", "DescribeRestoreTaskList", 2),
]
DEATHS = 3
FORGOTTEN = "password is no longer in memory"
AT_ONCE = 6


def dooms_at(place: str) -> dict[str, Dooms]:
    """For each moment of a place: again and again there, each time at another turn of it."""
    points = [f"{name}.{moment}" for name, moments in PLACES[place].items() for moment in moments]
    return {
        point: [(point, 1), *((point, Random(f"{point} {n}").randint(1, 4)) for n in range(1, DEATHS))]
        for point in points
    }


async def killed(new_life: NewLife, name: str, dooms: Dooms) -> int:
    """Three restores in three channels, to their end; how often the bot died."""
    dice, channels = Random(name), list(CHANNELS)
    async with new_life(again=dice.random() < 0.5) as life:
        submitted(life.sandbox, life, channels)
        life.dooms = list(dooms)
        if fault := dice.choice(BESIDE):
            service, kind, target, times = fault
            faults = life.sandbox.dbs.faults if service == "dbs" else life.sandbox.workspace.faults
            faults.add(kind, target, times=times)
        await lives_through(life, channels)
        check(life, channels)
        return life.deaths


async def deaths(new_life: NewLife, chosen: dict[str, Dooms]) -> dict[str, int]:
    """How often the bot died in each of these lives, some of which pass at once; they all go on."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(name: str, dooms: Dooms) -> int:
        async with turns:
            return await killed(new_life, name, dooms)

    ended = await asyncio.gather(*(one(*each) for each in chosen.items()), return_exceptions=True)
    failed = {name: end for name, end in zip(chosen, ended, strict=True) if isinstance(end, BaseException)}
    assert not failed, "\n".join(f"{name}: {end!r}" for name, end in failed.items())
    return {name: end for name, end in zip(chosen, ended, strict=True) if isinstance(end, int)}


@pytest.mark.parametrize("place", PLACES)
async def test_killed_anywhere_it_goes_on(new_life: NewLife, place: str) -> None:
    died = await deaths(new_life, dooms_at(place))
    assert all(died.values()), f"never reached: {died}"
    assert sum(died.values()) > 2 * len(died)


async def test_killed_again_over_what_it_does_about_its_death_it_goes_on(new_life: NewLife) -> None:
    died = await deaths(new_life, TWICE)
    assert all(times == 2 for times in died.values()), died


async def test_no_point_is_forgotten(new_life: NewLife) -> None:
    """A commit or a call that is new on the way needs a place in the table."""
    async with new_life() as life:
        life.traced = True
        submitted(life.sandbox, life, list(CHANNELS))
        await lives_through(life, list(CHANNELS))
        reached = {point.rpartition(".")[0] for point in life.trace}
    assert reached - ELSEWHERE == {name for names in PLACES.values() for name in names}


@pytest.mark.parametrize(
    "point",
    [
        "commit.add_request.after",
        "commit.save_request.before",
        "commit.save_request.after",
        "dbs.CreateRestoreTask.before",
        "dbs.CreateRestoreTask.sent",
        "dbs.CreateRestoreTask.after",
    ],
)
async def test_promise_6_killed_with_the_only_password_it_says_what_became_of_the_request(
    new_life: NewLife, point: str
) -> None:
    """Nobody submits again what was taken. Either there is no task and the thread says so, or it goes on."""
    channel = "#db-oncall"
    async with new_life(keyed=False, again=False) as life:
        submitted(life.sandbox, life, [channel])
        life.dooms = [(point, 1)]
        await life.until(lambda: life.deaths)
        await life.until(
            lambda: any(FORGOTTEN in text or "created the task" in text for text in life.told(channel))
        )
        gone = FORGOTTEN in life.told(channel)[-1]
        assert gone == (not life.sandbox.dbs.tasks)
        if not gone:
            await lives_through(life, [channel])
            check(life, [channel])
