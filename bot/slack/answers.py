"""What a command answers to the person alone. Pure."""

from datetime import UTC, datetime

from bot.restores.models import Following, Link, RestoreTask
from bot.slack.card import card
from bot.slack.message import Message, context
from bot.slack.mrkdwn import code, escape

#: Every form of the command and what it does. The README lists the same.
COMMANDS = {
    "/restore": "open the form and restore a database",
    "/restore status <task id>": "show how far a restore task is",
    "/restore help": "show this list",
}

HELP = "Restore a database from an Alibaba Cloud DBS backup.\n" + "\n".join(
    f"• {code(command)}: {does}" for command, does in COMMANDS.items()
)


def status_usage() -> str:
    return "Which task? Type `/restore status` and a task id, for instance `/restore status s102h7rf5anq`."


def not_a_command(text: str) -> str:
    return f"I do not know {code('/restore ' + text)}.\n{HELP}"


def unreachable(sentence: str) -> Message:
    return Message(text=f":warning: {escape(sentence)}")


def status_answer(restore_task_id: str, following: Following | None, task: RestoreTask | None) -> Message:
    """The card of a task the bot follows or DBS just described, or that DBS lists no such task."""
    if following is not None:
        shown = card(following)
        if following.task is not None and following.task.ended:
            return shown
        return Message(shown.text, (*shown.blocks, context("Its thread is kept up to date.")))
    if task is None:
        return Message(text=f"DBS lists no restore task {code(restore_task_id)}. Check the id.")
    link = Link(link_id=0, channel_id="", thread_ts=None, nonce=None, restore_task_id=restore_task_id)
    seen = Following(
        link=link, request=None, task=task, version=0, card_digest=None, seen_at=datetime.now(UTC)
    )
    return card(seen)
