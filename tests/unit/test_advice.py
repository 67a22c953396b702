"""A refusal says what to do about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dbs.advice import advice

NOT_FOUND = "The specified parameter {} value is not valid: not found."


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        ("Param.NotFound", NOT_FOUND.format("BackupPlanId"), "Choose the plan anew"),
        ("Param.NotFound", NOT_FOUND.format("BackupSetId"), "it may have expired"),
        ("Param.NotFound", NOT_FOUND.format("BackupGatewayId"), "no such backup gateway"),
        ("Param.NotFound", NOT_FOUND.format("RestoreTaskId"), "no such restore task"),
        ("Param.NotFound", NOT_FOUND.format("DestinationEndpointInstanceID"), "no such instance"),
        ("InvalidDBInstanceId.NotFound", "", "no such instance"),
        ("InvalidInstanceId.NotFound", "", "no such instance"),
        ("InvalidRegionId.NotFound", "", "does not know this region"),
        ("Param.Invalid", "RestoreTime value is not valid: outside the ranges", "window moves"),
        ("Param.Invalid", "BackupSetId value is not valid: not finished", "not finished, or has expired"),
        ("BackupSet.Expired", "", "not finished, or has expired"),
        ("Param.Invalid", "DestinationEndpointPort value is not valid", "Check the IP address and the port"),
        ("Param.Invalid", "DestinationEndpointPassword value is not valid", "account or its password"),
        ("Param.Invalid", "DestinationEndpointRegion value is not valid", "does not know this region"),
        ("Param.Invalid", "DestinationEndpointInstanceType: use one of", "to this location"),
        ("Param.Invalid", "RestoreObjects is no JSON", "choice of databases"),
        ("Param.Invalid", "RestoreTaskName is too long", "name of a task"),
        ("Param.Missing", "The parameter RestoreDir is required: Agent.", "Fill it in"),
        ("MissingBackupPlanId", "", "Fill it in"),
        ("Param.Conflict", "RestoreTime and BackupSetId are mutually exclusive", "either a time or a"),
        ("IdempotentParameterMismatch", "ClientToken was used", "may be there"),
        ("Task.StatusInvalid", "RestoreTaskId", "in no state that allows it"),
        ("OperationDenied.InstanceStatus", "", "in no state that allows it"),
        ("QuotaExceeded.RestoreTask", "", "quota"),
        ("InvalidAction.NotFound", "", "does not know this call"),
        ("Param.NotFound", "The specified parameter %s value is not valid.", "is not there in DBS any more"),
        ("InvalidParameter", "Something.", "does not take one of the values"),
    ],
)
def test_a_known_refusal_says_what_to_do(code: str, said: str, expected: str) -> None:
    assert expected in (advice(code, said) or "")


@pytest.mark.parametrize("code", ["", "DBS.Odd", "X", "NULL"])
def test_nothing_is_made_up_about_an_unknown_refusal(code: str) -> None:
    assert advice(code, "RestoreTime BackupSetId") is None


@given(st.text(), st.text())
def test_advice_never_quotes_what_dbs_said(code: str, said: str) -> None:
    known = advice(code, said)
    assert known is None or known.endswith(".")
