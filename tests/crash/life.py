"""Restores from submission to their end while the bot is killed and started again; seen from the services."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any, Self

from cryptography.fernet import Fernet

from bot.restores.models import RestoreDraft
from bot.sandbox.sandbox import Sandbox
from tests import cards

REPOSITORY = Path(__file__).parents[2]
PASSWORD = "correct horse"
KEY = Fernet.generate_key().decode()
#: Seconds in which nothing went on, however busy the machine.
PATIENCE = 60.0
#: Not a point: the bot is killed so many milliseconds after its start, wherever it is then.
CLOCK = "clock"
#: Calls that change something.
WRITES = {"CreateRestoreTask", "StartRestoreTask", "chat.postMessage", "chat.update"}

_LEFT = """
    SELECT 1 FROM requests WHERE open
    UNION ALL SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'folded') OR sweep_at IS NOT NULL
    UNION ALL SELECT 1 FROM links WHERE card_shown < card_version
"""


class Nursery:
    """The process that forks bots: see tests/crash/bot.py."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.bot"], stdin=subprocess.PIPE, cwd=REPOSITORY
        )

    def fork(self, environment: Mapping[str, str]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(environment).encode() + b"\n")
        self._process.stdin.flush()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


class Bot:
    """One process, from its start to its death."""

    def __init__(self, at: str, nth: int) -> None:
        self._at = at
        self._nth = nth
        self.doomed = bool(at)
        self.pid: int | None = None
        self.taken: set[str] = set()
        self.dead = asyncio.Event()

    async def listen(self, reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(ConnectionError, ValueError):
            self.pid = int(await reader.readline())
            if self._at == CLOCK:
                asyncio.get_running_loop().call_later(self._nth / 1000, self.kill)
            while line := await reader.readline():
                self.taken.add(line.decode().strip())
        writer.close()
        self.dead.set()

    def kill(self) -> None:
        self.doomed = True
        if self.pid is None:
            self._at, self._nth = CLOCK, 0
        elif not self.dead.is_set():
            os.kill(self.pid, signal.SIGKILL)

    async def killed(self) -> None:
        self.kill()
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self.dead.wait()


class Life:
    """A sandbox whose time stands still until advanced, a database, and one bot at a time.

    Each bot dies at the next of `dooms`: the name of a point and its number, or `CLOCK` and milliseconds. Who
    dies is followed by another.
    """

    def __init__(
        self, nursery: Nursery, sandbox: Sandbox, folder: Path, *, keyed: bool = True, again: bool = True
    ) -> None:
        self._nursery = nursery
        self._folder = folder
        self._secrets = {"RESTOREBOT_SECRET_KEY": KEY} if keyed else {}
        self._again = again
        self._bot: Bot | None = None
        self.sandbox = sandbox
        self.drafts: list[RestoreDraft] = []
        self.taken: set[str] = set()
        self.dooms: list[tuple[str, int]] = []
        self.deaths = 0
        self.traced = False

    @asynccontextmanager
    async def lived(self) -> AsyncIterator[Self]:
        async def connected(reader: StreamReader, writer: StreamWriter) -> None:
            assert self._bot is not None
            await self._bot.listen(reader, writer)

        server = await asyncio.start_unix_server(connected, self._socket)
        try:
            yield self
        finally:
            if self._bot is not None:
                await self._bot.killed()
            server.close()

    @property
    def _socket(self) -> Path:
        return self._folder / "bot.sock"

    @property
    def trace(self) -> list[str]:
        """The points that were reached, in order, by all bots."""
        return (self._folder / "trace").read_text().splitlines()

    def at_rest(self) -> bool:
        """Whether the bot has nothing left to settle, to tell or to show. Only says when to look."""
        with closing(sqlite3.connect(f"file:{self._folder / 'bot.db'}?mode=ro", uri=True)) as db:
            return not any(db.execute(_LEFT))

    def log(self) -> str:
        return (self._folder / "bot.log").read_text()

    def start(self) -> None:
        """Start the next bot. People submit again what nobody took, and, if they do it `again`, all else."""
        if self._bot is not None:
            self.taken |= self._bot.taken
        drafts = [draft for draft in self.drafts if self._again or draft.nonce not in self.taken]
        at, nth = self.dooms.pop(0) if self.dooms else ("", 1)
        self._bot = Bot(at, nth)
        self._nursery.fork(
            self.sandbox.environment()
            | self._secrets
            | {
                "DATABASE_URL": f"sqlite:///{self._folder / 'bot.db'}",
                "RESTOREBOT_POLL_INTERVAL": "0.1",
                "CRASH_AT": at,
                "CRASH_NTH": str(nth),
                "CRASH_SOCKET": str(self._socket),
                "CRASH_LOG": str(self._folder / "bot.log"),
                **({"CRASH_TRACE": str(self._folder / "trace")} if self.traced else {}),
                "CRASH_DRAFTS": json.dumps(
                    [{"draft": draft.model_dump(mode="json"), "password": PASSWORD} for draft in drafts]
                ),
            }
        )

    def kill(self) -> None:
        """Now, wherever it is."""
        if self._bot is not None:
            self._bot.kill()

    async def until(self, condition: Callable[[], object]) -> None:
        """Until it is true, whatever the bot dies of. Raises TimeoutError when nothing goes on."""
        if self._bot is None:
            self.start()
        done = -1
        while not condition():
            if self._done() == done:
                raise TimeoutError
            done = self._done()
            await self._while_alive(condition)

    def _done(self) -> int:
        """Grows with all that goes on."""
        return self.deaths + sum(arrival.name in WRITES for arrival in self.sandbox.journal)

    async def _while_alive(self, condition: Callable[[], object]) -> None:
        """Until it is true, the bot dies and is followed by another, or long enough to wonder."""
        assert self._bot is not None
        met = asyncio.create_task(self.sandbox.until(condition, within=PATIENCE))
        died = asyncio.create_task(self._bot.dead.wait())
        await asyncio.wait([met, died], return_when=asyncio.FIRST_COMPLETED)
        for each in (met, died):
            each.cancel()
        await asyncio.gather(met, died, return_exceptions=True)
        if self._bot.dead.is_set():
            assert self._bot.doomed, f"it died by itself:\n{self.log()[-3000:]}"
            self.deaths += 1
            self.start()

    # What arrived

    def creations(self) -> list[Mapping[str, Any]]:
        """The parameters of all calls to create a task, of those that came through or not."""
        return [
            arrival.arguments for arrival in self.sandbox.dbs.journal if arrival.name == "CreateRestoreTask"
        ]

    def posts(self) -> Counter[str]:
        """How often Slack took the message of each event."""
        taken = (
            arrival.arguments
            for arrival in self.sandbox.workspace.journal
            if arrival.name == "chat.postMessage"
            and arrival.error is None
            and "close_before" not in arrival.faults
        )
        return event_ids([each for each in taken if each.get("metadata")])

    def cards(self, channel: str) -> list[dict[str, Any]]:
        return cards.cards(self.sandbox.workspace.messages(channel))

    def thread(self, channel: str) -> list[dict[str, Any]]:
        """The first card and what stands below it; empty before there is one."""
        cards = self.cards(channel)
        return self.sandbox.workspace.thread(channel, cards[0]["ts"]) if cards else []

    def told(self, channel: str) -> list[str]:
        return [message["text"] for message in self.thread(channel)[1:]]


def event_ids(messages: Sequence[Mapping[str, Any]]) -> Counter[str]:
    return Counter(message["metadata"]["event_payload"]["event_id"] for message in messages)
