"""What happens when the bot is stopped in the middle."""

import asyncio

from bot.app import built
from tests.scenario.stage import Stage


async def test_after_a_restart_the_thread_goes_on_where_it_was(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("orders-prod")
        await stage.play(until="25 %")
    before = stage.told()
    async with stage.bot():
        await stage.play(until="finished")
        await stage.until_card("*Finished*")
    assert stage.told()[: len(before)] == before
    assert len(stage.told()) == len(set(stage.told()))
    assert len(stage.dbs.tasks) == 1


async def test_promise_4_what_happened_while_the_bot_was_down_is_told_at_the_next_start(stage: Stage) -> None:
    async with stage.bot():
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
        await stage.until_started()
    stage.clock.advance(3600)
    async with stage.bot():
        await stage.until_told("finished")
        await stage.until_card("*Finished*")


async def test_stopping_takes_less_than_five_seconds(stage: Stage) -> None:
    async with built(stage.settings) as bot:
        running = asyncio.create_task(bot.run())
        await stage.workspace.app_connected()
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
        bot.stop()
        await asyncio.wait_for(running, 5)
