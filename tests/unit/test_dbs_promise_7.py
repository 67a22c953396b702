"""Promise 7, secrets stay secret: no error and no log line of a call tells one."""

import json
import logging
import traceback

import httpx
import pytest
import structlog
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.errors import DbsError, DbsUnreachable
from tests.unit.dbs_calls import PASSWORD, SPEC, Script, Step, client, create, failure

pytestmark = pytest.mark.usefixtures("no_waiting")

THROTTLED = httpx.Response(400, json={"RequestId": "R-1", "Code": "Throttling", "Message": "Why."})
CREATED = httpx.Response(200, json={"RequestId": "R-1", "Success": True, "RestoreTaskId": "s1"})


async def test_each_call_is_logged_by_ids_alone() -> None:
    async with client(Script(THROTTLED, CREATED)) as dbs:
        with capture_logs() as logs:
            await create(dbs)
    calls = [each for each in logs if each["event"] == "dbs.call"]
    assert [each["outcome"] for each in calls] == ["DbsThrottled", "ok"]
    for each in calls:
        assert set(each) == {"event", "log_level", "action", "region", "request_id", "seconds", "outcome"}
        assert each["log_level"] == "debug"


def echoing(status: int, **fields: str) -> httpx.Response:
    """An answer that repeats the password and the key's secrets in all of its words."""
    echo = f"{PASSWORD} {json.dumps(PASSWORD)} p%40ss%20CANARY%2F%C3%B6%25 SECRET-CANARY TOKEN-CANARY"
    return httpx.Response(
        status, json={name: f"{value}{echo}" for name, value in fields.items()} | {"Success": False}
    )


LOST: list[type[httpx.TransportError]] = [
    httpx.ReadError,
    httpx.WriteError,
    httpx.ReadTimeout,
    httpx.RemoteProtocolError,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.ProxyError,
]
LEAKY: list[Step] = [
    echoing(200, RequestId="", ErrCode="Param.", ErrMessage=""),
    echoing(403, RequestId="", Code="Forbidden.", Message=""),
    echoing(400, RequestId="", Code="Throttling.", Message=""),
    echoing(500, RequestId="", Code="InternalError.", Message=""),
    httpx.Response(200, text=f"<html>{PASSWORD} SECRET-CANARY"),
    httpx.Response(200, json={"Success": True, "RequestId": "R-1", "Echo": PASSWORD}),
    *(kind(f"POST /?DestinationEndpointPassword={PASSWORD}") for kind in LOST),
    httpx.DecodingError(PASSWORD),
    httpx.LocalProtocolError("Illegal header value b'TOKEN-CANARY'"),
]


@pytest.mark.parametrize("leak", LEAKY, ids=lambda leak: type(leak).__name__)
async def test_promise_7_no_error_tells_a_secret_not_even_with_its_local_variables(
    leak: Step, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        error = await failure(Script(leak), create)
    assert error.__cause__ is None
    assert error.__context__ is None or isinstance(error.__context__, DbsError)
    frames = [
        frame
        for frame in traceback.walk_tb(error.__traceback__)
        if "/bot/dbs/" in frame[0].f_code.co_filename
    ]
    assert frames
    locals_ = [repr(frame.f_locals) for frame, _ in frames]
    said = [str(error), repr(error), repr(vars(error)), error.sentence, *locals_, repr(logs), caplog.text]
    rendered = "".join(traceback.TracebackException.from_exception(error).format())
    assert not [text for text in [*said, rendered] if "CANARY" in text]


async def test_promise_7_a_structured_traceback_of_a_failed_create_holds_no_secret() -> None:
    transform = structlog.tracebacks.ExceptionDictTransformer(show_locals=True)
    async with client(Script(echoing(500, Code="InternalError.", Message=""))) as dbs:
        password = SecretStr(PASSWORD)
        try:
            await dbs.create_restore_task(SPEC, password=password, client_token="token-1")
        except DbsUnreachable as error:
            shown = json.dumps(transform((type(error), error, error.__traceback__)), default=repr)
    assert "create_restore_task" in shown
    assert "CANARY" not in shown
