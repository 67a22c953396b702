"""`/restore status`, `watch`, `unwatch`, `follow` and `unfollow`."""

import asyncio
from functools import partial

import pytest

from bot.restores import catalog
from bot.restores.models import Destination, Location, RequestState, Stage
from tests import values
from tests.scenario.calling import (
    CHANNEL_ID,
    OTHER,
    answer,
    asked,
    buttons,
    kept,
    made_elsewhere,
    pressed,
    rows,
    saw,
)
from tests.scenario.stage import PATIENCE
from tests.scenario.stage import Stage as Scene


async def two(stage: Scene) -> None:
    """Two restores of one plan that are under way."""
    async with kept(stage) as store:
        for number in (1, 2):
            request = await asked(store, number)
            await saw(store, request, "running", stages={Stage.FULL_DATA: 60})


def cards(stage: Scene, channel: str) -> list[str]:
    return [message["text"] for message in stage.workspace.messages(channel) if message.get("metadata")]


# How far it is


@pytest.mark.parametrize(
    "typed", ["s1made0001", "`S1MADE0001`", " <s1made0001> ", "“s1made0001”.", "drill 1"]
)
async def test_status_shows_the_card_of_a_restore_however_it_is_named(stage: Scene, typed: str) -> None:
    await two(stage)
    async with stage.bot():
        shown = await answer(stage, f"/restore status {typed}")
    assert shown["blocks"][0]["type"] == "header"
    assert "orders-prod → rm-1" in shown["text"]
    assert "DBS is asked once more" in shown["text"]
    assert "<#C1>" in shown["text"]


async def test_status_has_dbs_asked_at_once(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    async with kept(stage) as store:
        request = await asked(store, 1, task_id=task_id)
        await saw(store, request, "check_pass")
    async with stage.bot():
        await answer(stage, f"/restore status {task_id}")
        await stage.dbs.until(lambda: stage.describe_calls() > 0, within=PATIENCE)


async def test_status_of_one_that_ended_says_where_it_was_told(stage: Scene) -> None:
    async with kept(stage) as store:
        await saw(store, await asked(store, 1), "stop")
    async with stage.bot():
        shown = await answer(stage, "/restore status s1made0001")
    assert "How it went is told in <#C1>" in shown["text"]


async def test_status_before_there_is_a_task_is_told_by_its_name(stage: Scene) -> None:
    async with kept(stage) as store:
        await asked(store, 1, restore_task_id=None, state=RequestState.REFUSED, error="No such instance.")
    async with stage.bot():
        shown = await answer(stage, "/restore status drill 1")
    assert "No such instance." in shown["text"]


async def test_status_of_several_offers_each(stage: Scene) -> None:
    await two(stage)
    async with stage.bot():
        shown = await answer(stage, "/restore status orders-prod")
        assert "2 restores are called like `orders-prod`. Which one do you mean?" in shown["text"]
        assert [row.partition("*")[2].partition("*")[0] for row in rows(shown)] == [
            "orders-prod → rm-2",
            "orders-prod → rm-1",
        ]
        one = await pressed(stage, shown, "Status")
    assert "orders-prod → rm-2" in one["text"]
    assert one["blocks"][0]["type"] == "header"


@pytest.mark.parametrize("command", ["status", "follow", "watch"])
async def test_without_a_name_those_under_way_are_offered(stage: Scene, command: str) -> None:
    await two(stage)
    async with stage.bot():
        shown = await answer(stage, f"/restore {command}")
    assert f"Type `/restore {command} &lt;" in shown["text"]
    assert len(rows(shown)) == 2


@pytest.mark.parametrize("command", ["status", "follow", "watch"])
async def test_without_a_name_and_with_nothing_under_way_the_lists_are_offered(
    stage: Scene, command: str
) -> None:
    async with stage.bot():
        shown = await answer(stage, f"/restore {command}")
        assert "No restore is under way" in shown["text"]
        lists = await pressed(stage, shown, "All restores")
    assert "All restores: none" in lists["text"]


async def test_status_of_a_task_made_elsewhere_is_asked_of_dbs_and_can_be_watched(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    async with stage.bot():
        for typed in (task_id, task_id.upper()):
            shown = await answer(stage, f"/restore status {typed}")
            assert "Nobody follows it here" in shown["text"]
            assert "Precheck" in shown["text"]
            assert buttons(shown)["Watch here"]["action_id"] == "watch_task"
            assert buttons(shown)["Watch here"]["value"] == task_id


async def test_a_task_made_elsewhere_without_a_name_of_its_own_is_called_by_its_plan(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "NAME_SECONDS", PATIENCE)
    task_id = await made_elsewhere(stage)
    stage.dbs.faults.add("null_field", "DescribeRestoreTaskList", field="RestoreTaskName")
    async with stage.bot():
        before = await answer(stage, f"/restore status {task_id}")
        assert "orders-prod → rm-1: " in before["text"]
        assert "*Backup plan*: `orders-prod`" in before["text"]
        assert "*orders-prod → rm-1*" in (await answer(stage, f"/restore watch {task_id}"))["text"]
        await stage.workspace.until(lambda: cards(stage, "#db-oncall"), within=PATIENCE)
        await stage.looked()
        assert "|orders-prod → rm-1>" in rows(await answer(stage, "/restore list"))[0]
        by_plan = await answer(stage, "/restore status ORDERS")
        assert task_id in by_plan["text"]
        assert stage.plan("orders-prod").plan_id not in by_plan["text"]
        nearly = await answer(stage, "/restore status ordres-prod")
        assert "orders-prod → rm-1" in rows(nearly)[0]
        (card,) = cards(stage, "#db-oncall")
        assert card.startswith("orders-prod → rm-1: ")


async def test_a_task_made_elsewhere_whose_plan_nobody_tells_is_called_by_its_id(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    stage.dbs.faults.add("null_field", "DescribeRestoreTaskList", field="RestoreTaskName")
    stage.dbs.faults.add("hang", "DescribeBackupPlanList")
    async with stage.bot():
        told = await answer(stage, f"/restore watch {task_id}")
        assert f"*{task_id}* is watched here" in told["text"]


@pytest.mark.parametrize("adopted", [True, False])
async def test_status_of_what_waits_for_its_start_offers_that_and_asks_once_more(
    stage: Scene, adopted: bool
) -> None:
    task_id = await made_elsewhere(stage)
    if not adopted:
        async with kept(stage) as store:
            request = await asked(
                store,
                1,
                task_id=task_id,
                channel_id=CHANNEL_ID,
                state=RequestState.CREATED,
                start=False,
            )
            await saw(store, request, "check_pass")
    async with stage.bot():
        if adopted:
            await answer(stage, f"/restore watch {task_id}")
        shown = await answer(stage, f"/restore status {task_id}")
        start = buttons(shown)["Start"]
        assert "no way to stop" in start["confirm"]["text"]["text"]
        assert "Its start is ordered" in (await pressed(stage, shown, "Start"))["text"]
        again = await answer(stage, f"/restore status {task_id}", who=stage.ben)
        if not adopted:
            assert "Start" not in buttons(again)


@pytest.mark.parametrize("command", ["status", "follow", "watch", "start"])
async def test_an_id_one_letter_off_is_set_right_by_a_button(stage: Scene, command: str) -> None:
    async with kept(stage) as store:
        await saw(store, await asked(store, 1, state=RequestState.CREATED, start=False), "check_pass")
    async with stage.bot():
        shown = await answer(stage, f"/restore {command} s1made0008")
        assert (
            "No restore here is called `s1made0008`, and DBS lists no restore task of that id."
            in shown["text"]
        )
        assert "Did you mean this one?" in shown["text"]
        (row,) = rows(shown)
        assert "s1made0001" in row
        lists = await pressed(stage, shown, "All restores")
    assert "All restores: 1" in lists["text"]


@pytest.mark.parametrize(("typed", "target"), [("nihgtly", "rm-2"), ("biling-prod", "rm-2")])
async def test_status_of_a_name_that_is_nearly_right_offers_those_it_may_be_in_any_state(
    stage: Scene, typed: str, target: str
) -> None:
    async with kept(stage) as store:
        await saw(store, await asked(store, 1), "running")
        spec = values.spec(
            task_name="nightly", destination=Destination(location=Location.RDS, instance_id="rm-2")
        )
        await saw(store, await asked(store, 2, plan="billing-prod", spec=spec), "stop")
    async with stage.bot():
        shown = await answer(stage, f"/restore status {typed}")
        assert f"No restore here is called `{typed}`. Did you mean this one?" in shown["text"]
        (row,) = rows(shown)
        assert target in row
        assert {"Restores under way", "All restores"} <= buttons(shown).keys()
        assert target in (await pressed(stage, shown, "Status"))["text"]


@pytest.mark.parametrize("command", ["status", "follow", "watch", "start", "again"])
async def test_what_nobody_knows_is_said(stage: Scene, command: str) -> None:
    async with stage.bot():
        unknown = await answer(stage, f"/restore {command} s1nonesuch")
        assert "No restore here is called `s1nonesuch`, and DBS lists no restore task" in unknown["text"]
        assert {"Restores under way", "All restores"} <= buttons(unknown).keys()
        for name in ("nonesuch", "no such *name*", "drill 9"):
            no_id = await answer(stage, f"/restore {command} {name}")
            assert f"No restore here is called `{name}`." in no_id["text"]
            assert {"Restores under way", "All restores"} <= buttons(no_id).keys()


@pytest.mark.parametrize("command", ["status", "follow", "watch", "start"])
async def test_promise_8_dbs_out_of_reach_is_said_and_what_is_known_is_shown(
    stage: Scene, command: str
) -> None:
    await two(stage)
    stage.settings = stage.settings.model_copy(update={"dbs_endpoint": "http://127.0.0.1:9/"})
    async with stage.bot():
        shown = await answer(stage, f"/restore {command} s1nonesuch")
        assert "DBS could not be asked" in shown["text"]
        if command == "status":
            known = await answer(stage, "/restore status s1made0001")
            assert "orders-prod → rm-1" in known["text"]


async def test_promise_8_while_dbs_hangs_the_person_is_told_within_three_seconds(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    stage.dbs.faults.add("hang")
    async with stage.bot():
        async with asyncio.timeout(3):
            await answer(stage, f"/restore status {task_id}", slow=True)
        stage.dbs.faults.clear()
        await stage.workspace.until(
            lambda: "Nobody follows it here" in stage.alice.ephemerals("#db-oncall")[-1]["text"], within=30
        )


# In a channel


async def test_a_task_made_elsewhere_is_watched_in_two_channels_and_told_in_both(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    async with stage.bot():
        shown = await answer(stage, f"/restore watch {task_id}")
        assert "is watched here. Its card is posted below." in shown["text"]
        await answer(stage, f"/restore watch {task_id.upper()}", channel=OTHER)
        for channel in ("#db-oncall", OTHER):
            await stage.workspace.until(partial(cards, stage, channel), within=PATIENCE)
        status = await pressed(stage, shown, "Status")
        assert f"<#{CHANNEL_ID}>" in status["text"]


async def test_what_is_followed_here_is_not_watched_twice(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    async with kept(stage) as store:
        await saw(store, await asked(store, 1, task_id=task_id, channel_id=CHANNEL_ID), "check_pass")
    async with stage.bot():
        await stage.workspace.until(stage.thread)
        own = await answer(stage, f"/restore watch {task_id}")
        assert "It is already followed here, in <http" in own["text"]
        assert "Stop watching" not in buttons(own)
        await answer(stage, "/restore watch drill 1", channel=OTHER)
        twice = await answer(stage, "/restore watch drill 1", channel=OTHER, who=stage.ben)
        assert "It is already followed here" in twice["text"]
        await stage.workspace.until(lambda: cards(stage, OTHER), within=PATIENCE)
        assert len(cards(stage, OTHER)) == 1


async def test_a_channel_the_bot_cannot_post_in_watches_nothing(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    async with stage.bot():
        shown = await answer(stage, f"/restore watch {task_id}", channel="#dba-private")
    assert "/invite" in shown["text"]


async def test_watching_before_there_is_a_task_says_where_it_is_told(stage: Scene) -> None:
    async with kept(stage) as store:
        await asked(store, 1, restore_task_id=None, state=RequestState.ABANDONED)
    async with stage.bot():
        shown = await answer(stage, "/restore watch drill 1")
    assert "There is no task to follow yet" in shown["text"]
    assert "<#C1>" in shown["text"]


async def test_the_only_one_that_is_watched_here_is_unwatched_without_a_name(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    async with stage.bot():
        nothing = await answer(stage, "/restore unwatch")
        assert "Nothing is watched here" in nothing["text"]
        watched = await answer(stage, f"/restore watch {task_id}")
        gone = await answer(stage, "/restore unwatch")
        assert "is watched here no longer." in gone["text"]
        again = await pressed(stage, watched, "Stop watching")
        assert "Nobody watches" in again["text"]
        back = await pressed(stage, gone, "Watch again")
        assert "is watched here. Its card" in back["text"]


async def test_of_several_that_are_watched_one_is_chosen(stage: Scene) -> None:
    first, second = await made_elsewhere(stage, "one"), await made_elsewhere(stage, "two")
    async with stage.bot():
        await answer(stage, f"/restore watch {first}")
        await answer(stage, f"/restore watch {second}")
        which = await answer(stage, "/restore unwatch")
        assert len(rows(which)) == 2
        gone = await pressed(stage, which, "Stop watching")
        assert "*two* is watched here no longer." in gone["text"]
        wrong = await answer(stage, "/restore unwatch onne")
        assert "Nobody watches `onne` here. Did you mean this one?" in wrong["text"]
        assert (
            "watched here no longer." in (await answer(stage, f"/restore unwatch `{first.upper()}`"))["text"]
        )


async def test_a_restores_own_thread_cannot_be_unwatched_and_says_why(stage: Scene) -> None:
    async with kept(stage) as store:
        await saw(store, await asked(store, 1, channel_id=CHANNEL_ID), "running")
    async with stage.bot():
        shown = await answer(stage, "/restore unwatch s1made0001")
        assert "own thread" in shown["text"]
        elsewhere = await answer(stage, "/restore unwatch s1made0001", channel=OTHER)
        assert "Nobody watches `s1made0001` here." in elsewhere["text"]


# By direct message


async def test_a_restore_is_followed_by_direct_message_and_no_longer(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    async with stage.bot():
        told = await answer(stage, f"/restore follow {task_id}")
        assert "From now on you are told of *from the console* in your direct messages" in told["text"]
        im = stage.alice.open_im()
        await stage.workspace.until(lambda: cards(stage, im), within=PATIENCE)
        assert cards(stage, "#db-oncall") == []
        twice = await answer(stage, f"/restore follow {task_id}")
        assert "You are told of it already, in <http" in twice["text"]
        by_ben = await answer(stage, f"/restore follow {task_id}", who=stage.ben)
        assert "From now on" in by_ben["text"]
        gone = await answer(stage, "/restore unfollow")
        assert "You are told nothing more of *from the console*" in gone["text"]
        assert "You follow no restore" in (await answer(stage, "/restore unfollow"))["text"]
        wrong = await answer(stage, f"/restore unfollow {task_id}")
        assert "You are not told of" in wrong["text"]
        await pressed(stage, gone, "Follow again")
        assert "nothing more" in (await pressed(stage, told, "Unfollow"))["text"]


async def test_a_person_slack_will_not_let_the_bot_write_to_is_told_so(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    stage.workspace.faults.add("error", "conversations.open", code="restricted_action")
    async with stage.bot():
        for command in ("follow", "unfollow"):
            shown = await answer(stage, f"/restore {command} {task_id}")
            assert "Slack does not let me write to you directly (restricted_action)" in shown["text"]
