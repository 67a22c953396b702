"""Whatever DBS sends instead of what it documents: nothing is too odd to be read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.dbs import models
from bot.dbs.lenient import items, moment, names, percent, readable, text, whole
from tests.unit.dbs_samples import TASK

ODD: list[Any] = [
    None,
    "",
    "  ",
    "NULL",
    {},
    [],
    [1],
    True,
    -1,
    1.5,
    "x",
    float("nan"),
    float("inf"),
    10**30,
    "9" * 5000,
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def test_a_lone_backup_object_is_a_list_of_one() -> None:
    assert names('{"DBName":"orders"}', "DBName") == ("orders",)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({}, []),
        (None, []),
        ("", []),
        ({"Element": None}, []),
        ({"Element": {"Id": 1}}, [{"Id": 1}]),
        ({"Element": [{"Id": 1}, {"Id": 2}]}, [{"Id": 1}, {"Id": 2}]),
        ([{"Id": 1}], [{"Id": 1}]),
    ],
)
def test_a_list_is_read_however_it_was_sent(sent: object, read: list[object]) -> None:
    assert items({"Items": sent}, "Items", "Element") == read


def test_a_list_that_is_missing_is_empty() -> None:
    assert items({}, "Items", "Element") == []


def test_one_unreadable_item_never_loses_the_others_and_is_logged_without_its_content() -> None:
    sent: list[object] = [
        {"RestoreTaskId": "s1"},
        {"RestoreTaskName": "CANARY"},
        "CANARY",
        {"RestoreTaskId": "s2"},
    ]
    with capture_logs() as logs:
        read = readable(sent, models.RestoreTaskDetail.model_validate, kind="RestoreTaskDetail")
    assert [each.restore_task_id for each in read] == ["s1", "s2"]
    assert logs == [
        {
            "event": "dbs.items_unreadable",
            "log_level": "warning",
            "kind": "RestoreTaskDetail",
            "positions": [1, 2],
            "of": 4,
        }
    ]


@given(json_values)
def test_no_value_is_too_odd_to_be_read(value: object) -> None:
    text(value)
    whole(value)
    moment(value)
    names(value, "DBName")
    names(json.dumps(value), "DBName")
    assert percent(value) in {None, *range(101)}
    assert isinstance(items({"Items": value}, "Items", "X"), list)


@pytest.mark.parametrize("field", sorted({*TASK, "RestoreTaskFinishTime", "ErrMessage"} - {"RestoreTaskId"}))
@pytest.mark.parametrize("value", ODD)
def test_an_odd_value_in_any_field_never_loses_the_task(field: str, value: object) -> None:
    read = models.RestoreTaskDetail.model_validate({**TASK, field: value, "Unknown": value}).to_domain()
    assert read.restore_task_id == TASK["RestoreTaskId"]


@given(
    st.dictionaries(
        st.sampled_from(["BackupObjects", "BackupPlanName", "EndTimestampForRestore", "x"]), json_values
    )
)
def test_odd_values_never_lose_the_plan(fields: dict[str, object]) -> None:
    detail = models.BackupPlanDetail.model_validate({"BackupPlanId": "dbs1", **fields})
    assert detail.to_domain(region="cn-hangzhou").backup_plan_id == "dbs1"
