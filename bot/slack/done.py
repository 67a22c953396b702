"""What came of a command about one restore, and what may be wanted next. Pure."""

from bot.errors import DbsError, NotPossible
from bot.restores.meant import key_of
from bot.restores.models import Following
from bot.slack import glance
from bot.slack.glance import Viewer, where
from bot.slack.guide import run_button, suggestion
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import escape
from bot.slack.offers import LABELS
from bot.slack.replies import reason

# Who is told


def no_task_yet(following: Following, viewer: Viewer) -> Message:
    return Message(f"There is no task to follow yet. What comes of it is told in {where(following, viewer)}.")


def watched(following: Following, viewer: Viewer, *, is_new: bool) -> Message:
    """A channel is told of it."""
    if is_new:
        name = glance.name(following)
        return _told(f":eyes: From now on {name} is watched here. Its card is posted below.", following)
    return _told_before("It is already followed here", following, viewer)


def followed(following: Following, viewer: Viewer, *, is_new: bool) -> Message:
    """A person is told of it by direct message."""
    if is_new:
        thread = where(following, viewer)
        return _told(f":bell: From now on you are told of {glance.name(following)} in {thread}.", following)
    return _told_before("You are told of it already", following, viewer)


def _told(said: str, following: Following) -> Message:
    if following.ended:
        said += " It has ended: nothing more will happen to it."
    return suggestion(said, _button("status", following), _undo(following))


def _told_before(said: str, following: Following, viewer: Viewer) -> Message:
    """A restore's own thread is told to the end: that is not undone."""
    undo = [] if following.link.nonce else [_undo(following)]
    return suggestion(f"{glance.name(following)}: {said}, in {where(following, viewer)}.", *undo)


def _undo(following: Following) -> Block:
    return _button("unfollow" if following.link.is_direct else "unwatch", following, 1)


def unwatched(following: Following, *, was_told: bool) -> Message:
    said = f"{glance.name(following)} is watched here no longer"
    return _told_no_more(said, "watch", following, was_told=was_told)


def unfollowed(following: Following, *, was_told: bool) -> Message:
    said = f"You are told nothing more of {glance.name(following)} by direct message"
    return _told_no_more(said, "follow", following, was_told=was_told)


def _told_no_more(said: str, again: str, following: Following, *, was_told: bool) -> Message:
    offer = run_button(f"{again} {key_of(following)}", f"{again.capitalize()} again")
    return suggestion(f"{said}." if was_told else f"{said}: that was so already.", offer)


# Starting


def start_ordered(following: Following, viewer: Viewer) -> Message:
    said = f":arrow_forward: The start of {glance.name(following)} is ordered."
    told = f"What comes of it is told in {where(following, viewer)}."
    return suggestion(f"{said} {told}", _button("status", following, 1))


def start_failed(following: Following, error: DbsError) -> Message:
    again = run_button(f"start {key_of(following)}", "Try again")
    said = f":warning: {glance.name(following)} could not be started. {escape(error.sentence)}"
    return suggestion(said, again, _button("status", following, 1))


# Both


def impossible(following: Following, error: NotPossible) -> Message:
    return suggestion(f"{glance.name(following)}: {reason(error)}", _button("status", following, 1))


def too_slow(who: str, command: str) -> Message:
    """For a form, whose trigger is gone by then."""
    said = f":hourglass: {who} did not answer in time for a form. Try again in a moment."
    return suggestion(said, run_button(command, "Try again"))


def _button(command: str, following: Following, number: int = 0) -> Block:
    return run_button(f"{command} {key_of(following)}", LABELS[command], number)
