"""What a round over 1,000 tasks asks and tells; `tests.bench.polling_speed` prints what many cost."""

from tests.bench.polling_speed import measure

TASKS = 1_000


async def test_promise_10_a_round_asks_once_per_100_tasks_and_tells_only_what_changed() -> None:
    measured = await measure(TASKS, rounds=1)
    quiet, told = measured.quiet.seen, measured.told.seen
    assert (quiet.describes, quiet.asked, quiet.messages, quiet.edits) == (10, TASKS, 0, 0)
    assert (told.describes, told.asked, told.messages, told.edits) == (10, TASKS, 10, 10)
