"""Values of the domain that tests start from: made without fault, changed as a test needs."""

from datetime import UTC, datetime

from bot.restores.accounts import Account, Accounts
from bot.restores.models import (
    DEFAULT_ACCOUNT,
    Destination,
    Following,
    Link,
    Location,
    RestoreObject,
    RestorePoint,
    RestoreRequest,
    RestoreSpec,
    RestoreTask,
)
from bot.restores.ports import Dbs

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def accounts(dbs: Dbs, *names: str, region: str = "cn-hangzhou") -> Accounts:
    """Accounts that all call DBS through this; by default one, whose key is in the environment."""
    return Accounts(Account(name, dbs, region) for name in names or (DEFAULT_ACCOUNT,))


def spec(**changes: object) -> RestoreSpec:
    """One database of a plan in cn-hangzhou to an instance in RDS, at the latest time."""
    made = RestoreSpec(
        backup_plan_id="dbs1",
        region="cn-hangzhou",
        task_name="back to noon",
        point=RestorePoint(),
        destination=Destination(
            location=Location.RDS, region="cn-hangzhou", instance_id="rm-1", user_name="root"
        ),
        objects=(RestoreObject(db_name="orders"),),
    )
    return made.evolve(**changes)


def request(nonce: str = "a" * 32, **changes: object) -> RestoreRequest:
    """A request that was just saved."""
    made = RestoreRequest(
        nonce=nonce,
        spec=spec(),
        plan_name="orders",
        engine="MySQL",
        source="rm-source",
        start=True,
        has_password=True,
        channel_id="C1",
        user_id="U1",
        created_at=NOON,
        due_at=NOON,
    )
    return made.evolve(**changes)


def task(status: str = "running", **changes: object) -> RestoreTask:
    return RestoreTask(restore_task_id="s1", status=status, created_at=NOON).evolve(**changes)


def following(
    asked: RestoreRequest | None = None, seen: RestoreTask | None = None, **changes: object
) -> Following:
    """A thread that follows a request, a task or both."""
    made = Following(
        link=Link(
            link_id=1,
            channel_id="C1",
            thread_ts="1.000100",
            nonce=asked.nonce if asked else None,
            restore_task_id=seen.restore_task_id if seen else None,
        ),
        request=asked,
        task=seen,
        version=1,
        card_digest=None,
        changed_at=NOON,
    )
    return made.evolve(**changes)
