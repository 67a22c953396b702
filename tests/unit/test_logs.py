"""What the log never holds: the values a function worked on when it failed."""

import io

import pytest
import structlog

from bot import logs


def test_an_exception_is_logged_without_the_variables_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "canary"
    before = structlog.get_config()
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    try:
        logs.configure()
        try:
            _fail(secret)
        except RuntimeError:
            structlog.get_logger().exception("failed")
    finally:
        structlog.configure(**before)
    assert "RuntimeError: boom" in written.getvalue()
    assert secret not in written.getvalue()


def _fail(secret: str) -> None:
    raise RuntimeError("boom" if secret else "")
