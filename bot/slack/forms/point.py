"""The part of the form that asks what to restore to: the latest time, a point in time or a backup set."""

from datetime import UTC, datetime

from bot.restores import checks
from bot.restores.models import BackupPlan, RestorePoint
from bot.slack.forms.elements import Values, choice, input_block, of_plan, option, typeahead
from bot.slack.forms.state import Choice, FormState
from bot.slack.message import Block

_CHOICES = {
    Choice.LATEST: "The latest restorable time",
    Choice.TIME: "A point in time",
    Choice.BACKUP_SET: "A backup set",
}


class PointPart:
    """All its blocks belong to the plan: with another plan they start afresh."""

    CHOICE = checks.POINT
    TIME = checks.TIME
    BACKUP_SET = "backup_set"

    @classmethod
    def build(cls, state: FormState, plan: BackupPlan) -> list[Block]:
        options = [option(text, value) for value, text in _CHOICES.items()]
        radios = choice("radio_buttons", cls.CHOICE, options, state.choice)
        blocks = [input_block(of_plan(cls.CHOICE, plan), "Restore to", radios, dispatch=True)]
        if state.choice is Choice.TIME:
            picker: Block = {"type": "datetimepicker", "action_id": cls.TIME}
            if state.time or state.windows:
                picker["initial_date_time"] = state.time or int(state.windows[-1].end.timestamp())
            blocks.append(input_block(of_plan(cls.TIME, plan), "Point in time", picker))
        elif state.choice is Choice.BACKUP_SET:
            sets = typeahead(cls.BACKUP_SET, "Choose a backup set")
            if state.backup_set:
                sets["initial_option"] = option(*state.backup_set)
            blocks.append(input_block(of_plan(cls.BACKUP_SET, plan), "Backup set", sets))
        return blocks

    @classmethod
    def chosen(cls, state: FormState, values: Values) -> Choice:
        """What is ticked now, which the form may not show the field of yet."""
        ticked = values.selected(of_plan(cls.CHOICE, state.plan)) if state.plan else None
        return Choice(ticked or state.choice)

    @classmethod
    def kept(cls, state: FormState, values: Values) -> FormState:
        """The state with what is chosen now: no time is lost by looking elsewhere."""
        state = state.evolve(choice=cls.chosen(state, values))
        if state.plan is None:
            return state
        time_block, set_block = of_plan(cls.TIME, state.plan), of_plan(cls.BACKUP_SET, state.plan)
        return state.evolve(
            time=values.epoch(time_block) if time_block in values else state.time,
            backup_set=values.option(set_block) if set_block in values else state.backup_set,
        )

    @classmethod
    def parse(cls, state: FormState, plan: BackupPlan, values: Values) -> tuple[RestorePoint, dict[str, str]]:
        """The point, and a sentence for the field that is missing."""
        match cls.chosen(state, values):
            case Choice.TIME:
                epoch = values.epoch(of_plan(cls.TIME, plan))
                if epoch is None:
                    return RestorePoint(), {cls.TIME: "Choose a date and a time."}
                return RestorePoint(time=datetime.fromtimestamp(epoch, UTC)), {}
            case Choice.BACKUP_SET:
                backup_set_id = values.selected(of_plan(cls.BACKUP_SET, plan))
                errors = {} if backup_set_id else {cls.BACKUP_SET: "Choose a backup set."}
                return RestorePoint(backup_set_id=backup_set_id), errors
            case _:
                return RestorePoint(), {}
