"""A post to a response_url goes through the same door as the Web API: written down, and struck by faults."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.sandbox import Sandbox
from bot.sandbox.faults import FaultError


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def url(sandbox: Sandbox) -> str:
    """A response_url that was handed out."""
    state = sandbox.workspace._state  # noqa: SLF001  (no app to get it from)
    channel, person = state.directory.channel("#db-oncall"), sandbox.alice.person
    return f"{sandbox.workspace_url}response/{state.response_urls.issue(channel.id, person.id).key}"


async def post(url: str) -> httpx.Response:
    async with httpx.AsyncClient() as http:
        return await http.post(url, json={"text": "hello", "response_type": "in_channel"})


async def test_a_post_is_written_down_without_its_secret(sandbox: Sandbox, url: str) -> None:
    assert (await post(url)).status_code == 200
    (arrival,) = sandbox.journal
    assert (arrival.service, arrival.name, arrival.status) == ("slack", "response_url", 200)
    assert arrival.arguments["text"] == "hello"
    assert url.rpartition("/")[2] not in repr(vars(arrival))


async def test_it_can_fail_before_and_after_it_took_effect(sandbox: Sandbox, url: str) -> None:
    sandbox.workspace.faults.add("status", "response_url", times=1, status=503)
    assert (await post(url)).status_code == 503
    assert sandbox.workspace.messages("#db-oncall") == []
    sandbox.workspace.faults.add("close_after", "response_url", times=1)
    with pytest.raises(httpx.TransportError):
        await post(url)
    assert [message["text"] for message in sandbox.workspace.messages("#db-oncall")] == ["hello"]
    assert [arrival.faults for arrival in sandbox.journal] == [["status"], ["close_after"]]


@pytest.mark.parametrize(("code", "status"), [("used_url", 404), ("invalid_blocks", 400)])
async def test_an_error_comes_with_the_status_such_an_error_has(
    sandbox: Sandbox, url: str, code: str, status: int
) -> None:
    sandbox.workspace.faults.add("error", "response_url", code=code)
    answer = await post(url)
    assert (answer.status_code, answer.json()) == (status, {"ok": False, "error": code})


async def test_it_is_a_target_of_what_strikes_calls_alone(sandbox: Sandbox) -> None:
    assert "response_url" in sandbox.workspace.faults.targets
    with pytest.raises(FaultError, match="cannot strike response_url"):
        sandbox.workspace.faults.add("deaf_socket", "response_url")


async def test_it_expires_in_the_time_of_slack(sandbox: Sandbox, url: str) -> None:
    sandbox.workspace.clock.advance(31 * 60)
    answer = await post(url)
    assert (answer.status_code, answer.json()["error"]) == (404, "expired_url")
