"""The restore form: asks for the plan, then for what this plan and its engine need."""

from bot.restores import checks
from bot.restores.models import BackupPlan, DuplicateConflict, RestoreDraft, RestoreSpec
from bot.restores.requirements import Field
from bot.slack.forms.elements import (
    INITIAL_LIMIT,
    Values,
    choice,
    input_block,
    of_plan,
    option,
    text_input,
    typeahead,
)
from bot.slack.forms.objects import parse_objects
from bot.slack.forms.point import PointPart
from bot.slack.forms.state import FormState
from bot.slack.forms.target import TargetPart
from bot.slack.message import Block, context, plain, section
from bot.slack.mrkdwn import code, escape, time

_YES = "yes"
_CONFLICTS = {
    DuplicateConflict.FAIL: "Fail: change nothing that exists",
    DuplicateConflict.RENAME: "Rename what is restored",
}
_START = "Start at once, when the precheck has passed"

FormErrors = dict[str, str]


class RestoreForm:
    """Ids, `build` and `parse` of the form and, through its parts, of their blocks.

    An element has its block's id; a block whose content belongs to a plan has the plan's id behind its own.
    """

    CALLBACK_ID = "restore"
    TITLE = "Restore a database"
    PLAN = "plan"
    OBJECTS = Field.OBJECTS.value
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
        conflicts = [option(text, value) for value, text in _CONFLICTS.items()]
        on_conflict = choice("radio_buttons", cls.DUPLICATES, conflicts, DuplicateConflict.FAIL)
        name = text_input(
            cls.TASK_NAME,
            initial=f"{plan.name} from Slack"[: checks.TASK_NAME_LENGTH],
            max_length=checks.TASK_NAME_LENGTH,
        )
        mark = "A short mark is added, so that the task can be found again."
        start = choice("checkboxes", cls.START, [option(_START, _YES)], _YES)
        return [
            context(_about(state, plan)),
            *PointPart.build(state, plan),
            *TargetPart.build(plan),
            cls._objects_block(plan),
            input_block(cls.DUPLICATES, "If a name exists on the target", on_conflict),
            input_block(of_plan(cls.TASK_NAME, plan), "Task name", name, hint=mark),
            input_block(cls.START, "Start", start, optional=True),
        ]

    @classmethod
    def _objects_block(cls, plan: BackupPlan) -> Block:
        databases = "\n".join(plan.databases)
        fits = len(databases) <= INITIAL_LIMIT
        hint = "One a line: old, or old -> new to give it another name on the target."
        return input_block(
            of_plan(cls.OBJECTS, plan),
            "Databases",
            text_input(cls.OBJECTS, multiline=True, initial=databases if fits else None),
            hint=hint if fits else f"{hint} This plan has {len(plan.databases)}, too many to list.",
        )

    # What comes back

    @classmethod
    def chosen_plan(cls, view: Block) -> str | None:
        """The plan's id, also before its details arrived."""
        return Values(view).selected(cls.PLAN)

    @classmethod
    def state_of(cls, view: Block) -> FormState:
        """What the form knows, with the point as it is chosen now."""
        return PointPart.kept(FormState.of(view), Values(view))

    @classmethod
    def lags_behind(cls, view: Block) -> bool:
        """Whether the form shows another plan or point than is chosen in it."""
        state = FormState.of(view)
        plan_id = state.plan.backup_plan_id if state.plan else None
        return plan_id != cls.chosen_plan(view) or state.choice is not PointPart.chosen(state, Values(view))

    @classmethod
    def parse(cls, view: Block, user_id: str) -> RestoreDraft | FormErrors:
        """A draft that can be submitted, or a sentence for each block that is wrong."""
        state, values = FormState.of(view), Values(view)
        plan = state.plan
        if plan is None or values.selected(cls.PLAN) != plan.backup_plan_id:
            return {cls.PLAN: _no_plan(values.selected(cls.PLAN))}
        point, errors = PointPart.parse(state, plan, values)
        destination, password = TargetPart.parse(plan, values)
        try:
            objects = parse_objects(values.text(of_plan(cls.OBJECTS, plan)) or "")
        except ValueError as error:
            objects, errors[cls.OBJECTS] = (), str(error)
        spec = RestoreSpec(
            backup_plan_id=plan.backup_plan_id,
            region=plan.region,
            task_name=values.text(of_plan(cls.TASK_NAME, plan)) or "",
            point=point,
            destination=destination,
            objects=objects,
            duplicate_conflict=DuplicateConflict(values.selected(cls.DUPLICATES) or DuplicateConflict.FAIL),
            cross_aliyun_id=plan.cross_aliyun_id,
            cross_role_name=plan.cross_role_name,
        )
        draft = RestoreDraft(
            nonce=state.nonce,
            plan=plan,
            windows=state.windows,
            more_windows=state.more_windows,
            spec=spec,
            start=_YES in values.ticked(cls.START),
            password=password,
            channel_id=state.channel_id,
            user_id=user_id,
        )
        errors = checks.problems(draft) | errors
        return {cls._block_of(name, plan, values): sentence for name, sentence in errors.items()} or draft

    @classmethod
    def _block_of(cls, name: str, plan: BackupPlan, values: Values) -> str:
        """The block a sentence belongs beside; beside the plan when the form shows no such block."""
        candidates = (str(name), of_plan(name, plan))
        return next((block_id for block_id in candidates if block_id in values), cls.PLAN)


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
