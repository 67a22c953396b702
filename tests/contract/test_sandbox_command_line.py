"""`restorebot sandbox` as a command: speeds that are none, and what a terminal sends to it."""

import os
import re
import signal

import httpx
import pytest
from click.testing import CliRunner

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
