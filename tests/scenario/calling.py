"""What people get for a command or a button, and restores there already are when they ask."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from bot.app import dbs_client
from bot.restores.models import (
    Destination,
    Location,
    PollResult,
    RequestState,
    RestoreObject,
    RestorePoint,
    RestoreRequest,
    RestoreTask,
)
from bot.sandbox.slack import Person
from bot.store.connection import Connection, database_path
from bot.store.sqlite import SqliteStore
from handlers.calls import SLOW
from tests import values
from tests.scenario.stage import CHANNEL, PATIENCE, Stage

CHANNEL_ID, OTHER_ID = "C0DBONCALL1", "C0DBCHANGES"
OTHER = "#database-changes"
ALICE, BEN = "U0ALICECHEN", "U0BENOKORO1"

Shown = dict[str, Any]


async def answer(
    stage: Stage, text: str, *, who: Person | None = None, channel: str = CHANNEL, slow: bool | None = False
) -> Shown:
    """The ephemeral message a person gets for a command; `slow`: one that says so, None: either."""
    who = who or stage.alice
    before = len(who.ephemerals(channel))
    await who.say(channel, text)
    return await _next(stage, who, channel, before, slow=slow)


async def pressed(
    stage: Stage, shown: Shown, label: str, *, who: Person | None = None, channel: str = CHANNEL
) -> Shown:
    """The ephemeral message a person gets for a button, by what stands on it."""
    who = who or stage.alice
    before = len(who.ephemerals(channel))
    await who.click(shown, buttons(shown)[label]["action_id"])
    return await _next(stage, who, channel, before, slow=False)


async def _next(stage: Stage, who: Person, channel: str, before: int, *, slow: bool | None) -> Shown:
    def new() -> list[Shown]:
        told = who.ephemerals(channel)[before:]
        return [each for each in told if slow in {None, each["text"] == SLOW}]

    await stage.workspace.until(new, within=PATIENCE)
    return new()[0]


async def opened(stage: Stage, text: str) -> None:
    """The form a command opens, with the plan it names."""
    await stage.alice.say(CHANNEL, text)
    await stage.until_block("choice")


async def turned(stage: Stage, shown: Shown, label: str) -> Shown:
    """The list that stands in the place of this one when a button of it was pressed."""
    await stage.alice.click(shown, buttons(shown)[label]["action_id"])

    def now() -> Shown:
        return next(each for each in stage.alice.ephemerals(CHANNEL) if each["ts"] == shown["ts"])

    await stage.workspace.until(lambda: now()["text"] != shown["text"])
    return now()


def buttons(shown: Shown) -> dict[str, Shown]:
    """By what stands on them; of several alike the first."""
    found: dict[str, Shown] = {}
    for block in shown["blocks"]:
        for element in (*block.get("elements", ()), *filter(None, [block.get("accessory")])):
            if element["type"] == "button":
                found.setdefault(element["text"]["text"], element)
    return found


def rows(shown: Shown) -> list[str]:
    """What a list says of each restore."""
    return [block["text"]["text"] for block in shown["blocks"] if "accessory" in block]


# Restores there already are


async def made_elsewhere(stage: Stage, name: str = "from the console", plan_name: str = "orders-prod") -> str:
    """A task that somebody created in the console, and did not start."""
    plan = stage.plan(plan_name)
    spec = values.spec(
        backup_plan_id=plan.plan_id,
        region=plan.region,
        task_name=name,
        point=RestorePoint(backup_set_id=plan.finished_sets()[0].backup_set_id),
        objects=(RestoreObject(db_name=plan.objects[0].db_name),),
    )
    async with dbs_client(stage.settings) as dbs:
        return await dbs.create_restore_task(spec, password=SecretStr("pw"), client_token=f"made {name}")


@asynccontextmanager
async def kept(stage: Stage) -> AsyncIterator[SqliteStore]:
    """The bot's database, beside the bot."""
    connection = await Connection.open(database_path(stage.settings.database_url))
    yield SqliteStore(connection)
    await connection.close()


async def asked(
    store: SqliteStore,
    number: int,
    *,
    plan: str = "orders-prod",
    task_id: str | None = None,
    **changes: object,
) -> RestoreRequest:
    """A restore that was asked for earlier; its task is DBS's, or made up."""
    now = datetime.now(UTC) - timedelta(hours=1) + timedelta(seconds=number)
    target = Destination(
        location=Location.RDS, region="cn-hangzhou", instance_id=f"rm-{number}", user_name="u"
    )
    made: dict[str, object] = {
        "spec": values.spec(backup_plan_id=f"dbs{plan}", task_name=f"drill {number}", destination=target),
        "plan_name": plan,
        "restore_task_id": task_id or f"s1made{number:04}",
        "state": RequestState.STARTED,
        "channel_id": "C1",
        "user_id": ALICE,
        "created_at": now,
        "due_at": now,
    }
    request = values.request(f"{number:032x}", **(made | changes))
    await store.add_request(request, wanted=lambda: True)
    await store.save_request(request, now)
    return request


async def saw(store: SqliteStore, request: RestoreRequest, status: str, **changes: object) -> RestoreTask:
    """What DBS said of its task; one that ended is not asked about any more."""
    named = {"restore_task_id": request.restore_task_id, "name": request.spec.task_name} | changes
    task = values.task(status, **named)
    due = None if task.ended else datetime.now(UTC) + timedelta(minutes=9)
    result = PollResult(restore_task_id=task.restore_task_id, next_poll_at=due, task=task)
    await store.save_polls([result], datetime.now(UTC))
    return task
