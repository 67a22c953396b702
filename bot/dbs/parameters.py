"""From the domain's words to DBS's request parameters."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from pydantic import SecretStr

from bot.dbs.lenient import EPOCH
from bot.restores.models import DuplicateConflict, RestoreObject, RestoreSpec

#: None: not sent. A secret stays wrapped until the URL is built.
Value = str | int | SecretStr | None
Parameters = Mapping[str, Value]


def milliseconds(time: datetime) -> int:
    """Epoch milliseconds of an aware datetime."""
    return (time - EPOCH) // timedelta(milliseconds=1)


def plain(parameters: Parameters) -> dict[str, str]:
    """What goes over the wire, secrets included: keep it out of sight."""
    sent = {name: value for name, value in parameters.items() if value is not None}
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in sent.items()
    }


def secrets_in(parameters: Parameters) -> list[SecretStr]:
    return [value for value in parameters.values() if isinstance(value, SecretStr)]


def restore_task(spec: RestoreSpec, *, password: SecretStr | None, client_token: str) -> dict[str, Value]:
    """CreateRestoreTask. Raises ValueError unless the point is a time or a backup set, one of the two.

    `DuplicateConflict` is sent for `renamenew` only: older pages call `failure` the default, the current ones
    no longer list it as a value.
    """
    point, target = spec.point, spec.destination
    if (point.time is None) == (point.backup_set_id is None):
        raise ValueError("A restore task needs a time or a backup set, one of the two.")
    rename = spec.duplicate_conflict is DuplicateConflict.RENAME
    return {
        "BackupPlanId": spec.backup_plan_id,
        "RestoreTaskName": spec.task_name,
        "RestoreTime": None if point.time is None else milliseconds(point.time),
        "BackupSetId": point.backup_set_id,
        "RestoreObjects": _objects(spec.objects) if spec.objects else None,
        "DuplicateConflict": str(spec.duplicate_conflict) if rename else None,
        "DestinationEndpointInstanceType": str(target.location),
        "DestinationEndpointRegion": target.region,
        "DestinationEndpointInstanceID": target.instance_id,
        "DestinationEndpointIP": target.ip,
        "DestinationEndpointPort": target.port,
        "DestinationEndpointDatabaseName": target.database_name,
        "DestinationEndpointOracleSID": target.oracle_sid,
        "DestinationEndpointUserName": target.user_name,
        "DestinationEndpointPassword": password,
        "BackupGatewayId": target.backup_gateway_id,
        "RestoreDir": target.restore_dir,
        "RestoreHome": target.restore_home,
        "CrossAliyunId": spec.cross_aliyun_id,
        "CrossRoleName": spec.cross_role_name,
        "ClientToken": client_token,
    }


def _objects(objects: Iterable[RestoreObject]) -> str:
    """`RestoreObjects` as JSON text: `[{"DBName": ..., "NewDBName": ...}]`, absent names left out."""
    wire = (
        {
            "DBName": each.db_name,
            "NewDBName": each.new_db_name,
            "SchemaName": each.schema_name,
            "NewSchemaName": each.new_schema_name,
        }
        for each in objects
    )
    given = [{name: value for name, value in each.items() if value is not None} for each in wire]
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))
