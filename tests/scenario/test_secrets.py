"""A password typed into the form is nowhere to be found afterwards."""

import html
import json
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import structlog

from bot import logs
from tests.scenario.processes import environment, restorebot
from tests.scenario.stage import CHANNEL, Stage

#: One that every encoding leaves as it is, one that each writes differently.
CANARIES = ["CanaryPassword7", "Canary/+ 7%&pässwörd"]


def forms_of(secret: str) -> set[str]:
    """How a secret could look in a log, a URL, JSON, a page, or in another's quotes."""
    once = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    escaped = {secret.encode("unicode_escape").decode(), html.escape(secret)}
    return once | escaped | {repr(form)[1:-1] for form in once | escaped}


def assert_clean(where: str, content: str, canary: str) -> None:
    found = [form for form in forms_of(canary) if form in content]
    assert not found, f"the password is in {where}"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def play_to_the_end(stage: Stage, outcome: str, canary: str) -> None:
    if outcome == "finished":
        await stage.restore("orders-prod", password=canary)
        await stage.play(until="finished")
    elif outcome == "refused":
        plan_id = await stage.open_form("orders-prod")
        region = {"text": {"type": "plain_text", "text": "nowhere-1"}, "value": "nowhere-1"}
        assert await stage.submit(password=canary, **{f"region__{plan_id}": region}) == {}
        await stage.until_told("DBS refused")
    else:
        await stage.restore("inventory-prod", password=canary)
        await stage.play(until="Precheck failed")


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("outcome", ["finished", "refused", "precheck failed"])
async def test_promise_7_a_password_is_in_no_log_no_file_and_no_call_to_slack(
    stage: Stage, tmp_path: Path, outcome: str, canary: str
) -> None:
    async with restorebot("run", environment=environment(stage)) as bot:
        await bot.until_printed("connected to Slack")
        await play_to_the_end(stage, outcome, canary)
        files = contents(tmp_path)
        await bot.end(signal.SIGTERM)
    assert_clean("the log", bot.printed, canary)
    files |= contents(tmp_path)
    assert any(name.endswith(".db") for name in files)
    for name, content in files.items():
        assert_clean(name, content.decode("utf-8", errors="replace"), canary)
    assert_clean("a call to Slack", _calls(stage), canary)
    assert_clean("a message", json.dumps(stage.workspace.messages(CHANNEL), ensure_ascii=False), canary)
    assert_clean("what Slack sent after the submission", _sent_after_submission(stage), canary)


def _calls(stage: Stage) -> str:
    return json.dumps(
        [dict(call.arguments) for call in stage.workspace.calls], ensure_ascii=False, default=str
    )


def _sent_after_submission(stage: Stage) -> str:
    sent: list[dict[str, Any]] = stage.workspace.sent_to_app
    kinds = [envelope.get("payload", {}).get("type") for envelope in sent]
    after = sent[kinds.index("view_submission") + 1 :]
    return json.dumps(after, ensure_ascii=False)


@contextmanager
def loudest() -> Iterator[None]:
    """Logs as loud as the bot ever lets its libraries be."""
    loggers = [
        logging.getLogger(name) for name in (None, "slack_bolt", "slack_sdk", "aiohttp.access", "asyncio")
    ]
    levels = [logger.level for logger in loggers]
    logs.configure(logging.DEBUG)
    yield
    structlog.reset_defaults()
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize("canary", CANARIES)
async def test_promise_7_a_password_is_in_no_log_at_any_level_when_dbs_is_out_of_reach(
    stage: Stage,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    canary: str,
) -> None:
    with loudest(), caplog.at_level(logging.DEBUG):
        async with stage.bot():
            await stage.open_form("orders-prod")
            await stage.stop_dbs()
            assert await stage.submit(password=canary) == {}
            await stage.until_card("trying again")
    printed = capsys.readouterr()
    assert "dbs.call" in printed.err, "the log is at its loudest"
    assert_clean("a log record", caplog.text, canary)
    assert_clean("the output", printed.out + printed.err, canary)
    assert_clean("a call to Slack", _calls(stage), canary)


@pytest.mark.parametrize("canary", CANARIES)
def test_the_search_finds_a_password_however_it_is_written(canary: str) -> None:
    for written in (canary, quote_plus(canary), json.dumps({"password": canary}), repr(json.dumps(canary))):
        with pytest.raises(AssertionError):
            assert_clean("here", f"x{written}y", canary)
