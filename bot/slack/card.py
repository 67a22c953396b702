"""The card: the thread's root message, rendered from the store alone. Pure."""

from datetime import UTC, datetime, timedelta

from bot.restores.models import Following, Link, RestoreTask
from bot.restores.names import one_line
from bot.slack.buttons import WATCH
from bot.slack.card_buttons import card_menu, card_row
from bot.slack.card_facts import card_facts, card_title, footer, freshness
from bot.slack.card_status import bars, bars_in_words, status
from bot.slack.forms.elements import button, buttons
from bot.slack.message import Block, Message, context, fields, header, section
from bot.slack.mrkdwn import SECTION_LIMIT, TEXT_LIMIT, begun, time, word

_NO_TIME = datetime.fromtimestamp(0, UTC)


def card(following: Following, every: timedelta | None = None) -> Message:
    """What is known of a restore, and what can be done about it. `every`: how often it is looked at."""
    return _made(following, freshness(following, every), card_menu(following), card_row(following))


def card_digest(following: Following) -> str:
    """Equal for cards that say the same, since whenever."""
    timeless = following.evolve(changed_at=_NO_TIME)
    return _made(timeless, "", card_menu(timeless), card_row(timeless)).digest


def unwatched_card(restore_task_id: str, task: RestoreTask, *more: Block) -> Message:
    """A task that DBS just described, and that nobody follows here yet, with `more` buttons."""
    link = Link(link_id=0, channel_id="", thread_ts=None, nonce=None, restore_task_id=restore_task_id)
    following = Following(
        link=link, request=None, task=task, version=0, card_digest=None, changed_at=_NO_TIME
    )
    watch = button(WATCH, "Watch here", restore_task_id) | {"style": "primary"}
    return _made(following, "As DBS says now; nobody watches it here", None, [watch, *more])


def _made(following: Following, when: str, menu: Block | None, row: list[Block]) -> Message:
    title, state, task = card_title(following), status(following), following.task
    facts, foot = card_facts(following), footer(following, when)
    closed_at = following.link.closed_at
    closed = (
        f":no_bell: *No longer watched here* since {time(closed_at)}; this is how it stood then"
        if closed_at
        else ""
    )
    top = section(begun(state, SECTION_LIMIT)) | ({"accessory": menu} if menu else {})
    blocks = [
        header(one_line(title)),
        *([context(closed)] if closed else []),
        top,
        *([section(bars(task))] if task and any(task.stages.values()) else []),
        *([fields(facts)] if facts else []),
        *([buttons(*row)] if row else []),
        context(foot),
    ]
    return Message(text=_in_words(title, state, task, [closed, *facts, foot]), blocks=tuple(blocks))


def _in_words(title: str, state: str, task: RestoreTask | None, rest: list[str]) -> str:
    """The whole card for those who hear it, or see no more than a notification."""
    facts = [each.replace("*\n", "*: ", 1).replace("\n", ", ") for each in rest]
    stages = bars_in_words(task) if task and any(task.stages.values()) else ""
    lines = [f"{word(title)}: {state}", stages, *facts]
    return begun("\n".join(filter(None, lines)), TEXT_LIMIT)
