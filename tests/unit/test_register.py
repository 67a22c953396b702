"""What the register asks of DBS and of the store, and what it does without asking."""

from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from bot.config import Channel
from bot.errors import DbsRejected, DbsUnreachable, NotPossible
from bot.restores.catalog import Catalog
from bot.restores.models import (
    BackupPlan,
    BackupSet,
    Following,
    PollResult,
    PrecheckReport,
    RestoreTask,
    Stage,
    Timeline,
)
from bot.restores.pace import FRESH
from bot.restores.ports import Dbs
from bot.restores.register import Register
from bot.store.connection import Connection
from bot.store.sqlite import SqliteStore
from tests import values
from tests.values import NOON

#: Channels that restore some plans only; the one that is adopted here is `dbs1`, called orders.
BOUND = {
    "CBYID": Channel(plans=("dbs1",)),
    "CBYNAME": Channel(plans=("other", "orders")),
    "COTHER": Channel(plans=("other",)),
    "COTHERACCOUNT": Channel(accounts=("other",)),
}
PASSED = values.task("check_pass", backup_plan_id="dbs1")


class Shelf:
    """DBS, as far as it is asked here; `task` None: it does not answer."""

    def __init__(self) -> None:
        self.task: RestoreTask | None = PASSED
        self.started: list[str] = []
        self.refuses_to_start = False
        self.names_plans = True

    async def describe_restore_tasks(self, _ids: Collection[str], *, region: str) -> dict[str, RestoreTask]:
        if self.task is None:
            raise DbsUnreachable("Gone.")
        return {self.task.restore_task_id: self.task}

    async def describe_backup_sets(self, backup_plan_id: str, *, region: str) -> tuple[BackupSet, ...]:
        assert backup_plan_id == "dbs1"
        return (BackupSet(backup_set_id="set1", size=7, time=NOON),)

    async def describe_backup_plans(self, *, region: str, backup_plan_id: str) -> tuple[BackupPlan, ...]:
        plan = BackupPlan(backup_plan_id=backup_plan_id, name="orders", engine="MySQL", region=region)
        return (plan,) if self.names_plans else ()

    async def start_restore_task(self, restore_task_id: str, *, region: str, client_token: str) -> None:
        if self.refuses_to_start:
            raise DbsRejected("It runs.", code="Task.Busy")
        self.started.append(client_token)

    async def describe_precheck(self, restore_task_id: str, *, region: str) -> PrecheckReport:
        return PrecheckReport(status="asked now")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    connection = await Connection.open(tmp_path / "bot.db")
    yield SqliteStore(connection)
    await connection.close()


@pytest.fixture
def register(shelf: Shelf, store: SqliteStore) -> Register:
    accounts = values.accounts(cast(Dbs, shelf))
    catalog = Catalog(accounts, channels=BOUND)
    return Register(accounts, catalog, store, tell=ignored, settle=ignored, follow=ignored, now=lambda: NOON)


def ignored() -> None:
    """Nobody waits to be woken."""


async def adopted(register: Register, channel_id: str = "C1") -> Following:
    watched = await register.watch("s1", channel_id, "U1", "en")
    assert watched is not None
    return watched[0]


async def test_what_is_followed_somewhere_is_watched_elsewhere_without_dbs(
    register: Register, shelf: Shelf
) -> None:
    await adopted(register)
    shelf.task = None
    assert (await adopted(register, "C2")).task == PASSED.evolve(plan_name="orders")
    with pytest.raises(DbsUnreachable):
        await register.watch("s2", "C2", "U1", "en")


async def test_of_a_task_made_elsewhere_the_size_of_its_backup_is_kept(
    register: Register, store: SqliteStore
) -> None:
    await adopted(register)
    (tracked,) = await store.due_tasks(NOON, NOON + timedelta(days=1))
    assert tracked.size == 7


@pytest.mark.parametrize(("names_plans", "name"), [(True, "orders"), (False, "")])
async def test_of_a_task_made_elsewhere_the_name_of_its_plan_is_kept_where_dbs_tells_it(
    register: Register, store: SqliteStore, shelf: Shelf, names_plans: bool, name: str
) -> None:
    shelf.names_plans = names_plans
    following = await adopted(register)
    assert following.task is not None
    assert following.task.plan_name == name
    seen = (await register.seen_now(following)).task
    assert seen is not None
    assert seen.plan_name == name


async def test_a_task_made_elsewhere_is_started_once_and_the_second_is_told_by_whom(
    register: Register, shelf: Shelf
) -> None:
    following = await adopted(register)
    await register.start(following, "U1", "C1")
    shelf.refuses_to_start = True
    with pytest.raises(NotPossible) as refused:
        await register.start(following, "U2", "C1")
    assert refused.value.user_id == "U1"
    assert shelf.started == ["rs-s1"]


async def test_a_task_made_elsewhere_is_not_given_up_when_its_start_was_ordered_in_any_thread(
    register: Register, store: SqliteStore
) -> None:
    await register.start(await adopted(register), "U1", "C1")
    elsewhere = await adopted(register, "C2")
    with pytest.raises(NotPossible, match="Its start is ordered"):
        await register.give_up(elsewhere, "U2")
    with pytest.raises(NotPossible) as refused:
        await register.start(elsewhere, "U2", "C2")
    assert refused.value.user_id == "U1"
    # That came to nothing.
    failed = values.task("init", precheck=PrecheckReport(status="failed"))
    await store.save_polls([PollResult(restore_task_id="s1", task=failed, next_poll_at=NOON)], NOON)
    await register.give_up(await adopted(register, "C2"), "U2")


@pytest.mark.parametrize("channel_id", ["CBYID", "CBYNAME", "CFREE", None])
async def test_a_task_is_started_where_its_plan_may_be_restored(
    register: Register, shelf: Shelf, channel_id: str | None
) -> None:
    await register.start(await adopted(register), "U1", channel_id)
    assert shelf.started == ["rs-s1"]


@pytest.mark.parametrize("channel_id", ["COTHER", "COTHERACCOUNT"])
async def test_a_task_is_not_started_where_its_plan_may_not_be_restored(
    register: Register, shelf: Shelf, channel_id: str
) -> None:
    following = await adopted(register, channel_id)
    with pytest.raises(NotPossible, match="This channel does not restore this backup plan"):
        await register.start(following, "U1", channel_id)
    assert shelf.started == []


async def test_who_gave_a_restore_up_is_named_only_while_that_is_what_stands_in_the_way(
    register: Register,
) -> None:
    given_up = (await adopted(register)).evolve(given_up_by="U1", given_up_at=NOON)
    running = values.task("running", timeline=Timeline(moved_at=NOON + timedelta(minutes=1)))
    for following, who in ((given_up, "U1"), (given_up.evolve(task=running), None)):
        with pytest.raises(NotPossible) as refused:
            await register.may_give_up(following)
        assert refused.value.user_id == who


async def test_a_task_whose_start_was_ordered_is_looked_at_at_once(
    register: Register, store: SqliteStore
) -> None:
    following = await adopted(register)
    await store.save_polls([PollResult(restore_task_id="s1", next_poll_at=NOON + FRESH)], NOON)
    assert await store.next_poll_at() == NOON + FRESH
    await register.start(following, "U1", "C1")
    assert await store.next_poll_at() == NOON


async def test_what_only_the_poller_finds_out_stays_when_somebody_asks_at_once(
    register: Register, shelf: Shelf
) -> None:
    following = await adopted(register)
    line, report = Timeline(started_at=NOON), PrecheckReport(status="finish")
    known = following.evolve(task=PASSED.evolve(timeline=line, precheck=report))
    shelf.task = values.task("running", stages={Stage.FULL_DATA: 5})
    seen = (await register.seen_now(known)).task
    assert seen == shelf.task.evolve(timeline=line, precheck=report)


async def test_a_precheck_that_is_known_is_told_as_it_was(register: Register) -> None:
    following = await adopted(register)
    report = PrecheckReport(status="finish")
    assert await register.precheck(following.evolve(task=PASSED.evolve(precheck=report))) == report
    asked = await register.precheck(following)
    assert asked is not None
    assert asked.status == "asked now"


async def test_restores_of_one_name_are_all_found_by_it_and_by_their_ids_alone(
    register: Register, shelf: Shelf
) -> None:
    for task_id, name in (("s1", "nightly"), ("s2", "nightly"), ("s3", "nightly copy")):
        shelf.task = PASSED.evolve(restore_task_id=task_id, name=name)
        await register.watch(task_id, "C1", "U1", "en")

    async def found(text: str) -> list[str | None]:
        return [each.link.restore_task_id for each in await register.find(text)]

    assert await found("Nightly") == ["s2", "s1"]
    assert await found("night") == ["s3", "s2", "s1"]
    assert await found(" s1 ") == ["s1"]
