"""Step one: which plan, and back to what. Pure."""

from bot.restores.requirements import ROWS, Field
from bot.slack.forms.elements import Values, conversations, input_block, typeahead
from bot.slack.forms.options import account_and_id, plan_key, plan_option
from bot.slack.forms.point import PointPart
from bot.slack.forms.state import FormState
from bot.slack.forms.step import FormErrors, Notice, about, beside, modal, said
from bot.slack.message import Block, context, plain, section
from bot.slack.mrkdwn import escape


class WhatForm:
    """The root of the form. An element has its block's name."""

    CALLBACK_ID = "restore_what"
    TITLE = "Restore 1/3: what"
    CHANNEL = "channel"
    PLAN = Field.PLAN.value

    @classmethod
    def build(cls, state: FormState, notice: Notice | None = None, *, with_account: bool = False) -> Block:
        """The view. `with_account`: plans say which account they are in."""
        blocks: list[Block] = []
        if state.asks_channel:
            where = conversations(cls.CHANNEL, state.channel_id)
            hint = "The restore is followed in a thread there."
            blocks.append(input_block(cls.CHANNEL, "Post in", where, hint=hint))
        initial = plan_option(state.plan, with_account=with_account) if state.plan and state.found else None
        plans = typeahead(cls.PLAN, "Type a name, id, engine or instance", initial)
        later = None if state.plan else "The rest of the form appears when a plan is chosen."
        blocks.append(
            input_block(cls.plan_block(state), ROWS[Field.PLAN].label, plans, hint=later, dispatch=True)
        )
        blocks += said(notice)
        if state.plan:
            blocks += [context(about(state.plan, with_account=with_account)), *PointPart.build(state)]
        return modal(cls.CALLBACK_ID, cls.TITLE, state, blocks, submit="Next", close="Cancel")

    @classmethod
    def build_closed(cls, reason: str) -> Block:
        """A view that offers nothing but the reason why not."""
        return {
            "type": "modal",
            "callback_id": cls.CALLBACK_ID,
            "title": plain("Restore a database"),
            "close": plain("Close"),
            "blocks": [section(f":no_entry: {escape(reason)}")],
        }

    @classmethod
    def plan_block(cls, state: FormState) -> str:
        return f"{cls.PLAN}:found" if state.found else cls.PLAN

    @classmethod
    def chosen(cls, view: Block) -> tuple[str, str] | None:
        """Account and id of the plan chosen now, also before its details are there."""
        state, values = FormState.of(view), Values(view)
        block = cls.plan_block(state)
        shown = plan_key(state.plan) if state.plan else None
        key = values.selected(block) if block in values else shown
        return account_and_id(key) if key else None

    @classmethod
    def read(cls, view: Block) -> FormState:
        """The state with what is put in now, the plan apart: its details have to be asked for."""
        state, values = FormState.of(view), Values(view)
        if state.asks_channel and cls.CHANNEL in values:
            state = state.evolve(channel_id=values.conversation(cls.CHANNEL))
        return PointPart.read(state, values) if state.plan else state

    @classmethod
    def lags_behind(cls, view: Block) -> bool:
        """Whether the form shows another plan or point than is chosen in it."""
        state = FormState.of(view)
        chosen = cls.chosen(view)
        shown = (state.plan.account, state.plan.backup_plan_id) if state.plan else None
        return chosen != shown or (
            shown is not None and PointPart.chosen(state, Values(view)) != state.choice
        )

    @classmethod
    def errors(cls, view: Block, state: FormState) -> FormErrors:
        """A sentence for each block that is wrong."""
        return beside(view, cls._errors(view, state), cls.plan_block(FormState.of(view)))

    @classmethod
    def _errors(cls, view: Block, state: FormState) -> FormErrors:
        found: FormErrors = {}
        chosen = cls.chosen(view)
        if state.channel_id is None:
            found[cls.CHANNEL] = "Choose the channel to follow the restore in."
        if chosen is None:
            return found | {cls.plan_block(state): ROWS[Field.PLAN].missing}
        if state.plan is None or chosen != (state.plan.account, state.plan.backup_plan_id):
            sentence = "What DBS says of this plan is not here yet. It appears in a moment."
            return found | {cls.plan_block(state): sentence}
        # A field that was chosen a moment ago may not be shown yet: then beside what was chosen.
        shown = FormState.of(view).choice is state.choice
        errors = PointPart.errors(state).items()
        return found | {
            state.block(name if shown else PointPart.CHOICE): sentence for name, sentence in errors
        }
