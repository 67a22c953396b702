"""The part of step two that asks as whom to connect: a stored credential, or a typed account. Pure."""

from collections.abc import Sequence

from bot.restores.models import Location
from bot.restores.requirements import ROWS, Field, Need, need
from bot.slack.forms.elements import OPTIONS_LIMIT, Values, dropdown, input_block, option, text_input
from bot.slack.forms.state import NONE, TYPED, FormState
from bot.slack.message import Block, section

_VISIBLE = "Its password is asked for in the next step; it is visible there and passes through Slack."
_LONGEST = 255
#: Beside them, a list has to offer to type an account, or none.
MOST_LISTED = OPTIONS_LIMIT - 2
_FORBIDDEN = (
    ":no_entry: Passwords cannot be typed here, and no credential is stored."
    " Ask whoever runs this bot to store one."
)


class AccountPart:
    """With nothing stored there is no choice, only the field."""

    WAY = "way"
    USER_NAME = Field.USER_NAME.value

    @classmethod
    def build(cls, state: FormState, stored: Sequence[tuple[str, str]], *, typing: bool) -> list[Block]:
        """`stored` are names of credentials with the accounts they stand for."""
        optional = _optional(state)
        if not stored and typing:
            return [cls._user_name(state, optional=optional)]
        # The chosen one first, so that it is never among those there is no room for.
        listed = (
            sorted(stored, key=lambda each: each[0] != state.account) if len(stored) > MOST_LISTED else stored
        )
        listed = listed[:MOST_LISTED]
        ways = [option(f"{name}: {user_name}", name, "Stored credential") for name, user_name in listed]
        ways += [option("Type an account and its password", TYPED)] if typing else []
        ways += [option("No account", NONE)] if optional else []
        if not ways:
            return [section(_FORBIDDEN)]
        select = dropdown(cls.WAY, "Choose an account", ways, state.account)
        left = len(stored) - len(listed)
        hint = (
            f"{left} more stored credentials have no room here: name one with credential=…" if left else None
        )
        blocks = [input_block(cls.WAY, "Connect to the target as", select, hint=hint, dispatch=True)]
        return [*blocks, cls._user_name(state, optional=optional)] if state.account == TYPED else blocks

    @classmethod
    def missing(cls, state: FormState, stored: Sequence[tuple[str, str]], *, typing: bool) -> str | None:
        """That an account which was asked for is not offered."""
        if state.account == cls.offered(state, stored, typing=typing).account:
            return None
        if state.account == TYPED:
            return "Passwords cannot be typed here: the account that was named is not used."
        if state.account == NONE:
            return "This target cannot be connected to without an account."
        return f"There is no stored credential “{state.account}”: choose how to connect to the target."

    @classmethod
    def offered(cls, state: FormState, stored: Sequence[tuple[str, str]], *, typing: bool) -> FormState:
        """Without an account that is not offered, such as a credential that is gone."""
        known = {name for name, _ in stored} | ({TYPED} if typing else set())
        known |= {NONE} if _optional(state) else set()
        return state if state.account in known else state.evolve(account="")

    @classmethod
    def read(cls, state: FormState, values: Values) -> FormState:
        way, field = cls.WAY, cls.USER_NAME
        if field in values:
            state = state.wishing(user_name=values.text(field))
        if way in values:
            state = state.evolve(account=values.selected(way) or "")
        return state

    @classmethod
    def errors(cls, state: FormState, stored: Sequence[tuple[str, str]], *, typing: bool) -> dict[str, str]:
        """By the name of the block. What is typed is checked with the rest of the target."""
        names = {name for name, _ in stored}
        if not stored and (typing or _optional(state)):
            return {}
        if state.account in names or (state.account == TYPED and typing):
            return {}
        if state.account == NONE and _optional(state):
            return {}
        return {cls.WAY: "Choose the account to connect to the target with."}

    @classmethod
    def _user_name(cls, state: FormState, *, optional: bool) -> Block:
        row = ROWS[Field.USER_NAME]
        typed = text_input(cls.USER_NAME, initial=state.wish.user_name, max_length=_LONGEST)
        return input_block(cls.USER_NAME, row.label, typed, hint=_VISIBLE, optional=optional)


def credential(state: FormState) -> str | None:
    """The stored credential that is chosen."""
    return None if state.account in {"", TYPED, NONE} else state.account


def asks_password(state: FormState) -> bool:
    """Whether a password is to be typed."""
    return state.account in {"", TYPED}


def user_name(state: FormState) -> str | None:
    """The account that is typed."""
    return state.wish.user_name if asks_password(state) else None


def _optional(state: FormState) -> bool:
    engine = state.plan.engine if state.plan else ""
    return need(Field.USER_NAME, state.location or Location.RDS, engine) is not Need.REQUIRED
