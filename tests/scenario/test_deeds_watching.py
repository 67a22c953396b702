"""Being told of a restore elsewhere: by direct message, in another channel; and not any more."""

import asyncio

from bot.sandbox.slack import Person
from bot.slack import buttons
from bot.slack.message import Block
from tests.scenario.pressing import (
    Buttons,
    adopted,
    answered,
    buttons_of,
    calls,
    card_posted,
    forget,
    post_buttons,
    shown,
    unstarted,
)
from tests.scenario.stage import CHANNEL, PATIENCE, Stage

GENERAL = "C0GENERAL01"
PRIVATE = "C0DBAPRIVAT"


def direct(stage: Stage, person: Person) -> list[Block]:
    """What the bot wrote to a person directly."""
    return stage.workspace.messages(person.open_im())


# By direct message


async def test_a_person_is_told_by_direct_message_once_however_often_they_ask(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        before = len(stage.ben.ephemerals(CHANNEL))
        await asyncio.gather(*(keys.press(stage.ben, buttons.FOLLOW) for _ in range(2)))
        await stage.workspace.until(lambda: len(stage.ben.ephemerals(CHANNEL)) == before + 2)
        said = sorted(each["text"] for each in stage.ben.ephemerals(CHANNEL)[-2:])
        assert "From now on" in said[0]
        assert "already" in said[1]
        await stage.workspace.until(lambda: direct(stage, stage.ben))
        (card,) = direct(stage, stage.ben)
        await keys.said(stage.alice, buttons.START)
        await stage.play(until="The restore is running")
        thread = await stage.workspace.until(
            lambda: [
                each["text"]
                for each in stage.workspace.thread(stage.ben.open_im(), card["ts"])
                if "is running" in each["text"]
            ],
            within=PATIENCE,
        )
        assert len(thread) == 1


async def test_a_button_of_an_answer_is_answered_in_a_direct_conversation_too(stage: Stage) -> None:
    """What is seen by one person alone has no thread below it."""
    async with stage.bot():
        await unstarted(stage)
        conversation = stage.alice.open_im()
        await stage.alice.say(conversation, f"/restore status {stage.dbs.tasks[-1].task_id}")
        card = await answered(stage, stage.alice, 0, conversation)
        (menu,) = (block["accessory"] for block in card["blocks"] if "accessory" in block)
        await stage.alice.click(card, buttons.MENU, menu["options"][0]["value"])
        (said,) = await stage.workspace.until(lambda: direct(stage, stage.alice), within=PATIENCE)
        assert "DBS says now" in said["text"]


async def test_who_does_not_want_to_be_told_any_more_is_not(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        assert "nothing changed" in await keys.said(stage.ben, buttons.UNFOLLOW)
        await keys.said(stage.ben, buttons.FOLLOW)
        assert "nothing more" in await keys.said(stage.ben, buttons.UNFOLLOW)
        assert "nothing changed" in await keys.said(stage.ben, buttons.UNFOLLOW)
        await keys.said(stage.alice, buttons.START)
        await stage.play(until="The restore is running")
        assert "is running" not in str(direct(stage, stage.ben)[1:])


async def test_a_button_in_a_direct_conversation_is_answered_by_a_reply(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        await keys.said(stage.ben, buttons.FOLLOW)
        im = stage.ben.open_im()
        link = await bot.register.here(im, keys.task_id)
        assert link is not None
        following = await card_posted(stage, bot, link.link.link_id)
        there = await post_buttons(stage, bot, following)
        await there.press(stage.ben, buttons.UNWATCH)
        thread = following.link.thread_ts or ""
        await stage.workspace.until(
            lambda: "Nothing more of it is told here" in str(stage.workspace.thread(im, thread)),
            within=PATIENCE,
        )
        assert stage.ben.ephemerals(im) == []


async def test_slack_refusing_a_direct_conversation_is_said(stage: Stage) -> None:
    stage.workspace.faults.add("error", "conversations.open", code="missing_scope")
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        for action_id in (buttons.FOLLOW, buttons.UNFOLLOW):
            assert "does not let me write to you" in await keys.said(stage.ben, action_id)


async def test_a_restore_that_is_over_has_nothing_more_to_tell(stage: Stage) -> None:
    async with stage.bot() as bot:
        await stage.restore("orders-prod")
        await stage.play(until="finished")
        keys = await buttons_of(stage, bot)
        assert "It is over" in await keys.said(stage.ben, buttons.FOLLOW)


# In a channel


async def elsewhere(keys: Buttons, person: Person, channel: str) -> dict[str, str]:
    await keys.press(person, buttons.WATCH_ELSEWHERE)
    await keys.stage.workspace.until(lambda: person.view)
    return await person.submit({"channel": channel})


async def test_another_channel_watches_and_the_second_who_wants_that_hears_that_it_does(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        general = GENERAL
        asked = calls(stage, "DescribeFullBackupList")
        assert await elsewhere(keys, stage.alice, general) == {}
        assert "from now on" in await shown(stage, stage.alice, "told of it")
        assert await elsewhere(keys, stage.ben, general) == {}
        assert "already" in await shown(stage, stage.ben, "told of it")
        assert calls(stage, "DescribeFullBackupList") == asked
        await stage.workspace.until(lambda: stage.thread("#general"), within=PATIENCE)
        await keys.said(stage.alice, buttons.START)
        await stage.play(until="The restore is running")
        await stage.workspace.until(lambda: "is running" in str(stage.thread("#general")), within=PATIENCE)


async def test_a_channel_the_bot_cannot_post_in_is_refused_beside_the_field(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        keys = await buttons_of(stage, bot)
        refused = await elsewhere(keys, stage.alice, PRIVATE)
        assert "/invite" in refused["channel"]
        assert await stage.alice.submit({"channel": GENERAL}) == {}


async def test_a_watching_thread_is_ended_once_and_a_restores_own_thread_never(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        own = await buttons_of(stage, bot)
        assert "told to the end" in await own.said(stage.alice, buttons.UNWATCH)
    forget(stage)
    async with stage.bot() as bot:
        keys = await adopted(stage, bot)
        assert "/restore watch" in await keys.said(stage.alice, buttons.UNWATCH)
        assert "nothing changed" in await keys.said(stage.ben, buttons.UNWATCH)


async def test_a_task_nobody_follows_is_watched_here_by_two_people_at_once(stage: Stage) -> None:
    async with stage.bot():
        await unstarted(stage)
    forget(stage)
    async with stage.bot() as bot:
        keys = await adopted(stage, bot, GENERAL)
        before = [len(each.ephemerals("#general")) for each in (stage.alice, stage.ben)]
        await asyncio.gather(*(keys.press(each, buttons.WATCH) for each in (stage.alice, stage.ben)))
        for person, count in zip((stage.alice, stage.ben), before, strict=True):
            said = await answered(stage, person, count, "#general")
            assert "is told of it already" in said["text"]


async def test_dbs_listing_no_such_task_or_not_answering_is_said_by_watch(stage: Stage) -> None:
    async with stage.bot() as bot:
        await unstarted(stage)
        following = await (await buttons_of(stage, bot)).now()
        unknown = following.evolve(link=following.link.evolve(restore_task_id="s1nonesuch"))
        keys = await post_buttons(stage, bot, unknown)
        assert "lists no restore task" in await keys.said(stage.alice, buttons.WATCH)
        stage.dbs.faults.add("error", "DescribeRestoreTaskList", code="InternalError")
        said = await keys.said(stage.alice, buttons.WATCH)
        assert "lists no" not in said
