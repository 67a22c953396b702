"""The bot's process in the sandbox: it crashes when told to, and only then is it started again."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import httpx
import pytest

from tests.scenario.processes import Running, restorebot


@asynccontextmanager
async def sandbox(*options: str) -> AsyncIterator[tuple[Running, httpx.AsyncClient]]:
    arguments = ("sandbox", "--no-browser", "--port", "0", "--dbs-port", "0", *options)
    async with restorebot(*arguments) as running:
        await running.until_printed("Ready: ")
        (address,) = re.findall(r"Ready: (\S+)", running.printed)
        async with httpx.AsyncClient(base_url=address, timeout=20) as page:
            yield running, page


async def until_connected(page: httpx.AsyncClient) -> None:
    """Wait until the page is told that the app is there."""
    user = (await page.get("/page/boot")).json()["me"]["id"]
    async with (
        asyncio.timeout(20),
        aiohttp.ClientSession(str(page.base_url)) as session,
        session.ws_connect(f"/page/socket?user={user}") as socket,
    ):
        while not (await page.get("/page/boot")).json()["bot"]["connected"]:
            await socket.receive()


async def test_a_crash_kills_the_bot_and_starts_it_again() -> None:
    async with sandbox() as (running, page):
        before = (await page.get("/control/bot")).json()
        assert before == {"ok": True, "running": True, "pid": before["pid"], "starts": 1}
        os.kill(before["pid"], 0)
        after = (await page.post("/control/bot", json={"do": "crash"})).json()
        assert (after["running"], after["starts"]) == (True, 2)
        assert after["pid"] != before["pid"]
        with pytest.raises(ProcessLookupError):
            os.kill(before["pid"], 0)
        await until_connected(page)
        assert await running.end(signal.SIGINT) == 0
        with pytest.raises(ProcessLookupError):
            os.kill(after["pid"], 0)


async def test_an_order_to_the_bot_that_makes_no_sense_is_refused() -> None:
    async with sandbox() as (running, page):
        answer = await page.post("/control/bot", json={"do": "dance"})
        assert (answer.status_code, answer.json()["error"]) == (400, "The bot can only be told to crash.")
        assert (await page.get("/control/bot")).json()["starts"] == 1
        assert await running.end(signal.SIGINT) == 0


async def test_a_bot_that_ends_by_itself_ends_the_sandbox_with_a_sentence() -> None:
    async with sandbox() as (running, page):
        os.kill((await page.get("/control/bot")).json()["pid"], signal.SIGKILL)
        async with asyncio.timeout(10):
            assert await running.ended() == 1
    assert running.printed.rstrip().endswith("The bot ended by itself; its last lines above say why.")
