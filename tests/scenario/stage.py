"""The whole bot between the local services: real protocols on loopback, DBS time that tests advance."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import RestoreBot, built
from bot.restores.clock import utc_now
from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import BackupPlan, LocalDbs
from bot.sandbox.slack import LocalWorkspace
from bot.settings import Settings
from tests.cards import cards
from tests.settings import local_settings

CHANNEL = "#db-oncall"
#: Longer than a message in doubt is waited for.
PATIENCE = 20.0
#: What a restore to an instance in RDS needs.
USUAL = {"instance_id": "rm-bp1target0001", "user_name": "restore_rw", "password": "correct horse"}


async def started(dbs: LocalDbs) -> None:
    """Until no task there waits for its start."""
    await dbs.until(lambda: all(task.started_ms is not None for task in dbs.tasks), within=PATIENCE)


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
    async def bot(self, now: Callable[[], datetime] = utc_now) -> AsyncIterator[RestoreBot]:
        """A bot from start to orderly stop, by its own clock."""
        async with built(self.settings, now=now) as bot:
            running = asyncio.create_task(bot.run())
            await self.workspace.app_connected()
            try:
                yield bot
            finally:
                bot.stop()
                await running

    async def stop_dbs(self) -> None:
        """From now on nothing listens at DBS's address."""
        await self._dbs_server.aclose()

    def plan(self, name: str) -> BackupPlan:
        return next(plan for plan in self.dbs.estate.plans if plan.name == name)

    # The form

    async def open_form(self, plan_name: str, command: str = "/restore") -> str:
        """Alice types /restore and chooses a plan; gives the plan's id once its fields are there."""
        await self.alice.say(CHANNEL, command)
        await self.workspace.until(lambda: self.alice.view)
        return await self.choose_plan(plan_name)

    async def choose_plan(self, plan_name: str) -> str:
        (option,) = await self.alice.options(self.block("plan"), "plan", plan_name)
        await self.put("plan", option)
        await self.until_block("choice")
        plan_id: str = option["value"].partition("/")[2]
        return plan_id

    @property
    def title(self) -> str:
        """Of the step on top; empty when no form is open."""
        return self.alice.view["title"]["text"] if self.alice.view else ""

    def block_ids(self) -> list[str]:
        view = self.alice.view
        return [block["block_id"] for block in view["blocks"]] if view else []

    def inputs(self) -> list[str]:
        """The names of what the step on top asks for, in order."""
        blocks = self.alice.view["blocks"] if self.alice.view else []
        return [_name(block["block_id"]) for block in blocks if block["type"] == "input"]

    def block(self, name: str) -> str:
        """The id of the block that asks for it now."""
        return next(each for each in self.block_ids() if name in {each, _name(each)})

    def value(self, name: str) -> Any:
        """What is typed or chosen there: a text, the value of an option, a list of these."""
        assert self.alice.view is not None
        (held,) = self.alice.view["state"]["values"][self.block(name)].values()
        (value,) = (each for key, each in held.items() if key != "type")
        if isinstance(value, list):
            return [each["value"] for each in value]
        return value["value"] if isinstance(value, dict) else value

    def value_text(self, name: str) -> str:
        """The text of the option that is chosen there."""
        assert self.alice.view is not None
        (held,) = self.alice.view["state"]["values"][self.block(name)].values()
        return str(held["selected_option"]["text"]["text"])

    def shown(self) -> str:
        """All that the step on top shows."""
        return json.dumps(self.alice.view["blocks"] if self.alice.view else [], ensure_ascii=False)

    async def until_block(self, name: str) -> None:
        await self.workspace.until(lambda: any(name in {each, _name(each)} for each in self.block_ids()))

    async def until_shown(self, words: str) -> None:
        await self.workspace.until(lambda: words in self.shown(), within=PATIENCE)

    async def put(self, name: str, value: Any = None) -> None:
        """Type, choose or press; where the bot hears of it at once, wait for what it makes of it."""
        view, block_id, before = self.alice.view, self.block(name), self.alice.views
        assert view is not None
        (block,) = (each for each in view["blocks"] if each["block_id"] == block_id)
        element = block["element"]
        await self.alice.choose(block_id, element["action_id"], value)
        if block["dispatch_action"]:
            await self.until_changed(before)

    async def press(self, action_id: str) -> None:
        """A button of the step on top, by its whole id or the beginning of it."""
        before = self.alice.views
        for block in before[-1]["blocks"]:
            for element in block.get("elements", ()):
                if element.get("action_id", "").startswith(action_id):
                    await self.alice.choose(block["block_id"], element["action_id"])
                    await self.until_changed(before)
                    return
        raise AssertionError(f"there is no button {action_id}")

    async def until_changed(self, before: list[dict[str, Any]]) -> None:
        """Until the bot has put something new in the place of every view that is still open."""
        old = {view["hash"] for view in before}
        await self.workspace.until(
            lambda: not any(view["hash"] in old for view in self.alice.views), within=PATIENCE
        )

    async def back(self) -> None:
        """The arrow to the step below, which is then told what was typed."""
        before = self.alice.views
        await self.alice.close()
        await self.until_changed(before)

    async def next(self, **values: Any) -> dict[str, str]:
        """Fill in what the step on top asks for and submit it; the sentences by what they stand beside."""
        for name, value in values.items():
            if name in self.inputs() and self._is_heard_at_once(name):
                await self.put(name, value)
        filled = {self.block(name): value for name, value in values.items() if name in self.inputs()}
        before = self.alice.views
        errors = await self.alice.submit(filled)
        if len(self.alice.views) > len(before):
            await self.until_changed(before)
        return {_name(block_id): sentence for block_id, sentence in errors.items()}

    def _is_heard_at_once(self, name: str) -> bool:
        """Whether something hangs on a choice."""
        view = self.alice.view
        assert view is not None
        (block,) = (each for each in view["blocks"] if each["block_id"] == self.block(name))
        return bool(block["dispatch_action"]) and block["element"]["type"] != "plain_text_input"

    async def to_step(self, title: str, **values: Any) -> None:
        """Go on until this step is on top."""
        while title not in self.title:
            assert await self.next(**USUAL | values) == {}

    async def submit(self, **changes: Any) -> dict[str, str]:
        """Fill in what is asked for in this step and those that follow, to the end or the first error."""
        while view := self.alice.view:
            errors = await self.next(**USUAL | changes | self.confirmed())
            shown = self.alice.view
            if errors or (shown and shown["id"] == view["id"] and shown["hash"] == view["hash"]):
                return errors
        return {}

    def confirmed(self) -> dict[str, str]:
        """The target, typed where it is asked for."""
        blocks = self.alice.view["blocks"] if self.alice.view else []
        asked = [block["label"]["text"] for block in blocks if block["block_id"].startswith("confirm")]
        return {"confirm": asked[0].removeprefix("Type ").removesuffix(" to go on")} if asked else {}

    async def restore(self, plan_name: str, **changes: Any) -> None:
        """Alice's form for a plan, filled in and submitted through all its steps without an error."""
        await self.open_form(plan_name)
        assert await self.submit(**changes) == {}

    def thread(self, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """The card and what stands below it; empty before the card is posted."""
        roots = cards(self.workspace.messages(channel))
        return self.workspace.thread(channel, roots[-1]["ts"]) if roots else []

    def told(self) -> list[str]:
        """What the thread says below the card."""
        return [message["text"] for message in self.thread()[1:]]

    async def until_told(self, words: str, *, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - a test's word
        await self.workspace.until(lambda: any(words in text for text in self.told()), within=timeout)

    async def until_card(self, words: str) -> None:
        await self.workspace.until(
            lambda: any(words in card["text"] for card in self.thread()[:1]), within=PATIENCE
        )

    async def until_started(self) -> None:
        """Until no task in DBS waits for its start: time that passes before does not count."""
        await started(self.dbs)

    async def play(self, *, until: str, step: float = 30, most: int = 200) -> None:
        """Let DBS's time pass, a step after each look of the poller, until the thread says `until`."""

        def told() -> bool:
            return any(until in text for text in self.told())

        for _ in range(most):
            if told():
                return
            self.clock.advance(step)
            await self._first(self.workspace.until(told, within=PATIENCE), self.looked())
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
        await self.dbs.until(lambda: self.describe_calls() >= seen + 2, within=PATIENCE)

    def describe_calls(self) -> int:
        return sum(request.name == "DescribeRestoreTaskList" for request in self.dbs.journal)


def _name(block_id: str) -> str:
    """What a block asks for, without what makes its id another when the bot sets its value."""
    return block_id.partition(":")[0].partition("@")[0]


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    """A stage that is served; the bot's database will be in the folder."""
    clock = SimulatedClock(speed=0)
    workspace, dbs = LocalWorkspace(), LocalDbs(clock=clock)
    async with AsyncExitStack() as stack:
        workspace_url = await stack.enter_async_context(workspace.serve(port=0))
        dbs_server = await stack.enter_async_context(AsyncExitStack())
        dbs_url = await dbs_server.enter_async_context(dbs.serve())
        made = Stage(workspace, dbs, clock, dbs_server)
        made.settings = local_settings(workspace_url, dbs_url, folder, poll_interval=0.02)
        yield made
