"""One call over HTTP: tried again where that helps, and certain only where it is."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

import httpx
import pytest
import stamina
from pytest_mock import MockerFixture

from bot.dbs import DbsClient
from bot.errors import (
    DbsError,
    DbsNotAllowed,
    DbsRejected,
    DbsThrottled,
    DbsUnreachable,
    DbsUnreadable,
)
from tests.unit.dbs_calls import PASSWORD, REGION, Script, Step, client, create, failure

pytestmark = pytest.mark.usefixtures("no_waiting")


def ok(**fields: object) -> httpx.Response:
    return httpx.Response(200, json={"RequestId": "R-1", "Success": True, **fields})


def gateway(code: str, status: int = 400, **headers: str) -> httpx.Response:
    body = {"RequestId": "R-1", "HostId": "h", "Code": code, "Message": "Why."}
    return httpx.Response(
        status, json=body, headers={name.replace("_", "-"): headers[name] for name in headers}
    )


class Silence(httpx.AsyncBaseTransport):
    """Takes every request and never answers."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("never reached")


async def read(dbs: DbsClient) -> object:
    return await dbs.describe_regions(region=REGION)


async def start(dbs: DbsClient) -> None:
    await dbs.start_restore_task("s1", region=REGION, client_token="token-1")


def lost_connections() -> list[Exception]:
    return [
        httpx.ReadError("reset"),
        httpx.WriteError("broken pipe"),
        httpx.ReadTimeout("late"),
        httpx.WriteTimeout("late"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
    ]


def missing_connections() -> list[Exception]:
    return [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("late"),
        httpx.PoolTimeout("busy"),
        httpx.ProxyError("407"),
    ]


PASSING = [
    gateway("Throttling.User"),
    gateway("ServiceUnavailable", 503),
    httpx.Response(502),
    *lost_connections(),
]


@pytest.mark.parametrize("trouble", PASSING, ids=repr)
async def test_a_read_is_tried_again_after_trouble_that_passes(trouble: Step) -> None:
    script = Script(trouble, trouble, trouble, ok(Regions={"RegionCode": ["cn-hangzhou"]}))
    async with client(script) as dbs:
        assert await read(dbs) == ("cn-hangzhou",)
    assert len(script.requests) == 4


async def test_a_read_gives_up_after_four_tries() -> None:
    script = Script(gateway("ServiceUnavailable", 503))
    assert type(await failure(script, read)) is DbsUnreachable
    assert len(script.requests) == 4


@pytest.mark.parametrize("call", [create, start])
@pytest.mark.parametrize("trouble", PASSING, ids=repr)
async def test_a_write_is_tried_once_more_with_the_same_words_and_a_new_signature(
    trouble: Step, call: Callable[[DbsClient], Awaitable[object]]
) -> None:
    script = Script(trouble, ok(RestoreTaskId="s1"))
    async with client(script) as dbs:
        await call(dbs)
    first, second = script.requests
    assert first.url == second.url
    assert parse_qs(first.url.query.decode())["ClientToken"] == ["token-1"]
    for header in ("x-acs-signature-nonce", "authorization"):
        assert first.headers[header] != second.headers[header]


@pytest.mark.parametrize("call", [create, start])
async def test_a_write_gives_up_after_two_tries(call: Callable[[DbsClient], Awaitable[object]]) -> None:
    script = Script(httpx.ReadTimeout("late"))
    await failure(script, call)
    assert len(script.requests) == 2


@pytest.mark.parametrize("call", [read, create, start])
@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (gateway("InvalidParameter"), DbsRejected),
        (gateway("Forbidden.RAM", 403), DbsNotAllowed),
        (httpx.Response(200, text="<html>"), DbsUnreadable),
    ],
)
async def test_what_trying_again_cannot_change_is_tried_once(
    refusal: httpx.Response, kind: type[DbsError], call: Callable[[DbsClient], Awaitable[object]]
) -> None:
    script = Script(refusal)
    assert type(await failure(script, call)) is kind
    assert len(script.requests) == 1


@pytest.mark.parametrize("lost", lost_connections(), ids=repr)
async def test_a_lost_answer_of_a_write_is_never_certain(lost: Exception) -> None:
    found = await failure(Script(lost), create)
    assert type(found) is DbsUnreachable
    assert not found.certain


@pytest.mark.parametrize("missing", missing_connections(), ids=repr)
async def test_a_connection_that_never_stood_certainly_did_nothing(missing: Exception) -> None:
    found = await failure(Script(missing), create)
    assert type(found) is DbsUnreachable
    assert found.certain


@pytest.mark.parametrize(
    "later",
    [
        gateway("InvalidParameter"),
        gateway("Forbidden.RAM", 403),
        gateway("Throttling"),
        httpx.ConnectError("refused"),
    ],
    ids=repr,
)
async def test_a_refusal_after_a_lost_answer_does_not_settle_the_first_try(later: Step) -> None:
    found = await failure(Script(httpx.ReadTimeout("late"), later), create)
    assert not found.certain


async def test_a_refusal_after_a_certain_failure_is_certain() -> None:
    assert (await failure(Script(gateway("Throttling"), gateway("InvalidParameter")), create)).certain


async def test_one_failed_call_does_not_make_the_next_uncertain() -> None:
    async with client(Script(httpx.ReadError("x"), httpx.ReadError("x"), gateway("InvalidParameter"))) as dbs:
        with pytest.raises(DbsUnreachable):
            await create(dbs)
        with pytest.raises(DbsRejected) as raised:
            await create(dbs)
    assert raised.value.certain


async def test_an_answer_damaged_on_its_way_leaves_the_outcome_open() -> None:
    found = await failure(Script(httpx.DecodingError("gzip")), create)
    assert type(found) is DbsUnreadable
    assert not found.certain


async def test_a_call_too_long_for_a_url_is_certain_to_have_done_nothing() -> None:
    async with client(Script(ok())) as dbs:
        with pytest.raises(DbsRejected) as raised:
            await dbs.describe_backup_plans(region=REGION, name="x" * 70_000)
    assert raised.value.certain
    assert raised.value.code == "RequestTooLong"


async def test_silence_ends_when_the_time_for_the_whole_call_is_over() -> None:
    async with client(Silence(), total=0.05) as dbs:
        with pytest.raises(DbsUnreachable, match="no answer in time") as raised:
            await create(dbs)
    assert not raised.value.certain


@pytest.fixture
def waits(mocker: MockerFixture, no_waiting: None) -> list[float]:
    """The waits between tries, recorded instead of waited."""
    stamina.set_testing(False)
    recorded: list[float] = []

    async def record(seconds: float) -> None:
        recorded.append(seconds)

    mocker.patch("asyncio.sleep", record)
    return recorded


async def test_the_wait_dbs_asks_for_is_the_wait_it_gets(waits: list[float]) -> None:
    async with client(Script(gateway("Throttling", 429, retry_after="7"), ok())) as dbs:
        await read(dbs)
    assert waits == [7.0]


@pytest.mark.parametrize("seconds", [18.0, 300.0])
async def test_a_wait_that_leaves_the_call_no_time_is_left_to_the_caller(
    waits: list[float], seconds: float
) -> None:
    found = await failure(Script(gateway("Throttling", 429, retry_after=str(seconds))), read)
    assert isinstance(found, DbsThrottled)
    assert found.retry_after == seconds
    assert waits == []


async def test_waits_between_tries_are_short_and_grow(waits: list[float]) -> None:
    await failure(Script(httpx.Response(503)), read)
    assert len(waits) == 3
    assert all(low <= wait <= low + 0.5 for low, wait in zip((0.2, 0.4, 0.8), waits, strict=True))


async def test_every_call_is_a_signed_post_with_its_parameters_in_the_query() -> None:
    script = Script(ok(RestoreTaskId="s1"))
    async with client(script) as dbs:
        await create(dbs)
    (request,) = script.requests
    assert (request.method, request.content) == ("POST", b"")
    assert request.url.host == "dbs-api.cn-hangzhou.aliyuncs.com"
    assert request.headers["x-acs-action"] == "CreateRestoreTask"
    assert request.headers["x-acs-version"] == "2019-03-06"
    assert request.headers["x-acs-security-token"] == "TOKEN-CANARY"
    query = parse_qs(request.url.query.decode(), strict_parsing=True)
    assert query["RegionId"] == [REGION]
    assert query["DestinationEndpointPassword"] == [PASSWORD]


async def test_a_region_that_is_none_is_never_called() -> None:
    script = Script(ok())
    async with client(script) as dbs:
        with pytest.raises(DbsRejected, match="is not a region id"):
            await dbs.describe_regions(region="evil.example/")
    assert script.requests == []
