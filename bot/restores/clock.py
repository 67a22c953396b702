"""Time: the clock everything is given unless a test gives another, and how long to wait for a next try."""

from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    return datetime.now(UTC)


def written(at: datetime) -> str:
    """A moment for those whose zone is not known."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def backoff(attempts: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """The wait after so many failed attempts: `first`, then twice as long each time, `longest` at most."""
    return min(longest, first * (1 << min(attempts, 16)))
