"""Answers: what counts as a success, and which error each failure is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dbs.answers import Answer, Reading, read_answer
from bot.errors import DbsError, DbsNotAllowed, DbsRejected, DbsThrottled, DbsUnreachable, DbsUnreadable

GATEWAY_XML = """<?xml version='1.0' encoding='UTF-8'?>
<Error>
  <RequestId>R-1</RequestId>
  <HostId>dbs-api.cn-hangzhou.aliyuncs.com</HostId>
  <Code>{code}</Code>
  <Message>Less &lt;than&gt; good.</Message>
</Error>"""


def read(body: object, *, status: int = 200, retry_after: str | None = None) -> Reading:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_answer(Answer(status, raw, retry_after), action="CreateRestoreTask", redact=str)


def error(body: object, *, status: int = 200, retry_after: str | None = None) -> DbsError:
    reading = read(body, status=status, retry_after=retry_after)
    assert reading.payload is None
    assert reading.error is not None
    assert reading.error.action == "CreateRestoreTask"
    return reading.error


def refusal(code: str, message: str = "The %s.") -> dict[str, object]:
    return {"RequestId": "R-1", "Success": False, "ErrCode": code, "ErrMessage": message}


def gateway(code: str) -> dict[str, object]:
    return {"RequestId": "R-1", "HostId": "h", "Code": code, "Message": "Why.", "Recommend": "url"}


@pytest.mark.parametrize("success", [True, "true", "True", 1])
def test_success_decides_even_beside_an_error_code(success: object) -> None:
    body = {"Success": success, "ErrCode": "Param.NotFound", "ErrMessage": "%s", "RequestId": "R-1"}
    reading = read(body)
    assert reading == Reading("R-1", payload=body)


def test_an_answer_without_success_counts_when_it_is_dbs_and_names_no_error() -> None:
    assert read({"RequestId": "R-1", "RestoreTaskId": "s1"}).error is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "ok"},
        {"RequestId": "R-1", "ErrCode": "Param.NotFound"},
        {"Success": None},
        [],
        "x",
        7,
        None,
    ],
)
def test_an_answer_that_does_not_say_success_is_never_taken_for_one(body: object) -> None:
    assert type(error(body)) is DbsUnreadable


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html><body><code>Forbidden</code></body></html>",
        b'{"Success": true, "Items": {"RestoreTa',
        b"\xff\xfe\xfa",
        b"[" * 100_000,
        b"<DescribeRegionsResponse><Success>true</Success></DescribeRegionsResponse>",
        b"<Error></Error>",
    ],
)
@pytest.mark.parametrize("status", [200, 301, 403, 404])
def test_an_answer_that_is_not_of_dbs_leaves_the_outcome_open(body: bytes, status: int) -> None:
    found = error(body, status=status)
    assert type(found) is DbsUnreadable
    assert not found.certain
    assert f"HTTP {status}" in found.sentence


def test_dbs_saying_no_is_a_certain_rejection_with_its_code_sentence_and_request_id() -> None:
    found = error(refusal("Param.Invalid", "The specified\n  parameter is not valid."))
    assert type(found) is DbsRejected
    assert found.certain
    assert (found.code, found.request_id) == ("Param.Invalid", "R-1")
    assert found.sentence.endswith("The specified parameter is not valid. (Param.Invalid, request id R-1)")


@pytest.mark.parametrize("status", [200, 400, 404])
def test_a_refusal_without_a_reason_still_says_what_was_rejected(status: int) -> None:
    found = error({"Success": "false", "ErrCode": None, "ErrMessage": "NULL"}, status=status)
    assert type(found) is DbsRejected
    assert found.sentence == "DBS rejected CreateRestoreTask and gave no reason."


def test_a_refusal_over_http_counts_without_its_success_field() -> None:
    found = error({"ErrCode": "Param.Invalid", "ErrMessage": "No."}, status=400)
    assert type(found) is DbsRejected


def test_a_4xx_that_claims_success_leaves_the_outcome_open() -> None:
    assert type(error({"Success": True, "RequestId": "R-1"}, status=400)) is DbsUnreadable


@pytest.mark.parametrize("code", ["MissingBackupPlanId", "InvalidParameter", "InvalidAction.NotFound"])
@pytest.mark.parametrize("xml", [False, True])
def test_a_gateway_error_is_read_as_json_and_as_xml(code: str, *, xml: bool) -> None:
    body = GATEWAY_XML.format(code=code).encode() if xml else gateway(code)
    found = error(body, status=400)
    assert type(found) is DbsRejected
    assert (found.code, found.request_id) == (code, "R-1")
    assert (" DBS says: Less <than> good." if xml else " DBS says: Why.") in found.sentence


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("InvalidAccessKeyId.NotFound", "Check the configured id"),
        ("InvalidAccessKeyId.Inactive", "Check the configured id"),
        ("SignatureDoesNotMatch", "Check the configured secret"),
        ("IncompleteSignature", "Check the AccessKey"),
        ("InvalidTimeStamp.Expired", "clock"),
        ("InvalidSecurityToken.Expired", "Renew the temporary credentials"),
        ("MissingSecurityToken", "security token"),
        ("Forbidden.RAM", "dbs:CreateRestoreTask"),
        ("Forbidden", "dbs:CreateRestoreTask"),
        ("Request.Forbidden", "dbs:CreateRestoreTask"),
        ("NoPermission", "dbs:CreateRestoreTask"),
    ],
)
@pytest.mark.parametrize("shape", [gateway, refusal])
def test_a_key_that_may_not_is_told_what_to_do(shape: object, code: str, advice: str) -> None:
    assert callable(shape)
    found = error(shape(code), status=403)
    assert type(found) is DbsNotAllowed
    assert found.certain
    assert found.code == code
    assert advice in found.sentence
    assert f"({code}, request id R-1)" in found.sentence


def test_a_refusal_no_rule_knows_keeps_the_words_of_dbs_with_its_code_and_request_id() -> None:
    found = error(refusal("DBS.Odd", "The moon is full."))
    assert found.sentence == "The moon is full. (DBS.Odd, request id R-1)"


def test_being_throttled_says_so_with_the_request_id() -> None:
    found = error(gateway("Throttling.User"), status=400)
    assert "less often" in found.sentence
    assert "(Throttling.User, request id R-1)" in found.sentence


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (gateway("Throttling"), 400),
        (gateway("Throttling.User"), 400),
        (gateway("Throttling.Api"), 503),
        (refusal("Throttling.User"), 200),
        ({"Success": False, "HttpStatusCode": 429}, 200),
        (b"slow down", 429),
    ],
)
def test_throttling_is_certain_to_have_done_nothing(body: object, status: int) -> None:
    found = error(body, status=status, retry_after="7")
    assert isinstance(found, DbsThrottled)
    assert found.certain
    assert found.retry_after == 7.0


@pytest.mark.parametrize("header", [None, "", "soon", "-1", "nan", "inf", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_retry_after_that_is_no_number_of_seconds_is_none(header: str | None) -> None:
    found = error(gateway("Throttling"), status=400, retry_after=header)
    assert isinstance(found, DbsThrottled)
    assert found.retry_after is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>Bad Gateway</html>", 502),
        (b"", 500),
        (gateway("ServiceUnavailable"), 503),
        (gateway("InternalError"), 400),
        (refusal("InternalError"), 200),
        ({"Success": False, "HttpStatusCode": 500, "ErrCode": "Task.Broken"}, 200),
        ({"Success": True}, 500),
        (gateway("SignatureNonceUsed"), 400),
    ],
)
def test_a_server_error_leaves_the_outcome_open(body: object, status: int) -> None:
    found = error(body, status=status)
    assert type(found) is DbsUnreachable
    assert not found.certain


def test_a_token_that_was_taken_before_tells_of_an_earlier_write() -> None:
    found = error(refusal("IdempotentParameterMismatch", "ClientToken was used with other parameters."))
    assert type(found) is DbsRejected
    assert not found.certain


def test_a_stack_trace_becomes_one_line_of_bounded_length() -> None:
    sentence = error(refusal("X", "java.lang.Exception\n\tat com.example\n" * 500)).sentence
    assert "\n" not in sentence
    assert len(sentence) < 530


def test_secrets_are_redacted_in_everything_an_error_keeps() -> None:
    body = {"RequestId": "CANARY", "Success": False, "ErrCode": "X.CANARY", "ErrMessage": "bad CANARY"}
    answer = Answer(200, json.dumps(body).encode())
    reading = read_answer(answer, action="A", redact=lambda said: said.replace("CANARY", "***"))
    assert isinstance(reading.error, DbsRejected)
    assert (reading.request_id, reading.error.request_id) == ("***", "***")
    assert (reading.error.code, reading.error.sentence) == ("X.***", "bad *** (X.***, request id ***)")


@pytest.mark.parametrize(
    ("code", "kind"),
    [("Throttling", DbsThrottled), ("InternalError", DbsUnreachable), ("Forbidden.RAM", DbsNotAllowed)],
)
def test_masking_a_short_password_does_not_change_what_an_error_is(code: str, kind: type[DbsError]) -> None:
    answer = Answer(400, json.dumps(gateway(code)).encode())
    reading = read_answer(answer, action="A", redact=lambda said: said.replace("r", "***"))
    assert type(reading.error) is kind


def test_what_an_answer_holds_is_not_printed() -> None:
    answer = Answer(200, b'{"Success": true, "RequestId": "1", "a": "CANARY"}')
    assert "CANARY" not in repr(answer)
    assert "CANARY" not in repr(read_answer(answer, action="A", redact=str))


@given(st.binary(max_size=200), st.integers(200, 599))
def test_no_answer_is_too_odd_for_a_verdict(body: bytes, status: int) -> None:
    reading = read(body, status=status)
    assert (reading.payload is None) != (reading.error is None)
