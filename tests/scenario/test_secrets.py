"""A password, typed or stored, is nowhere to be found but in the one call that needs it."""

import asyncio
import html
import json
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import structlog
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot import logs
from bot.app import RestoreBot, built
from tests.scenario.desk import drafted
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
    match outcome:
        case "finished":
            await stage.restore("orders-prod", password=canary)
            await stage.play(until="finished")
        case "refused":
            stage.dbs.faults.add("error", "CreateRestoreTask", code="Param.Invalid")
            await stage.restore("orders-prod", password=canary)
            await stage.until_told("DBS refused")
        case "answers lost":
            stage.dbs.faults.add("close_after", "CreateRestoreTask", times=2)
            await stage.restore("orders-prod", password=canary)
            await stage.until_told("created the task")
        case _:
            await stage.restore("inventory-prod", password=canary)
            await stage.play(until="Precheck failed")


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("outcome", ["finished", "refused", "answers lost", "precheck failed"])
async def test_promise_7_a_typed_password_is_in_no_log_no_file_and_no_call_to_slack(
    stage: Stage, tmp_path: Path, outcome: str, canary: str
) -> None:
    sealed = environment(stage) | {"RESTOREBOT_SECRET_KEY": Fernet.generate_key().decode()}
    async with restorebot("run", environment=sealed) as bot:
        await bot.until_printed("connected to Slack")
        await play_to_the_end(stage, outcome, canary)
        files = contents(tmp_path)
        await bot.end(signal.SIGTERM)
    assert_clean("the log", bot.printed, canary)
    assert any(name.endswith(".db") for name in files)
    assert_files_clean(files, canary)
    assert_files_clean(contents(tmp_path), canary)
    assert_traffic_clean(stage, canary)
    assert_clean("what Slack sent after the submission", _sent_after_submission(stage), canary)


@contextmanager
def _secret_file(folder: Path, secret: str) -> Iterator[str]:
    """A stored credential, away from the database; gives the configuration that names it."""
    kept, config = folder / "kept", folder / "kept" / "bot.toml"
    kept.mkdir()
    (kept / "password").write_text(secret)
    config.write_text(f'[credentials.c]\nuser_name = "rw"\npassword_file = "{kept / "password"}"\n')
    yield str(config)


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


class Crash:
    """A bot in this process that can end as if it were killed, its log as loud as it gets."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @asynccontextmanager
    async def run(self) -> AsyncIterator[RestoreBot]:
        async with built(self.stage.settings) as bot:
            running = asyncio.create_task(bot.run())
            await self.stage.workspace.app_connected()
            yield bot
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def configure(self, **settings: object) -> None:
        self.stage.settings = self.stage.settings.model_copy(update=settings)


@pytest.mark.parametrize("how", ["typed, with a key", "typed, without a key", "stored"])
@pytest.mark.parametrize("canary", CANARIES)
async def test_promise_7_and_2_a_crash_between_submission_and_creation_shows_no_password(
    stage: Stage,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    how: str,
    canary: str,
) -> None:
    crash = Crash(stage)
    draft = drafted(stage.plan("orders-prod")).evolve(password=SecretStr(canary))
    if how == "typed, with a key":
        crash.configure(restorebot_secret_key=SecretStr(Fernet.generate_key().decode()))
    with ExitStack() as stack:
        if how == "stored":
            crash.configure(restorebot_config=Path(stack.enter_context(_secret_file(tmp_path, canary))))
            draft = draft.evolve(password=None, credential="c")
        stack.enter_context(loudest())
        stack.enter_context(caplog.at_level(logging.DEBUG))
        stage.dbs.faults.add("throttle", "DescribeBackupPlanList", retry_after=60)
        async with crash.run() as bot:
            await bot.service.submit(draft)
            await stage.until_card("trying again")
        files = files_below(tmp_path)
        assert "restorebot.db" in files
        assert_files_clean(files, canary)
        stage.dbs.faults.clear()
        async with crash.run():
            await stage.until_told("submit again" if how == "typed, without a key" else "created the task")
        assert_files_clean(files_below(tmp_path), canary)
    printed = capsys.readouterr()
    assert caplog.records, "the log is at its loudest"
    assert_clean("a log record", caplog.text, canary)
    assert_clean("the output", printed.out + printed.err, canary)
    assert_traffic_clean(stage, canary)
    assert_clean("what Slack sent", json.dumps(stage.workspace.sent_to_app, ensure_ascii=False), canary)
    assert_sent_to_dbs_once(stage, canary, times=0 if how == "typed, without a key" else 1)


async def test_promise_7_and_1_a_bot_that_is_killed_with_a_key_creates_the_task_at_its_next_start(
    stage: Stage, tmp_path: Path
) -> None:
    canary = CANARIES[0]
    sealed = environment(stage) | {"RESTOREBOT_SECRET_KEY": Fernet.generate_key().decode()}
    fault = stage.dbs.faults.add("hang", "CreateRestoreTask")
    printed = ""
    async with restorebot("run", environment=sealed) as bot:
        await bot.until_printed("connected to Slack")
        await stage.restore("orders-prod", password=canary)
        await stage.dbs.until(lambda: fault.hits)
        await bot.end(signal.SIGKILL)
        printed += bot.printed
    assert_files_clean(contents(tmp_path), canary)
    stage.dbs.faults.clear()
    async with restorebot("run", environment=sealed) as bot:
        await stage.until_told("created the task")
        assert_files_clean(contents(tmp_path), canary)
        await bot.end(signal.SIGTERM)
        printed += bot.printed
    assert_clean("the log", printed, canary)
    assert_traffic_clean(stage, canary)
    assert len(stage.dbs.tasks) == 1
    assert_sent_to_dbs_once(stage, canary, times=1)


def assert_files_clean(files: dict[str, bytes], canary: str) -> None:
    for name, content in files.items():
        assert_clean(name, content.decode("utf-8", errors="replace"), canary)


def assert_traffic_clean(stage: Stage, canary: str) -> None:
    assert_clean("a call to Slack", _calls(stage), canary)
    messages = [stage.workspace.messages(CHANNEL), stage.thread()]
    assert_clean("a message", json.dumps(messages, ensure_ascii=False), canary)


def assert_sent_to_dbs_once(stage: Stage, canary: str, *, times: int) -> None:
    """It is one parameter of one call that got through, and reached the task as it was typed."""
    holding = [
        (request.name, name)
        for request in stage.dbs.journal
        for name, value in request.arguments.items()
        if canary in value and not request.faults
    ]
    assert holding == [("CreateRestoreTask", "DestinationEndpointPassword")] * times


def _calls(stage: Stage) -> str:
    return json.dumps(
        [dict(call.arguments) for call in stage.workspace.journal], ensure_ascii=False, default=str
    )


def _sent_after_submission(stage: Stage) -> str:
    sent: list[dict[str, Any]] = stage.workspace.sent_to_app
    kinds = [envelope.get("payload", {}).get("type") for envelope in sent]
    after = sent[len(kinds) - kinds[::-1].index("view_submission") :]
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
        async with stage.bot() as bot:
            draft = drafted(stage.plan("orders-prod")).evolve(password=SecretStr(canary))
            await stage.stop_dbs()
            await bot.service.submit(draft)
            await stage.until_card("trying again")
    printed = capsys.readouterr()
    assert "dbs.call" in printed.err, "the log is at its loudest"
    assert_clean("a log record", caplog.text, canary)
    assert_clean("the output", printed.out + printed.err, canary)
    assert_traffic_clean(stage, canary)


@pytest.mark.parametrize("canary", CANARIES)
def test_the_search_finds_a_password_however_it_is_written(canary: str) -> None:
    for written in (canary, quote_plus(canary), json.dumps({"password": canary}), repr(json.dumps(canary))):
        with pytest.raises(AssertionError):
            assert_clean("here", f"x{written}y", canary)
