"""The whole bot between the local services: real protocols on loopback, DBS time that tests advance."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from bot.app import RestoreBot, built
from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import BackupPlan, LocalDbs
from bot.sandbox.slack import LocalWorkspace
from bot.settings import Settings

CHANNEL = "#db-oncall"
#: Longer than a message in doubt is waited for.
PATIENCE = 20.0


class Stage:
    """A workspace, a DBS whose time stands still until advanced, and the means to run a bot between them."""

    def __init__(
        self, workspace: LocalWorkspace, dbs: LocalDbs, clock: SimulatedClock, dbs_server: AsyncExitStack
    ) -> None:
        self._dbs_server = dbs_server
        self.workspace = workspace
        self.dbs = dbs
        self.clock = clock
        self.settings: Settings
        self.alice = workspace.person("alice")
        self.ben = workspace.person("ben")

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[RestoreBot]:
        """A bot from start to orderly stop."""
        async with built(self.settings) as bot:
            running = asyncio.create_task(bot.run())
            await self.workspace.app_connected()
            yield bot
            bot.stop()
            await running

    async def stop_dbs(self) -> None:
        """From now on nothing listens at DBS's address."""
        await self._dbs_server.aclose()

    def plan(self, name: str) -> BackupPlan:
        return next(plan for plan in self.dbs.estate.plans if plan.name == name)

    async def open_form(self, plan_name: str) -> str:
        """Alice types /restore and chooses a plan; gives the plan's id once its fields are there."""
        await self.alice.say(CHANNEL, "/restore")
        await self.workspace.until(lambda: self.alice.view)
        (option,) = await self.alice.options("plan", "plan", plan_name)
        await self.alice.choose("plan", "plan", option)
        await self.until_block("instance_id")
        plan_id: str = option["value"]
        return plan_id

    async def until_block(self, block_id: str) -> None:
        def shown() -> bool:
            view = self.alice.view
            return view is not None and any(block["block_id"] == block_id for block in view["blocks"])

        await self.workspace.until(shown)

    async def submit(self, **changes: Any) -> dict[str, str]:
        """Fill in what a plan in RDS needs and submit. A change's `__` stands for the `:` of a block id."""
        filled = {"instance_id": "rm-bp1target0001", "user_name": "restore_rw", "password": "correct horse"}
        filled |= {block_id.replace("__", ":"): value for block_id, value in changes.items()}
        return await self.alice.submit(filled)

    async def restore(self, plan_name: str, **changes: Any) -> None:
        """Alice's form for a plan, submitted without an error."""
        await self.open_form(plan_name)
        assert await self.submit(**changes) == {}

    def thread(self, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """The card and what stands below it; empty before the card is posted."""
        cards = [message for message in self.workspace.messages(channel) if message.get("metadata")]
        return self.workspace.thread(channel, cards[-1]["ts"]) if cards else []

    def told(self) -> list[str]:
        """What the thread says below the card."""
        return [message["text"] for message in self.thread()[1:]]

    async def until_told(self, words: str, *, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - a test's word
        await self.workspace.until(lambda: any(words in text for text in self.told()), timeout=timeout)

    async def until_card(self, words: str) -> None:
        await self.workspace.until(
            lambda: any(words in card["text"] for card in self.thread()[:1]), timeout=PATIENCE
        )

    async def play(self, *, until: str, step: float = 30, most: int = 200) -> None:
        """Let DBS's time pass, a step after each look of the poller, until the thread says `until`."""

        def told() -> bool:
            return any(until in text for text in self.told())

        for _ in range(most):
            if told():
                return
            self.clock.advance(step)
            await self._first(self.workspace.until(told, timeout=PATIENCE), self.looked())
        raise AssertionError(f"{until!r} was never told: {self.told()}")

    async def _first(self, *waits: Coroutine[Any, Any, Any]) -> None:
        """Wait for one of several things."""
        tasks = [asyncio.create_task(wait) for wait in waits]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            task.result()

    async def looked(self) -> None:
        """Wait until the poller has asked DBS anew and the answer was dealt with."""
        seen = self.describe_calls()
        await self.dbs.until(lambda: self.describe_calls() >= seen + 2, timeout=PATIENCE)

    def describe_calls(self) -> int:
        return sum(request.action == "DescribeRestoreTaskList" for request in self.dbs.requests)
