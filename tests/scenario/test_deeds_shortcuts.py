"""The shortcuts of a message, and buttons where there is no thread: App Home and dialogs."""

from typing import Any

from bot.slack import buttons
from bot.slack.message import section
from tests.scenario.pressing import (
    Buttons,
    answered,
    buttons_of,
    post_buttons,
    shown,
    unstarted,
    web,
)
from tests.scenario.stage import CHANNEL, PATIENCE, Stage


async def said(stage: Stage, callback_id: str, message: dict[str, Any]) -> str:
    before = len(stage.ben.ephemerals(CHANNEL))
    await stage.ben.message_shortcut(callback_id, message)
    return str((await answered(stage, stage.ben, before))["text"])


async def test_a_shortcut_on_the_card_or_on_anything_in_its_thread_is_about_the_restore(stage: Stage) -> None:
    async with stage.bot():
        await unstarted(stage)
        card, *replies = stage.thread()
        for message in (card, replies[-1]):
            assert "orders-prod" in await said(stage, "restore_status", message)
            assert "Receipt" in await said(stage, "restore_receipt", message)
        assert "From now on" in await said(stage, "restore_follow", card)
        assert "already" in await said(stage, "restore_follow", replies[0])
        await stage.ben.message_shortcut("restore_watch", card)
        await shown(stage, stage.ben, "Which channel is to follow")
        await stage.ben.close()
        await stage.ben.message_shortcut("restore_again", card)
        await shown(stage, stage.ben, "As it was")


async def test_a_shortcut_on_anything_else_says_that_it_is_not_about_a_restore(stage: Stage) -> None:
    async with stage.bot():
        await stage.alice.say(CHANNEL, "lunch?")
        message = stage.workspace.messages(CHANNEL)[-1]
        for callback_id in ("restore_status", "restore_follow", "restore_watch", "restore_again"):
            assert "This is not about a restore" in await said(stage, callback_id, message)
        assert stage.ben.view is None


async def in_home(stage: Stage, keys: Buttons) -> None:
    """The same buttons in Ben's Home."""
    view = {"type": "home", "blocks": [*keys.message["blocks"], section("home")]}
    await web(stage).views_publish(user_id=stage.ben.id, view=view)
    await stage.workspace.until(lambda: stage.ben.home)


async def press_in_home(stage: Stage, action_id: str) -> None:
    assert stage.ben.home is not None
    await stage.ben.choose(stage.ben.home["blocks"][0]["block_id"], action_id)


async def test_what_is_pressed_in_home_is_answered_in_a_dialog(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        await in_home(stage, await buttons_of(stage, bot))
        for action_id, words in (
            (buttons.STATUS, "orders-prod"),
            (buttons.CHECK_NOW, "As DBS says"),
            (buttons.RECEIPT_JSON, "```"),
            (buttons.FOLLOW, "From now on"),
            (buttons.WATCH, "Which channel is to follow"),
            (buttons.START, "Its start is ordered"),
        ):
            await press_in_home(stage, action_id)
            assert words in await shown(stage, stage.ben, words)
            await stage.ben.close()


async def test_a_restore_is_repeated_from_home_in_the_channel_it_was_asked_for(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        await in_home(stage, await buttons_of(stage, bot))
        await press_in_home(stage, buttons.AGAIN)
        await shown(stage, stage.ben, "As it was")
        stage.alice = stage.ben
        assert await stage.submit() == {}
        await stage.dbs.until(lambda: len(stage.dbs.tasks) == 2, within=PATIENCE)
        await stage.workspace.until(
            lambda: f"<@{stage.ben.id}>" in str(stage.thread(CHANNEL)[:1]), within=PATIENCE
        )


async def test_a_button_in_a_dialog_is_answered_on_top_of_it(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        await in_home(stage, await buttons_of(stage, bot))
        await press_in_home(stage, buttons.RECEIPT)
        await shown(stage, stage.ben, "Receipt")
        assert stage.ben.view is not None
        row = {"type": "actions", "elements": [buttons.restore_button(buttons.STATUS, "Status", 1)]}
        below = {key: stage.ben.view[key] for key in ("type", "title", "close")} | {"blocks": [row]}
        await web(stage).views_update(view_id=stage.ben.view["id"], view=below)
        await stage.ben.choose(stage.ben.view["blocks"][0]["block_id"], buttons.STATUS)
        await shown(stage, stage.ben, "orders-prod")
        assert len(stage.ben.views) == 2


async def test_a_forgotten_restore_in_home_is_said_in_a_dialog(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        following = await (await buttons_of(stage, bot)).now()
        gone = following.evolve(link=following.link.evolve(link_id=4711))
        await in_home(stage, await post_buttons(stage, bot, gone))
        await press_in_home(stage, buttons.STATUS)
        await shown(stage, stage.ben, "not known here any more")
