"""What there is to restore: many accounts in one list, found as somebody types."""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from types import SimpleNamespace
from typing import cast

import pytest

from bot.config import Channel
from bot.errors import AccountNotConfigured, DbsError, DbsRejected, DbsUnreachable
from bot.restores import catalog as catalog_module
from bot.restores.accounts import Account, Accounts
from bot.restores.catalog import Catalog, Found
from bot.restores.models import BackupGateway, BackupPlan, RestoreTask, Window
from bot.restores.ports import Dbs
from tests import values

WINDOW = Window(begin=values.NOON.replace(hour=1), end=values.NOON)


def plan(name: str, **changes: object) -> BackupPlan:
    made = BackupPlan(backup_plan_id=f"dbs-{name}", name=name, engine="MySQL", region="cn-hangzhou")
    return made.evolve(**changes)


class Shelf:
    """A DBS of one account: plans that a test lays out, and may fail or keep waiting."""

    def __init__(self, *plans: BackupPlan) -> None:
        self.laid_out = plans
        self.calls: list[str] = []
        self.error: DbsError | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.task: RestoreTask | None = None

    async def describe_backup_plans(
        self, *, region: str, backup_plan_id: str | None = None
    ) -> tuple[BackupPlan, ...]:
        await self._answer(f"plans {backup_plan_id or '*'}")
        wanted = [each for each in self.laid_out if backup_plan_id in {None, each.backup_plan_id}]
        return tuple(wanted)

    async def describe_restorable_windows(
        self, backup_plan_id: str, *, region: str, begin: datetime, end: datetime
    ) -> tuple[Window, ...]:
        await self._answer(f"windows {backup_plan_id} {region}")
        return (Window(begin=values.NOON, end=values.NOON), Window(begin=begin, end=begin))

    async def describe_regions(self, *, region: str) -> tuple[str, ...]:
        await self._answer(f"regions {region}")
        return (region,)

    async def describe_backup_gateways(self, *, region: str) -> tuple[BackupGateway, ...]:
        await self._answer(f"gateways {region}")
        return (BackupGateway(backup_gateway_id="1", name="gw"),)

    async def describe_restore_tasks(self, ids: Collection[str], *, region: str) -> dict[str, RestoreTask]:
        await self._answer("task")
        return {self.task.restore_task_id: self.task} if self.task else {}

    async def _answer(self, call: str) -> None:
        self.calls.append(call)
        await self.open.wait()
        if self.error:
            raise self.error


class Shop:
    """A catalog over shelves, and its clock."""

    def __init__(self, channels: dict[str, Channel] | None = None, **shelves: Shelf) -> None:
        self.seconds = 0.0
        self.shelves = SimpleNamespace(**shelves)
        accounts = Accounts(
            Account(name, cast("Dbs", shelf), "cn-hangzhou") for name, shelf in shelves.items()
        )
        self.catalog = Catalog(accounts, channels=channels, patience=0.05, monotonic=lambda: self.seconds)


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    made = Shop(
        prod=Shelf(plan("orders"), plan("billing", source_instance_id="rm-bp1", databases=("b",))),
        eu=Shelf(
            plan("analytics", engine="PostgreSQL", region="eu-central-1", source_ip_port="10.0.0.7:5432")
        ),
    )
    yield made
    await made.catalog.aclose()


def names(found: Found) -> list[str]:
    return [plan.name for plan in found.plans]


async def test_the_plans_of_all_accounts_are_one_list_that_says_whose_they_are(shop: Shop) -> None:
    found = await shop.catalog.plans()
    assert [(each.name, each.account) for each in found.plans] == [
        ("analytics", "eu"),
        ("billing", "prod"),
        ("orders", "prod"),
    ]
    assert found.silent == ()
    assert shop.catalog.many_accounts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ORDERS", ["orders"]),
        ("  bill ", ["billing"]),
        ("dbs-orders", ["orders"]),
        ("rm-bp1", ["billing"]),
        ("10.0.0.7", ["analytics"]),
        ("postgres eu-central", ["analytics"]),
        ("mysql prod", ["billing", "orders"]),
        ("mysql eu", []),
        ("nothing", []),
    ],
)
async def test_plans_are_found_by_name_id_engine_source_region_and_account(
    shop: Shop, text: str, expected: list[str]
) -> None:
    assert names(await shop.catalog.plans(text)) == expected


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("ordres", ["orders"]),
        ("Bilings", ["billing"]),
        ("analitycs", ["analytics"]),
        ("nothing", []),
        ("", []),
    ],
)
async def test_where_none_is_found_those_nearly_called_so_may_be_meant(
    shop: Shop, text: str, nearest: list[str]
) -> None:
    assert [plan.name for plan in (await shop.catalog.plans(text)).nearest] == nearest


async def test_nothing_else_may_be_meant_where_one_is_found(shop: Shop) -> None:
    assert (await shop.catalog.plans("order")).nearest == ()


async def test_a_plan_that_a_channel_may_not_restore_is_not_meant() -> None:
    shop = Shop({"C1": Channel(plans=("billing",))}, prod=Shelf(plan("orders"), plan("billing")))
    assert (await shop.catalog.plans("ordres", "C1")).nearest == ()
    await shop.catalog.aclose()


async def test_the_best_match_comes_first() -> None:
    shelf = Shelf(
        plan("x-app"), plan("app-2"), plan("zz", source_instance_id="app"), plan("app"), plan("app-1")
    )
    shop = Shop(default=shelf)
    assert names(await shop.catalog.plans("app")) == ["app", "app-1", "app-2", "x-app", "zz"]


async def test_the_list_is_kept_for_a_minute(shop: Shop) -> None:
    await shop.catalog.plans()
    shop.seconds = 59
    await shop.catalog.plans("x")
    assert shop.shelves.prod.calls == ["plans *"]
    shop.seconds = 61
    shop.shelves.prod.laid_out = (plan("new"),)
    assert names(await shop.catalog.plans("new")) == ["new"]


async def test_all_who_ask_share_one_load_which_goes_on_when_they_gave_up(shop: Shop) -> None:
    prod = shop.shelves.prod
    prod.open.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.gather(*(shop.catalog.plans() for _ in range(5)))
    prod.open.set()
    assert "orders" in names(await shop.catalog.plans())
    assert prod.calls == ["plans *"]


async def test_promise_9_a_silent_account_is_named_and_hides_no_other(shop: Shop) -> None:
    shop.shelves.prod.open.clear()
    shop.shelves.eu.error = None
    found = await shop.catalog.plans()
    assert names(found) == ["analytics"]
    assert found.silent == ("prod: DBS has not answered yet. Ask again in a moment.",)
    shop.shelves.prod.open.set()
    assert len((await shop.catalog.plans()).plans) == 3


async def test_an_account_that_fails_is_named_with_its_reason(shop: Shop) -> None:
    shop.shelves.eu.error = DbsUnreachable("DBS cannot be reached.")
    found = await shop.catalog.plans()
    assert names(found) == ["billing", "orders"]
    assert found.silent == ("eu: DBS cannot be reached.",)


async def test_when_no_account_answers_the_reason_is_raised(shop: Shop) -> None:
    for shelf in vars(shop.shelves).values():
        shelf.error = DbsRejected("No.", code="X")
    with pytest.raises(DbsRejected, match=r"No\."):
        await shop.catalog.plans()


async def test_a_list_that_cannot_be_renewed_is_shown_with_a_word_for_ten_minutes(shop: Shop) -> None:
    await shop.catalog.plans()
    for shelf in vars(shop.shelves).values():
        shelf.error = DbsUnreachable("Gone.")
    shop.seconds = 599
    found = await shop.catalog.plans()
    assert len(found.plans) == 3
    assert found.silent == ("prod: Gone.", "eu: Gone.")
    shop.seconds = 601
    with pytest.raises(DbsUnreachable):
        await shop.catalog.plans()


async def test_a_list_that_is_being_renewed_is_shown_at_once_and_is_no_trouble(shop: Shop) -> None:
    await shop.catalog.plans()
    shop.seconds = 61
    shop.shelves.prod.open.clear()
    found = await shop.catalog.plans()
    assert len(found.plans) == 3
    assert found.silent == ()
    shop.shelves.prod.laid_out = (plan("new"),)
    shop.shelves.prod.open.set()
    assert "new" in names(await shop.catalog.plans())
    assert shop.shelves.prod.calls == ["plans *", "plans *"]


async def test_a_fault_of_the_program_is_not_hidden(shop: Shop) -> None:
    shop.shelves.eu.laid_out = (None,)
    with pytest.raises(AttributeError):
        await shop.catalog.plans()


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        (Channel(accounts=("eu",)), ["analytics"]),
        (Channel(plans=("orders", "dbs-analytics")), ["analytics", "orders"]),
        (Channel(accounts=("prod",), plans=("orders", "analytics")), ["orders"]),
        (Channel(accounts=("gone",)), []),
    ],
)
async def test_a_bound_channel_is_shown_only_what_it_may_restore(bound: Channel, expected: list[str]) -> None:
    shop = Shop(
        {"C1": bound},
        prod=Shelf(plan("orders"), plan("billing")),
        eu=Shelf(plan("analytics")),
    )
    assert names(await shop.catalog.plans(channel_id="C1")) == expected
    everything = (await shop.catalog.plans(channel_id="C2")).plans
    assert len(everything) == 3
    assert [each.name for each in everything if shop.catalog.allowed(each, "C1")] == expected
    assert all(shop.catalog.allowed(each, None) for each in everything)


async def test_a_channel_is_told_nothing_of_an_account_it_is_not_bound_to() -> None:
    shop = Shop({"C1": Channel(accounts=("eu",))}, prod=Shelf(plan("orders")), eu=Shelf(plan("analytics")))
    shop.shelves.prod.error = DbsUnreachable("Gone.")
    assert (await shop.catalog.plans(channel_id="C1")).silent == ()
    assert shop.shelves.prod.calls == []


async def test_a_plan_is_asked_for_in_its_own_account_and_region(shop: Shop) -> None:
    shop.shelves.eu.laid_out = (plan("analytics", region="eu-central-1", window=WINDOW),)
    found, windows = await shop.catalog.plan("dbs-analytics", "eu")
    assert (found.name, found.account) == ("analytics", "eu")
    assert [window.begin for window in windows] == [WINDOW.begin, values.NOON]
    assert shop.shelves.eu.calls == ["plans dbs-analytics", "windows dbs-analytics eu-central-1"]
    with pytest.raises(DbsRejected, match="does not list the backup plan dbs-analytics"):
        await shop.catalog.plan("dbs-analytics", "prod")
    with pytest.raises(AccountNotConfigured, match="gone"):
        await shop.catalog.plan("dbs-analytics", "gone")


async def test_databases_come_from_the_kept_list_or_else_from_dbs(shop: Shop) -> None:
    billing = plan("billing", account="prod")
    assert await shop.catalog.databases(billing) == ("b",)
    assert shop.shelves.prod.calls == ["plans dbs-billing"]
    await shop.catalog.plans()
    assert await shop.catalog.databases(billing) == ("b",)
    assert shop.shelves.prod.calls == ["plans dbs-billing", "plans *"]


async def test_regions_and_gateways_are_those_of_the_account(shop: Shop) -> None:
    assert await shop.catalog.regions("prod") == ("cn-hangzhou",)
    assert len(await shop.catalog.gateways("eu", "cn-beijing")) == 1
    assert shop.shelves.prod.calls == ["regions cn-hangzhou"]
    assert shop.shelves.eu.calls == ["gateways cn-beijing"]


async def test_a_task_is_looked_for_in_every_account(shop: Shop) -> None:
    shop.shelves.eu.task = values.task()
    account, task = await shop.catalog.located("s1") or (None, None)
    assert account is not None
    assert (account.name, task) == ("eu", values.task())
    assert await shop.catalog.located("s2") is None


async def test_promise_6_a_task_is_not_called_unknown_while_an_account_is_silent(shop: Shop) -> None:
    shop.shelves.prod.error = DbsUnreachable("Gone.")
    with pytest.raises(DbsUnreachable):
        await shop.catalog.located("s1")
    shop.shelves.eu.task = values.task()
    assert await shop.catalog.located("s1") is not None


async def test_the_plan_of_a_task_is_named_from_the_list_that_is_known_else_as_dbs_says(shop: Shop) -> None:
    account = Account("prod", cast("Dbs", shop.shelves.prod), "cn-hangzhou")
    task = values.task(backup_plan_id="dbs-billing")
    named = await shop.catalog.with_plan_name(account, task)
    assert named == task.evolve(plan_name="billing")
    await shop.catalog.plans()
    before = len(shop.shelves.prod.calls)
    assert await shop.catalog.with_plan_name(account, task) == named
    assert len(shop.shelves.prod.calls) == before


async def test_a_task_without_a_plan_or_whose_plan_dbs_does_not_tell_in_time_stays_as_it_is(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_module, "NAME_SECONDS", 0.01)
    account = Account("prod", cast("Dbs", shop.shelves.prod), "cn-hangzhou")
    task = values.task(backup_plan_id="dbs-nonesuch")
    assert await shop.catalog.with_plan_name(account, values.task()) == values.task()
    assert await shop.catalog.with_plan_name(account, task) == task
    shop.shelves.prod.open.clear()
    assert await shop.catalog.with_plan_name(account, task) == task
