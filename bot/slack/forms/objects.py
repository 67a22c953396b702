"""The part of step three that asks for databases and their new names: chosen, written, or as given. Pure."""

from collections.abc import Sequence

from bot.restores import checks
from bot.restores.models import RestoreObject
from bot.restores.requirements import ROWS, Field, Need, need
from bot.slack.forms.elements import (
    INITIAL_LIMIT,
    OPTION_LIMIT,
    Values,
    button,
    buttons,
    input_block,
    many,
    option,
    text_input,
)
from bot.slack.forms.naming import as_text, parse_objects
from bot.slack.forms.state import FormState
from bot.slack.message import Block, section
from bot.slack.mrkdwn import code

#: Each chosen database has a field for its new name.
MOST_CHOSEN = 40

_LONGEST_NAME = 128
_NAMES_SHOWN = 10
_WRITTEN = (
    'JSON like [{"DBName": "old", "NewDBName": "new"}], with SchemaName and NewSchemaName where needed.'
)
_UNKEPT = (
    "More databases were named than a form can remember, and nothing is restored in their place."
    " Name them again here and submit, without going back; or restore them in several parts."
)
_UNKNOWN = "DBS did not say just now which databases the plan has. Submit again in a moment."


class ObjectsPart:
    """Written, the databases are text in `FormState.objects_text`; chosen, they are in the wish.

    Those that are too many for either are shown as they were given, and start over with a button.
    """

    CHOSEN = Field.OBJECTS.value
    WRITTEN = "objects_text"
    NEW_NAME = "new_name"
    SWITCH = "switch_objects"
    START_OVER = "other_objects"
    EVERY = "every_object"

    @classmethod
    def build(cls, state: FormState, databases: Sequence[str]) -> list[Block]:
        """`databases` of the plan; none: not known here."""
        warned = [section(f":warning: {_UNKEPT}")] if state.unkept else []
        if state.objects_text is None and _choosable(state, databases):
            return [*warned, *cls._list(state, databases)]
        text = state.objects_text if state.objects_text is not None else as_text(state.wish.objects or ())
        if text is None:
            return [*warned, *cls._given(state, databases)]
        return [*warned, *cls._field(state, databases, text)]

    @classmethod
    def _field(cls, state: FormState, databases: Sequence[str], text: str) -> list[Block]:
        optional = _optional(state)
        typed = text_input(cls.WRITTEN, multiline=True, initial=text)
        hint = f"{_WRITTEN} Or one a line: old, or old -> new."
        hint += " Nothing: everything in the backup." if optional else ""
        label = ROWS[Field.OBJECTS].label
        offered = []
        if _choosable(state.evolve(objects_text=None).wishing(objects=None), databases):
            offered.append(button(cls.SWITCH, "Choose from a list instead"))
        elif databases:
            offered.append(button(cls.EVERY, f"All {len(databases)} databases of the plan instead"))
        if state.unkept:
            offered.append(button(cls.START_OVER, "Start over"))
        field = input_block(state.block(cls.WRITTEN), label, typed, hint=hint, optional=optional)
        return [field, *([buttons(*offered)] if offered else [])]

    @classmethod
    def _given(cls, state: FormState, databases: Sequence[str]) -> list[Block]:
        """Too many to be written into a field: only named, and kept as they are."""
        objects = state.wish.objects or ()
        first = ", ".join(
            code(each.db_name) + (f" → {code(each.new_db_name)}" if each.new_db_name else "")
            for each in objects[:_NAMES_SHOWN]
        )
        whose = "all of the plan" if state.every else "as given"
        more = f" and {len(objects) - _NAMES_SHOWN} more" if len(objects) > _NAMES_SHOWN else ""
        offered = [button(cls.START_OVER, "Start over and name others")]
        if databases and not state.every:
            offered.append(button(cls.EVERY, f"All {len(databases)} databases of the plan instead"))
        told = f"*{len(objects)} databases, {whose}.* They are too many to be edited here: {first}{more}"
        return [section(told), buttons(*offered)]

    @classmethod
    def _list(cls, state: FormState, databases: Sequence[str]) -> list[Block]:
        optional = _optional(state)
        options = [option(name, name) for name in databases]
        objects = state.wish.objects or ()
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
        offered = [button(cls.SWITCH, "Write as JSON instead (for schemas)")]
        offered += [button(cls.START_OVER, "Start over")] if state.unkept else []
        return [*blocks, buttons(*offered)]

    @classmethod
    def entered(cls, state: FormState, databases: Sequence[str]) -> FormState:
        """With the databases that are meant, as far as they do not travel themselves.

        All of the plan, unless something else was said. What can be neither shown in a field nor carried is
        not kept: then it has to be said again.
        """
        said = state.wish.objects is not None or state.objects_text is not None
        if databases and not said and not state.unkept:
            everything = tuple(RestoreObject(db_name=name) for name in databases)
            state = state.wishing(objects=everything).evolve(every=len(databases) > MOST_CHOSEN)
        in_field = state.objects_text is not None or as_text(state.wish.objects or ()) is not None
        if in_field or not state.kept.unkept:
            return state
        return state.wishing(objects=None).evolve(unkept=True)

    @classmethod
    def read(cls, state: FormState, values: Values) -> FormState:
        """Text that cannot be read is kept as it is; `error` says what is wrong with it."""
        written, chosen = state.block(cls.WRITTEN), state.block(cls.CHOSEN)
        if written in values:
            text = values.text(written) or ""
            return state.written(text).evolve(unkept=state.unkept and not text)
        if chosen in values:
            names = values.ticked(chosen)
            before = {each.db_name: each.new_db_name for each in state.wish.objects or ()}
            objects = tuple(cls._chosen(state, values, name, before) for name in names)
            return state.wishing(objects=objects).evolve(unkept=state.unkept and not names)
        return state

    @classmethod
    def _chosen(
        cls, state: FormState, values: Values, name: str, before: dict[str, str | None]
    ) -> RestoreObject:
        block = cls._new_name(state, name)
        new = values.text(block) if block in values else before.get(name)
        return RestoreObject(db_name=name, new_db_name=None if new == name else new)

    @classmethod
    def after(cls, action_id: str, state: FormState) -> FormState:
        """What a button of this part does."""
        match action_id:
            case cls.SWITCH:
                return cls.switched(state)
            case cls.START_OVER:
                return state.set(objects=()).evolve(objects_text="", every=False, unkept=False)
            case cls.EVERY:
                return state.set(objects=None).evolve(objects_text=None, every=False, unkept=False)
            case _:
                return state

    @classmethod
    def switched(cls, state: FormState) -> FormState:
        """From the list to text, where it fits, or back, with what was chosen or written."""
        if state.objects_text is None:
            text = as_text(state.wish.objects or ())
            return state if text is None else state.evolve(objects_text=text, revision=state.revision + 1)
        # A schema cannot be chosen from the list of databases.
        whole = tuple(each for each in state.wish.objects or () if each.schema_name is None)
        return state.set(objects=whole or None).evolve(objects_text=None)

    @classmethod
    def unwritable(cls, action_id: str, state: FormState) -> str | None:
        """Why the list cannot become text, if that is what was asked for."""
        if action_id != cls.SWITCH or state.objects_text is not None:
            return None
        if as_text(state.wish.objects or ()) is not None:
            return None
        return f"These names do not fit into one field of {INITIAL_LIMIT:,} characters: the list is kept."

    @classmethod
    def error(cls, state: FormState) -> str | None:
        """Why it is not known which databases are meant."""
        if state.unkept:
            return _UNKEPT
        if state.every and state.wish.objects is None:
            return _UNKNOWN
        try:
            parse_objects(state.objects_text or "")
        except ValueError as error:
            return str(error)
        return None

    @classmethod
    def problem(cls, state: FormState, databases: Sequence[str]) -> str | None:
        """That, or what is wrong with those that are meant."""
        return cls.error(state) or checks.objects_problem(state.wish.objects or (), databases)

    @classmethod
    def _new_name(cls, state: FormState, name: str) -> str:
        return state.block(f"{cls.NEW_NAME}@{name}")


def _choosable(state: FormState, databases: Sequence[str]) -> bool:
    """Whether a list can say it: few databases, names that fit, no schema, nothing not in the plan."""
    said = state.wish.objects or ()
    return (
        0 < len(databases) <= MOST_CHOSEN
        and len(set(databases)) == len(databases)
        and all(name.strip() and len(name) <= OPTION_LIMIT for name in databases)
        and all(each.schema_name is None and each.db_name in databases for each in said)
        and all(len(each.new_db_name or "") <= _LONGEST_NAME for each in said)
        and len({each.db_name for each in said}) == len(said)
    )


def _optional(state: FormState) -> bool:
    engine = state.plan.engine if state.plan else ""
    return need(Field.OBJECTS, state.location, engine) is not Need.REQUIRED
