"""Restores on their way, and what their cards and messages offer."""

from datetime import timedelta

from bot.restores.models import (
    Following,
    PrecheckItem,
    PrecheckReport,
    RequestState,
    RestoreRequest,
    RestoreTask,
    Stage,
    StageTime,
    Timeline,
    Window,
)
from bot.slack.message import Message
from tests import values
from tests.values import NOON

MINUTE = timedelta(minutes=1)
RAN = Timeline(
    seen_at=NOON,
    started_at=NOON,
    moved_at=NOON + 4 * MINUTE,
    stages={Stage.STRUCTURE_BEFORE: StageTime(began_at=NOON, done_at=NOON + MINUTE)},
    ends=Window(begin=NOON + 20 * MINUTE, end=NOON + 45 * MINUTE),
)
RUNNING = values.task("running", stages={Stage.STRUCTURE_BEFORE: 100, Stage.FULL_DATA: 42}, timeline=RAN)
UNSTARTED = values.request(start=False, state=RequestState.CREATED)
FAILED_CHECK = PrecheckReport(status="failed", items=(PrecheckItem(name="x", state="failed"),))
WATCHING: dict[str, object] = {"nonce": None, "user_id": "U2"}


def following(
    asked: RestoreRequest | None,
    seen: RestoreTask | None,
    link: dict[str, object] | None = None,
    **more: object,
) -> Following:
    made = values.following(asked, seen)
    return made.evolve(link=made.link.evolve(**(link or {})), **more)


def pressable(message: Message) -> list[str]:
    """What the row of buttons offers, in order."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


def menu(message: Message) -> list[str]:
    """What the menu offers, in order."""
    menus = [block["accessory"] for block in message.blocks if "accessory" in block]
    return [option["value"].partition(":")[0] for each in menus for option in each["options"]]
