"""The restore form for a target in RDS: asks for the plan, then for what this plan and its engine need."""

from datetime import UTC, datetime

from pydantic import SecretStr

from bot.restores import checks
from bot.restores.models import (
    BackupPlan,
    Destination,
    DuplicateConflict,
    Location,
    RestoreDraft,
    RestoreObject,
    RestorePoint,
    RestoreSpec,
)
from bot.restores.requirements import Field, Need, need
from bot.slack.forms.elements import INITIAL_LIMIT, Values, choice, input_block, option, text_input, typeahead
from bot.slack.forms.objects import parse_objects
from bot.slack.forms.state import Choice, FormState
from bot.slack.message import Block, context, plain, section
from bot.slack.mrkdwn import code, escape, time

_YES = "yes"
_CHOICES = {
    Choice.LATEST: "The latest restorable time",
    Choice.TIME: "A point in time",
    Choice.BACKUP_SET: "A backup set",
}
_CONFLICTS = {
    DuplicateConflict.FAIL: "Fail: change nothing that exists",
    DuplicateConflict.RENAME: "Rename what is restored",
}

FormErrors = dict[str, str]


class RestoreForm:
    """Ids, `build` and `parse` of the form. An element has its block's id; `Field` values name theirs."""

    CALLBACK_ID = "restore"
    TITLE = "Restore a database"
    PLAN = "plan"
    CHOICE = checks.POINT
    TIME = checks.TIME
    BACKUP_SET = "backup_set"
    DUPLICATES = "duplicates"
    TASK_NAME = checks.TASK_NAME
    START = "start"

    @classmethod
    def build(cls, state: FormState, notice: str | None = None) -> Block:
        """The view. `notice` is said below the plan, for instance that DBS cannot be reached."""
        plan_input = input_block(
            cls.PLAN,
            "Backup plan",
            typeahead(cls.PLAN, "Type a name, id, engine or instance"),
            hint=None if state.plan else "The rest of the form appears when a plan is chosen.",
            dispatch=True,
        )
        blocks = [plan_input]
        if notice:
            blocks.append(context(f":warning: {escape(notice)}"))
        if state.plan:
            blocks += cls._plan_blocks(state, state.plan)
        return {
            "type": "modal",
            "callback_id": cls.CALLBACK_ID,
            "private_metadata": state.dump(),
            "title": plain(cls.TITLE),
            "submit": plain("Restore"),
            "close": plain("Cancel"),
            "blocks": blocks,
        }

    @classmethod
    def build_closed(cls, reason: str) -> Block:
        """A view that offers nothing but the reason why not."""
        return {
            "type": "modal",
            "callback_id": cls.CALLBACK_ID,
            "title": plain(cls.TITLE),
            "close": plain("Close"),
            "blocks": [section(f":no_entry: {escape(reason)}")],
        }

    @classmethod
    def _plan_blocks(cls, state: FormState, plan: BackupPlan) -> list[Block]:
        return [
            context(_about(state, plan)),
            *cls._point_blocks(state, plan),
            *cls._target_blocks(plan),
            cls._objects_block(plan),
            input_block(
                cls.DUPLICATES,
                "If a name exists on the target",
                choice("radio_buttons", cls.DUPLICATES, _options(_CONFLICTS), DuplicateConflict.FAIL),
            ),
            input_block(
                cls._of_plan(cls.TASK_NAME, plan),
                "Task name",
                text_input(
                    cls.TASK_NAME,
                    initial=f"{plan.name} from Slack"[: checks.TASK_NAME_LENGTH],
                    max_length=checks.TASK_NAME_LENGTH,
                ),
                hint="A short mark is added, so that the task can be found again.",
            ),
            input_block(
                cls.START,
                "Start",
                choice(
                    "checkboxes",
                    cls.START,
                    [option("Start at once, when the precheck has passed", _YES)],
                    _YES,
                ),
                optional=True,
            ),
        ]

    @classmethod
    def _objects_block(cls, plan: BackupPlan) -> Block:
        databases = "\n".join(plan.databases)
        fits = len(databases) <= INITIAL_LIMIT
        hint = "One a line: old, or old -> new to give it another name on the target."
        return input_block(
            cls._of_plan(Field.OBJECTS, plan),
            "Databases",
            text_input(Field.OBJECTS, multiline=True, initial=databases if fits else None),
            hint=hint if fits else f"{hint} This plan has {len(plan.databases)}, too many to list.",
        )

    @classmethod
    def _point_blocks(cls, state: FormState, plan: BackupPlan) -> list[Block]:
        blocks = [
            input_block(
                cls.CHOICE,
                "Restore to",
                choice("radio_buttons", cls.CHOICE, _options(_CHOICES), state.choice),
                dispatch=True,
            )
        ]
        if state.choice is Choice.TIME:
            picker: Block = {"type": "datetimepicker", "action_id": cls.TIME}
            if state.time or state.windows:
                picker["initial_date_time"] = state.time or int(state.windows[-1].end.timestamp())
            blocks.append(input_block(cls._of_plan(cls.TIME, plan), "Point in time", picker))
        elif state.choice is Choice.BACKUP_SET:
            sets = typeahead(cls.BACKUP_SET, "Choose a backup set")
            if state.backup_set:
                sets["initial_option"] = option(*state.backup_set)
            blocks.append(input_block(cls._of_plan(cls.BACKUP_SET, plan), "Backup set", sets))
        return blocks

    @classmethod
    def _target_blocks(cls, plan: BackupPlan) -> list[Block]:
        region = typeahead(Field.REGION, "Choose a region")
        region["initial_option"] = option(
            plan.source_region or plan.region, plan.source_region or plan.region
        )
        source = (
            f"The plan's own source is {plan.source}: naming it restores over it." if plan.source else None
        )
        inputs = {
            Field.REGION: ("Target region", region, None),
            Field.INSTANCE_ID: ("Target instance", text_input(Field.INSTANCE_ID, placeholder="rm-…"), source),
            Field.DATABASE_NAME: ("Database to connect to", text_input(Field.DATABASE_NAME), None),
            Field.ORACLE_SID: ("Oracle SID", text_input(Field.ORACLE_SID), None),
            Field.USER_NAME: ("Account", text_input(Field.USER_NAME), None),
            Field.PASSWORD: (
                "Password",
                text_input(Field.PASSWORD),
                "Slack has no password field: this is visible as you type and passes through Slack.",
            ),
        }
        needs = {field: need(field, Location.RDS, plan.engine) for field in inputs}
        return [
            input_block(
                cls._of_plan(field, plan) if field is Field.REGION else field,
                label,
                element,
                hint=hint,
                optional=needs[field] is Need.OPTIONAL,
            )
            for field, (label, element, hint) in inputs.items()
            if needs[field] is not Need.HIDDEN
        ]

    @staticmethod
    def _of_plan(block_id: str, plan: BackupPlan) -> str:
        """The id of a block whose content belongs to the plan: with another plan it starts afresh."""
        return f"{block_id}:{plan.backup_plan_id}"

    # What comes back

    @classmethod
    def chosen_plan(cls, view: Block) -> str | None:
        """The plan's id, also before its details arrived."""
        return Values(view).selected(cls.PLAN)

    @classmethod
    def chosen_point(cls, view: Block) -> Choice:
        """What is ticked now, which the form may not show the field of yet."""
        return Choice(Values(view).selected(cls.CHOICE) or FormState.of(view).choice)

    @classmethod
    def state_of(cls, view: Block) -> FormState:
        """What the form knows, with the point as it is chosen now: no time is lost by looking elsewhere."""
        state, values = FormState.of(view).evolve(choice=cls.chosen_point(view)), Values(view)
        if state.plan is None:
            return state
        time_block, set_block = cls._of_plan(cls.TIME, state.plan), cls._of_plan(cls.BACKUP_SET, state.plan)
        return state.evolve(
            time=values.epoch(time_block) if time_block in values else state.time,
            backup_set=values.option(set_block) if set_block in values else state.backup_set,
        )

    @classmethod
    def lags_behind(cls, view: Block) -> bool:
        """Whether the form shows another plan or point than is chosen in it."""
        state = FormState.of(view)
        plan_id = state.plan.backup_plan_id if state.plan else None
        return (plan_id, state.choice) != (cls.chosen_plan(view), cls.chosen_point(view))

    @classmethod
    def parse(cls, view: Block, user_id: str) -> RestoreDraft | FormErrors:
        """A draft that can be submitted, or a sentence for each block that is wrong."""
        state, values = FormState.of(view), Values(view)
        plan = state.plan
        if plan is None or values.selected(cls.PLAN) != plan.backup_plan_id:
            return {cls.PLAN: _no_plan(values.selected(cls.PLAN))}
        errors: dict[str, str] = {}
        try:
            objects = parse_objects(values.text(cls._of_plan(Field.OBJECTS, plan)) or "")
        except ValueError as error:
            objects, errors[Field.OBJECTS] = (), str(error)
        point = cls._parse_point(cls.chosen_point(view), values, plan, errors)
        spec = cls._spec(plan, values, objects, point)
        password = values.typed(Field.PASSWORD)
        draft = RestoreDraft(
            nonce=state.nonce,
            plan=plan,
            windows=state.windows,
            more_windows=state.more_windows,
            spec=spec,
            start=_YES in values.ticked(cls.START),
            password=SecretStr(password) if password else None,
            channel_id=state.channel_id,
            user_id=user_id,
        )
        errors = checks.problems(draft) | errors
        return {cls._block_of(name, plan, values): sentence for name, sentence in errors.items()} or draft

    @classmethod
    def _parse_point(
        cls, chosen: Choice, values: Values, plan: BackupPlan, errors: dict[str, str]
    ) -> RestorePoint:
        if chosen is Choice.TIME:
            epoch = values.epoch(cls._of_plan(cls.TIME, plan))
            if epoch is None:
                errors[cls.TIME] = "Choose a date and a time."
                return RestorePoint()
            return RestorePoint(time=datetime.fromtimestamp(epoch, UTC))
        if chosen is Choice.BACKUP_SET:
            backup_set_id = values.selected(cls._of_plan(cls.BACKUP_SET, plan))
            if backup_set_id is None:
                errors[cls.BACKUP_SET] = "Choose a backup set."
            return RestorePoint(backup_set_id=backup_set_id)
        return RestorePoint()

    @classmethod
    def _spec(
        cls, plan: BackupPlan, values: Values, objects: tuple[RestoreObject, ...], point: RestorePoint
    ) -> RestoreSpec:
        return RestoreSpec(
            backup_plan_id=plan.backup_plan_id,
            region=plan.region,
            task_name=values.text(cls._of_plan(cls.TASK_NAME, plan)) or "",
            point=point,
            destination=Destination(
                location=Location.RDS,
                region=values.selected(cls._of_plan(Field.REGION, plan)),
                instance_id=values.text(Field.INSTANCE_ID),
                database_name=values.text(Field.DATABASE_NAME),
                oracle_sid=values.text(Field.ORACLE_SID),
                user_name=values.text(Field.USER_NAME),
            ),
            objects=objects,
            duplicate_conflict=DuplicateConflict(values.selected(cls.DUPLICATES) or DuplicateConflict.FAIL),
            cross_aliyun_id=plan.cross_aliyun_id,
            cross_role_name=plan.cross_role_name,
        )

    @classmethod
    def _block_of(cls, name: str, plan: BackupPlan, values: Values) -> str:
        """The block a sentence belongs beside; beside the plan when the form shows no such block."""
        candidates = (str(name), cls._of_plan(name, plan))
        return next((block_id for block_id in candidates if block_id in values), cls.PLAN)


def _options(texts: dict[Choice, str] | dict[DuplicateConflict, str]) -> list[Block]:
    return [option(text, value) for value, text in texts.items()]


def _about(state: FormState, plan: BackupPlan) -> str:
    parts = [code(plan.name), escape(plan.engine), escape(plan.region)]
    if plan.source:
        parts.append(f"source {code(plan.source)}")
    lines = [" · ".join(parts)]
    if state.windows:
        spans = [f"{time(window.begin)} to {time(window.end)}" for window in state.windows[-5:]]
        lines.append(f"Restorable to any time from {', or from '.join(spans)}.")
    else:
        lines.append("This plan has no restorable time. Choose a backup set.")
    return "\n".join(lines)


def _no_plan(selected: str | None) -> str:
    if selected is None:
        return "Choose a backup plan."
    return "This plan's details have only just been asked for. They appear in a moment."
