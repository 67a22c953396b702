"""The part of step three that asks which databases, and how to call them: chosen, or written. Pure."""

import re
from collections.abc import Sequence

from bot.restores.models import RestoreObject
from bot.restores.objects import objects_from_json, objects_to_json
from bot.restores.requirements import ROWS, Field, Need, need
from bot.slack.forms.elements import (
    INITIAL_LIMIT,
    OPTION_LIMIT,
    VALUE_LIMIT,
    Values,
    button,
    buttons,
    input_block,
    many,
    option,
    text_input,
)
from bot.slack.forms.state import FormState
from bot.slack.message import Block

#: Each chosen database has a field for its new name.
MOST_CHOSEN = 40

_LONGEST_NAME = 128
_ARROW = re.compile(r"\s*(?:->|=>|→)\s*")
_WRITTEN = (
    'JSON like [{"DBName": "old", "NewDBName": "new"}], with SchemaName and NewSchemaName where needed.'
)


class ObjectsPart:
    """Written, the databases are text in `FormState.objects_text`; chosen, they are in the wish."""

    CHOSEN = Field.OBJECTS.value
    WRITTEN = "objects_text"
    NEW_NAME = "new_name"
    SWITCH = "switch_objects"

    @classmethod
    def build(cls, state: FormState, databases: Sequence[str]) -> list[Block]:
        """`databases` of the plan; none: not known here."""
        optional = _optional(state)
        if state.objects_text is None and _choosable(state, databases):
            return cls._list(state, databases, optional=optional)
        text = state.objects_text
        if text is None:
            text = _as_text(_objects(state, databases))
        typed = text_input(cls.WRITTEN, multiline=True, initial=text)
        hint = f"{_WRITTEN} Or one a line: old, or old -> new."
        hint += " Nothing: everything in the backup." if optional else ""
        label = ROWS[Field.OBJECTS].label
        blocks = [input_block(state.block(cls.WRITTEN), label, typed, hint=hint, optional=optional)]
        if _choosable(state.evolve(objects_text=None).wishing(objects=None), databases):
            blocks.append(buttons(button(cls.SWITCH, "Choose from a list instead")))
        return blocks

    @classmethod
    def _list(cls, state: FormState, databases: Sequence[str], *, optional: bool) -> list[Block]:
        options = [option(name, name) for name in databases]
        objects = _objects(state, databases)
        chosen = many(cls.CHOSEN, "Choose databases", options, (each.db_name for each in objects))
        hint = "Nothing chosen: everything in the backup." if optional else None
        blocks = [
            input_block(
                state.block(cls.CHOSEN),
                ROWS[Field.OBJECTS].label,
                chosen,
                hint=hint,
                optional=optional,
                dispatch=True,
            )
        ]
        for each in objects:
            typed = text_input(
                cls.NEW_NAME, initial=each.new_db_name, placeholder=each.db_name, max_length=_LONGEST_NAME
            )
            label = f"{each.db_name}: name on the target"
            blocks.append(
                input_block(cls._new_name(state, each.db_name), label, typed, optional=True, dispatch=True)
            )
        return [*blocks, buttons(button(cls.SWITCH, "Write as JSON instead (for schemas)"))]

    @classmethod
    def entered(cls, state: FormState, databases: Sequence[str]) -> FormState:
        """As step three begins: all databases of the plan are chosen unless something else was said."""
        if state.wish.objects is None and state.objects_text is None and 0 < len(databases) <= MOST_CHOSEN:
            return state.wishing(objects=tuple(RestoreObject(db_name=name) for name in databases))
        return state

    @classmethod
    def read(cls, state: FormState, values: Values) -> FormState:
        """Text that cannot be read is kept as it is; `error` says what is wrong with it."""
        written, chosen = state.block(cls.WRITTEN), state.block(cls.CHOSEN)
        if written in values:
            text = values.text(written) or ""
            try:
                objects = parse_objects(text)
            except ValueError:
                objects = ()
            return state.wishing(objects=objects).evolve(objects_text=text)
        if chosen in values:
            before = {each.db_name: each.new_db_name for each in state.wish.objects or ()}
            return state.wishing(
                objects=tuple(cls._chosen(state, values, name, before) for name in values.ticked(chosen))
            )
        return state

    @classmethod
    def _chosen(
        cls, state: FormState, values: Values, name: str, before: dict[str, str | None]
    ) -> RestoreObject:
        block = cls._new_name(state, name)
        new = values.text(block) if block in values else before.get(name)
        return RestoreObject(db_name=name, new_db_name=None if new == name else new)

    @classmethod
    def switched(cls, state: FormState) -> FormState:
        """From the list to text, or back, with what was chosen or written."""
        if state.objects_text is None:
            text = _as_text(state.wish.objects or ())
            return state.evolve(objects_text=text, revision=state.revision + 1)
        # A schema cannot be chosen from the list of databases.
        whole = tuple(each for each in state.wish.objects or () if each.schema_name is None)
        return state.set(objects=whole or None).evolve(objects_text=None)

    @classmethod
    def error(cls, state: FormState) -> str | None:
        """Why the text cannot be read."""
        try:
            parse_objects(state.objects_text or "")
        except ValueError as error:
            return str(error)
        return None

    @classmethod
    def _new_name(cls, state: FormState, name: str) -> str:
        return state.block(f"{cls.NEW_NAME}@{name}")


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


def _objects(state: FormState, databases: Sequence[str]) -> tuple[RestoreObject, ...]:
    if state.wish.objects is not None:
        return state.wish.objects
    return tuple(RestoreObject(db_name=name) for name in databases)


def _choosable(state: FormState, databases: Sequence[str]) -> bool:
    """Whether a list can say it: few databases, names that fit, no schema, nothing not in the plan."""
    said = state.wish.objects or ()
    return (
        0 < len(databases) <= MOST_CHOSEN
        and all(len(name) <= min(VALUE_LIMIT, OPTION_LIMIT) for name in databases)
        and all(each.schema_name is None and each.db_name in databases for each in said)
        and len({each.db_name for each in said}) == len(said)
    )


def _as_text(objects: Sequence[RestoreObject]) -> str:
    """JSON, an entry a line, where it fits; else one name a line."""
    entries = ",\n ".join(objects_to_json([each])[1:-1] for each in objects)
    if entries and len(entries) + 2 <= INITIAL_LIMIT:
        return f"[{entries}]"
    lines = "\n".join(each.db_name for each in objects)
    return lines if len(lines) <= INITIAL_LIMIT else ""


def _optional(state: FormState) -> bool:
    engine = state.plan.engine if state.plan else ""
    return need(Field.OBJECTS, state.location, engine) is not Need.REQUIRED
