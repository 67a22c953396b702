"""The part of step three that makes a danger look like one, and asks to type the target to go on. Pure."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from bot.restores.dangers import Danger, DangerKind, target_of
from bot.restores.models import RestoreDraft
from bot.slack.forms.elements import Values, input_block, text_input
from bot.slack.forms.step import FormErrors
from bot.slack.message import Block, section
from bot.slack.mrkdwn import code, time, user

_GOES_AWAY = "Not needed once each database has a new name: press “Refresh with my changes” below."
#: An id has room for so many marks.
_MOST_MARKS, _MARK_BYTES, _MARK_LENGTH = 30, 6, 8
#: No choice in step three changes these.
_OF_THE_TARGET = frozenset({DangerKind.OWN_SOURCE, DangerKind.BUSY_TARGET})


class RisksPart:
    """The field belongs to the dangers above it: with others it starts anew."""

    CONFIRM = "confirm"

    @classmethod
    def build(cls, draft: RestoreDraft, dangers: Sequence[Danger]) -> list[Block]:
        if not dangers:
            return []
        lines = [
            f":red_circle: *{danger.said(code).removesuffix('.')}*{_whose(danger)}." for danger in dangers
        ]
        target = _target(draft)
        typed = text_input(cls.CONFIRM, placeholder=target)
        return [
            section("\n".join([":rotating_light: *This restore is dangerous.*", *lines])),
            cls._confirm(dangers, f"Type {target} to go on", typed),
        ]

    @classmethod
    def _confirm(cls, dangers: Sequence[Danger], label: str, typed: Block) -> Block:
        lasting = any(danger.kind in _OF_THE_TARGET for danger in dangers)
        hint = None if lasting else _GOES_AWAY
        return input_block(cls.block(dangers), label, typed, hint=hint)

    @classmethod
    def block(cls, dangers: Sequence[Danger]) -> str:
        """Tells what was said of them, each by itself where there is room for it."""
        told = sorted({each for danger in dangers for each in danger.told})
        marks = [_mark(each) for each in told]
        return cls.CONFIRM + ":" + ("".join(marks) if len(marks) <= _MOST_MARKS else _mark(told) * 2)

    @classmethod
    def shown(cls, view: Block) -> str | None:
        """The block in which the target is to be typed, if dangers were shown."""
        blocks = (str(block.get("block_id", "")) for block in view["blocks"])
        return next((block for block in blocks if block.startswith(f"{cls.CONFIRM}:")), None)

    @classmethod
    def are_shown(cls, dangers: Sequence[Danger], view: Block) -> bool:
        """Whether the person has read of all of these."""
        shown, wanted = cls.shown(view) or "", cls.block(dangers)
        known, marks = _marks(shown), _marks(wanted)
        return shown == wanted or (len(marks) <= _MOST_MARKS and marks <= known)

    @classmethod
    def error(cls, draft: RestoreDraft, dangers: Sequence[Danger], view: Block) -> FormErrors:
        """Beside the field, as long as the target is not typed in it."""
        block = cls.shown(view)
        if not dangers or block is None:
            return {}
        target = _target(draft)
        typed = Values(view).text(block) or ""
        return {} if typed.casefold() == target.casefold() else {block: f"Type {target} to go on."}


def _mark(told: object) -> str:
    """Something short that tells one from another."""
    return urlsafe_b64encode(sha256(repr(told).encode()).digest()[:_MARK_BYTES]).decode()


def _marks(block: str) -> set[str]:
    marks = block.removeprefix(f"{RisksPart.CONFIRM}:")
    return {marks[at : at + _MARK_LENGTH] for at in range(0, len(marks), _MARK_LENGTH)}


def _target(draft: RestoreDraft) -> str:
    return target_of(draft.spec.destination, draft.plan.name)


def _whose(danger: Danger) -> str:
    """Who asked for the other restore, when and where."""
    asked = f", asked for by {user(danger.user_id)}" if danger.user_id else ""
    when = f" {time(danger.at)}" if danger.at else ""
    where = f" in <#{danger.link.channel_id}>" if danger.link else ""
    return asked + when + where
