"""The card in every state: what it says of how a restore goes, and what can be done about it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.restores.models import (
    Following,
    JobError,
    PrecheckItem,
    PrecheckReport,
    RequestState,
    RestoreObject,
    RestorePoint,
    RestoreRequest,
    RestoreTask,
    Stage,
    Window,
)
from bot.slack import buttons as ids
from bot.slack.card import card, card_digest, unwatched_card
from bot.slack.card_status import between, first_line
from bot.slack.message import Message
from bot.slack.mrkdwn import time
from tests import values
from tests.shown import FAILED_CHECK, MINUTE, RAN, RUNNING, UNSTARTED, WATCHING, following, menu, pressable
from tests.values import NOON


def shown(made: Following, every: timedelta | None = None) -> str:
    message = card(made, every)
    return message.text + str(message.blocks)


def at(moment: timedelta) -> str:
    """A time of day after noon, as it is written for clients without dates."""
    return f"{NOON + moment:%H:%M} UTC"


def elements(message: Message) -> list[dict[str, Any]]:
    return [element for block in message.blocks for element in block.get("elements", ())]


def test_a_running_restore_tells_how_long_it_ran_and_between_when_it_ends() -> None:
    text = shown(following(values.request(), RUNNING))
    assert "*Running* for 4 min" in text
    assert "Ends between" in text
    assert at(20 * MINUTE) in text
    assert at(45 * MINUTE) in text


def test_times_far_apart_are_told_with_their_days() -> None:
    far = RAN.evolve(ends=Window(begin=NOON + timedelta(hours=30), end=NOON + timedelta(hours=40)))
    text = shown(following(None, RUNNING.evolve(timeline=far)))
    assert "2026-11-21 18:00 UTC" in text


def test_it_is_said_when_the_end_cannot_be_told() -> None:
    text = shown(following(None, RUNNING.evolve(timeline=RAN.evolve(ends=None))))
    assert "cannot be told yet" in text
    assert "between" not in text


def test_a_restore_that_stands_still_says_since_when() -> None:
    text = shown(following(None, RUNNING.evolve(timeline=RAN.evolve(stalled=True))))
    assert "No progress since" in text
    assert "between" not in text
    assert at(4 * MINUTE) in text
    assert ":large_yellow_circle:" in text


def test_a_stage_that_is_done_tells_how_long_it_took() -> None:
    assert "100 %  1 min" in shown(following(None, RUNNING))


def test_there_are_no_bars_before_anything_is_restored() -> None:
    waits = values.task("check_pass", stages={Stage.FULL_DATA: 0})
    assert "░" not in shown(following(None, waits))


def test_a_precheck_tells_how_many_items_are_done() -> None:
    states = ("finish", "failed", "running", "init")
    items = tuple(PrecheckItem(name="x", state=state) for state in states)
    report = PrecheckReport(status="running", items=items)
    running = values.task("init", precheck=report.evolve(items=(*items[:1], *items[2:])))
    assert "1 of 3 items done" in shown(following(None, running))
    assert "40 %" in shown(
        following(None, values.task("init", precheck=report.evolve(items=(), progress=40)))
    )


def test_a_failure_says_why_where_and_after_how_long() -> None:
    stopped = values.task(
        "stop",
        stages={Stage.STRUCTURE_BEFORE: 100, Stage.FULL_DATA: 60},
        finished_at=NOON + 7 * MINUTE,
        error_message="java.sql.SQLException: full",
    )
    text = shown(following(None, stopped))
    assert "*Failed* at data 60 %, after 7 min" in text
    assert "\nfull\n" in card(following(None, stopped)).text
    explained = stopped.evolve(job_errors={"en": JobError(code="Full", message="No room.")})
    assert "No room. (`Full`)" in shown(following(None, explained))


def test_a_failure_is_explained_in_the_language_of_the_thread() -> None:
    errors = {
        "en": JobError(code="Full", message="No room."),
        "cn": JobError(code="Full", message="空间不足。"),
    }
    stopped = values.task("stop", job_errors=errors)
    assert "空间不足" in shown(following(None, stopped, {"language": "cn"}))
    assert "空间不足" not in shown(following(None, stopped))
    only = stopped.evolve(job_errors={"cn": errors["cn"]})
    assert "空间不足" in shown(following(None, only)), "better than nothing"


def test_the_latest_time_is_told_as_what_it_was_resolved_to() -> None:
    asked = values.request()
    assert "the latest restorable time" in shown(following(asked, None))
    resolved = values.request(spec=values.spec(point=RestorePoint(time=NOON)))
    assert "the latest" not in shown(following(resolved, None))
    assert "the latest" not in shown(following(asked, values.task(restore_time=NOON)))


def test_who_asked_and_who_watches_are_both_named() -> None:
    text = shown(following(values.request(), RUNNING, WATCHING))
    assert "*Asked by*" in text
    assert "*Watched here by*\\n<@U2>" in text
    assert "Watched" not in shown(following(values.request(), RUNNING))


def test_the_card_tells_when_it_was_looked_at_and_how_often() -> None:
    every = timedelta(seconds=15)
    assert "then every 15 s" in shown(following(None, RUNNING), every)
    assert "then every 1 min" in shown(following(None, values.task("pause")), every)
    assert "then every" not in shown(following(None, values.task("finish")), every)


def test_promise_6_silence_of_dbs_is_shown_as_long_as_it_lasts() -> None:
    text = shown(following(None, RUNNING, silent=True), timedelta(seconds=15))
    assert "DBS has not answered since" in text
    assert "11:57 UTC" in text, "what is told late began earlier"
    assert "then every" not in text


def test_a_thread_that_is_not_watched_any_more_says_so_and_offers_nothing() -> None:
    made = card(following(None, RUNNING, WATCHING | {"closed_at": NOON}))
    assert "No longer watched here" in made.text
    assert pressable(made) == menu(made) == []


@pytest.mark.parametrize(
    "seen",
    [
        values.task("check_pass"),
        values.task("init", precheck=FAILED_CHECK),
        values.task("stop", stages={Stage.FULL_DATA: 60}),
    ],
)
@pytest.mark.parametrize(
    ("asked", "link", "row", "more"),
    [
        (UNSTARTED, {}, [ids.RECEIPT, ids.EDIT], []),
        (UNSTARTED, WATCHING, [ids.RECEIPT, ids.EDIT], [ids.UNWATCH]),
        (None, WATCHING, [ids.RECEIPT], [ids.UNWATCH]),
        (None, WATCHING | {"closed_at": NOON}, [], []),
    ],
)
def test_what_was_given_up_names_who_did_it_and_offers_what_is_left(
    asked: RestoreRequest | None,
    seen: RestoreTask,
    link: dict[str, object],
    row: list[str],
    more: list[str],
) -> None:
    made = card(following(asked, seen, link, given_up_by="U3", given_up_at=NOON))
    assert "*Given up* by <@U3>" in made.text
    assert pressable(made) == row
    assert menu(made) == more
    if ids.EDIT in row:
        assert "Restore again" in str(made.blocks)


def test_of_a_task_made_elsewhere_its_plan_is_told_by_name_where_that_is_known() -> None:
    seen = values.task(backup_plan_id="dbs7")
    assert "*Backup plan*: `dbs7`" in card(following(None, seen, WATCHING)).text
    named = card(following(None, seen.evolve(plan_name="ledger"), WATCHING)).text
    assert "*Backup plan*: `ledger`" in named
    assert "dbs7" not in named


@pytest.mark.parametrize("moved", [RUNNING, values.task("finish"), values.task("pause")])
def test_what_moves_after_it_was_given_up_is_not_given_up(moved: RestoreTask) -> None:
    made = card(following(values.request(), moved, given_up_by="U3", given_up_at=NOON + MINUTE))
    assert "Given up" not in made.text
    assert pressable(made) or menu(made)


@pytest.mark.parametrize(
    ("asked", "seen", "row", "more"),
    [
        (values.request(), None, [], []),
        (values.request(state=RequestState.REFUSED), None, [ids.EDIT], []),
        (
            UNSTARTED,
            values.task("", reported=False),
            [],
            [ids.CHECK_NOW, ids.FOLLOW, ids.WATCH_ELSEWHERE],
        ),
        (values.request(state=RequestState.ABANDONED), None, [ids.EDIT], []),
        (values.request(), values.task("init"), [], [ids.CHECK_NOW, ids.FOLLOW, ids.WATCH_ELSEWHERE]),
        (
            UNSTARTED,
            values.task("init"),
            [ids.START],
            [ids.CHECK_NOW, ids.FOLLOW, ids.WATCH_ELSEWHERE, ids.GIVE_UP],
        ),
        (
            UNSTARTED,
            values.task("check_pass"),
            [ids.START],
            [ids.CHECK_NOW, ids.FOLLOW, ids.WATCH_ELSEWHERE, ids.GIVE_UP],
        ),
        (values.request(), values.task("check_pass"), [], [ids.CHECK_NOW, ids.FOLLOW, ids.WATCH_ELSEWHERE]),
        (
            values.request(state=RequestState.START_REFUSED),
            values.task("check_pass"),
            [ids.START],
            [ids.CHECK_NOW, ids.FOLLOW, ids.WATCH_ELSEWHERE, ids.GIVE_UP],
        ),
        (
            values.request(),
            values.task("init", precheck=FAILED_CHECK),
            [ids.EDIT, ids.AGAIN, ids.PRECHECK],
            [ids.CHECK_NOW, ids.FOLLOW, ids.WATCH_ELSEWHERE, ids.GIVE_UP],
        ),
        (values.request(), RUNNING, [], [ids.CHECK_NOW, ids.FOLLOW, ids.WATCH_ELSEWHERE]),
        (values.request(), values.task("pause"), [], [ids.CHECK_NOW, ids.FOLLOW, ids.WATCH_ELSEWHERE]),
        (values.request(), values.task("odd"), [], [ids.CHECK_NOW, ids.FOLLOW, ids.WATCH_ELSEWHERE]),
        (
            values.request(),
            values.task("stop"),
            [ids.AGAIN, ids.EDIT, ids.EXPLAIN],
            [ids.RECEIPT, ids.GIVE_UP],
        ),
        (values.request(), values.task("finish"), [ids.RECEIPT, ids.EDIT], []),
    ],
)
def test_the_buttons_fit_the_state(
    asked: RestoreRequest, seen: RestoreTask | None, row: list[str], more: list[str]
) -> None:
    made = card(following(asked, seen))
    assert pressable(made) == row
    assert menu(made) == more
    assert len([each for each in elements(made) if each.get("style") == "primary"]) <= 1


@pytest.mark.parametrize(
    ("seen", "row"),
    [
        (values.task("check_pass"), [ids.START]),
        (RUNNING, []),
        (values.task("init", precheck=FAILED_CHECK), [ids.PRECHECK]),
        (values.task("stop"), [ids.EXPLAIN]),
        (values.task("finish"), [ids.RECEIPT]),
    ],
)
def test_a_task_nobody_asked_for_here_offers_no_form(seen: RestoreTask, row: list[str]) -> None:
    assert pressable(card(following(None, seen, WATCHING))) == row


def test_only_a_watching_thread_can_be_left() -> None:
    watching = following(UNSTARTED, values.task("check_pass"), WATCHING)
    assert menu(card(watching)) == [
        ids.CHECK_NOW,
        ids.FOLLOW,
        ids.WATCH_ELSEWHERE,
        ids.UNWATCH,
        ids.GIVE_UP,
    ]
    assert pressable(card(watching)) == [ids.START]
    direct = following(None, RUNNING, WATCHING | {"channel_id": "D1"})
    assert menu(card(direct)) == [ids.CHECK_NOW, ids.WATCH_ELSEWHERE, ids.UNWATCH]


def test_buttons_carry_the_link_and_starting_asks_once_more() -> None:
    (start,) = (
        each for each in elements(card(following(UNSTARTED, values.task("check_pass")))) if "value" in each
    )
    assert start["value"] == "1"
    assert "rm-1" in start["confirm"]["text"]["text"]
    assert "no way to stop" in start["confirm"]["text"]["text"]


def test_a_task_that_nobody_follows_can_be_watched() -> None:
    made = unwatched_card("s7", RUNNING)
    assert pressable(made) == [ids.WATCH]
    assert "'value': 's7'" in str(made.blocks)


def test_the_text_tells_the_whole_story() -> None:
    text = card(following(values.request(), RUNNING, WATCHING), timedelta(seconds=15)).text
    for words in ("orders → rm-1", "Running", "data 42 %", "Ends between", "From*: `orders`", "To*: `rm-1`"):
        assert words in text
    for words in ("Back to*:", "Databases*:", "Asked by*: <@U1>", "Watched here by*: <@U2>", "Checked"):
        assert words in text


def test_promise_10_a_card_changes_only_when_something_visible_did() -> None:
    one = following(values.request(), RUNNING)
    looked = RAN.with_past((), ()).evolve(size=7)
    same = one.evolve(task=RUNNING.evolve(timeline=looked), changed_at=NOON + MINUTE, version=7)
    assert card_digest(same) == card_digest(one)
    others: list[dict[str, object]] = [
        {"silent": True},
        {"given_up_by": "U3", "given_up_at": NOON + 9 * MINUTE, "task": values.task("check_pass")},
        {"task": RUNNING.evolve(timeline=RAN.evolve(stalled=True))},
        {"task": RUNNING.evolve(timeline=RAN.evolve(ends=None))},
        {"link": one.link.evolve(closed_at=NOON)},
    ]
    digests = {card_digest(one.evolve(**other)) for other in others}
    assert len(digests | {card_digest(one)}) == len(others) + 1


def test_very_many_databases_are_counted() -> None:
    objects = tuple(RestoreObject(db_name="x" * 64, new_db_name=f"y{n}") for n in range(60))
    text = shown(following(values.request(spec=values.spec(objects=objects)), None))
    assert "and 51 more" in text or "and 50 more" in text


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (values.task("stop", error_message="No room."), ":red_circle: *Failed*"),
        (values.task("finish"), ":white_check_mark: *Finished*"),
        (None, ":hourglass_flowing_sand: *Creating the restore task*"),
    ],
)
def test_a_list_shows_the_status_on_one_line(seen: RestoreTask | None, words: str) -> None:
    short = first_line(following(values.request(), seen))
    assert short.startswith(words)
    assert "\n" not in short


def test_a_range_that_is_far_away_names_both_days() -> None:
    far = Window(begin=NOON, end=NOON + timedelta(days=1))
    assert between(far, NOON) == f"between *{time(far.begin)}* and *{time(far.end)}*"
    near = Window(begin=NOON, end=NOON + timedelta(hours=1))
    assert between(near, NOON).endswith("^{time}|13:00 UTC>*")
