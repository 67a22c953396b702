"""The part of step one that asks for the point: the latest time, a point in time or a backup set. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.restores import checks
from bot.restores.clock import written
from bot.restores.models import Window
from bot.restores.requirements import ROWS, Field
from bot.slack.forms.elements import Values, button, buttons, choice, input_block, option, typeahead
from bot.slack.forms.state import Choice, FormState
from bot.slack.message import Block, context, section
from bot.slack.mrkdwn import time
from bot.slack.zones import in_zone, zone

_CHOICES = {
    Choice.LATEST: "The latest restorable time",
    Choice.TIME: "A point in time",
    Choice.BACKUP_SET: "A backup set",
}
WINDOWS_SHOWN = 5
#: A picker holds ten digits of seconds: from 2001 to 2286.
_PICKABLE = range(10**9, 10**10)


class PointPart:
    """Its blocks belong to the plan: with another plan they start anew."""

    CHOICE = "choice"
    TIME = Field.TIME.value
    BACKUP_SET = Field.BACKUP_SET_ID.value
    #: Buttons that set the picker; the time is their value, the place their action's end.
    NEAREST = "nearest"
    NEAREST_IDS = (f"{NEAREST}:before", f"{NEAREST}:after")

    @classmethod
    def build(cls, state: FormState) -> list[Block]:
        options = [option(text, value) for value, text in _CHOICES.items()]
        radios = choice("radio_buttons", cls.CHOICE, options, state.choice)
        blocks = [input_block(state.block(cls.CHOICE), "Restore to", radios, dispatch=True)]
        match state.choice:
            case Choice.LATEST:
                blocks += _latest(state)
            case Choice.TIME:
                blocks += cls._time(state)
            case Choice.BACKUP_SET:
                blocks.append(cls._backup_set(state))
        return [*blocks, context(restorable(state))]

    @classmethod
    def _time(cls, state: FormState) -> list[Block]:
        at = state.wish.time or _first_shown(state.windows)
        picker: Block = {"type": "datetimepicker", "action_id": cls.TIME}
        if at is not None and is_pickable(at):
            picker["initial_date_time"] = int(at.timestamp())
        blocks = [input_block(state.block(cls.TIME), ROWS[Field.TIME].label, picker, dispatch=True)]
        return blocks + (cls.verdict(state, at) if at is not None else [])

    @classmethod
    def verdict(cls, state: FormState, at: datetime) -> list[Block]:
        """Whether this time can be restored to; if not, the nearest that can, as buttons."""
        if cls.problem(state, at) is None:
            return [context(f":white_check_mark: Restores to {both(at)}.")]
        offered = tuple(edge for edge in checks.nearest(at, state.windows) if is_pickable(edge))
        blocks = [section(f":no_entry: *{both(at)} cannot be restored.* {_why(state.windows)}")]
        if offered:
            blocks.append(buttons(*cls._nearest(at, offered, state.zone)))
        return blocks

    @classmethod
    def _nearest(cls, at: datetime, offered: Sequence[datetime], zone_name: str) -> list[Block]:
        """The time first: a button has little room, and Slack shows no time on it by itself."""
        gap = len(offered) > 1
        before, after = cls.NEAREST_IDS
        made = []
        for edge in offered:
            there = edge.astimezone(zone(zone_name))
            clock = f"{there:%m-%d %H:%M}" + ("" if there.utcoffset() else " UTC")
            where = ("the latest", "the first") if not gap else ("before the gap", "after the gap")
            action_id, words = (before, where[0]) if edge < at else (after, where[1])
            made.append(button(action_id, f"{clock}, {words}", str(int(edge.timestamp()))))
        return made

    @classmethod
    def _backup_set(cls, state: FormState) -> Block:
        chosen = state.wish.backup_set_id
        initial = option(state.labels.get(chosen, chosen), chosen) if chosen else None
        sets = typeahead(cls.BACKUP_SET, "Choose a backup set", initial)
        return input_block(state.block(cls.BACKUP_SET), ROWS[Field.BACKUP_SET_ID].label, sets)

    @classmethod
    def chosen(cls, state: FormState, values: Values) -> Choice:
        """What is ticked now, which the form may not show the field of yet."""
        return Choice(values.selected(state.block(cls.CHOICE)) or state.choice)

    @classmethod
    def read(cls, state: FormState, values: Values) -> FormState:
        """The state with what is put in now: no time is lost by looking elsewhere."""
        time_block, set_block = state.block(cls.TIME), state.block(cls.BACKUP_SET)
        at, backup_set_id = state.wish.time, state.wish.backup_set_id
        if time_block in values:
            epoch = values.epoch(time_block)
            at = datetime.fromtimestamp(epoch, UTC) if epoch is not None else None
        elif state.choice is Choice.TIME:
            at = at or _first_shown(state.windows)
        if set_block in values:
            backup_set_id = values.selected(set_block)
        state = state.wishing(time=at, backup_set_id=backup_set_id).evolve(choice=cls.chosen(state, values))
        return state.labelled(backup_set_id, values.label(set_block))

    @classmethod
    def at(cls, state: FormState, epoch: str) -> FormState:
        """With the picker set to the time of a button."""
        return state.set(time=datetime.fromtimestamp(int(epoch), UTC))

    @classmethod
    def errors(cls, state: FormState) -> dict[str, str]:
        """A sentence for what is missing or cannot be restored, by the name of its block."""
        match state.choice:
            case Choice.TIME if state.wish.time is None:
                return {cls.TIME: ROWS[Field.TIME].missing}
            case Choice.TIME:
                problem = cls.problem(state, state.wish.time)
                return {cls.TIME: problem} if problem else {}
            case Choice.BACKUP_SET if not state.wish.backup_set_id:
                return {cls.BACKUP_SET: ROWS[Field.BACKUP_SET_ID].missing}
            case Choice.LATEST if not state.windows and not state.more_windows:
                return {cls.CHOICE: "This plan has no restorable time. Choose a backup set."}
            case _:
                return {}

    @classmethod
    def problem(cls, state: FormState, at: datetime | None) -> str | None:
        """Why this time cannot be restored to, for the reader's clock; None if it can, or if DBS decides."""
        windows = state.windows
        if at is None or any(at in window for window in windows):
            return None
        if not is_pickable(at):
            return f"{written(at)} cannot be restored: no backup is of that time."
        if state.more_windows and (not windows or at < windows[0].begin):
            return None
        edges = " or ".join(in_zone(edge, state.zone) for edge in checks.nearest(at, windows))
        nearest = f"Nearest possible: {edges}." if edges else _why(windows)
        return f"{in_zone(at, state.zone)} cannot be restored. {nearest}"


def both(at: datetime) -> str:
    """A moment on the reader's clock and in UTC, where Slack knows the reader's zone."""
    if not is_pickable(at):
        return written(at)
    return f"{time(at)} ({written(at)})"


def latest(windows: Sequence[Window]) -> datetime | None:
    """The latest time that can be restored to, in whole seconds as a picker holds it."""
    if not windows:
        return None
    last = max(windows, key=lambda window: window.end)
    whole = last.end.replace(microsecond=0)
    return whole if whole in last else last.end


def is_pickable(at: datetime) -> bool:
    """Whether a picker can hold it."""
    return int(at.timestamp()) in _PICKABLE


def _first_shown(windows: Sequence[Window]) -> datetime | None:
    """What the picker starts with: the latest time, in whole minutes as it shows them."""
    at = latest(windows)
    whole = at and at.replace(second=0, microsecond=0)
    return whole if any(whole in window for window in windows if whole) else at


def restorable(state: FormState) -> str:
    """The plan's windows in words."""
    if not state.windows:
        if state.more_windows:
            return "DBS did not say which times can be restored; it will refuse a time that cannot."
        return "This plan keeps no logs: there is no time to restore to, only its backup sets."
    shown = state.windows[-WINDOWS_SHOWN:]
    spans = [f"• {both(window.begin)} to {both(window.end)}" for window in reversed(shown)]
    if len(state.windows) > WINDOWS_SHOWN or state.more_windows:
        spans.append("• and earlier ones")
    return "Restorable to any time from\n" + "\n".join(spans)


def _latest(state: FormState) -> list[Block]:
    at = latest(state.windows)
    return [context(f"At the moment that is {both(at)}.")] if at is not None else []


def _why(windows: Sequence[Window]) -> str:
    if not windows:
        return "This plan has no restorable time. Choose a backup set."
    return "It lies outside what DBS has logs for. Nearest possible:"
