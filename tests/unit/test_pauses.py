"""Pauses Slack wants: kept, and logged as they begin and are over."""

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.slack.pauses import CALM, Pauses
from tests import values

SECOND = timedelta(seconds=1)


class Time:
    def __init__(self) -> None:
        self.time = values.NOON

    def __call__(self) -> datetime:
        return self.time


def test_a_place_is_left_alone_as_long_as_slack_says_and_the_others_are_not() -> None:
    now = Time()
    pauses = Pauses("chat.postMessage", now=now)
    pauses.begin("C1", 30)
    now.time += 29 * SECOND
    assert pauses.held() == {"C1": values.NOON + 30 * SECOND}
    now.time += SECOND
    assert pauses.held() == {}
    assert pauses.lately("C1")
    assert not pauses.lately("C2")


def test_many_pauses_in_a_row_are_logged_once_and_once_that_they_are_over() -> None:
    now = Time()
    pauses = Pauses("chat.update", now=now)
    with capture_logs() as logs:
        for _ in range(100):
            pauses.begin("C1", 2)
            now.time += CALM
            assert pauses.held() == {}
        assert [line["log_level"] for line in logs] == ["warning"]
        now.time += 2 * SECOND
        pauses.held()
    assert [line["log_level"] for line in logs] == ["warning", "info"]
    assert not pauses.lately("C1")


@pytest.mark.parametrize("back", [SECOND, timedelta(minutes=5), timedelta(days=1)])
def test_a_clock_that_is_set_back_ends_them(back: timedelta) -> None:
    now = Time()
    pauses = Pauses("chat.update", now=now)
    pauses.begin("C1", 300)
    now.time -= back
    assert pauses.held() == {}
    assert not pauses.lately("C1")
