"""Times as people write them."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.restores.moments import moment

NOW = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def read(text: str, zone: tzinfo = UTC, now: datetime = NOW) -> str:
    time = moment(text, now=now, zone=zone)
    assert time.tzinfo is UTC
    return time.isoformat().removesuffix("+00:00")


def refused(text: str, zone: tzinfo = UTC) -> str:
    with pytest.raises(ValueError, match=r"\.$") as caught:
        moment(text, now=NOW, zone=zone)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("now", "2026-11-20T12:00:30"),
        (" NOW ", "2026-11-20T12:00:30"),
        ("-2h", "2026-11-20T10:00:30"),
        ("-30m", "2026-11-20T11:30:30"),
        ("-1d12h", "2026-11-19T00:00:30"),
        ("-1d 12h", "2026-11-19T00:00:30"),
        ("-1w2d3h4m5s", "2026-11-11T08:56:25"),
        ("\N{EN DASH}2h", "2026-11-20T10:00:30"),
        ("\N{MINUS SIGN}90s", "2026-11-20T11:59:00"),
    ],
)
def test_a_time_can_be_told_from_now(text: str, meant: str) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10:00", "2026-11-20T10:00:00"),
        ("12:00:30", "2026-11-20T12:00:30"),
        ("12:01", "2026-11-19T12:01:00"),
        ("today 9:30", "2026-11-20T09:30:00"),
        ("Today at 23:00", "2026-11-20T23:00:00"),
        ("yesterday 14:00", "2026-11-19T14:00:00"),
        ("yesterday  at  14:00:05", "2026-11-19T14:00:05"),
    ],
)
def test_a_time_on_the_clock_is_the_last_one_unless_its_day_is_named(text: str, meant: str) -> None:
    assert read(text) == meant


def test_a_time_on_the_clock_is_on_the_persons_clock_and_day() -> None:
    assert read("14:00", SHANGHAI) == "2026-11-20T06:00:00"
    late = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # past midnight in Shanghai
    assert read("today 00:30", SHANGHAI, late) == "2026-11-20T16:30:00"
    assert read("yesterday 23:00", SHANGHAI, late) == "2026-11-20T15:00:00"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-20T14:00", "2026-11-20T06:00:00"),
        ("2026-11-20 14:00", "2026-11-20T06:00:00"),
        ("2026-11-20t14:00:30.25", "2026-11-20T06:00:30.250000"),
        ("20261120T1400", "2026-11-20T06:00:00"),
        ("2026-11-20T14:00Z", "2026-11-20T14:00:00"),
        ("2026-11-20 14:00 UTC", "2026-11-20T14:00:00"),
        ("2026-11-20T14:00+02:00", "2026-11-20T12:00:00"),
        ("2026-11-20 14:00 -0500", "2026-11-20T19:00:00"),
        ("2026-11-20 14:00 \N{MINUS SIGN}05", "2026-11-20T19:00:00"),
    ],
)
def test_iso_8601_is_in_the_persons_zone_unless_it_names_one(text: str, meant: str) -> None:
    assert read(text, SHANGHAI) == meant


def test_the_epoch_counts_in_seconds_or_milliseconds() -> None:
    assert read("1554560477", SHANGHAI) == "2019-04-06T14:21:17"
    assert read("1554560477250", SHANGHAI) == "2019-04-06T14:21:17.250000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "yesterday",
        "2h",
        "-2",
        "-",
        "- h",
        "-2x",
        "20260101120000",
        "2026-13-01T10:00",
        "14",
        "+2h",
    ],
)
def test_what_cannot_be_read_is_explained(text: str) -> None:
    assert "Write it like 14:00" in refused(text)


def test_a_day_alone_is_asked_for_its_time() -> None:
    assert refused("2026-11-20") == "2026-11-20 is a day. Say at what time, too, like 2026-11-20T14:00."
    assert "Say at what time" in refused("20261120")


@pytest.mark.parametrize("text", ["25:00", "yesterday 12:60", "12:00:99"])
def test_a_time_that_is_on_no_clock_is_refused(text: str) -> None:
    assert "is on no clock" in refused(text)


@pytest.mark.parametrize("text", ["-999999999w", "-99999999d", "0001-01-01T00:00+14:00"])
def test_a_time_out_of_reach_is_refused(text: str) -> None:
    assert "too far away" in refused(text)


def test_a_time_the_clocks_skip_is_not_guessed() -> None:
    sentence = refused("2026-03-29T02:30", BERLIN)
    assert sentence == (
        "On 2026-03-29 the clocks skipped 02:30."
        " Write 2026-03-29T01:30:00+01:00 or 2026-03-29T03:30:00+02:00."
    )


def test_a_time_the_clocks_show_twice_is_not_guessed() -> None:
    sentence = refused("2026-10-25 02:30", BERLIN)
    assert sentence == (
        "On 2026-10-25 the clocks showed 02:30 twice."
        " Write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00."
    )
    first, second = sentence.split("Write ")[1].rstrip(".").split(" or ")
    assert (read(first), read(second)) == ("2026-10-25T00:30:00", "2026-10-25T01:30:00")


def test_a_clocks_change_does_not_make_a_day_longer() -> None:
    after = datetime(2026, 10, 25, 12, 0, tzinfo=UTC)
    assert moment("-1d", now=after, zone=BERLIN) == after - timedelta(hours=24)
    with pytest.raises(ValueError, match="twice"):
        moment("02:30", now=after, zone=BERLIN)


@given(st.text(), st.sampled_from([UTC, SHANGHAI, BERLIN]))
def test_any_text_is_a_time_or_is_explained(text: str, zone: tzinfo) -> None:
    try:
        said = moment(text, now=NOW, zone=zone).isoformat()
    except ValueError as error:
        said = str(error)
    assert said.endswith((".", "+00:00"))


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_what_python_writes_is_read(time: datetime) -> None:
    assert moment(time.isoformat(), now=NOW, zone=SHANGHAI) == time
    assert moment(time.astimezone(BERLIN).isoformat(), now=NOW, zone=SHANGHAI) == time
