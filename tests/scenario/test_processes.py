"""The command line: starting, stopping, being killed, and what is printed."""

import asyncio
import re
import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.scenario.processes import QUICK, environment, restorebot
from tests.scenario.stage import Stage
from tests.scenario.wires import wire_to

CONNECTED = "connected to Slack"
ANY_PORTS = ("--port", "0", "--dbs-port", "0")


async def test_a_killed_bot_goes_on_at_its_next_start_and_tells_nothing_twice(stage: Stage) -> None:
    async with restorebot("run", environment=environment(stage)) as bot:
        await bot.until_printed(CONNECTED)
        await stage.restore("orders-prod")
        await stage.play(until="25 %")
        await bot.end(signal.SIGKILL)
    async with restorebot("run", environment=environment(stage), program=QUICK) as bot:
        await bot.until_printed(CONNECTED)
        await stage.play(until="finished")
        await stage.until_card("*Finished*")
    assert len(stage.told()) == len(set(stage.told()))
    assert len(stage.dbs.tasks) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_bot_in_order(stage: Stage, number: signal.Signals) -> None:
    async with restorebot("run", environment=environment(stage)) as bot:
        await bot.until_printed(CONNECTED)
        await stage.restore("orders-prod")
        await stage.until_told("created the task")
        async with asyncio.timeout(5):
            assert await bot.end(number) == 0
    assert "Traceback" not in bot.printed
    assert "Warning" not in bot.printed


@pytest.mark.parametrize("hanging", ["dbs_endpoint", "slack_api_url"])
async def test_a_signal_stops_the_bot_although_a_service_hangs(stage: Stage, hanging: str) -> None:
    async with wire_to(getattr(stage.settings, hanging)) as (wire, address):
        silent = environment(stage) | {hanging.upper(): address}
        async with restorebot("run", environment=silent, program=QUICK) as bot:
            await bot.until_printed(CONNECTED)
            await stage.restore("orders-prod")
            await stage.until_told("created the task")
            await stage.until_started()
            wire.silent = True
            stage.clock.advance(500)
            async with asyncio.timeout(5.5):
                assert await bot.end(signal.SIGTERM) == 0
    async with restorebot("run", environment=environment(stage)) as bot:
        await stage.until_told("All data", timeout=20)


async def test_missing_settings_are_named_without_a_traceback() -> None:
    async with restorebot("run") as bot:
        assert await bot.ended() == 1
    assert "SLACK_BOT_TOKEN is not set." in bot.printed
    assert "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set." in bot.printed
    assert "Traceback" not in bot.printed


async def test_a_token_slack_refuses_ends_the_bot_with_a_sentence(stage: Stage) -> None:
    wrong = environment(stage) | {"SLACK_APP_TOKEN": "xapp-wrong-canary"}
    async with restorebot("run", environment=wrong) as bot:
        assert await bot.ended() == 1
    assert "SLACK_APP_TOKEN" in bot.printed
    assert "Traceback" not in bot.printed
    assert "xapp-wrong-canary" not in bot.printed


async def test_check_finds_everything_in_order(stage: Stage) -> None:
    async with restorebot("check", environment=environment(stage)) as check:
        assert await check.ended() == 0
    assert [line[:4] for line in check.printed.splitlines() if line[4:6] == "  "] == ["ok  "] * 5


async def test_check_names_what_is_wrong(stage: Stage) -> None:
    wrong = environment(stage) | {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "wrong", "SLACK_APP_TOKEN": "xapp-no"}
    async with restorebot("check", environment=wrong) as check:
        assert await check.ended() == 1
    findings = [line[:4] for line in check.printed.splitlines() if line[4:6] == "  "]
    assert sorted(findings) == ["FAIL"] * 2 + ["ok  "] * 3


async def test_the_sandbox_says_when_it_is_ready_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    async with restorebot("sandbox", "--no-browser", "--data", str(tmp_path), *ANY_PORTS) as sandbox:
        await sandbox.until_printed("Ready: http://127.0.0.1:")
        assert await sandbox.end(signal.SIGINT) == 0
    assert "Traceback" not in sandbox.printed
    assert (tmp_path / "restorebot.db").exists()


async def test_the_sandbox_opens_its_page_in_the_browser() -> None:
    browser = {"BROWSER": "/bin/echo opened %s"}
    async with restorebot("sandbox", "--no-bot", *ANY_PORTS, environment=browser) as sandbox:
        await sandbox.until_printed("opened http://127.0.0.1:")
        assert await sandbox.end(signal.SIGINT) == 0


async def test_the_sandbox_without_a_bot_serves_the_two_services_alone() -> None:
    async with restorebot("sandbox", "--no-browser", "--no-bot", *ANY_PORTS) as sandbox:
        await sandbox.until_printed("Ready: ")
        assert CONNECTED not in sandbox.printed
        assert await sandbox.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("option", ["--port", "--dbs-port"])
async def test_a_port_that_is_taken_gives_one_sentence(option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = "--dbs-port" if option == "--port" else "--port"
        arguments = (option, str(port), other, "0")
        async with restorebot("sandbox", "--no-browser", *arguments) as sandbox:
            assert await sandbox.ended() == 1
    assert sandbox.printed.strip() == f"Error: Port {port} is taken. Choose another with {option}."


async def test_the_installed_package_serves_its_page(tmp_path: Path) -> None:
    """From another folder: what the package lacks is missed."""
    arguments = ("sandbox", "--no-browser", "--no-bot", *ANY_PORTS)
    async with restorebot(*arguments, folder=tmp_path) as sandbox:
        await sandbox.until_printed("Ready: ")
        (address,) = re.findall(r"Ready: (\S+)", sandbox.printed)
        async with httpx.AsyncClient(base_url=address) as browser:
            page = (await browser.get("/")).text
            parts = re.findall(r'(?:src|href)="(/page/static/[^"]+)"', page)
            assert len(parts) > 3
            for part in parts:
                assert (await browser.get(part)).status_code == 200, part
