"""What the thread and the card say."""

from datetime import timedelta

import pytest

from bot.restores.folding import MOST
from bot.restores.models import (
    Event,
    EventKind,
    PrecheckItem,
    PrecheckReport,
    RequestState,
    RestoreObject,
    RestoreRequest,
    RestoreTask,
    Stage,
)
from bot.slack import sentences
from bot.slack.buttons import EDIT
from bot.slack.card import card, card_digest
from bot.slack.events import event_message, folded_message
from bot.slack.mrkdwn import SECTION_LIMIT, TEXT_LIMIT, bar, code, duration, escape, size, verbatim
from bot.slack.parking import cut_off
from tests import values

SHOUT = "<!channel> & <@U1> `code`"


def shown(asked: RestoreRequest | None = None, seen: RestoreTask | None = None) -> str:
    """All that the card of a restore says."""
    message = card(values.following(asked, seen))
    return message.text + str(message.blocks)


@pytest.mark.parametrize("kind", EventKind)
def test_every_event_has_its_sentence(kind: EventKind) -> None:
    event = Event(kind=kind, stage=Stage.PHYSICAL, percent=50, seconds=90, text="words of DBS")
    text = event_message(event, values.following(values.request(), values.task())).text
    assert len(text) > 10
    assert "None" not in text


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_its_sentence_and_its_bar(stage: Stage) -> None:
    event = Event(kind=EventKind.STAGE_DONE, stage=stage)
    assert event_message(event, values.following()).text.count(" ") > 1
    assert "42 %" in shown(seen=values.task(stages={stage: 42}))


@pytest.mark.parametrize(
    "kind", [EventKind.FAILED, EventKind.REFUSED, EventKind.START_REFUSED, EventKind.UNSETTLED]
)
def test_words_of_others_mention_nobody(kind: EventKind) -> None:
    text = event_message(Event(kind=kind, text=SHOUT), values.following()).text
    assert "<!channel>" not in text
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in text


def test_names_of_others_mention_nobody_on_the_card() -> None:
    request = values.request(plan_name=SHOUT, engine=SHOUT, source=SHOUT, error=SHOUT)
    objects = (RestoreObject(db_name=SHOUT, new_db_name=SHOUT),)
    request = request.evolve(spec=request.spec.evolve(objects=objects, task_name=SHOUT))
    task = values.task("<!channel>", error_message=SHOUT)
    for asked, seen in [(request, None), (request, task), (None, task)]:
        message = card(values.following(asked, seen))
        told = str([block for block in message.blocks if block["type"] != "header"]) + message.text
        assert "<!channel>" not in told


def test_a_very_long_message_of_dbs_still_fits() -> None:
    items = tuple(PrecheckItem(name="x" * 500, state="failed", message="y" * 5000) for _ in range(50))
    event = Event(kind=EventKind.PRECHECK_FAILED, items=items)
    assert len(event_message(event, values.following()).text) <= TEXT_LIMIT
    assert "50" not in str(items)
    assert len(card(values.following(None, values.task("stop", error_message="z" * 9000))).text) <= TEXT_LIMIT


def test_the_person_is_called_when_something_ended_or_needs_them() -> None:
    following = values.following(values.request(), values.task())
    calling = {kind for kind in EventKind if "<@U1>" in event_message(Event(kind=kind), following).text}
    assert calling == {
        EventKind.REFUSED,
        EventKind.NEVER_SENT,
        EventKind.ABANDONED,
        EventKind.START_REFUSED,
        EventKind.PRECHECK_FAILED,
        EventKind.FAILED,
        EventKind.FINISHED,
        EventKind.STALLED,
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Creating the restore task"),
        ({"error": "timeout"}, "trying again"),
        ({"error": "timeout", "doubt_told": True}, "Unknown whether DBS created the task"),
        ({"state": RequestState.REFUSED, "error": "no such plan"}, "no such plan"),
        ({"state": RequestState.ABANDONED}, "submit the restore again"),
        ({"state": RequestState.CREATED}, "no status from DBS yet"),
    ],
)
def test_the_card_says_how_far_a_request_is(changes: dict[str, object], words: str) -> None:
    assert words in shown(asked=values.request().evolve(**changes))


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (values.task("init"), "Precheck not finished"),
        (values.task("init", precheck=PrecheckReport(status="failed")), "Precheck failed"),
        (values.task("check_pass"), "Precheck passed"),
        (values.task("running"), "Running"),
        (values.task("pause"), "Paused"),
        (values.task("stop"), "DBS gave no reason"),
        (values.task("stop", error_message="disk full"), "disk full"),
        (values.task("finish", finished_at=values.NOON + timedelta(minutes=10)), "*Finished* in 10 min"),
        (values.task("finish"), "*Finished*"),
        (values.task("odd"), "DBS says `odd`"),
        (values.task("running", reported=False), "no longer lists"),
    ],
)
def test_promise_6_the_card_says_what_dbs_said(task: RestoreTask, words: str) -> None:
    assert words in shown(seen=task)


def test_a_task_that_dbs_would_not_start_is_shown_as_not_started() -> None:
    refused = values.request(state=RequestState.START_REFUSED)
    assert "not started" in shown(asked=refused, seen=values.task("check_pass"))


def test_a_card_that_says_the_same_looks_the_same_whenever_it_was_rendered() -> None:
    one = values.following(values.request(), values.task())
    assert card_digest(one) == card_digest(one.evolve(changed_at=values.NOON + timedelta(hours=1)))
    assert card_digest(one) != card_digest(one.evolve(task=values.task("pause")))


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 s"),
        (-5, "0 s"),
        (59.6, "1 min"),
        (60, "1 min"),
        (725, "12 min 5 s"),
        (3600, "1 h"),
        (12_000, "3 h 20 min"),
        (187_200, "2 d 4 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, written: str) -> None:
    assert duration(timedelta(seconds=seconds)) == written


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 B"), (999, "999 B"), (5_200_000_000, "5.2 GB"), (3 * 10**12, "3 TB")]
)
def test_a_size_is_told_as_people_say_it(count: int, written: str) -> None:
    assert size(count) == written


def test_markup_is_harmless() -> None:
    assert escape("<a> & b") == "&lt;a&gt; &amp; b"
    assert code("a`b") == "`a'b`"
    assert verbatim("grant *.* to _x_\n<two> ```") == "```\ngrant *.* to _x_\n&lt;two&gt; '''\n```"
    assert verbatim("x" * 50, limit=10) == "```\n" + "x" * 9 + "…\n```"


def test_a_bar_is_full_only_at_the_end() -> None:
    assert [bar(percent).count("█") for percent in (0, 50, 99, 100)] == [0, 6, 11, 12]


def test_no_sentence_is_left_over() -> None:
    assert set(sentences._SENTENCES) == set(EventKind)  # noqa: SLF001 - the table itself is what is checked


def test_the_card_names_the_port_and_the_gateway_of_its_target() -> None:
    there = values.spec().destination.evolve(
        instance_id=None, ip="10.0.0.5", port=1433, backup_gateway_id="7"
    )
    card_text = shown(values.request(spec=values.spec(destination=there)))
    assert "orders → 10.0.0.5:1433 through gateway 7" in card_text
    assert "`10.0.0.5:1433`" in card_text
    assert "through gateway `7`" in card_text


def test_a_quote_that_is_cut_is_closed() -> None:
    items = tuple(PrecheckItem(name="x", state="failed", message="y" * 900) for _ in range(8))
    text = event_message(Event(kind=EventKind.PRECHECK_FAILED, items=items), values.following()).text
    assert len(text) <= TEXT_LIMIT
    assert "…" in text
    assert text.count("```") % 2 == 0


def test_events_told_together_are_listed_in_order() -> None:
    happened = [
        Event(kind=EventKind.PRECHECK_PASSED),
        Event(kind=EventKind.STARTED),
        *(Event(kind=EventKind.DATA_PROGRESS, percent=percent) for percent in (25, 50)),
    ]
    message = folded_message(happened, values.following(values.request(), values.task()))
    heading, *lines = message.text.splitlines()
    assert "could not post" in heading
    assert lines == [event_message(event, values.following(values.request())).text for event in happened]
    assert message.blocks == ()


@pytest.mark.parametrize("kind", EventKind)
def test_promise_4_what_ended_or_needs_the_person_is_said_in_full_when_told_together(kind: EventKind) -> None:
    following = values.following(values.request(), values.task())
    items = (PrecheckItem(name="privileges", state="failed", message="grant more"),)
    event = Event(kind=kind, stage=Stage.FULL_DATA, percent=50, seconds=90, text="words of DBS", items=items)
    alone = event_message(event, following).text
    together = folded_message([Event(kind=EventKind.STARTED), event], following).text
    assert alone.partition("\n")[0] in together
    if "<@U1>" in alone:
        assert alone in together


def test_events_told_together_keep_the_button_to_try_again() -> None:
    events = [Event(kind=EventKind.UNSETTLED, text="timeout"), Event(kind=EventKind.ABANDONED)]
    message = folded_message(events, values.following(values.request()))
    (*sections, actions) = message.blocks
    assert [element["action_id"] for element in actions["elements"]] == [EDIT]
    assert "\n".join(section["text"]["text"] for section in sections) == message.text


def test_the_longest_message_of_events_told_together_fits_into_slack() -> None:
    items = tuple(PrecheckItem(name="x" * 500, state="failed", message="y" * 5000) for _ in range(50))
    long = "z" * 9000
    events = [
        *(Event(kind=EventKind.OTHER_STATUS, text="odd") for _ in range(MOST - 3)),
        Event(kind=EventKind.START_REFUSED, text=long),
        Event(kind=EventKind.PRECHECK_FAILED, items=items),
        Event(kind=EventKind.FAILED, text=long),
    ]
    text = folded_message(events, values.following(values.request())).text
    assert len(text) < 40_000
    assert all(len(part) <= SECTION_LIMIT for part in text.split("\n:"))
    assert text.count("```") % 2 == 0


@pytest.mark.parametrize("event", [EventKind.DBS_SILENT, EventKind.DBS_BACK])
def test_promise_6_silence_of_dbs_is_not_told_as_a_failure(event: EventKind) -> None:
    text = event_message(Event(kind=event, text="DBS cannot be reached."), values.following()).text
    assert "fail" not in text
    assert "answer" in text


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [("is_archived", "Unarchive it"), ("not_in_channel", "/invite"), ("restricted_action", "Ask an admin")],
)
def test_the_person_learns_why_a_thread_is_cut_off_and_what_helps(reason: str, remedy: str) -> None:
    text = cut_off(values.following(values.request(), values.task()), reason)
    assert remedy in text
    assert "<#C1>" in text
    assert "`back to noon`" in text
    assert "`/restore status s1`" in text
