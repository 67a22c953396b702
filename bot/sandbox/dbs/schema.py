"""What the API gateway knows of each action, from the vendor's metadata: what is required, and the types."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.dbs.errors import GatewayError, malformed_at_gateway, missing_at_gateway
from bot.sandbox.dbs.regions import KNOWN

_DIGITS = re.compile(r"-?[0-9]{1,19}")
_PAGING = {"PageSize": 32, "PageNum": 32}
_SPAN = {"StartTimestamp": 64, "EndTimestamp": 64}


@dataclass(frozen=True)
class Schema:
    """`numbers` maps an Integer or Long to its bits."""

    required: tuple[str, ...] = ()
    numbers: Mapping[str, int] | None = None
    booleans: tuple[str, ...] = ()


SCHEMAS: Mapping[str, Schema] = {
    "CreateRestoreTask": Schema(
        required=("BackupPlanId", "DestinationEndpointInstanceType", "RestoreTaskName"),
        numbers={"BackupGatewayId": 64, "DestinationEndpointPort": 32, "RestoreTime": 64},
    ),
    "StartRestoreTask": Schema(required=("RestoreTaskId",)),
    "DescribeRestoreTaskList": Schema(numbers={**_PAGING, **_SPAN}),
    "DescribePreCheckProgressList": Schema(),
    "DescribeJobErrorCode": Schema(required=("TaskId",)),
    "DescribeBackupPlanList": Schema(numbers=_PAGING),
    "DescribeRestoreRangeInfo": Schema(
        required=("BackupPlanId", "BeginTimestampForRestore", "EndTimestampForRestore"),
        numbers={"BeginTimestampForRestore": 64, "EndTimestampForRestore": 64},
        booleans=("RecentlyRestore",),
    ),
    "DescribeFullBackupList": Schema(
        required=("BackupPlanId",), numbers={**_PAGING, **_SPAN}, booleans=("ShowStorageType",)
    ),
    "DescribeIncrementBackupList": Schema(
        required=("BackupPlanId",), numbers={**_PAGING, **_SPAN}, booleans=("ShowStorageType",)
    ),
    "DescribeBackupGatewayList": Schema(required=("Region",), numbers=_PAGING),
    "DescribeRegions": Schema(),
}


def check(action: str, parameters: Mapping[str, str]) -> None:
    """Refuse what does not fit the action's schema; an empty value counts as absent."""
    schema = SCHEMAS[action]
    for name in schema.required:
        if not parameters.get(name):
            raise missing_at_gateway(name)
    for name, bits in (schema.numbers or {}).items():
        if (value := parameters.get(name)) and not _fits(value, bits):
            raise malformed_at_gateway(name, "Integer" if bits == 32 else "Long")  # noqa: PLR2004, bits of an Integer
    for name in schema.booleans:
        if (value := parameters.get(name)) and value.lower() not in {"true", "false"}:
            raise malformed_at_gateway(name, "Boolean")
    if (region := parameters.get("RegionId")) and region not in KNOWN:
        raise GatewayError("InvalidRegionId.NotFound", "The specified RegionId does not exist.")


def _fits(value: str, bits: int) -> bool:
    limit = 1 << (bits - 1)
    return bool(_DIGITS.fullmatch(value)) and -limit <= int(value) < limit
