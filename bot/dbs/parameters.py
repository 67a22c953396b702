"""From the domain's words to DBS's request parameters, whose names are those of the table of requirements."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import SecretStr

from bot.dbs.lenient import EPOCH
from bot.restores.models import DuplicateConflict, RestoreSpec
from bot.restores.objects import objects_to_json
from bot.restores.requirements import TABLE, Field, Given, given

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
    if (spec.point.time is None) == (spec.point.backup_set_id is None):
        raise ValueError("A restore task needs a time or a backup set, one of the two.")
    values = {field: _wire(value) for field, value in given(spec).items()} | {Field.PASSWORD: password}
    return {row.parameter: values[row.field] for row in TABLE} | {"ClientToken": client_token}


def _wire(value: Given) -> Value:
    match value:
        case datetime():
            return milliseconds(value)
        case tuple():
            return objects_to_json(value) if value else None
        case DuplicateConflict():
            return str(value) if value is DuplicateConflict.RENAME else None
        case StrEnum():
            return str(value)
        case _:
            return value
