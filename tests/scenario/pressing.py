"""Every button of a restore in one message below its card, whatever the card itself offers at the moment."""

import asyncio
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.app import RestoreBot
from bot.restores.models import Following
from bot.sandbox.slack import Person
from bot.slack import buttons
from tests.scenario.stage import CHANNEL, PATIENCE, Stage

NAMED = (
    buttons.START,
    buttons.EDIT,
    buttons.AGAIN,
    buttons.EXPLAIN,
    buttons.PRECHECK,
    buttons.RECEIPT,
    buttons.RECEIPT_JSON,
    buttons.STATUS,
    buttons.CHECK_NOW,
    buttons.FOLLOW,
    buttons.UNFOLLOW,
    buttons.WATCH_ELSEWHERE,
    buttons.UNWATCH,
)
IN_MENU = (buttons.GIVE_UP, buttons.RECEIPT)
#: What a dialog says as long as its answer is not there.
WAITING = ("One moment", "Asking DBS whether")


class Buttons:
    """The message, and people who press in it."""

    def __init__(self, stage: Stage, bot: RestoreBot, following: Following, message: dict[str, Any]) -> None:
        self.stage = stage
        self.bot = bot
        self.link_id = following.link.link_id
        self.task_id = following.link.restore_task_id or ""
        self.message = message

    async def now(self) -> Following:
        found = await self.bot.register.link(self.link_id)
        assert found is not None
        return found

    async def press(self, person: Person, action_id: str) -> None:
        """It is acknowledged when this returns, and may not be done yet."""
        if action_id in NAMED or action_id == buttons.WATCH:
            await person.click(self.message, action_id)
        else:
            await person.click(self.message, buttons.MENU, f"{action_id}:{self.link_id}")

    async def answer(self, person: Person, action_id: str, channel: str = CHANNEL) -> dict[str, Any]:
        """What the person alone is shown for it."""
        before = len(person.ephemerals(channel))
        await self.press(person, action_id)
        return await answered(self.stage, person, before, channel)

    async def said(self, person: Person, action_id: str) -> str:
        return str((await self.answer(person, action_id))["text"])

    async def dialog(self, person: Person, action_id: str) -> str:
        """What the dialog shows that it opens, once it does not wait any more."""
        await self.press(person, action_id)
        return await shown(self.stage, person)


async def answered(stage: Stage, person: Person, before: int, channel: str = CHANNEL) -> dict[str, Any]:
    await stage.workspace.until(lambda: len(person.ephemerals(channel)) > before, within=PATIENCE)
    return person.ephemerals(channel)[-1]


async def shown(stage: Stage, person: Person, words: str = "") -> str:
    def there() -> str:
        text = str(person.view["blocks"]) if person.view else ""
        return text if words in text and not any(each in text for each in WAITING) else ""

    return str(await stage.workspace.until(there, within=PATIENCE))


def web(stage: Stage) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-sandbox", base_url=stage.settings.slack_api_url, retry_handlers=[])


async def post_buttons(
    stage: Stage, bot: RestoreBot, following: Following, *, in_thread: bool = True
) -> Buttons:
    link = following.link
    made = [buttons.restore_button(each, each, link.link_id) for each in NAMED]
    watch = buttons.restore_button(buttons.WATCH, "watch", 0) | {"value": link.restore_task_id or "none"}
    blocks = [
        {"type": "actions", "elements": [*made, watch]},
        {"type": "actions", "elements": [buttons.menu(link.link_id, *IN_MENU)]},
    ]
    thread_ts = link.thread_ts if in_thread else None
    posted = await web(stage).chat_postMessage(
        channel=link.channel_id, text="buttons", blocks=blocks, thread_ts=thread_ts
    )
    return Buttons(stage, bot, following, posted["message"])


async def buttons_of(stage: Stage, bot: RestoreBot, *, in_thread: bool = True) -> Buttons:
    """Those of the last task there is."""
    (following,) = await bot.register.find(stage.dbs.tasks[-1].task_id)
    return await post_buttons(stage, bot, following, in_thread=in_thread)


async def unstarted(stage: Stage, plan_name: str = "orders-prod") -> None:
    """A restore of Alice's that waits for its start."""
    await stage.restore(plan_name, start=[])
    await stage.play(until="Precheck passed")


def calls(stage: Stage, action: str) -> int:
    return sum(request.name == action for request in stage.dbs.journal)


def forget(stage: Stage) -> None:
    """The next bot has another database: what was asked for before was made elsewhere."""
    stage.settings = stage.settings.model_copy(update={"database_url": f"{stage.settings.database_url}2"})


async def adopted(stage: Stage, bot: RestoreBot, channel: str = "C0DBONCALL1") -> Buttons:
    """The last task, watched by Ben in a channel; nobody asked this bot for it."""
    watched = await bot.register.watch(stage.dbs.tasks[-1].task_id, channel, stage.ben.id, "en")
    assert watched is not None
    following = await card_posted(stage, bot, watched[0].link.link_id)
    return await post_buttons(stage, bot, following)


async def card_posted(stage: Stage, bot: RestoreBot, link_id: int) -> Following:
    async with asyncio.timeout(PATIENCE):
        while True:
            following = await bot.register.link(link_id)
            if following is not None and following.link.thread_ts is not None:
                return following
            await asyncio.sleep(0.02)
