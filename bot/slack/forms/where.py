"""Step two: where to restore to, and as whom. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.restores.checks import target_problems
from bot.restores.destinations import destination_of
from bot.restores.models import BackupPlan, Destination, Location
from bot.restores.requirements import LOCATIONS, ROWS, TABLE, Field, Need, Step, asked, need
from bot.slack.forms.accounts import AccountPart, credential, user_name
from bot.slack.forms.elements import (
    Values,
    button,
    buttons,
    dropdown,
    input_block,
    option,
    text_input,
    typeahead,
)
from bot.slack.forms.state import TYPED, FormState
from bot.slack.forms.step import FormErrors, Notice, beside, modal, said
from bot.slack.forms.summary import what_line
from bot.slack.message import Block, context
from bot.slack.mrkdwn import code

#: Asked for in other ways than by a field of text.
_APART = frozenset({Field.LOCATION, Field.USER_NAME})
_OF_THE_TARGET = frozenset(row.field for row in TABLE if row.step is Step.WHERE)
_PATHS = frozenset({Field.RESTORE_DIR, Field.RESTORE_HOME})
_CUT = "More was typed than a form can remember: look through every field, and shorten what you can."
_PLACEHOLDERS = {
    Field.IP: "10.0.0.5 or db.example.com",
    Field.RESTORE_DIR: "/data/restore",
}
#: All that is typed has to travel in the view's metadata.
_LONGEST = 255
_LONGEST_PATH = 1024
_ADDRESS = re.compile(r"\[?(?P<ip>[^\[\],\s]+?)\]?:(?P<port>[0-9]{1,5})")


@dataclass(frozen=True)
class Stored:
    """Stored credentials by name with the accounts they stand for, and whether a password may be typed."""

    credentials: Sequence[tuple[str, str]] = ()
    typing: bool = True


class WhereForm:
    """Its blocks are named for the `Field`s they ask for, those that location and engine need."""

    CALLBACK_ID = "restore_where"
    TITLE = "Restore 2/3: where"
    LOCATION = Field.LOCATION.value
    REGION = Field.REGION.value
    GATEWAY = Field.BACKUP_GATEWAY_ID.value
    SAME = "same_as_source"

    @classmethod
    def build(cls, state: FormState, stored: Stored, notice: Notice | None = None) -> Block:
        gone = AccountPart.missing(state, stored.credentials, typing=stored.typing)
        state = AccountPart.offered(state, stored.credentials, typing=stored.typing)
        blocks: list[Block] = [
            context(what_line(state)),
            *said(notice),
            *said(Notice(gone) if gone else None),
        ]
        blocks += said(Notice(_CUT) if state.cut else None)
        locations = [option(text, value) for value, text in LOCATIONS.items()]
        select = dropdown(cls.LOCATION, "Choose", locations, state.location)
        blocks.append(
            input_block(state.block(cls.LOCATION), ROWS[Field.LOCATION].label, select, dispatch=True)
        )
        if state.plan and state.plan.source:
            blocks.append(buttons(button(cls.SAME, f"Same as source: {state.plan.source}")))
        blocks += [cls._input(state, field) for field in _fields(state)]
        blocks += AccountPart.build(state, stored.credentials, typing=stored.typing)
        if unasked := cls._unasked(state):
            blocks.append(context(f"Not asked for here, and *not sent*: {unasked}."))
        return modal(cls.CALLBACK_ID, cls.TITLE, state, blocks, submit="Next", close="Back")

    @classmethod
    def _unasked(cls, state: FormState) -> str:
        """What a person said of a target elsewhere, or with another engine."""
        shown = {*_fields(state), *_APART}
        said_so_far = {
            ROWS[field].label.lower(): getattr(state.wish, field)
            for field in Field
            if field in _OF_THE_TARGET and field not in shown
            if getattr(state.wish, field) != getattr(state.filled, field)
        }
        return ", ".join(f"{label} {code(value)}" for label, value in said_so_far.items() if value)

    @classmethod
    def _input(cls, state: FormState, field: Field) -> Block:
        label, said_so_far = ROWS[field].label, getattr(state.wish, field.value)
        optional = _need(state, field) is not Need.REQUIRED
        initial = option(state.labels.get(said_so_far, said_so_far), said_so_far) if said_so_far else None
        match field:
            case Field.REGION:
                element = typeahead(field, "Choose a region", initial)
            case Field.BACKUP_GATEWAY_ID:
                element = typeahead(field, "Choose a gateway", initial)
            case _:
                element = text_input(
                    field,
                    initial=said_so_far,
                    placeholder=_PLACEHOLDERS.get(field),
                    max_length=_LONGEST_PATH if field in _PATHS else _LONGEST,
                )
        lists_depend = field is Field.REGION and Field.BACKUP_GATEWAY_ID in _fields(state)
        return input_block(cls.block(state, field), label, element, optional=optional, dispatch=lists_depend)

    @classmethod
    def block(cls, state: FormState, field: str) -> str:
        """The id of a field's block. A gateway belongs to its region: with another one it starts anew."""
        if field in {AccountPart.WAY, AccountPart.USER_NAME}:
            return field
        return state.block(f"{field}@{state.wish.region}" if field == cls.GATEWAY else field)

    @classmethod
    def read(cls, view: Block) -> FormState:
        """The state with what is put in now; what is not shown stays as it was."""
        state, values = FormState.of(view), Values(view)
        texts: dict[str, object] = {}
        for field in _fields(state):
            block = cls.block(state, field)
            if block in values:
                listed = field in {Field.REGION, Field.BACKUP_GATEWAY_ID}
                texts[field.value] = values.selected(block) if listed else values.text(block)
        if texts.get(cls.REGION, state.wish.region) != state.wish.region:
            texts[cls.GATEWAY] = None
        if location := values.selected(state.block(cls.LOCATION)):
            texts[cls.LOCATION] = Location(location)
        gateway = cls.block(state, cls.GATEWAY)
        # Every field is in the view, so nothing is missing any more.
        read = (
            state.wishing(**texts)
            .evolve(cut=state.cut and not values)
            .labelled(values.selected(gateway), values.label(gateway))
        )
        return AccountPart.read(read, values)

    @classmethod
    def lags_behind(cls, view: Block) -> bool:
        """Whether the form shows the fields of another location or account than is chosen in it."""
        before, now = FormState.of(view), cls.read(view)
        return (before.location, before.account) != (now.location, now.account)

    @classmethod
    def same_as_source(cls, state: FormState) -> FormState:
        """Filled with what the plan tells of its source, and nothing of what it does not tell."""
        plan = state.plan
        if plan is None:
            return state
        return state.fill(_source(plan))

    @classmethod
    def problems(cls, state: FormState, stored: Stored) -> FormErrors:
        """What is wrong with the target, by the names of its fields."""
        destination, unread = target(state)
        found = target_problems(destination, _engine(state), credential=credential(state)) | unread
        found |= AccountPart.errors(state, stored.credentials, typing=stored.typing)
        if stored.credentials and state.account != TYPED:
            found.pop(Field.USER_NAME, None)
        return found

    @classmethod
    def errors(cls, view: Block, state: FormState, stored: Stored) -> FormErrors:
        """A sentence for each block that is wrong."""
        found = cls.problems(state, stored)
        shown = FormState.of(view)
        named = {cls.block(shown, name): sentence for name, sentence in found.items()}
        return beside(view, named, shown.block(cls.LOCATION))


def target(state: FormState) -> tuple[Destination, dict[str, str]]:
    """The target as far as it is put in, and a sentence for each text that cannot be read."""
    wish = state.wish.evolve(user_name=user_name(state))
    return destination_of(wish, state.location, _engine(state))


def _fields(state: FormState) -> tuple[Field, ...]:
    rows = asked(state.location, _engine(state))
    return tuple(row.field for row in rows if row.step is Step.WHERE and row.field not in _APART)


def _engine(state: FormState) -> str:
    return state.plan.engine if state.plan else ""


def _need(state: FormState, field: Field) -> Need:
    return need(field, state.location, _engine(state))


def _source(plan: BackupPlan) -> dict[str, object]:
    address = _ADDRESS.fullmatch((plan.source_ip_port or "").split(",")[0].strip())
    location = plan.source_location if plan.source_location in set(Location) else None
    return {
        "location": Location(location) if location else None,
        "region": plan.source_region or plan.region,
        "instance_id": plan.source_instance_id,
        "ip": address["ip"] if address else None,
        "port": address["port"] if address else None,
        "database_name": plan.source_database_name,
        "oracle_sid": plan.source_oracle_sid,
        "backup_gateway_id": plan.backup_gateway_id,
    }
