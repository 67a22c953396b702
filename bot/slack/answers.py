"""What a command answers to the person alone. Pure."""

from bot.restores.models import Following, RestoreTask
from bot.slack.card import card, restore_card
from bot.slack.message import Message, context
from bot.slack.mrkdwn import code, escape

#: Every form of the command and what it does. The README says the same.
COMMANDS = {
    "/restore": "open the form and restore a database",
    "/restore status <task id>": "show how far a restore task is, whoever created it",
    "/restore help": "show this list",
}

HELP = "Restore a database from an Alibaba Cloud DBS backup.\n" + "\n".join(
    f"• {code(command)}: {does}" for command, does in COMMANDS.items()
)


STATUS_USAGE = (
    "Which task? Type `/restore status` and a task id, for instance `/restore status s102h7rf5anq`."
)


def not_a_command(text: str) -> str:
    return f"Unknown command {code('/restore ' + text)}.\n{HELP}"


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
    return restore_card(None, task, restore_task_id, "as DBS says now")
