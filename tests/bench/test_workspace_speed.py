"""How fast the local workspace is with 2,000 messages and 200 threads in a channel; -s shows the figures."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from statistics import median
from typing import Any

import aiohttp
import pytest

from bot.sandbox.slack import LocalWorkspace

CHANNEL = "C0DBONCALL1"
MESSAGES, THREADS, SAMPLES = 2000, 200, 300
#: The aim on a quiet machine is 5 ms; a busy one gets room, for a test that fails by chance says nothing.
MOST_MS = 25.0
#: Posting into the full channel may not take much longer than into an empty one.
MOST_GROWTH = 3.0
CARD = [
    {"type": "section", "block_id": f"b{n}", "text": {"type": "mrkdwn", "text": f"*step {n}* " + "x" * 200}}
    for n in range(8)
]

Call = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


@pytest.fixture
async def call() -> AsyncIterator[Call]:
    """The Web API without a client's own work: one connection, one call after the other."""
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    async with LocalWorkspace().serve(port=0) as url, aiohttp.ClientSession(headers=headers) as session:

        async def call(method: str, arguments: dict[str, Any]) -> dict[str, Any]:
            async with session.post(f"{url}api/{method}", json=arguments) as response:
                answer: dict[str, Any] = await response.json()
                assert answer["ok"], answer
                return answer

        yield call


async def timed(call: Call, method: str, arguments: dict[str, Any], samples: int = SAMPLES) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for _ in range(samples):
        start = time.perf_counter()
        await call(method, arguments)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def told(what: str, taken: list[float]) -> float:
    """Print the figures; the median."""
    print(f"{what}: median {median(taken):.2f} ms, slowest {max(taken):.2f} ms")  # noqa: T201  (the figures)
    return median(taken)


async def test_a_full_channel_is_as_quick_as_an_empty_one(call: Call) -> None:
    post = {"channel": CHANNEL, "text": "x", "blocks": CARD}
    empty = told("chat.postMessage, empty channel", await timed(call, "chat.postMessage", post))
    roots = []
    for number in range(MESSAGES):
        posted = await call("chat.postMessage", {"channel": CHANNEL, "text": f"message {number}"})
        if number % (MESSAGES // THREADS) == 0:
            roots.append(posted["ts"])
            for _ in range(3):
                await call("chat.postMessage", {"channel": CHANNEL, "text": "r", "thread_ts": posted["ts"]})
    assert len(roots) == THREADS
    full = told("chat.postMessage, full channel", await timed(call, "chat.postMessage", post))
    in_thread = {**post, "thread_ts": roots[-1]}
    reply = told("chat.postMessage in a thread", await timed(call, "chat.postMessage", in_thread))
    update = {**post, "ts": roots[0]}
    told("chat.update", await timed(call, "chat.update", update))
    history = {"channel": CHANNEL, "limit": 100}
    told("conversations.history of 100", await timed(call, "conversations.history", history, 30))
    replies = {"channel": CHANNEL, "ts": roots[-1], "limit": 100}
    told("conversations.replies of 100", await timed(call, "conversations.replies", replies, 30))
    assert max(full, reply) < MOST_MS
    assert full < empty * MOST_GROWTH + 1
