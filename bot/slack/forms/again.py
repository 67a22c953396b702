"""The form as a restore was, whoever asked for it and wherever: its thread will be in this channel. Pure."""

from bot.restores.asking import wish_of, wish_of_task
from bot.restores.models import Following, RestoreRequest, RestoreTask
from bot.slack.forms.state import FormState
from bot.slack.forms.step import Notice

GONE = Notice("What was asked for is not at hand any more. Fill the form anew.")
LITTLE_KNOWN = Notice(
    "This restore was made elsewhere: DBS tells its plan, point and target. Fill in the rest.",
    icon=":information_source:",
)


def as_it_was(following: Following, channel_id: str | None) -> FormState:
    """As it was asked for; of a task nobody asked for here as DBS describes it."""
    if following.request is not None:
        return as_asked(following.request, channel_id)
    channel_id = channel_id or following.link.channel_id
    if following.task is None:
        return FormState.new(channel_id)
    return as_dbs_says(following.task, following.account, channel_id)


def as_asked(request: RestoreRequest, channel_id: str | None) -> FormState:
    state = FormState.new(channel_id or request.channel_id, wish_of(request))
    return state.evolve(again_of=request.nonce)


def as_dbs_says(task: RestoreTask, account: str, channel_id: str) -> FormState:
    return FormState.new(channel_id, wish_of_task(task, account))


def what_is_missing(following: Following) -> Notice | None:
    if following.request is not None:
        return None
    return LITTLE_KNOWN if following.task else GONE
