"""A password typed into the form is nowhere to be found afterwards."""

import json
import signal
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from tests.scenario.processes import environment, restorebot
from tests.scenario.stage import CHANNEL, Stage

CANARY = "Canary/+ 7%&pässwörd"


def forms_of(secret: str) -> set[str]:
    """How a secret could look in a log, a URL, JSON or a page."""
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}


def assert_clean(where: str, content: str) -> None:
    found = [form for form in forms_of(CANARY) if form in content]
    assert not found, f"the password is in {where}"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def play_to_the_end(stage: Stage, outcome: str) -> None:
    if outcome == "finished":
        await stage.restore("orders-prod", password=CANARY)
        await stage.play(until="finished")
    elif outcome == "refused":
        plan_id = await stage.open_form("orders-prod")
        region = {"text": {"type": "plain_text", "text": "nowhere-1"}, "value": "nowhere-1"}
        assert await stage.submit(password=CANARY, **{f"region__{plan_id}": region}) == {}
        await stage.until_told("DBS refused")
    else:
        await stage.restore("inventory-prod", password=CANARY)
        await stage.play(until="Precheck failed")


@pytest.mark.parametrize("outcome", ["finished", "refused", "precheck failed"])
async def test_promise_7_a_password_is_in_no_log_no_file_and_no_call_to_slack(
    stage: Stage, tmp_path: Path, outcome: str
) -> None:
    async with restorebot("run", environment=environment(stage)) as bot:
        await bot.until_printed("connected to Slack")
        await play_to_the_end(stage, outcome)
        files = contents(tmp_path)
        await bot.end(signal.SIGTERM)
    assert_clean("the log", bot.printed)
    files |= contents(tmp_path)
    assert any(name.endswith(".db") for name in files)
    for name, content in files.items():
        assert_clean(name, content.decode("utf-8", errors="replace"))
    assert_clean("a call to Slack", _calls(stage))
    assert_clean("a message", json.dumps(stage.workspace.messages(CHANNEL), ensure_ascii=False))
    assert_clean("what Slack sent after the submission", _sent_after_submission(stage))


def _calls(stage: Stage) -> str:
    return json.dumps(
        [dict(call.arguments) for call in stage.workspace.calls], ensure_ascii=False, default=str
    )


def _sent_after_submission(stage: Stage) -> str:
    sent: list[dict[str, Any]] = stage.workspace.sent_to_app
    kinds = [envelope.get("payload", {}).get("type") for envelope in sent]
    after = sent[kinds.index("view_submission") + 1 :]
    return json.dumps(after, ensure_ascii=False)


async def test_promise_7_a_password_is_in_no_log_at_any_level_when_dbs_is_out_of_reach(
    stage: Stage, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this process, with every library's log at its loudest that the bot allows."""
    caplog.set_level("DEBUG")
    async with stage.bot():
        await stage.open_form("orders-prod")
        await stage.stop_dbs()
        assert await stage.submit(password=CANARY) == {}
        await stage.until_card("trying again")
    assert_clean("a log record", caplog.text)
    printed = capsys.readouterr()
    assert_clean("the output", printed.out + printed.err)
    assert_clean("a call to Slack", _calls(stage))
