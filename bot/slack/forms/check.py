"""Step three: which databases, under which names, and all of it once more before it is sent. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from bot.restores import checks
from bot.restores.asking import changes
from bot.restores.dangers import Danger, DangerKind
from bot.restores.models import DuplicateConflict, Engine, RestoreDraft, RestoreRequest
from bot.restores.requirements import ROWS, Field, Need, need
from bot.slack.forms.accounts import asks_password, user_name
from bot.slack.forms.elements import (
    Values,
    button,
    buttons,
    choice,
    input_block,
    is_text,
    option,
    text_input,
)
from bot.slack.forms.objects import ObjectsPart
from bot.slack.forms.point import PointPart
from bot.slack.forms.risks import RisksPart
from bot.slack.forms.state import FormState
from bot.slack.forms.step import FormErrors, Notice, beside, modal, said
from bot.slack.forms.summary import MASK, as_sent, in_words, repeated
from bot.slack.message import Block, context, section

_YES = "yes"
_LONGEST = 255
_CONFLICTS = {
    DuplicateConflict.FAIL: "Fail: change nothing that exists",
    DuplicateConflict.RENAME: "Rename what is restored",
}
_START = "Start at once, when the precheck has passed"
_VISIBLE = "Slack has no password field: this is visible as you type and passes through Slack."
_UNCHECKED = (
    ":warning: Other restores could not be looked up:"
    " nothing here says whether one of them goes to the same target."
)
_SAFE = "What was dangerous is so no more: nothing has to be typed to go on."
_WITHOUT_ACCOUNT = "A password needs an account: go back and give one, or leave this empty."
_CUT = "More was typed than a form can remember: go back to step two, and shorten what you can."
_MARK = "A short mark is added, so that the task can be found again."


@dataclass(frozen=True)
class Seen:
    """What step three shows beside what was put in: `user_name` is the account of the stored credential.

    `dangers` None: they could not be looked for.
    """

    now: datetime
    databases: Sequence[str] = ()
    dangers: Sequence[Danger] | None = ()
    user_name: str | None = None
    #: There are several accounts, so a command has to name its own.
    many_accounts: bool = False
    #: What this restore repeats.
    before: RestoreRequest | None = None
    #: Dangers were shown before.
    warned: bool = False


class CheckForm:
    """The blocks for the databases and for what is dangerous are those of its parts."""

    CALLBACK_ID = "restore_check"
    TITLE = "Restore 3/3: check"
    PASSWORD = Field.PASSWORD.value
    CONFLICT = Field.DUPLICATE_CONFLICT.value
    CROSS = (Field.CROSS_ALIYUN_ID, Field.CROSS_ROLE_NAME)
    TASK_NAME = Field.TASK_NAME.value
    START = "start"
    LOOK_AGAIN = "look_again"
    #: Of a step that is shown by itself: back to the first, in its place.
    CHANGE = "change_earlier_steps"
    ALONE_TITLE = "Restore again"

    @classmethod
    def build(cls, state: FormState, draft: RestoreDraft, seen: Seen, notice: Notice | None = None) -> Block:
        account = seen.user_name or user_name(state)
        unread = ObjectsPart.problem(state, seen.databases)
        unclear = "not clear yet" if unread else _none_named(state)
        dangers = [
            each for each in seen.dangers or () if not unclear or each.kind is not DangerKind.SAME_NAME
        ]
        safe = seen.warned and not (dangers or unclear) and seen.dangers is not None
        blocks: list[Block] = [
            *said(Notice(f"The databases: {unread}") if unread and not state.unkept else None),
            *in_words(state, draft, account, unclear),
            *(repeated(seen.before, changes(seen.before, draft)) if seen.before else []),
            *RisksPart.build(draft, dangers),
            *said(Notice(_SAFE, icon=":white_check_mark:") if safe else None),
            *said(notice),
            *cls._time(state),
            *ObjectsPart.build(state, seen.databases),
            *cls._password(state),
            *cls._rest(state),
            *cls._sent(state, draft, seen, account),
        ]
        title, close = (cls.ALONE_TITLE, "Cancel") if state.alone else (cls.TITLE, "Back")
        return modal(cls.CALLBACK_ID, title, state, blocks, submit="Restore", close=close)

    @classmethod
    def _time(cls, state: FormState) -> list[Block]:
        """A time that can no longer be restored, with those that can, as buttons."""
        at = state.point.time
        return PointPart.verdict(state, at) if at is not None and PointPart.problem(state, at) else []

    @classmethod
    def _password(cls, state: FormState) -> list[Block]:
        needed = _need(state, Field.PASSWORD)
        if needed is Need.HIDDEN or not asks_password(state):
            return []
        account = user_name(state)
        label = f"{ROWS[Field.PASSWORD].label} of {account}" if account else ROWS[Field.PASSWORD].label
        optional = needed is not Need.REQUIRED
        hint = f"{_WITHOUT_ACCOUNT} {_VISIBLE}" if _lacks_account(state) else _VISIBLE
        return [input_block(cls.PASSWORD, label, text_input(cls.PASSWORD), hint=hint, optional=optional)]

    @classmethod
    def _rest(cls, state: FormState) -> list[Block]:
        wish = state.wish
        conflicts = [option(text, value) for value, text in _CONFLICTS.items()]
        policy = choice(
            "radio_buttons", cls.CONFLICT, conflicts, wish.duplicate_conflict or DuplicateConflict.FAIL
        )
        name = text_input(cls.TASK_NAME, initial=wish.task_name, max_length=checks.TASK_NAME_LENGTH)
        started = _YES if wish.start is not False else None
        start = choice("checkboxes", cls.START, [option(_START, _YES)], started)
        cross = [
            input_block(
                field,
                ROWS[field].label,
                text_input(field, initial=getattr(wish, field), max_length=_LONGEST),
                optional=True,
            )
            for field in cls.CROSS
            if _is_cross_account(state)
        ]
        return [
            input_block(cls.CONFLICT, ROWS[Field.DUPLICATE_CONFLICT].label, policy, dispatch=True),
            *cross,
            input_block(cls.TASK_NAME, ROWS[Field.TASK_NAME].label, name, hint=_MARK),
            input_block(cls.START, "Start", start, optional=True, dispatch=True),
        ]

    @classmethod
    def _sent(cls, state: FormState, draft: RestoreDraft, seen: Seen, account: str | None) -> list[Block]:
        earlier = [button(cls.CHANGE, "Change what or where")] if state.alone else []
        again = buttons(button(cls.LOOK_AGAIN, "Refresh with my changes"), *earlier)
        if ObjectsPart.error(state):
            return [context("The databases cannot be read, so there is nothing to send yet."), again]
        unknown = [section(_UNCHECKED)] if seen.dangers is None else []
        return [
            *unknown,
            {"type": "divider"},
            *as_sent(draft, account, _masked(state, draft), seen.now, with_account=seen.many_accounts),
            again,
        ]

    # What comes back

    @classmethod
    def read(cls, view: Block) -> FormState:
        """The state with what is put in now, but never a password."""
        state, values = FormState.of(view), Values(view)
        wishes: dict[str, object] = {
            field: values.text(field) for field in (*cls.CROSS, cls.TASK_NAME) if field in values
        }
        if policy := values.selected(cls.CONFLICT):
            wishes[cls.CONFLICT] = DuplicateConflict(policy)
        if cls.START in values:
            wishes[cls.START] = _YES in values.ticked(cls.START)
        return ObjectsPart.read(state.wishing(**wishes), values)

    @classmethod
    def password(cls, view: Block) -> SecretStr | None:
        """To the letter."""
        typed = Values(view).typed(cls.PASSWORD)
        return SecretStr(typed) if typed else None

    @classmethod
    def errors(cls, view: Block, state: FormState, draft: RestoreDraft) -> FormErrors:
        """A sentence for each block that is wrong; dangers and a time that moved out of reach apart."""
        found = checks.problems(draft)
        found.pop(checks.TIME, None)
        if sentence := ObjectsPart.error(state):
            found[Field.OBJECTS] = sentence
        if state.cut:
            found[cls.START] = _CUT
        typed = draft.password.get_secret_value() if draft.password else ""
        if not is_text(typed):
            found[cls.PASSWORD] = "The password holds half a character, which cannot be sent."
        elif typed and _lacks_account(state):
            found[cls.PASSWORD] = _WITHOUT_ACCOUNT
        if Field.OBJECTS in found:
            blocks = {block["block_id"] for block in view["blocks"]}
            here = FormState.of(view).block(ObjectsPart.WRITTEN)
            there = FormState.of(view).block(ObjectsPart.CHOSEN)
            found[here if here in blocks else there] = found.pop(Field.OBJECTS)
        return beside(view, found, cls.START)


def _need(state: FormState, field: Field) -> Need:
    return need(field, state.location, state.plan.engine if state.plan else "")


def _lacks_account(state: FormState) -> bool:
    """Whether a password would be nobody's. Redis knows passwords without an account."""
    engine = state.plan.engine if state.plan else ""
    return asks_password(state) and not user_name(state) and engine != Engine.REDIS


def _none_named(state: FormState) -> str | None:
    """That databases have to be named and are not."""
    return (
        "none named yet" if not state.wish.objects and _need(state, Field.OBJECTS) is Need.REQUIRED else None
    )


def _masked(state: FormState, draft: RestoreDraft) -> str | None:
    """What stands for the password."""
    if draft.credential:
        return MASK
    if not asks_password(state):
        return None
    return MASK if _need(state, Field.PASSWORD) is Need.REQUIRED else f"{MASK}  (if one is typed)"


def _is_cross_account(state: FormState) -> bool:
    plan, wish = state.plan, state.wish
    return any(
        (
            plan and plan.cross_aliyun_id,
            plan and plan.cross_role_name,
            wish.cross_aliyun_id,
            wish.cross_role_name,
        )
    )
