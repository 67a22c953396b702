"""The receipt: all that is worth keeping of a restore, and no secret."""

import json
from datetime import timedelta

import pytest

from bot.restores.models import (
    Event,
    EventKind,
    JobError,
    PrecheckItem,
    RequestState,
    RestoreObject,
    RestorePoint,
    Stage,
    StageTime,
    Timeline,
    Told,
)
from bot.slack import buttons as ids
from bot.slack.receipt import JSON_LIMIT, receipt_json, receipt_message
from tests import values
from tests.shown import WATCHING, following, pressable
from tests.values import NOON

MINUTE = timedelta(minutes=1)
ASKED = values.request(
    spec=values.spec(point=RestorePoint(time=NOON - MINUTE)), state=RequestState.STARTED, restore_task_id="s1"
)
DONE = values.task(
    "finish",
    stages={Stage.FULL_DATA: 100},
    timeline=Timeline(
        seen_at=NOON,
        ended_at=NOON + MINUTE,
        stages={Stage.FULL_DATA: StageTime(began_at=NOON, done_at=NOON + MINUTE)},
    ),
    finished_at=NOON + 10 * MINUTE,
)
TOLD = (
    Told(at=NOON, event=Event(kind=EventKind.CREATED)),
    Told(at=NOON + MINUTE, event=Event(kind=EventKind.START_ORDERED, user_id="U3")),
    Told(at=NOON + 10 * MINUTE, event=Event(kind=EventKind.FINISHED, seconds=600)),
)


def test_the_message_tells_all_of_it_in_order() -> None:
    made = receipt_message(following(ASKED, DONE), TOLD)
    parts = ("*Finished* in 10 min", "<@U1> asked", "Data 10 min", "BackupPlanId = dbs1", "created the task")
    places = [made.text.index(words) for words in (*parts, "<@U3> ordered the start", "finished in 10 min.")]
    assert places == sorted(places)
    assert pressable(made) == [ids.RECEIPT_JSON]


def test_the_json_has_everything_under_keys_that_stay() -> None:
    made = json.loads(receipt_json(following(ASKED, DONE, WATCHING), TOLD))
    assert list(made) == [
        "receipt",
        "outcome",
        "given_up",
        "task",
        "request",
        "parameters",
        "objects",
        "people",
        "stages",
        "events",
        "events_left_out",
    ]
    assert made["outcome"] == "finished"
    assert made["task"]["created_at"] == "2026-11-20T12:00:00Z"
    assert made["task"]["seconds"] == 600
    assert made["parameters"]["BackupPlanId"] == "dbs1"
    assert made["parameters"]["RestoreTime"] == str(int((NOON - MINUTE).timestamp()) * 1000)
    assert made["objects"] == {"count": 1, "all": False, "shown": [{"DBName": "orders"}], "left_out": 0}
    assert made["people"] == {"asked_by": "U1", "watched_by": "U2", "given_up_by": None, "others": ["U3"]}
    assert made["stages"] == [{"stage": "full_data", "percent": 100, "seconds": 600.0}]
    assert [event["kind"] for event in made["events"]] == ["created", "start_ordered", "finished"]
    assert made["events"][1] == {"at": "2026-11-20T12:01:00Z", "kind": "start_ordered", "user": "U3"}


def test_promise_7_no_receipt_has_a_place_for_a_password() -> None:
    made = following(ASKED, DONE)
    for text in (receipt_json(made, TOLD), str(receipt_message(made, TOLD).blocks)):
        assert "Password" not in text


def test_a_request_that_dbs_refused_has_a_receipt_too() -> None:
    refused = values.request(state=RequestState.REFUSED, error="no such plan")
    made = json.loads(receipt_json(following(refused, None), ()))
    assert made["outcome"] == "refused"
    assert made["request"]["error"] == "no such plan"
    assert made["parameters"]["RestoreTime"] == "the latest restorable time"


def test_a_task_nobody_asked_for_here_has_a_receipt_of_what_is_known() -> None:
    stopped = values.task("stop", job_errors={"cn": JobError(code="Full", message="空间不足。")})
    made = json.loads(receipt_json(following(None, stopped), ()))
    assert made["request"] is None
    assert made["parameters"] == {}
    assert made["task"]["explanations"] == {"cn": {"code": "Full", "message": "空间不足。"}}
    assert "Receipt: s1" in receipt_message(following(None, stopped), ()).text


def test_a_failed_item_is_kept_with_its_message() -> None:
    items = (PrecheckItem(name="CHECK", state="failed", message="no", item="CHECK_7"),)
    told = (Told(at=NOON, event=Event(kind=EventKind.PRECHECK_FAILED, items=items)),)
    (event,) = json.loads(receipt_json(following(ASKED, DONE), told))["events"]
    assert event["items"] == [{"item": "CHECK_7", "state": "failed", "message": "no"}]


@pytest.mark.parametrize("count", [10, 2000, 20_000])
def test_very_many_objects_and_events_are_cut_and_counted(count: int) -> None:
    objects = tuple(RestoreObject(db_name=f"database_{n}", new_db_name=f"copy_{n}") for n in range(count))
    asked = ASKED.evolve(spec=ASKED.spec.evolve(objects=objects))
    told = tuple(
        Told(at=NOON, event=Event(kind=EventKind.DATA_PROGRESS, percent=n % 100)) for n in range(count)
    )
    text = receipt_json(following(asked, DONE), told)
    assert len(text) < JSON_LIMIT
    made = json.loads(text)
    assert made["objects"]["count"] == count
    assert len(made["objects"]["shown"]) + made["objects"]["left_out"] == count
    assert len(made["events"]) + made["events_left_out"] == count
    assert made["events"][-1]["percent"] == (count - 1) % 100
    assert count > 10 or made["objects"]["left_out"] == 0
    assert "… " in receipt_message(following(asked, DONE), told).text or count == 10
