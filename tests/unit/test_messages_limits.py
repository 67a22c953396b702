"""Whatever DBS and people write, Slack takes every card, message and receipt."""

import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.restores.folding import MOST
from bot.restores.models import (
    Destination,
    DuplicateConflict,
    Event,
    EventKind,
    Following,
    JobError,
    Location,
    PrecheckItem,
    PrecheckReport,
    RequestState,
    RestoreObject,
    RestorePoint,
    RestoreTask,
    Stage,
    StageTime,
    Timeline,
    Told,
    Window,
)
from bot.sandbox.slack.content import parse_content
from bot.slack.card import card, card_digest, unwatched_card
from bot.slack.events import event_message, folded_message
from bot.slack.message import Message
from bot.slack.mrkdwn import TEXT_LIMIT
from bot.slack.receipt import JSON_LIMIT, receipt_json, receipt_json_message, receipt_message
from bot.slack.replies import explained
from tests import values

#: Short or very long, and full of what could be markup.
TEXTS = st.builds(
    lambda text, times: text * times,
    st.text(st.sampled_from("ab<&>`*_~:@!\n\t数据 "), min_size=1, max_size=8),
    st.sampled_from([1, 7, 500, 3000]),
)
MAYBE = st.none() | TEXTS
TIMES = st.none() | st.integers(-10_000, 10_000).map(lambda minutes: values.NOON + timedelta(minutes=minutes))
SOME_TIMES = TIMES.map(lambda at: at or values.NOON)
ITEMS = st.lists(
    st.builds(
        PrecheckItem,
        name=TEXTS,
        state=st.sampled_from(["init", "running", "failed", "finish", "warning", "odd"]),
        message=MAYBE,
        item=MAYBE,
    ),
    max_size=30,
).map(tuple)
TIMELINES = st.builds(
    Timeline,
    seen_at=TIMES,
    started_at=TIMES,
    moved_at=TIMES,
    paused_at=TIMES,
    stages=st.dictionaries(
        st.sampled_from(Stage), st.builds(StageTime, began_at=SOME_TIMES, done_at=TIMES), max_size=9
    ),
    ends=st.none() | st.builds(Window, begin=SOME_TIMES, end=SOME_TIMES),
    stalled=st.booleans(),
)
TASKS = st.builds(
    RestoreTask,
    restore_task_id=st.just("s1"),
    status=st.sampled_from(["", "init", "check_pass", "running", "pause", "stop", "finish"]) | TEXTS,
    name=st.just("") | TEXTS,
    backup_plan_id=TEXTS,
    stages=st.dictionaries(st.sampled_from(Stage), st.integers(0, 100), max_size=9),
    created_at=TIMES,
    finished_at=TIMES,
    restore_time=TIMES,
    backup_set_id=MAYBE,
    error_message=MAYBE,
    destination_instance_id=MAYBE,
    destination_region=MAYBE,
    precheck=st.none()
    | st.builds(PrecheckReport, status=TEXTS, progress=st.none() | st.integers(0, 100), items=ITEMS),
    timeline=st.none() | TIMELINES,
    job_errors=st.dictionaries(st.sampled_from(["en", "cn"]), st.builds(JobError, code=TEXTS, message=TEXTS)),
    reported=st.booleans(),
)
OBJECTS = st.builds(RestoreObject, db_name=TEXTS, new_db_name=MAYBE)
POINTS = st.builds(RestorePoint, time=TIMES) | st.builds(RestorePoint, backup_set_id=TEXTS)
SPECS = st.builds(
    values.spec,
    task_name=TEXTS,
    point=POINTS,
    destination=st.builds(
        Destination,
        location=st.sampled_from(Location),
        region=MAYBE,
        instance_id=MAYBE,
        ip=MAYBE,
        user_name=MAYBE,
        oracle_sid=MAYBE,
        backup_gateway_id=MAYBE,
    ),
    objects=st.lists(OBJECTS, max_size=40).map(tuple),
    duplicate_conflict=st.sampled_from(DuplicateConflict),
)
REQUESTS = st.builds(
    values.request,
    spec=SPECS,
    plan_name=TEXTS,
    engine=TEXTS | st.sampled_from(["MySQL", "Redis"]),
    source=MAYBE,
    start=st.booleans(),
    state=st.sampled_from(RequestState),
    error=MAYBE,
    doubt_told=st.booleans(),
)


@st.composite
def followings(draw: st.DrawFn) -> Following:
    """A thread in any state, possible or not."""
    made = values.following(draw(st.none() | REQUESTS), draw(st.none() | TASKS))
    link = made.link.evolve(
        channel_id=draw(st.sampled_from(["C1", "D1"])),
        restore_task_id=draw(st.sampled_from([None, "s1", "s" * 90])),
        user_id=draw(st.sampled_from([None, "U2"])),
        language=draw(st.sampled_from(["en", "cn"])),
        closed_at=draw(TIMES),
    )
    return made.evolve(
        link=link,
        silent=draw(st.booleans()),
        given_up_by=draw(st.sampled_from([None, "U3"])),
        given_up_at=draw(TIMES),
    )


EVENTS = st.builds(
    Event,
    kind=st.sampled_from(EventKind),
    stage=st.none() | st.sampled_from(Stage),
    percent=st.integers(0, 100),
    seconds=st.none() | st.floats(0, 1e7),
    text=MAYBE,
    items=ITEMS,
    user_id=st.sampled_from([None, "U4"]),
)
TOLD = st.lists(st.builds(Told, at=SOME_TIMES, event=EVENTS), max_size=60).map(tuple)
PATIENTLY = settings(max_examples=40, deadline=None)


def assert_slack_takes(message: Message, *, longest: int = TEXT_LIMIT) -> None:
    assert 0 < len(message.text) <= longest
    assert message.text.count("```") % 2 == 0
    parse_content({"text": message.text, "blocks": list(message.blocks)})


@PATIENTLY
@given(followings())
def test_any_card_fits_into_slack(following: Following) -> None:
    assert_slack_takes(card(following, timedelta(seconds=15)))
    later = following.evolve(changed_at=values.NOON + timedelta(days=9), version=9)
    assert card_digest(later) == card_digest(following)
    if following.task:
        assert_slack_takes(unwatched_card("s1", following.task))
        assert_slack_takes(explained(following, following.task, following.task.job_errors.get("cn")))


@PATIENTLY
@given(EVENTS, followings())
def test_any_event_fits_into_slack(event: Event, following: Following) -> None:
    assert_slack_takes(event_message(event, following))


@PATIENTLY
@given(st.lists(EVENTS, min_size=2, max_size=MOST), followings())
def test_any_events_told_together_fit_into_slack(events: list[Event], following: Following) -> None:
    assert_slack_takes(folded_message(events, following), longest=13_200)


@PATIENTLY
@given(followings(), TOLD)
def test_any_receipt_fits_into_slack(following: Following, told: tuple[Told, ...]) -> None:
    assert_slack_takes(receipt_message(following, told))
    assert_slack_takes(receipt_json_message(following, told), longest=40_000)
    text = receipt_json(following, told)
    assert len(text) < JSON_LIMIT
    assert json.loads(text)["receipt"] == 1
