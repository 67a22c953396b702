"""From what was typed to a target: text becomes a number here, what is not asked for is left out. Pure."""

import re

from bot.restores import shapes
from bot.restores.models import Destination, Location, Wish
from bot.restores.requirements import Field, Step, asked

#: More digits are no port, and are not worth reading as a number.
_NUMBER = re.compile(r"[0-9]{1,9}")


def destination_of(wish: Wish, location: Location, engine: str) -> tuple[Destination, dict[str, str]]:
    """The target a wish names, with what this location and engine ask for alone.

    Beside it a sentence, by field, for each text that cannot be read: more than `target_problems` says
    of the field, which is then empty in the target.
    """
    texts = {
        row.field: text
        for row in asked(location, engine)
        if row.step is Step.WHERE and row.field is not Field.LOCATION
        if (text := (getattr(wish, row.field) or "").strip())
    }
    unread = {}
    number = texts.pop(Field.PORT, None)
    if number is not None and not _NUMBER.fullmatch(number):
        unread[Field.PORT.value] = shapes.wrong(Field.PORT, number) or ""
    port = int(number) if number is not None and not unread else None
    values = {field.value: text for field, text in texts.items()}
    return Destination(location=location, port=port, **values), unread
