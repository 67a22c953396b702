"""The real bot as a process that can be killed at a point: `python -m tests.crash.bot`.

Importing takes longer than all the rest, so this process imports once and forks a bot for every line it
reads: a JSON object, the environment of that bot. It ends, and its bots with it, at the end of its input.

Beside the settings, that environment holds: `CRASH_SOCKET`, where the bot tells its process id and what it
has taken, and which is closed when it dies; `CRASH_DRAFTS`, what people submit at its start; `CRASH_AT` and
`CRASH_NTH`, the point at which it dies; `CRASH_TRACE`, a file for the points it reaches; `CRASH_LOG`.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs, settings
from bot.app import built
from bot.errors import AlreadySubmitted
from bot.restores import folding, presence, settling, steps
from bot.restores.models import RestoreDraft
from bot.slack import cards, delivery, sweep
from tests.crash.points import DbsThrough, Points, SlackThrough, connection_through


def hasten() -> None:
    """What the real world needs seconds for takes a loopback milliseconds."""
    presence.BEAT, presence.LEASE = timedelta(seconds=0.04), timedelta(seconds=0.12)
    delivery.QUARANTINE = timedelta(seconds=0.3)
    delivery.SWEEP_AFTER = timedelta(seconds=0.5)
    delivery.FIRST_RETRY = timedelta(seconds=0.1)
    cards.PAUSE, cards.RETRY, cards.LATEST = (
        timedelta(seconds=0.05),
        timedelta(seconds=0.4),
        delivery.QUARANTINE,
    )
    sweep.RETRY = timedelta(seconds=0.5)
    steps.FIRST_RETRY = timedelta(seconds=0.1)
    settling.GIVE_UP_AFTER = timedelta(seconds=1.5)
    # Messages are counted, however long they wait on a busy machine.
    folding.LATE = timedelta(hours=1)


async def serve(environment: dict[str, str]) -> None:
    """Run until killed; what is submitted is acknowledged once it is taken."""
    trace = environment.get("CRASH_TRACE")
    points = Points(environment["CRASH_AT"], int(environment["CRASH_NTH"]), Path(trace) if trace else None)
    _, harness = await asyncio.open_unix_connection(environment["CRASH_SOCKET"])
    harness.write(f"{os.getpid()}\n".encode())
    async with built(
        settings.load(),
        connect=connection_through(points).open,
        slack=lambda loaded: SlackThrough(points, loaded),
        transport=DbsThrough(points),
    ) as bot:
        running = asyncio.create_task(bot.run())
        for kept in json.loads(environment.get("CRASH_DRAFTS", "[]")):
            password = SecretStr(kept["password"])
            draft = RestoreDraft.model_validate(kept["draft"]).evolve(password=password)
            with suppress(AlreadySubmitted):
                await bot.service.submit(draft)
            harness.write(f"{draft.nonce}\n".encode())
        await running


def bot(environment: dict[str, str]) -> None:
    """In a process of its own, from here to its end."""
    out = os.open(environment["CRASH_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.environ.update(environment)
    logs.configure()
    hasten()
    asyncio.run(serve(environment))


async def warm_up() -> None:
    """What is read and imported only at the first use is not read by every bot anew."""
    AsyncApp(client=AsyncWebClient(token="xoxb-none"), signing_secret="none")
    async with httpx.AsyncClient(verify=False) as client:
        with suppress(httpx.HTTPError):
            await client.get("http://127.0.0.1:1/")


def main() -> None:
    asyncio.run(warm_up())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    os.setpgrp()
    for line in sys.stdin.buffer:
        environment: dict[str, Any] = json.loads(line)
        if os.fork() == 0:
            try:
                bot(environment)
            except BaseException:  # noqa: BLE001 - a forked process must not go on as its parent
                traceback.print_exc()
            finally:
                os._exit(1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
