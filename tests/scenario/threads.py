"""Several restores at once: their threads, and time passing for all of them."""

import asyncio

from tests.cards import cards
from tests.scenario.stage import CHANNEL, PATIENCE, Stage


def threads(stage: Stage) -> list[list[str]]:
    """What each thread says, its card first."""
    roots = cards(stage.workspace.messages(CHANNEL))
    return [[message["text"] for message in stage.workspace.thread(CHANNEL, card["ts"])] for card in roots]


async def until_created(stage: Stage, count: int) -> None:
    def created() -> bool:
        told = [thread for thread in threads(stage) if any("created the task" in text for text in thread)]
        return len(told) == count

    await stage.workspace.until(created, within=PATIENCE)


async def play_to_the_end(stage: Stage, count: int) -> None:
    """Let DBS's time pass, a step after each look, until that many threads tell that all went well."""

    def finished() -> bool:
        return len([thread for thread in threads(stage) if "finished" in thread[-1]]) == count

    done = asyncio.create_task(stage.workspace.until(finished, within=3 * PATIENCE))
    while not done.done():
        stage.clock.advance(60)
        looked = asyncio.create_task(stage.looked())
        await asyncio.wait([done, looked], return_when=asyncio.FIRST_COMPLETED)
        looked.cancel()
        await asyncio.gather(looked, return_exceptions=True)
    done.result()


def assert_one_task_each_and_nothing_told_twice(stage: Stage, count: int) -> None:
    names = [task.parameters["RestoreTaskName"] for task in stage.dbs.tasks]
    assert len(names) == len(set(names)) == count
    for thread in threads(stage):
        assert len(thread) == len(set(thread)), thread
        assert sum("created the task" in text for text in thread) == 1
