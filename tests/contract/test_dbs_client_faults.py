"""The client when something is wrong between it and the local DBS: lost answers, wrong keys, refusals."""

import logging
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.dbs import Credentials, DbsClient
from bot.errors import DbsError, DbsNotAllowed, DbsRejected, DbsUnreachable
from bot.restores.models import Destination, Location, RestoreObject, RestorePoint, RestoreSpec
from bot.sandbox.clock import SimulatedClock
from bot.sandbox.dbs import BackupPlan, LocalDbs
from tests.contract.shapes import Plan

pytestmark = pytest.mark.usefixtures("no_waiting")

REGION = "cn-hangzhou"
PASSWORD = SecretStr("CANARY-p@ss w/ö&+=%*~'\"")
SANDBOX = Credentials("sandbox", SecretStr("sandbox-secret"))


async def created(dbs_client: DbsClient, plan: BackupPlan, **changes: object) -> str:
    """Create a restore of the plan's newest set; the task's name is the token too."""
    spec = RestoreSpec(
        backup_plan_id=plan.plan_id,
        region=plan.region,
        task_name=f"{plan.name} x7",
        point=RestorePoint(backup_set_id=plan.finished_sets()[0].backup_set_id),
        destination=Destination(
            location=Location.RDS, region=REGION, instance_id="rm-bp1target", user_name="restore_rw"
        ),
        objects=(RestoreObject(db_name=plan.objects[0].db_name),),
    ).evolve(**changes)
    return await dbs_client.create_restore_task(spec, password=PASSWORD, client_token=spec.task_name)


async def rejected(dbs_client: DbsClient, plan: BackupPlan, **changes: object) -> DbsError:
    with pytest.raises(DbsError) as raised:
        await created(dbs_client, plan, **changes)
    assert raised.value.certain
    return raised.value


class LosingTransport(httpx.AsyncBaseTransport):
    """Lets every request through and loses the first answers."""

    def __init__(self, losses: int) -> None:
        self.losses = losses
        self.inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        if self.losses:
            self.losses -= 1
            await response.aclose()
            raise httpx.ReadError("connection reset", request=request)
        return response

    async def aclose(self) -> None:
        await self.inner.aclose()


async def test_promise_1_a_lost_answer_to_create_makes_one_task(
    dbs_url: str, local_dbs: LocalDbs, dbs_plan: Plan
) -> None:
    async with DbsClient(SANDBOX, endpoint=dbs_url, transport=LosingTransport(1)) as dbs_client:
        task_id = await created(dbs_client, dbs_plan("orders-prod"))
    assert [task.task_id for task in local_dbs.tasks] == [task_id]
    assert [request.status for request in local_dbs.journal] == [200, 200]


async def test_an_answer_lost_on_every_try_is_an_unknown_outcome_of_one_task(
    dbs_url: str, local_dbs: LocalDbs, dbs_plan: Plan
) -> None:
    plan = dbs_plan("orders-prod")
    async with DbsClient(SANDBOX, endpoint=dbs_url, transport=LosingTransport(2)) as dbs_client:
        with pytest.raises(DbsUnreachable) as raised:
            await created(dbs_client, plan)
        assert not raised.value.certain
        (found,) = await dbs_client.describe_plan_restore_tasks(plan.plan_id, region=REGION)
    assert [task.task_id for task in local_dbs.tasks] == [found.restore_task_id]


async def test_nobody_listening_is_certain_to_have_done_nothing(dbs_plan: Plan) -> None:
    async with DbsClient(SANDBOX, endpoint="http://127.0.0.1:1/") as dbs_client:
        with pytest.raises(DbsUnreachable) as raised:
            await created(dbs_client, dbs_plan("orders-prod"))
    assert raised.value.certain


@pytest.mark.parametrize(
    ("credentials", "advice"),
    [
        (Credentials("sandbox", SecretStr("wrong")), "Check the configured secret"),
        (Credentials("nobody", SecretStr("sandbox-secret")), "Check the configured id"),
        (Credentials("sandbox", SecretStr("sandbox-secret"), SecretStr("stray")), "Renew the temporary"),
    ],
)
async def test_a_wrong_key_is_told_apart_and_what_to_check(
    dbs_url: str, local_dbs: LocalDbs, dbs_plan: Plan, credentials: Credentials, advice: str
) -> None:
    async with DbsClient(credentials, endpoint=dbs_url) as dbs_client:
        error = await rejected(dbs_client, dbs_plan("orders-prod"))
    assert type(error) is DbsNotAllowed
    assert advice in error.sentence
    assert len(local_dbs.journal) == 1
    assert local_dbs.tasks == ()


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(hours=1)])
async def test_a_clock_that_is_off_is_named_as_the_reason(
    dbs_url: str, dbs_plan: Plan, off: timedelta
) -> None:
    async with DbsClient(SANDBOX, endpoint=dbs_url, clock=lambda: datetime.now(UTC) + off) as dbs_client:
        error = await rejected(dbs_client, dbs_plan("orders-prod"))
    assert type(error) is DbsNotAllowed
    assert "clock" in error.sentence


async def test_a_security_token_is_accepted_where_it_is_needed() -> None:
    dbs = LocalDbs(clock=SimulatedClock(speed=0), security_token="sts-token")
    temporary = Credentials("sandbox", SecretStr("sandbox-secret"), SecretStr("sts-token"))
    async with dbs.serve() as url, DbsClient(temporary, endpoint=url) as dbs_client:
        assert await dbs_client.describe_regions(region=REGION)


async def test_a_nonce_used_before_leaves_the_outcome_open(dbs_url: str, dbs_plan: Plan) -> None:
    plan = dbs_plan("orders-prod")
    async with DbsClient(SANDBOX, endpoint=dbs_url, nonce=lambda: "always-the-same") as dbs_client:
        await created(dbs_client, plan)
        with pytest.raises(DbsUnreachable) as raised:
            await created(dbs_client, plan)
    assert not raised.value.certain


async def test_what_dbs_refuses_is_refused_in_its_words_with_a_request_id(
    dbs_client: DbsClient, local_dbs: LocalDbs, dbs_plan: Plan
) -> None:
    error = await rejected(dbs_client, dbs_plan("orders-prod"), backup_plan_id="dbsunknown")
    assert type(error) is DbsRejected
    assert error.code
    assert error.request_id
    assert error.action == "CreateRestoreTask"
    assert error.sentence
    assert len(local_dbs.journal) == 1


async def test_starting_an_unknown_task_is_rejected(dbs_client: DbsClient) -> None:
    with pytest.raises(DbsRejected):
        await dbs_client.start_restore_task("s1unknown", region=REGION, client_token="start")


async def test_promise_7_the_password_is_in_no_log_and_no_error(
    dbs_client: DbsClient, local_dbs: LocalDbs, dbs_plan: Plan, dbs_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    plan = dbs_plan("orders-prod")
    wrong = Credentials("sandbox", SecretStr("CANARY-secret"))
    with capture_logs() as logs:
        await created(dbs_client, plan)
        errors = [
            await rejected(dbs_client, plan, task_name="other", point=RestorePoint(backup_set_id="gone")),
            await rejected(
                dbs_client, plan, task_name="other", destination=Destination(location=Location.ECS)
            ),
        ]
        async with DbsClient(wrong, endpoint=dbs_url) as stranger:
            errors.append(await rejected(stranger, plan, task_name="other"))
    password = PASSWORD.get_secret_value()
    assert password in {request.arguments.get("DestinationEndpointPassword") for request in local_dbs.journal}
    for said in (caplog.text, repr(logs), *(f"{error!s} {error!r} {vars(error)}" for error in errors)):
        assert "CANARY" not in said
        assert quote(password, safe="") not in said
    assert "RestoreTaskName" not in caplog.text
    assert [each["outcome"] for each in logs if each["event"] == "dbs.call"] == [
        "ok",
        "DbsRejected",
        "DbsRejected",
        "DbsNotAllowed",
    ]
