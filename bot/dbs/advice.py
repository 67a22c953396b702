"""What to do about a refusal: from DBS's code, and the parameter it names, to a sentence. Pure.

The gateway's codes are documented. DBS's own hardly are: a rule goes by what a code has in common with those
the vendor shows, and what no rule knows keeps DBS's own words alone.
"""

import re
from typing import NamedTuple

#: Refusals that are not about one parameter: part of the code, and what to do.
_BY_CODE = (
    (
        r"Idempotent.*Mismatch|Mismatch.*Token",
        "DBS has taken another request under this token before, so what it asked for may be there.",
    ),
    (
        r"Quota|LimitExceeded|ExceedLimit",
        "A quota of the account is used up. Raise it or free some, and try again.",
    ),
    (r"Arrears|Overdue|NotEnoughBalance|Unpaid", "The account is overdue. Settle its bill, and try again."),
    (
        r"Param\.Conflict|MutuallyExclusive",
        "Two values exclude each other. Choose either a time or a backup set, and try again.",
    ),
    (
        r"Status|State|OperationDenied|Conflict|Busy",
        "What this is about is in no state that allows it. Look at it in the DBS console, and try again.",
    ),
    (r"NotSupport|Unsupported", "DBS does not do this for this engine or location. Choose another target."),
    (
        r"InvalidAction|InvalidVersion",
        "The address that answered does not know this call. Check the region and the endpoint.",
    ),
)

_MISSING = r"Missing|Mandatory|Required"
_UNKNOWN = r"NotFound|NotExist|NotListed|Unknown"
_INVALID = r"Invalid|Illegal|Malformed|OutOfRange|Mismatch|Expired"


class _About(NamedTuple):
    """What to do when the value of a parameter is of something that is not there, or cannot be used."""

    parameter: str
    unknown: str | None
    invalid: str | None


_ABOUT = (
    _About(
        r"BackupPlan(?:Id)?",
        "DBS has no such backup plan in this account and region. Choose the plan anew.",
        None,
    ),
    _About(
        r"BackupSet(?:Id)?",
        "DBS no longer has this backup set; it may have expired. Choose another, or a time.",
        "This backup set cannot be restored: it is not finished, or has expired. Choose another, or a time.",
    ),
    _About(
        r"RestoreTime",
        None,
        "This time cannot be restored: the restorable window moves. Choose a time within it.",
    ),
    _About(
        r"BackupGateway(?:Id)?",
        "DBS has no such backup gateway. Choose one of the list.",
        "This backup gateway cannot be used. Choose one with a recent heartbeat.",
    ),
    _About(
        r"(?:DestinationEndpoint|DB)?InstanceI[Dd]|DBInstance(?:Name)?|InstanceName",
        "There is no such instance in the chosen region. Check its id and the region.",
        "DBS cannot use this instance id. Check the id and the location.",
    ),
    _About(
        r"DestinationEndpointInstanceType",
        None,
        "DBS does not restore this plan to this location. Choose another.",
    ),
    _About(
        r"(?:DestinationEndpoint)?Region(?:Id)?",
        "DBS does not know this region. Choose one of the list.",
        "DBS does not know this region. Choose one of the list.",
    ),
    _About(
        r"DestinationEndpoint(?:IP|Port)",
        None,
        "DBS cannot use this address. Check the IP address and the port.",
    ),
    _About(
        r"DestinationEndpoint(?:UserName|Password)",
        None,
        "DBS does not take this account or its password. Check both.",
    ),
    _About(
        r"DestinationEndpointDatabaseName",
        "There is no such database to connect to on the target. Check its name.",
        "DBS cannot connect to a database of this name. Check it.",
    ),
    _About(r"DestinationEndpointOracleSID", None, "DBS cannot use this Oracle SID. Check it."),
    _About(
        r"RestoreObjects",
        "The backup does not hold one of these databases. Choose them anew.",
        "DBS cannot use this choice of databases. Check their names and new names.",
    ),
    _About(
        r"RestoreTask(?:Id)?",
        "DBS has no such restore task in this account and region. Check its id.",
        None,
    ),
    _About(r"RestoreTaskName", None, "DBS does not take this name of a task. Simplify it."),
    _About(
        r"Cross(?:AliyunId|RoleName)",
        "The other account or its role is not there, or does not trust this one. Check both.",
        "DBS does not take the other account or its role. Check both.",
    ),
)

#: For a parameter no row knows, or none named.
_ANY_MISSING = "DBS needs a value that was not given. Fill it in."
_ANY_UNKNOWN = "Something that was named is not there in DBS any more. Choose it anew."
_ANY_INVALID = "DBS does not take one of the values. Correct it."


def advice(code: str, said: str) -> str | None:
    """What to do about a refusal, None if that is not known. Neither argument is quoted."""
    general = next((does for words, does in _BY_CODE if re.search(words, code)), None)
    if general is not None:
        return general
    about = next((row for row in _ABOUT if _names(row.parameter, f"{code} {said}")), None)
    if re.search(_UNKNOWN, code):
        return (about and about.unknown) or _ANY_UNKNOWN
    if re.search(_MISSING, code):
        return _ANY_MISSING
    if re.search(_INVALID, code):
        return (about and about.invalid) or _ANY_INVALID
    return None


def _names(parameter: str, text: str) -> bool:
    """`MissingBackupPlanId` and `InvalidDBInstanceId.NotFound` name one too."""
    return re.search(rf"(?<![A-Za-z])(?:Missing|Invalid)?(?:{parameter})(?![A-Za-z])", text) is not None
