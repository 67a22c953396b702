"""`restorebot sandbox` as a command: speeds that are none, and what a terminal sends to it."""

import os
import re
import signal
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from bot import config_file
from bot.cli import main
from tests.scenario.processes import restorebot


@pytest.mark.parametrize("speed", ["nan", "inf", "-1", "fast"])
def test_a_speed_that_is_none_is_refused_in_a_sentence(speed: str) -> None:
    # Not by way of `main`: it sets up logging for the whole process.
    ended = CliRunner().invoke(main.commands["sandbox"], ["--speed", speed])
    assert ended.exit_code == 2
    assert "Invalid value for '--speed'" in ended.output
    assert "Traceback" not in ended.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
async def test_what_a_terminal_sends_reaches_the_sandbox_alone_and_it_ends_the_bot_in_order(
    number: signal.Signals,
) -> None:
    async with restorebot("sandbox", "--no-browser", "--port", "0", "--dbs-port", "0") as running:
        await running.until_printed("Ready: ")
        (address,) = re.findall(r"Ready: (\S+)", running.printed)
        async with httpx.AsyncClient(base_url=address, timeout=20) as page:
            crashed = (await page.post("/control/bot", json={"do": "crash"})).json()
        assert os.getpgid(crashed["pid"]) == crashed["pid"] != os.getpgid(running.process.pid)
        # The bot that took the other's place is still importing.
        assert await running.end(number) == 0
    assert "Traceback" not in running.printed
    with pytest.raises(ProcessLookupError):
        os.kill(crashed["pid"], 0)


async def test_the_form_in_the_sandbox_offers_a_stored_credential_whatever_config_is_set_outside(
    tmp_path: Path,
) -> None:
    outside = tmp_path / "real.toml"
    outside.write_text("[credentials.real]\n")
    options = ("--no-browser", "--port", "0", "--dbs-port", "0", "--data", str(tmp_path / "data"))
    async with restorebot("sandbox", *options, environment={"RESTOREBOT_CONFIG": str(outside)}) as running:
        await running.until_printed("Ready: ")
        assert await running.end(signal.SIGINT) == 0
    written = config_file.read(tmp_path / "data" / "sandbox.toml", keys_in_environment=True)
    (mistake,) = written.mistakes
    assert "RESTOREBOT_SANDBOX_PASSWORD is not set" in mistake, "here alone: its bot has started"


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    options = ["--no-browser", "--port", "0", "--dbs-port", "0", "--data", str(tmp_path / "file" / "in")]
    ended = CliRunner().invoke(main.commands["sandbox"], options)
    assert ended.exit_code == 1
    assert "cannot be used" in ended.output
