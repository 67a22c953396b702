"""What a command answers to the person alone. Pure."""

from collections.abc import Sequence

from bot.restores.models import Following, RestoreTask
from bot.slack.card import card, unwatched_card
from bot.slack.message import Message, context
from bot.slack.mrkdwn import code, escape

#: Every form of the command and what it does. The README says the same.
COMMANDS = {
    "/restore": "open the form and restore a database",
    "/restore <plan>": "open the form with the plan found by name, id, engine or instance",
    "/restore plan=<plan> at=<time> …": "open the form filled in; nothing runs before you submit it",
    "/restore plans [text]": "list backup plans with what can be restored, each with a button",
    "/restore status <task id>": "show how far a restore task is, whoever created it",
    "/restore help": "show this list",
}
EXAMPLE = "/restore plan=orders-prod at=-2h instance=rm-bp1target db=orders:orders_copy credential=staging"

_KEYS = (
    "Keys: `plan` `account` `at` (`latest`, `-2h`, `14:00`, `yesterday 14:00`, `2026-11-20T14:00Z`) or `set`,"
    " `location` (RDS, ECS, DDS, Express, Agent, Other, dg), `region` `instance` `ip` `port` `gateway`"
    " `database` `sid` `dir` `home`, `user` or `credential`, `db=old` or `db=old:new` (as often as needed)"
    " or `objects=<JSON>`, `conflict` (fail, rename), `cross_uid` `cross_role` `name`, `start` (yes, no)."
    " A password is only ever typed in the form."
)
HELP = "\n".join(
    (
        "Restore a database from an Alibaba Cloud DBS backup.",
        *(f"• {code(command)}: {does}" for command, does in COMMANDS.items()),
        f"For example {code(EXAMPLE)}",
        _KEYS,
    )
)

STATUS_USAGE = (
    "Which task? Type `/restore status` and a task id, for instance `/restore status s102h7rf5anq`."
)


def mistaken(mistakes: Sequence[str]) -> str:
    """What is wrong in a command, and what would be right; not what was typed, it may be secret."""
    lines = "\n".join(f"• {escape(sentence)}" for sentence in mistakes)
    return (
        f":warning: This cannot be read, and nothing was done.\n{lines}\nFor example {code(EXAMPLE)}\n{_KEYS}"
    )


def unreachable(sentence: str) -> Message:
    return Message(text=f":warning: {escape(sentence)}")


def followed(following: Following) -> Message:
    """The card of a task the bot follows."""
    shown = card(following)
    if following.task is not None and following.task.ended:
        return shown
    return Message(shown.text, (*shown.blocks, context("Its thread is kept up to date.")))


def described(restore_task_id: str, task: RestoreTask | None) -> Message:
    """A task that DBS just described, or that it lists no such task."""
    if task is None:
        return Message(text=f"DBS lists no restore task {code(restore_task_id)}. Check the id.")
    return unwatched_card(restore_task_id, task)
