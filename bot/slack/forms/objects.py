"""Databases to restore as people type them: one a line, `old` or `old -> new`. Pure."""

import re

from bot.restores.models import RestoreObject

_ARROW = re.compile(r"\s*(?:->|=>|→)\s*")


def parse_objects(text: str) -> tuple[RestoreObject, ...]:
    """The databases named, in order; blank lines do not count.

    Raises `ValueError` with a sentence that names the line which cannot be read.
    """
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
