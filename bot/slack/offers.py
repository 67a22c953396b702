"""Restores and plans that may be meant, and how far the one is that was. Pure."""

from collections.abc import Sequence

from bot.restores.meant import key_of
from bot.restores.models import Following, RestoreTask
from bot.restores.names import cut
from bot.slack.card import card, unwatched_card
from bot.slack.card_buttons import start_confirmed
from bot.slack.forms.elements import button, buttons
from bot.slack.glance import Viewer, where
from bot.slack.guide import LOOK, numbered, run_button
from bot.slack.lists import LABEL_LIMIT, PLAN_SHOWN, heard, row
from bot.slack.message import Block, Message, context, section
from bot.slack.mrkdwn import TEXT_LIMIT, shorten, word

MOST_OFFERED = 10
#: What the button says that runs a command on a restore.
LABELS = {
    "status": "Status",
    "watch": "Watch here",
    "unwatch": "Stop watching",
    "follow": "Follow",
    "unfollow": "Unfollow",
    "start": "Start",
    "again": "Restore again",
}


def candidates(
    said: str,
    followings: Sequence[Following],
    command: str,
    *,
    viewer: Viewer,
    otherwise: str = "There is none at the moment.",
) -> Message:
    """Restores of which one is meant, each with a button that runs the command on it."""
    shown = followings[:MOST_OFFERED]
    blocks: list[Block] = [section(said)]
    for number, following in enumerate(shown):
        made = run_button(f"{command} {key_of(following)}", LABELS[command], number)
        if command == "start":
            made = start_confirmed(made, following)
        text = row(following, viewer)
        blocks.append(section(text) | {"accessory": made})
    left = len(followings) - len(shown)
    more = [f"and {left} more: type more of the name, or the task id"] if left > 0 else []
    if not shown:
        more = [otherwise]
        blocks += [context(otherwise), buttons(*to_lists())]
    elif more:
        blocks.append(context(more[0]))
    told = [heard(following, viewer) for following in shown]
    return Message(shorten("\n".join([said, *told, *more]), TEXT_LIMIT), tuple(blocks))


def to_lists(first: int = 0) -> list[Block]:
    """The lists to look in, numbered from `first`."""
    return numbered([("list", "Restores under way"), ("list all", "All restores")], first)


def plan_candidates(said: str, names: Sequence[str], command: str) -> Message:
    """Plans of which one is meant."""
    offers = numbered([(f"{command} {name}", shorten(name, LABEL_LIMIT)) for name in names])
    more = [] if names else ["Nothing was restored yet."]
    row = offers or [button(LOOK, "Restore a database")]
    heard = [", ".join(word(cut(name, PLAN_SHOWN)) for name in names)] if names else more
    return Message("\n".join([said, *heard]), (section(said), *map(context, more), buttons(*row)))


def standing(following: Following, viewer: Viewer) -> Message:
    """How far a restore is: its card, as this person reads it, and where that is kept up to date."""
    read = following.evolve(link=following.link.evolve(language=viewer.language))
    shown, thread = card(read), where(following, viewer)
    if following.ended:
        told = f"How it went is told in {thread}."
    else:
        told = f"DBS is asked once more: what it says is shown in {thread}, which is kept up to date."
    return Message(shorten(f"{shown.text}\n{told}", TEXT_LIMIT), (*shown.blocks, context(told)))


def unfollowed(restore_task_id: str, task: RestoreTask, *, start: bool = False) -> Message:
    """A task as DBS just described it, that is followed nowhere; `start`: somebody wants to start it."""
    shown = unwatched_card(restore_task_id, task, run_button(f"again {restore_task_id}", "Restore again"))
    hint = "Watch it here first, then start it." if start else "Nobody follows it here."
    return Message(shorten(f"{shown.text}\n{hint}", TEXT_LIMIT), (*shown.blocks, context(hint)))
