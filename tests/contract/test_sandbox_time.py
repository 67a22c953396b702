"""The two clocks of the sandbox: who waits for time is woken by it, and each service's can be advanced."""

import asyncio

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.clock import END, SimulatedClock
from bot.sandbox.slack import LocalWorkspace

HOUR = 3600.0


async def test_whoever_waits_is_woken_when_the_shared_clock_jumps() -> None:
    async with Sandbox(speed=0) as sandbox:
        soon = sandbox.clock.now() + HOUR
        waits = [
            asyncio.create_task(service.until(lambda: sandbox.clock.now() >= soon))
            for service in (sandbox, sandbox.dbs, sandbox.workspace)
        ]
        await asyncio.sleep(0)
        sandbox.clock.advance(HOUR)
        assert await asyncio.gather(*waits) == [True, True, True]


async def test_whoever_waits_looks_again_while_time_flows() -> None:
    async with Sandbox(speed=100_000) as sandbox:
        soon = sandbox.clock.now() + HOUR
        assert await sandbox.until(lambda: sandbox.clock.now() >= soon)


async def test_one_call_advances_both_services() -> None:
    async with Sandbox(speed=0) as sandbox:
        dbs, slack = sandbox.clock.now(), sandbox.workspace.clock.now()
        sandbox.advance(HOUR)
        assert sandbox.clock.now() == dbs + HOUR
        assert slack + HOUR <= sandbox.workspace.clock.now() < slack + HOUR + 60


async def test_each_services_time_is_advanced_alone_over_http() -> None:
    async with Sandbox(speed=0) as sandbox, httpx.AsyncClient(base_url=sandbox.workspace_url) as page:
        dbs, before = sandbox.clock.now(), (await page.get("/control/slack/time")).json()
        assert before["speed"] == 1
        after = (await page.post("/control/slack/time", json={"advance": HOUR})).json()
        assert before["now"] + HOUR <= after["now"] < before["now"] + HOUR + 60
        assert sandbox.clock.now() == dbs
        assert (await page.post("/control/slack/time", json={"advance": -1})).status_code == 400


async def test_a_trigger_expires_in_the_time_of_slack() -> None:
    workspace = LocalWorkspace()
    async with workspace.serve(port=0) as url:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=f"{url}api/", retry_handlers=[])
        trigger_id = workspace._state.triggers.issue("U0ALICE0001")  # noqa: SLF001  (no app to get it from)
        workspace.clock.advance(3.5)
        view = {
            "type": "modal",
            "title": {"type": "plain_text", "text": "Late"},
            "blocks": [{"type": "divider"}],
        }
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await client.views_open(trigger_id=trigger_id, view=view)


async def test_a_rate_window_passes_in_the_time_of_slack() -> None:
    async with Sandbox(rates=True) as sandbox:
        client = AsyncWebClient(
            token="xoxb-sandbox", base_url=f"{sandbox.workspace_url}api/", retry_handlers=[]
        )
        posts = [client.chat_postMessage(channel="#db-oncall", text="again") for _ in range(10)]
        with pytest.raises(SlackApiError, match="ratelimited"):
            await asyncio.gather(*posts)
        sandbox.workspace.clock.advance(10)
        await client.chat_postMessage(channel="#db-oncall", text="again")


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 10**400, 1e12])
async def test_time_does_not_jump_where_there_is_none(seconds: float) -> None:
    clock = SimulatedClock(speed=0)
    before = clock.now()
    with pytest.raises(ValueError, match=r"backwards|ends"):
        clock.advance(seconds)
    assert clock.now() == before


async def test_jumps_that_add_up_to_the_end_of_time_are_refused() -> None:
    async with Sandbox(speed=0) as sandbox, httpx.AsyncClient(base_url=sandbox.workspace_url) as page:
        for _ in range(78):
            answer = await page.post("/control/dbs/time", json={"advance": 36_525 * 86_400})
            assert answer.status_code == 200
        answer = await page.post("/control/dbs/time", json={"advance": 36_525 * 86_400})
        assert (answer.status_code, answer.json()["error"]) == (
            400,
            "This does not work: time ends with the year 9899.",
        )


async def test_time_that_flows_stops_at_its_end() -> None:
    real = iter([0.0, 1e30])
    assert SimulatedClock(start=0, monotonic=lambda: next(real)).now() == END


@pytest.mark.parametrize("speed", [-1, float("nan"), float("inf")])
def test_a_speed_that_is_none_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        SimulatedClock(speed)
