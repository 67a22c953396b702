"""Every button, pressed twice in a row and by two people at once: each press is answered, nothing doubled."""

import asyncio

from bot.app import RestoreBot
from bot.slack import buttons
from handlers.deeds import DEEDS
from tests.scenario.pressing import Buttons, buttons_of
from tests.scenario.stage import Stage

WRONG = "Something went wrong"
OPENED = (buttons.GIVE_UP, buttons.PRECHECK, buttons.AGAIN, buttons.WATCH_ELSEWHERE, buttons.EDIT)
ANSWERED = [each for each in DEEDS.action_ids if each not in OPENED]


async def failed(stage: Stage, bot: RestoreBot) -> Buttons:
    await stage.restore("billing-prod")
    await stage.play(until="The restore failed")
    return await buttons_of(stage, bot)


def standing(stage: Stage) -> tuple[int, list[str]]:
    """What two presses must not change: the tasks at DBS, and what the thread says."""
    return len(stage.dbs.tasks), stage.told()


async def test_every_button_that_answers_does_so_each_time_and_to_each_person(stage: Stage) -> None:
    async with stage.bot() as bot:
        pressed = await failed(stage, bot)
        before = standing(stage)
        for action_id in ANSWERED:
            said = [await pressed.said(stage.alice, action_id) for _ in range(2)]
            said += await asyncio.gather(
                pressed.said(stage.alice, action_id), pressed.said(stage.ben, action_id)
            )
            assert not any(WRONG in each for each in said), (action_id, said)
            assert all(said), action_id
        assert standing(stage) == before


async def test_every_button_that_opens_something_does_so_each_time_and_for_each_person(stage: Stage) -> None:
    async with stage.bot() as bot:
        pressed = await failed(stage, bot)
        before = standing(stage)
        for action_id in OPENED:
            for people in ([stage.alice], [stage.alice], [stage.alice, stage.ben]):
                shown = await asyncio.gather(*(pressed.dialog(person, action_id) for person in people))
                assert not any(WRONG in each for each in shown), (action_id, shown)
                assert [len(person.views) for person in people] == [1] * len(people)
                for person in people:
                    await person.close()
        assert standing(stage) == before
