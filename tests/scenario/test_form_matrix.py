"""Every location with every engine: what arrives at DBS, and what is refused before DBS hears of it.

The tables here are written from DBS's documentation, not from the bot's own.
"""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox import Sandbox
from bot.settings import Settings
from tests.scenario.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: DBS's name without its prefix, the form's field, and a value to type.
FIELDS = {
    "Region": ("region", "cn-beijing"),
    "InstanceID": ("instance_id", "x-target-0001"),
    "IP": ("ip", "192.0.2.10"),
    "Port": ("port", "13306"),
    "DatabaseName": ("database_name", "target_db"),
    "OracleSID": ("oracle_sid", "TARGET1"),
    "UserName": ("user_name", "restore_rw"),
    "Password": ("password", "correct horse"),
    "BackupGatewayId": ("backup_gateway_id", "23220416"),
    "RestoreDir": ("restore_dir", "/data/restore"),
    "RestoreHome": ("restore_home", "/opt/database"),
    "RestoreObjects": ("objects", ""),
}
BARE = {"BackupGatewayId", "RestoreDir", "RestoreHome", "RestoreObjects"}
AT = {
    "RDS": {"Region", "InstanceID"},
    "ECS": {"Region", "InstanceID", "Port"},
    "DDS": {"Region", "InstanceID"},
    "Express": {"Region", "InstanceID", "IP", "Port"},
    "Agent": {"Region", "IP", "Port", "BackupGatewayId", "RestoreHome"},
    "Other": {"IP", "Port"},
    "dg": set(),
}
FOR = {"PostgreSQL": {"DatabaseName"}, "MongoDB": {"DatabaseName"}, "Oracle": {"OracleSID"}}
PLANS = {
    "MySQL": "orders-prod",
    "MSSQL": "crm-mssql",
    "Oracle": "erp-oracle",
    "MariaDB": "catalog-maria",
    "PostgreSQL": "ledger",
    "DRDS": "payments-drds",
    "MongoDB": "profiles-mongo",
    "Redis": "cache-redis",
}


def takes(location: str, engine: str) -> set[str]:
    """All that can be given."""
    files = {"RestoreDir"} if (location, engine) == ("Agent", "MySQL") else set()
    return AT[location] | FOR.get(engine, set()) | files | {"UserName", "Password", "RestoreObjects"}


def needs(location: str, engine: str) -> set[str]:
    free = {"RestoreHome"}
    if engine == "Redis" or (location, engine) == ("Agent", "MSSQL"):
        free |= {"UserName", "Password"}
    if location == "Agent":
        free |= {"RestoreObjects"}
    return takes(location, engine) - free


def wire(name: str) -> str:
    return name if name in BARE else f"DestinationEndpoint{name}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def form(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A stage with a bot on it for all of these, which looks at its tasks hardly ever."""
    folder: Path = tmp_path_factory.mktemp("matrix")
    async with Sandbox() as sandbox, AsyncExitStack() as nothing:
        stage = Stage(sandbox.workspace, sandbox.dbs, sandbox.clock, nothing)
        values: dict[str, Any] = {
            name.lower(): value for name, value in sandbox.environment().items() if value
        }
        database = f"sqlite:///{folder / 'restorebot.db'}"
        stage.settings = Settings(**values, database_url=database, restorebot_poll_interval=600)
        async with stage.bot():
            yield stage


async def choose(form: Stage, name: str, value: str) -> None:
    """In a list that is searched on the bot's side."""
    found = await form.alice.options(form.block(name), name, value)
    await form.put(name, next(option for option in found if option["value"] == value))


def creations(form: Stage) -> int:
    return sum(request.name == "CreateRestoreTask" for request in form.dbs.journal)


async def refused_without(form: Stage, name: str, **rest: str) -> None:
    """A field left empty is named, and nothing else."""
    before, field = creations(form), FIELDS[name][0]
    empty: Any = [] if field == "objects" else None
    filled = {key: value for key, value in rest.items() if key != field and key in form.inputs()}
    errors = await form.next(**filled, **form.confirmed(), **{field: empty})
    # A gateway belongs to its region: without one, it is not chosen either.
    assert errors.keys() - ({"backup_gateway_id"} if name == "Region" else set()) == {field}
    assert creations(form) == before


async def step_one(form: Stage, engine: str) -> None:
    await form.open_form(PLANS[engine])
    if engine == "Redis":
        (newest, *_) = await form.alice.options(form.block("backup_set_id"), "backup_set_id")
        await form.put("backup_set_id", newest)
    await form.to_step("where")


@pytest.mark.parametrize("engine", PLANS)
@pytest.mark.parametrize("location", AT)
async def test_what_is_filled_in_arrives_at_dbs_and_what_is_needed_is_asked_for(
    form: Stage, location: str, engine: str
) -> None:
    given, needed = takes(location, engine), needs(location, engine)
    typed = {
        FIELDS[name][0]: FIELDS[name][1] for name in given - {"Region", "BackupGatewayId", "RestoreObjects"}
    }
    await step_one(form, engine)
    await form.put("location", location)
    here = {FIELDS[name][0] for name in given - {"Password", "RestoreObjects"}}
    assert set(form.inputs()) == {"location", *here}
    for name in ("Region", "BackupGatewayId"):
        if name in given:
            await choose(form, *FIELDS[name])
    for name in sorted(needed - {"Password", "RestoreObjects"}):
        await refused_without(form, name, **typed)
        if name in {"Region", "BackupGatewayId"}:
            await choose(form, *FIELDS[name])
        if name == "Region" and "BackupGatewayId" in given:
            await choose(form, *FIELDS["BackupGatewayId"])
    await form.to_step("check", **typed)
    for name in sorted(needed & {"Password", "RestoreObjects"}):
        await refused_without(form, name, **typed)
    database = form.value("objects")[0] if form.value("objects") else None
    database = database or _databases(form)[0]
    await form.put("objects", [database])
    await form.put("new_name", f"{database}_copy")
    known = len(form.dbs.tasks)
    assert await form.submit(**typed) == {}
    await form.dbs.until(lambda: len(form.dbs.tasks) > known)
    sent = dict(form.dbs.tasks[-1].parameters)
    expected = {wire(name): FIELDS[name][1] for name in given - {"RestoreObjects"}}
    assert json.loads(sent.pop("RestoreObjects")) == [{"DBName": database, "NewDBName": f"{database}_copy"}]
    assert sent.pop("RestoreTaskName").startswith(f"{PLANS[engine]} from Slack rb-")
    assert sent.pop("ClientToken").startswith("rb-")
    assert sent.pop("BackupSetId" if engine == "Redis" else "RestoreTime")
    assert sent == expected | {
        "BackupPlanId": form.plan(PLANS[engine]).plan_id,
        "RegionId": form.plan(PLANS[engine]).region,
        "DestinationEndpointInstanceType": location,
    }


def _databases(form: Stage) -> list[str]:
    assert form.alice.view is not None
    (block,) = (each for each in form.alice.view["blocks"] if each["block_id"] == form.block("objects"))
    return [option["value"] for option in block["element"]["options"]]
