"""`/restore start` and `/restore again`."""

import asyncio

import pytest

from bot.restores.models import RequestState, RestorePoint, Stage
from tests import values
from tests.scenario.calling import (
    CHANNEL_ID,
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


async def waiting(stage: Scene, number: int = 1, name: str = "from the console") -> str:
    """A restore that was asked for here without a start, checked and waiting; its task's id."""
    task_id = await made_elsewhere(stage, name)
    async with kept(stage) as store:
        request = await asked(
            store,
            number,
            task_id=task_id,
            state=RequestState.CREATED,
            start=False,
            channel_id=CHANNEL_ID,
        )
        await saw(store, request, "check_pass")
    return task_id


def starts(stage: Scene) -> int:
    return sum(request.name == "StartRestoreTask" for request in stage.dbs.journal)


# Start


@pytest.mark.parametrize("by_name", [False, True])
async def test_a_task_that_waits_is_started_once_and_its_thread_says_by_whom(
    stage: Scene, by_name: bool
) -> None:
    task_id = await waiting(stage)
    typed = "drill 1" if by_name else f"`{task_id.upper()}`"
    async with stage.bot():
        shown = await answer(stage, f"/restore start {typed}")
        assert "The start of *orders-prod → rm-1* is ordered." in shown["text"]
        twice = await answer(stage, f"/restore start {typed}", who=stage.ben)
        assert any(f"{done} already by <@" in twice["text"] for done in ("was ordered", "was started"))
        await stage.dbs.until(lambda: starts(stage), within=PATIENCE)
        status = await pressed(stage, shown, "Status")
        assert "orders-prod → rm-1" in status["text"]
    assert starts(stage) == 1


async def test_two_people_who_start_it_at_once_start_it_once(stage: Scene) -> None:
    task_id = await waiting(stage)
    async with stage.bot():
        both = await asyncio.gather(
            answer(stage, f"/restore start {task_id}"),
            answer(stage, f"/restore start {task_id}", who=stage.ben),
        )
        await stage.dbs.until(lambda: starts(stage), within=PATIENCE)
    assert sum("is ordered" in shown["text"] for shown in both) == 1
    assert sum("already" in shown["text"] for shown in both) == 1
    assert starts(stage) == 1


async def test_a_part_of_a_name_starts_nothing_before_it_is_confirmed(stage: Scene) -> None:
    await waiting(stage)
    async with stage.bot():
        shown = await answer(stage, "/restore start drill")
        assert "One restore is called like `drill`. Is it this one?" in shown["text"]
        assert "no way to stop it" in str(buttons(shown)["Start"]["confirm"])
        assert starts(stage) == 0
        assert "is ordered" in (await pressed(stage, shown, "Start"))["text"]


async def test_without_a_name_those_that_wait_for_a_start_are_offered(stage: Scene) -> None:
    async with stage.bot():
        nothing = await answer(stage, "/restore start")
        assert "No restore waits for a start at the moment." in nothing["text"]
    await waiting(stage)
    async with kept(stage) as store:
        await saw(store, await asked(store, 2), "running")
    async with stage.bot():
        shown = await answer(stage, "/restore start")
        assert "Type `/restore start" in shown["text"]
        (row,) = rows(shown)
        assert "rm-1" in row
        assert "is ordered" in (await pressed(stage, shown, "Start"))["text"]


async def test_of_several_those_that_wait_are_offered_and_if_none_does_that_is_said(stage: Scene) -> None:
    async with kept(stage) as store:
        for number in (1, 2):
            await saw(store, await asked(store, number), "running")
        waits = await asked(store, 3, state=RequestState.CREATED, start=False)
        await saw(store, waits, "check_pass")
        for number in (4, 5):
            await saw(store, await asked(store, number, plan="ledger"), "running")
    async with stage.bot():
        some = await answer(stage, "/restore start orders-prod")
        assert ["rm-3" in row for row in rows(some)] == [True]
        none = await answer(stage, "/restore start ledger")
        assert "None of them waits for a start." in none["text"]
        assert buttons(none).keys() == {"Status"}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("running", "It was started already."),
        ("stop", "It failed: DBS cannot start it again."),
        ("finish", "It succeeded: there is nothing to start."),
    ],
)
async def test_what_cannot_be_started_says_why(stage: Scene, status: str, words: str) -> None:
    async with kept(stage) as store:
        await saw(store, await asked(store, 1), status)
    async with stage.bot():
        shown = await answer(stage, "/restore start s1made0001")
        assert words in shown["text"]
        partly = await answer(stage, "/restore start drill")
        assert words in partly["text"]


async def test_a_task_made_elsewhere_is_watched_then_started(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    async with stage.bot():
        first = await answer(stage, f"/restore start {task_id}")
        assert "Watch it here first, then start it." in first["text"]
        assert buttons(first)["Watch here"]["value"] == task_id
        await answer(stage, f"/restore watch {task_id}")
        assert "is ordered" in (await answer(stage, f"/restore start {task_id}"))["text"]
        assert starts(stage) == 1


async def test_a_start_that_dbs_refuses_is_told_with_a_button_to_try_again(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    async with stage.bot():
        await answer(stage, f"/restore watch {task_id}")
        stage.dbs.faults.add("error", "StartRestoreTask", code="Forbidden.RAM")
        refused = await answer(stage, f"/restore start {task_id}")
        assert "could not be started" in refused["text"]
        stage.dbs.faults.clear()
        assert "is ordered" in (await pressed(stage, refused, "Try again"))["text"]


# Again


async def test_the_form_opens_as_a_restore_was_with_all_but_the_password(stage: Scene) -> None:
    plan = stage.plan("orders-prod")
    async with kept(stage) as store:
        spec = values.spec(
            backup_plan_id=plan.plan_id,
            task_name="drill",
            point=RestorePoint(backup_set_id=plan.finished_sets()[0].backup_set_id),
        )
        await saw(store, await asked(store, 1, spec=spec), "stop")
    async with stage.bot():
        await stage.alice.say("#db-oncall", "/restore again s1made0001")
        await stage.until_block("choice")
        assert stage.value_text("plan").startswith("orders-prod ·")
        assert stage.value("choice") == "backup_set"
        assert await stage.next() == {}
        assert (stage.value("instance_id"), stage.value("user_name")) == ("rm-1", "root")
        assert await stage.next() == {}
        assert (stage.value("password"), stage.value("task_name")) == (None, "drill")
        assert await stage.next(password="correct horse", **stage.confirmed()) == {}
        await stage.until_told("created the task")
    (task,) = stage.dbs.tasks
    assert task.parameters["DestinationEndpointInstanceID"] == "rm-1"
    assert task.parameters["DestinationEndpointUserName"] == "root"


async def test_one_of_several_is_chosen_and_its_form_opens(stage: Scene) -> None:
    plan = stage.plan("orders-prod")
    async with kept(stage) as store:
        for number in (1, 2):
            spec = values.spec(backup_plan_id=plan.plan_id, task_name=f"drill {number}")
            await saw(store, await asked(store, number, spec=spec), "running", stages={Stage.FULL_DATA: 1})
    async with stage.bot():
        for typed in ("drill", ""):
            shown = await answer(stage, f"/restore again {typed}")
            assert len(rows(shown)) == 2
            await stage.alice.click(shown, buttons(shown)["Restore again"]["action_id"])
            await stage.until_block("choice")
            assert stage.value_text("plan").startswith("orders-prod ·")
            await stage.alice.close()


@pytest.mark.parametrize("watched", [False, True])
async def test_a_restore_made_elsewhere_is_asked_for_again_as_far_as_dbs_tells(
    stage: Scene, watched: bool
) -> None:
    task_id = await made_elsewhere(stage, "console drill")
    async with stage.bot():
        if watched:
            await answer(stage, f"/restore watch {task_id}")
        await stage.alice.say("#db-oncall", f"/restore again {task_id}")
        await stage.until_block("choice")
        assert "made elsewhere" in stage.shown()
        assert stage.value_text("plan").startswith("orders-prod ·")
        assert stage.value("choice") == "backup_set"
        await stage.to_step("where")
        assert (stage.value("region"), stage.value("instance_id")) == ("cn-hangzhou", "rm-1")


async def test_with_nothing_restored_there_is_nothing_to_restore_again(stage: Scene) -> None:
    async with stage.bot():
        shown = await answer(stage, "/restore again")
    assert "Nothing was restored yet." in shown["text"]


async def test_promise_8_a_form_dbs_is_too_slow_for_is_said_to_be_tried_again(stage: Scene) -> None:
    task_id = await made_elsewhere(stage)
    stage.dbs.faults.add("hang")
    async with stage.bot():
        async with asyncio.timeout(3):
            shown = await answer(stage, f"/restore again {task_id}")
        assert "DBS did not answer in time for a form" in shown["text"]
        stage.dbs.faults.clear()
        await stage.alice.click(shown, buttons(shown)["Try again"]["action_id"])
        await stage.until_block("choice")


async def test_one_that_ended_and_is_nearly_spelt_right_is_offered_again(stage: Scene) -> None:
    async with kept(stage) as store:
        await saw(store, await asked(store, 1), "stop")
    async with stage.bot():
        shown = await answer(stage, "/restore again s1mad0001")
    assert "Did you mean this one?" in shown["text"]
    assert buttons(shown).keys() == {"Restore again", "Restores under way", "All restores"}
