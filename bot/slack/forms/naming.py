"""Databases as text, in a field of a form: as DBS writes them, in JSON, or one a line. Pure."""

import re
from collections.abc import Sequence

from bot.restores.models import RestoreObject
from bot.restores.objects import objects_from_json, objects_to_json
from bot.slack.forms.elements import INITIAL_LIMIT

_ARROW = re.compile(r"\s*(?:->|=>|→)\s*")


def parse_objects(text: str) -> tuple[RestoreObject, ...]:
    """Databases as DBS writes them, in JSON, or one a line: `old` or `old -> new`. Blank lines do not count.

    Raises `ValueError` with a sentence that says what cannot be read.
    """
    if text.lstrip().startswith(("[", "{")):
        return objects_from_json(text)
    objects = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        names = _ARROW.split(line.strip())
        if len(names) > 2 or not all(names):  # noqa: PLR2004 - an old and a new name
            raise ValueError(f"Line {number}: write old, or old -> new. It says: {line.strip()}")
        old, new = names[0], names[1] if len(names) > 1 else None
        objects.append(RestoreObject(db_name=old, new_db_name=None if new == old else new))
    return tuple(objects)


def readable(text: str) -> tuple[RestoreObject, ...]:
    """None, if the text cannot be read."""
    try:
        return parse_objects(text)
    except ValueError:
        return ()


def as_text(objects: Sequence[RestoreObject]) -> str | None:
    """JSON, an entry a line, where that fits into a field; else a database a line; None: neither does."""
    if not objects:
        return ""
    entries = ",\n ".join(objects_to_json([each])[1:-1] for each in objects)
    lines = "\n".join(
        f"{each.db_name} -> {each.new_db_name}" if each.new_db_name else each.db_name for each in objects
    )
    for text in (f"[{entries}]", lines):
        if len(text) <= INITIAL_LIMIT and readable(text) == tuple(objects):
            return text
    return None
