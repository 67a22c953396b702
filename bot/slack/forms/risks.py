"""The part of step three that makes a danger look like one, and asks to type the target to go on. Pure."""

from collections.abc import Sequence
from hashlib import sha256

from bot.restores.dangers import Danger, DangerKind, target_of
from bot.restores.models import RestoreDraft
from bot.slack.forms.elements import Values, input_block, text_input
from bot.slack.message import Block, section
from bot.slack.mrkdwn import escape, time, user

#: No choice in step three changes these.
_OF_THE_TARGET = frozenset({DangerKind.OWN_SOURCE, DangerKind.BUSY_TARGET})


class RisksPart:
    """The field belongs to the dangers above it: with others it starts anew."""

    CONFIRM = "confirm"

    @classmethod
    def build(cls, draft: RestoreDraft, dangers: Sequence[Danger]) -> list[Block]:
        if not dangers:
            return []
        lines = [f":red_circle: *{escape(danger.sentence)}*{_whose(danger)}" for danger in dangers]
        target = _target(draft)
        typed = text_input(cls.CONFIRM, placeholder=target)
        return [
            section("\n".join([":rotating_light: *This restore is dangerous.*", *lines])),
            cls._confirm(dangers, f"Type {target} to go on", typed),
        ]

    @classmethod
    def _confirm(cls, dangers: Sequence[Danger], label: str, typed: Block) -> Block:
        """What other names would put right need not be confirmed: that is seen when the form is submitted."""
        lasting = any(danger.kind in _OF_THE_TARGET for danger in dangers)
        hint = None if lasting else "Not needed when each database gets a new name below."
        return input_block(cls.block(dangers), label, typed, hint=hint, optional=not lasting)

    @classmethod
    def block(cls, dangers: Sequence[Danger]) -> str:
        told = repr([(danger.kind.value, danger.names, danger.task_name) for danger in dangers])
        return f"{cls.CONFIRM}:{sha256(told.encode()).hexdigest()[:16]}"

    @classmethod
    def are_shown(cls, dangers: Sequence[Danger], view: Block) -> bool:
        """Whether the person has read of exactly these."""
        return any(block["block_id"] == cls.block(dangers) for block in view["blocks"])

    @classmethod
    def error(cls, draft: RestoreDraft, dangers: Sequence[Danger], values: Values) -> str | None:
        """Beside the field, as long as the target is not typed in it."""
        if not dangers:
            return None
        target = _target(draft)
        typed = values.text(cls.block(dangers)) or ""
        return None if typed.casefold() == target.casefold() else f"Type {target} to go on."


def _target(draft: RestoreDraft) -> str:
    return target_of(draft.spec.destination, draft.plan.name)


def _whose(danger: Danger) -> str:
    """Who asked for the other restore, when and where."""
    asked = f", asked for by {user(danger.user_id)}" if danger.user_id else ""
    when = f" {time(danger.at)}" if danger.at else ""
    where = f" in <#{danger.link.channel_id}>" if danger.link else ""
    return asked + when + where
