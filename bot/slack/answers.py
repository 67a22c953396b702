"""What a command answers to the person alone. Pure."""

from bot.restores.models import Following, RestoreTask
from bot.slack.card import card, unwatched_card
from bot.slack.message import Message, context
from bot.slack.mrkdwn import code, escape


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
