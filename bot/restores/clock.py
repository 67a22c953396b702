"""The clock everything is given unless a test gives another."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
