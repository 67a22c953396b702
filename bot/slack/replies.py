"""What a person is answered who pressed a button of a restore. Pure."""

from bot.errors import DbsError, DbsRejected, NotPossible, RestoreBotError, StoreError
from bot.restores.models import Following, JobError, RestoreTask
from bot.slack import glance
from bot.slack.card import card
from bot.slack.message import Message, context
from bot.slack.mrkdwn import TEXT_LIMIT, begun, code, escape, user, verbatim
from bot.slack.reasons import sentence
from bot.slack.sentences import stopped

UNKNOWN = Message(text=":grey_question: This restore is not known here any more: nothing was done.")
NOT_A_RESTORE = Message(
    text=":grey_question: This is not about a restore. Choose this on a restore's card, or in its thread."
)
NO_STORE = Message(text=":warning: My database does not answer. Nothing was done; try again in a moment.")
BROKEN = Message(text=":warning: Something went wrong here. Please try again.")
STARTED = Message(text=":arrow_forward: Its start is ordered. Its thread tells when it runs.")
GIVEN_UP = Message(
    text=":no_entry_sign: Given up. DBS keeps the task, and nothing was stopped: its threads say so, too."
)
NOT_FAILED = Message(text=":information_source: It has not failed, as far as DBS has said.")
OVER = Message(text=":checkered_flag: It is over: there is nothing more to be told of it.")
FOLLOWED = Message(text=":bell: From now on I tell you of it by direct message.")
FOLLOWED_BEFORE = Message(text=":bell: You are told of it by direct message already.")
UNFOLLOWED = Message(text=":no_bell: I tell you nothing more of it by direct message.")
NEVER_FOLLOWED = Message(text=":no_bell: You are not told of it by direct message, so nothing changed.")
UNWATCHED_BEFORE = Message(text=":no_bell: Nothing more was told of it here, so nothing changed.")


def impossible(error: NotPossible) -> Message:
    return Message(text=f":information_source: {reason(error)}")


def reason(error: NotPossible) -> str:
    """Why not, and who was first."""
    why = escape(error.sentence)
    return why if error.user_id is None else f"{why.removesuffix('.')} by {user(error.user_id)}."


def why_not(error: RestoreBotError) -> Message:
    match error:
        case StoreError():
            return NO_STORE
        case DbsRejected():
            return Message(text=f":no_entry: DBS says no.\n{verbatim(error.sentence)}")
        case DbsError():
            return Message(
                text=f":satellite_antenna: {escape(error.sentence)}"
                " Try again in a moment; nothing is done twice."
            )
        case _:
            return warning(error.sentence)


def warning(sentence: str) -> Message:
    return Message(text=f":warning: {escape(sentence)}")


def watched(channel_id: str, *, is_new: bool) -> Message:
    if is_new:
        return Message(text=f":eyes: <#{channel_id}> is told of it from now on, in a thread of its own.")
    return Message(text=f":eyes: <#{channel_id}> is told of it already.")


def unwatched(restore_task_id: str | None) -> Message:
    again = f" {code(f'/restore watch {restore_task_id}')} takes that back." if restore_task_id else ""
    return Message(text=f":no_bell: Nothing more of it is told here.{again}")


def unlisted(restore_task_id: str) -> Message:
    return Message(
        text=f":grey_question: DBS lists no restore task {code(restore_task_id)}: nothing to watch."
    )


def followed(following: Following) -> Message:
    """The card, for one person alone."""
    shown = card(following)
    if following.ended:
        return shown
    return Message(shown.text, (*shown.blocks, context("Its thread is kept up to date.")))


def as_dbs_says(following: Following) -> Message:
    """The card with what DBS answered a moment ago."""
    shown = followed(following)
    return Message(f"DBS says now: {shown.text}", (*shown.blocks, context("As DBS says at this moment.")))


def explained(
    following: Following, task: RestoreTask, error: JobError | None, silent: str | None = None
) -> Message:
    """Why it failed: DBS's explanation, and beside it what it wrote into the task.

    `silent` is why the explanation is an old one, or none.
    """
    lines = [f":red_circle: Why {glance.name(following)} failed"]
    if error is not None:
        lines.append(sentence(error))
    elif silent is None:
        lines.append("DBS explains it no further.")
    if silent is not None:
        which = "This is what it said before." if error else "Try again in a moment."
        lines.append(f":satellite_antenna: {escape(silent)} {which}")
    if where := stopped(task):
        lines.append(where)
    own = verbatim(task.error_message) if task.error_message else "It left none."
    lines.append(f"*DBS's own text*\n{own}")
    return Message(text=begun("\n".join(lines), TEXT_LIMIT))
