"""Times as people write them: `-2h`, `14:00`, `yesterday 14:00`, ISO 8601, epoch seconds. Pure.

A day is 24 hours in `-1d`, whatever the clocks did meanwhile. A time that the clocks skip or show twice,
where summer time begins or ends, is not guessed: the sentence gives both times it can mean.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

USAGE = "Write it like 14:00, yesterday 14:00, -2h, 2026-11-20T14:00 or 2026-11-20T14:00Z."

#: What phones and word processors make of a minus.
_DASHES = str.maketrans(dict.fromkeys("\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}", "-"))
_AGO = re.compile(
    r"-(?=[0-9])((?P<weeks>[0-9]{1,9})w)?((?P<days>[0-9]{1,9})d)?((?P<hours>[0-9]{1,9})h)?"
    r"((?P<minutes>[0-9]{1,9})m)?((?P<seconds>[0-9]{1,9})s)?"
)
_CLOCK = re.compile(
    r"((?P<day>today|yesterday) (at )?)?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(:(?P<second>[0-9]{2}))?"
)
#: As many digits as the epoch has from 2001 to 2286.
_SECONDS, _MILLISECONDS = re.compile(r"[0-9]{10}"), re.compile(r"[0-9]{13}")
_UTC_IN_WORDS = re.compile(r" ?(z|utc|gmt)$")
_BLANK_BEFORE_OFFSET = re.compile(r" (?=[+-][0-9:]+$)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The time that is meant, in UTC. What names no zone is in `zone`, the person's own.

    Raises `ValueError` with a sentence that says what is wrong and what would be right.
    """
    said = " ".join(text.translate(_DASHES).lower().split())
    try:
        return _read(said, now, zone).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{said[:40]} is too far away.") from None


def _read(said: str, now: datetime, zone: tzinfo) -> datetime:
    if said == "now":
        return now
    if ago := _AGO.fullmatch(said.replace(" ", "")):
        return now - timedelta(**{unit: int(count) for unit, count in ago.groupdict().items() if count})
    if clock := _CLOCK.fullmatch(said):
        return _on_the_clock(clock, now, zone)
    if _SECONDS.fullmatch(said):
        return _EPOCH + timedelta(seconds=int(said))
    if _MILLISECONDS.fullmatch(said):
        return _EPOCH + timedelta(milliseconds=int(said))
    return _iso(said, zone)


def _on_the_clock(clock: re.Match[str], now: datetime, zone: tzinfo) -> datetime:
    """On the day named. Without one: today, or yesterday if that is still to come."""
    try:
        at = time(int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0))
    except ValueError:
        raise ValueError(f"{clock[0]} is on no clock. {USAGE}") from None
    today = now.astimezone(zone).date()
    if clock["day"] == "yesterday":
        return _there(today - timedelta(days=1), at, zone)
    meant = _there(today, at, zone)
    return _there(today - timedelta(days=1), at, zone) if meant > now and not clock["day"] else meant


def _iso(said: str, zone: tzinfo) -> datetime:
    try:
        read = datetime.fromisoformat(_BLANK_BEFORE_OFFSET.sub("", _UTC_IN_WORDS.sub("+00:00", said)).upper())
    except ValueError:
        raise ValueError(f"This is no time that can be read. {USAGE}") from None
    if not any(mark in said for mark in "t :"):
        raise ValueError(f"{said} is a day. Say at what time, too, like {read:%Y-%m-%d}T14:00.")
    return read if read.tzinfo else _there(read.date(), read.time(), zone)


def _there(day: date, at: time, zone: tzinfo) -> datetime:
    """The time on that day's clocks. Raises `ValueError` where they skip it or show it twice."""
    local = datetime.combine(day, at, tzinfo=zone)
    earlier, later = local.replace(fold=0), local.replace(fold=1)
    if earlier.utcoffset() == later.utcoffset():
        return local
    meanings = sorted(each.astimezone(UTC).astimezone(zone) for each in (earlier, later))
    skipped = all(each.time() != at for each in meanings)
    what = f"skipped {at:%H:%M}" if skipped else f"showed {at:%H:%M} twice"
    written = " or ".join(each.isoformat() for each in meanings)
    raise ValueError(f"On {day} the clocks {what}. Write {written}.")
