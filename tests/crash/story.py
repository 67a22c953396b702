"""What happens to a restore in the local DBS when its time is advanced in steps, and what is told of it."""

from collections.abc import Callable, Sequence

from bot.sandbox.sandbox import Sandbox
from tests.crash.life import Life, event_ids
from tests.scenario.desk import drafted

CHANNELS = {"#db-oncall": "C0DBONCALL1", "#database-changes": "C0DBCHANGES", "#general": "C0GENERAL01"}
PLAN = "orders-prod"

#: Seconds that pass, and what a thread then says beyond what it said before.
STEPS = (
    (0, ("created the task",)),
    (61, ("Precheck passed", "is running")),
    (120, ("structure is restored", "25 %")),
    (120, ("50 %",)),
    (120, ("75 %",)),
    (600, ("All data", "Indexes and triggers", "logs are applied", "finished")),
)
STORY = tuple(words for _, said in STEPS for words in said)
UNSETTLED = "It is not known whether"


def submitted(sandbox: Sandbox, life: Life, channels: Sequence[str]) -> None:
    """One restore for each channel, all of the same plan."""
    plan = next(plan for plan in sandbox.dbs.estate.plans if plan.name == PLAN)
    life.drafts = [
        drafted(plan, f"{number}".zfill(10) + "a" * 22, start=True, channel_id=CHANNELS[channel])
        for number, channel in enumerate(channels)
    ]


async def lives_through(life: Life, channels: Sequence[str]) -> None:
    """Time passes once all threads have told what happened so far, and their cards show it."""
    expected = 0
    for seconds, said in STEPS:
        life.sandbox.clock.advance(seconds)
        expected += len(said)

        def told(expected: int = expected) -> bool:
            return all(len(settled(life.told(channel))) >= expected for channel in channels)

        await _until(life, channels, told)
    await _until(
        life,
        channels,
        lambda: all("*Finished*" in life.thread(channel)[0]["text"] for channel in channels),
    )


async def _until(life: Life, channels: Sequence[str], condition: Callable[[], bool]) -> None:
    """Whoever waits in vain is told what stands there."""
    try:
        await life.until(condition)
    except TimeoutError:
        shown = [[message["text"] for message in life.thread(channel)] for channel in channels]
        raise AssertionError(f"nothing goes on: {shown}\n{life.log()[-2000:]}") from None


def settled(told: Sequence[str]) -> Sequence[str]:
    """Without the doubt whether the task was created, which a lost answer causes, and which comes first."""
    return told[1:] if told and UNSETTLED in told[0] else told


def check(life: Life, channels: Sequence[str]) -> None:
    """Promises 1 to 6, by what arrived."""
    tasks = {task.parameters["RestoreTaskName"]: task for task in life.sandbox.dbs.tasks}
    assert len(tasks) == len(life.sandbox.dbs.tasks) == len(channels), "promise 1: one task for each request"
    sent = {(call["RestoreTaskName"], call["ClientToken"]) for call in life.creations()}
    assert len(sent) == len(channels), "promise 1: one token for each request"
    assert set(life.posts().values()) == {1}, "promise 3: taken twice, though it may have been swept since"
    for draft, channel in zip(life.drafts, channels, strict=True):
        cards = life.cards(channel)
        assert len(cards) == 1, f"promise 3: {len(cards)} cards in {channel}"
        thread = life.thread(channel)
        assert set(event_ids(thread).values()) == {1}, f"promise 3: twice in {channel}"
        told = settled(life.told(channel))
        assert len(told) == len(STORY), f"promises 3 and 4: {told}"
        assert all(words in text for words, text in zip(STORY, told, strict=True)), f"promise 3: {told}"
        (task,) = (task for name, task in tasks.items() if name.endswith(f"rb-{draft.nonce[:10]}"))
        assert task.task_id in told[0], "promise 6: another task"
        assert task.started_ms is not None
        assert "*Finished*" in thread[0]["text"], "promise 5"
        assert "100 %" in str(thread[0]["blocks"]), "promise 5"
