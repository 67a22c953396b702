"""How quickly a list answers as somebody types, in time of the processor; -s shows the figures."""

import statistics
import time
from typing import cast

from bot.restores.accounts import Account, Accounts
from bot.restores.catalog import Catalog
from bot.restores.models import BackupPlan
from bot.restores.ports import Dbs

PLANS = 5000
TYPED = ["", "o", "ord", "orders-49", "mysql cn-hangzhou", "rm-bp1", "no such plan", "orders-4999"]


class ManyPlans:
    async def describe_backup_plans(self, *, region: str) -> tuple[BackupPlan, ...]:
        return tuple(
            BackupPlan(
                backup_plan_id=f"dbs{number:08}",
                name=f"orders-{number}",
                engine="MySQL",
                region=region,
                source_instance_id=f"rm-bp1{number:08}",
            )
            for number in range(PLANS)
        )


async def test_a_typeahead_over_5000_plans_takes_far_less_than_100_ms() -> None:
    catalog = Catalog(Accounts([Account("default", cast("Dbs", ManyPlans()), "cn-hangzhou")]))
    began = time.process_time()
    assert len((await catalog.plans()).plans) == PLANS
    first = (time.process_time() - began) * 1000
    took = []
    for text in TYPED * 5:
        began = time.process_time()
        await catalog.plans(text)
        took.append((time.process_time() - began) * 1000)
    figures = f"first {first:.1f} ms, median {statistics.median(took):.1f} ms, slowest {max(took):.1f} ms"
    print(f"typeahead over {PLANS} plans: {figures}")  # noqa: T201  (the figures)
    assert statistics.median(took) < 50
