"""Objects to restore as DBS writes them, `[{"DBName": "old", "NewDBName": "new"}]`; people may, too. Pure."""

import json
from collections.abc import Iterable

from bot.restores.models import RestoreObject

_NAMES = {
    "DBName": "db_name",
    "NewDBName": "new_db_name",
    "SchemaName": "schema_name",
    "NewSchemaName": "new_schema_name",
}
_LIKE = 'Write [{"DBName": "old", "NewDBName": "new"}].'


def objects_from_json(text: str) -> tuple[RestoreObject, ...]:
    """Raises `ValueError` with a sentence that says what is wrong and what would be right."""
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"This is not JSON. {_LIKE}") from None
    if not isinstance(entries, list):
        raise ValueError(f"A list is expected. {_LIKE}")  # noqa: TRY004 - what was typed is wrong, no argument
    return tuple(_object(number, entry) for number, entry in enumerate(entries, start=1))


def objects_to_json(objects: Iterable[RestoreObject]) -> str:
    """On one line, absent names left out."""
    entries = [
        {name: value for name, attribute in _NAMES.items() if (value := getattr(each, attribute)) is not None}
        for each in objects
    ]
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":"))


def _object(number: int, entry: object) -> RestoreObject:
    if not isinstance(entry, dict) or "DBName" not in entry:
        raise ValueError(f"Entry {number} has no DBName. {_LIKE}")
    if unknown := sorted(entry.keys() - _NAMES.keys()):
        raise ValueError(f"Entry {number}: {unknown[0][:40]} is not one of {', '.join(_NAMES)}.")
    if not all(isinstance(value, str) and value for value in entry.values()):
        raise ValueError(f"Entry {number}: every name is a text between quotes, and not empty.")
    if any("\ud800" <= character <= "\udfff" for value in entry.values() for character in value):
        raise ValueError(f"Entry {number}: a name holds half a character, which is no text.")
    return RestoreObject.model_validate({_NAMES[name]: value for name, value in entry.items()})
