"""What threads are told, who is called there, and what they can do about it."""

from datetime import timedelta

import pytest

from bot.restores.models import (
    DuplicateConflict,
    Engine,
    Event,
    EventKind,
    Following,
    JobError,
    PrecheckItem,
    RequestState,
    RestoreObject,
    RestorePoint,
    RestoreRequest,
    Stage,
    StageTime,
    Timeline,
    Window,
)
from bot.slack import buttons as ids
from bot.slack.card import card
from bot.slack.checklist import checklist
from bot.slack.events import event_message, folded_message, headline, is_broadcast
from tests import values
from tests.shown import FAILED_CHECK, RAN, RUNNING, UNSTARTED, WATCHING, following, pressable
from tests.values import NOON

K = EventKind
OWN = following(values.request(), RUNNING)
WATCHED = following(values.request(), RUNNING, WATCHING)
ENDS_AND_NEEDS = {K.FINISHED, K.FAILED, K.PRECHECK_FAILED, K.START_REFUSED, K.STALLED}


def text(event: Event, made: Following = OWN) -> str:
    return event_message(event, made).text


def test_what_waited_for_its_start_is_not_said_to_have_run_all_that_time() -> None:
    line = Timeline(
        seen_at=NOON, started_at=NOON + timedelta(hours=3), ended_at=NOON + timedelta(minutes=190)
    )
    ended = RUNNING.evolve(status="finish", finished_at=NOON + timedelta(minutes=190), timeline=line)
    made = following(values.request(), ended)
    told = text(Event(kind=K.FINISHED, seconds=11_400), made)
    assert "The restore finished in 10 min (3 h 10 min after it was created)." in told
    assert "*Finished* in 10 min (3 h 10 min after it was created)" in card(made).text


def test_in_a_watching_thread_the_watcher_is_called_and_only_when_it_matters() -> None:
    calling = {kind for kind in EventKind if "<@U2>" in text(Event(kind=kind), WATCHED)}
    assert calling == ENDS_AND_NEEDS
    assert not any("<@U1>" in text(Event(kind=kind), WATCHED) for kind in EventKind)


def test_a_thread_of_nobody_calls_nobody() -> None:
    made = following(None, RUNNING)
    assert not any("<@" in text(Event(kind=kind), made) for kind in EventKind)


def test_a_failed_precheck_names_its_items_and_offers_to_edit() -> None:
    items = (
        PrecheckItem(
            name="CHECK_DEST_PRIVILEGE", state="failed", message="java.lang.X: no\n\tat a.B(B.java)"
        ),
    )
    made = event_message(Event(kind=K.PRECHECK_FAILED, items=items), OWN)
    assert "• *Privileges of the account* (`CHECK_DEST_PRIVILEGE`)\n```\nno\n```\nGrant" in made.text
    assert pressable(made) == [ids.EDIT, ids.PRECHECK]


def test_a_failure_says_why_where_when_and_what_is_not_known() -> None:
    stopped = values.task(
        "stop",
        stages={Stage.STRUCTURE_BEFORE: 100, Stage.FULL_DATA: 60},
        finished_at=NOON + timedelta(minutes=7),
        job_errors={
            "en": JobError(code="Full", message="No room."),
            "cn": JobError(code="Full", message="空间不足。"),
        },
    )
    event = Event(kind=K.FAILED, text="java.sql.SQLException: table is full")
    made = event_message(event, following(values.request(), stopped))
    assert "No room. (`Full`)\n```\ntable is full\n```" in made.text
    assert "at data 60 %, after 7 min (" in made.text
    assert "12:07 UTC" in made.text
    assert "look at the target" in made.text
    assert pressable(made) == [ids.AGAIN, ids.EDIT, ids.EXPLAIN]
    chinese = text(event, following(values.request(), stopped, {"language": "cn"}))
    assert "空间不足。 (`Full`)" in chinese


def test_success_tells_how_long_each_stage_took_and_what_to_check() -> None:
    times = {
        Stage.STRUCTURE_BEFORE: StageTime(began_at=NOON, done_at=NOON + timedelta(seconds=15)),
        Stage.FULL_DATA: StageTime(began_at=NOON, done_at=NOON + timedelta(seconds=45)),
    }
    done = values.task(
        "finish",
        stages=dict.fromkeys(times, 100),
        timeline=Timeline(seen_at=NOON, ended_at=NOON + timedelta(minutes=1), stages=times),
        finished_at=NOON + timedelta(minutes=20),
    )
    made = event_message(Event(kind=K.FINISHED, seconds=1200), following(values.request(), done))
    assert "The restore finished in 20 min.\n*orders → rm-1*\nStructure 5 min · data 15 min\n" in made.text
    assert "Before anybody relies on it" in made.text
    assert pressable(made) == [ids.RECEIPT, ids.RECEIPT_JSON]


@pytest.mark.parametrize("engine", [*Engine, "Unheard-of"])
def test_what_to_check_fits_the_engine(engine: str) -> None:
    questions = checklist(values.request(engine=engine))
    assert 2 <= len(questions) <= 3
    assert all(question.endswith("?") for question in questions), "nothing is claimed that DBS did not say"


def test_what_to_check_fits_the_names_and_the_time() -> None:
    renames = values.spec(duplicate_conflict=DuplicateConflict.RENAME)
    assert "which names are new" in checklist(values.request(spec=renames))[-1]
    objects = tuple(RestoreObject(db_name="a", new_db_name=f"b{n}") for n in range(5))
    renamed = values.spec(objects=objects, point=RestorePoint(time=NOON))
    first, *_, last = checklist(values.request(spec=renamed))
    assert "`b0`, `b1`, `b2` and 2 more" in last
    assert "12:00 UTC" in first


def test_what_is_shown_outside_of_its_thread_says_of_which_restore_it_speaks() -> None:
    direct = following(values.request(), RUNNING, WATCHING | {"channel_id": "D1"})
    assert {k for k in EventKind if "*orders → rm-1*" in text(Event(kind=k), direct)} == ENDS_AND_NEEDS
    assert {k for k in EventKind if "*orders → rm-1*" in text(Event(kind=k))} == {K.FINISHED, K.FAILED}


def test_a_restore_that_stands_still_says_where_and_since_when() -> None:
    said = text(Event(kind=K.STALLED, seconds=1200))
    assert "Nothing has moved for 20 min." in said
    assert "at data 42 %" in said
    assert "12:04 UTC" in said
    assert "data 42 %" in text(Event(kind=K.MOVING_AGAIN))


def test_who_started_it_and_who_gave_it_up_are_named() -> None:
    assert "<@U3> ordered the start" in text(Event(kind=K.START_ORDERED, user_id="U3"))
    given_up = text(Event(kind=K.GIVEN_UP, user_id="U3"))
    assert "<@U3> gave this restore up" in given_up
    assert "cannot cancel" in given_up


@pytest.mark.parametrize("kind", [K.PRECHECK_PASSED, K.START_REFUSED])
def test_a_task_that_waits_can_be_started_from_what_is_told(kind: EventKind) -> None:
    made = event_message(Event(kind=kind), following(UNSTARTED, values.task("check_pass")))
    assert pressable(made) == [ids.START]
    assert "<@U1>" in made.text
    assert pressable(event_message(Event(kind=kind), OWN)) == []


def test_a_task_of_the_console_that_waits_calls_nobody_and_can_be_started() -> None:
    waits = following(None, values.task("check_pass"), WATCHING)
    made = event_message(Event(kind=K.PRECHECK_PASSED), waits)
    assert "not started" in made.text
    assert "<@" not in made.text
    assert pressable(made) == [ids.START]


def test_progress_tells_when_the_end_is_expected() -> None:
    assert "Data: 50 %, ends between" in text(Event(kind=K.DATA_PROGRESS, percent=50))
    without = following(None, RUNNING.evolve(timeline=RAN.evolve(ends=None)))
    assert text(Event(kind=K.DATA_PROGRESS, percent=50), without) == ":arrow_forward: Data: 50 %"
    moment = RAN.evolve(ends=Window(begin=NOON, end=NOON))
    assert "ends about" in text(
        Event(kind=K.DATA_PROGRESS, percent=99), following(None, RUNNING.evolve(timeline=moment))
    )


def test_events_told_together_keep_the_buttons_of_the_last_that_has_any() -> None:
    events = [Event(kind=K.PRECHECK_FAILED), Event(kind=K.FAILED), Event(kind=K.DBS_BACK)]
    assert pressable(folded_message(events, OWN)) == [ids.AGAIN, ids.EDIT, ids.EXPLAIN]


@pytest.mark.parametrize(
    ("request_", "kinds"),
    [
        (values.request(), {K.REFUSED, K.NEVER_SENT, K.ABANDONED, K.PRECHECK_FAILED, K.FAILED}),
        (None, set()),
    ],
)
def test_the_form_is_offered_only_where_a_request_can_fill_it(
    request_: RestoreRequest | None, kinds: set[EventKind]
) -> None:
    made = following(request_, values.task("init", precheck=FAILED_CHECK))
    offering = {
        kind
        for kind in EventKind
        if {ids.EDIT, ids.AGAIN} & set(pressable(event_message(Event(kind=kind), made)))
    }
    assert offering == kinds


def test_every_message_with_blocks_says_it_all_in_its_text() -> None:
    for kind in EventKind:
        made = event_message(Event(kind=kind, text="words of DBS"), OWN)
        if made.blocks:
            sections = [block["text"]["text"] for block in made.blocks if block["type"] == "section"]
            assert "\n".join(sections) == made.text


def test_a_line_of_a_log_calls_nobody() -> None:
    assert "<@" not in headline(Event(kind=K.FINISHED, seconds=5), OWN)
    assert headline(Event(kind=K.START_ORDERED, user_id="U3"), OWN) == ":rocket: <@U3> ordered the start."


@pytest.mark.parametrize("end_in_channel", [True, False])
def test_ends_are_shown_in_the_channel_and_all_that_matters_in_direct_messages(end_in_channel: bool) -> None:
    def shown(made: Following) -> set[EventKind]:
        kinds = list(EventKind)
        return {k for k in kinds if is_broadcast([Event(kind=k)], made.link, end_in_channel=end_in_channel)}

    assert shown(OWN) == shown(WATCHED) == ({K.FINISHED, K.FAILED} if end_in_channel else set())
    direct = following(None, RUNNING, WATCHING | {"channel_id": "D1"})
    assert shown(direct) == ENDS_AND_NEEDS


def test_what_is_folded_is_shown_in_the_channel_if_the_end_is_among_it() -> None:
    events = [Event(kind=K.STARTED), Event(kind=K.FINISHED)]
    assert is_broadcast(events, OWN.link, end_in_channel=True)
    assert not is_broadcast(events[:1], OWN.link, end_in_channel=True)


def test_a_refused_start_keeps_its_button_among_others() -> None:
    refused = following(values.request(state=RequestState.START_REFUSED), values.task("check_pass"))
    events = [Event(kind=K.PRECHECK_PASSED), Event(kind=K.START_REFUSED, text="not now")]
    assert pressable(folded_message(events, refused)) == [ids.START]
