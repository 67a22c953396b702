"""What `/restore` can be told: every command with examples, and the right one for a wrong one. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import count

from bot.slack.forms.elements import button, buttons
from bot.slack.message import Block, Message, context, section
from bot.slack.mrkdwn import code, escape, shorten

#: A button that runs a command, numbered within its message; its value is the command without `/restore`.
RUN = "run_command"
#: A button that opens the form and looks for the plan named in its value.
LOOK = "look_for_plan"
#: What a button's value may hold.
VALUE_LIMIT = 2000
#: How alike two words are, 0-1, for one to be meant by the other.
ALIKE = 0.7
_NAME_SHOWN = 40

EXAMPLE = "/restore plan=orders-prod at=-2h instance=rm-bp1target db=orders:orders_copy credential=staging"
KEYS = (
    "Keys: `plan` `account` `at` (`latest`, `-2h`, `14:00`, `yesterday 14:00`, `2026-11-20T14:00Z`) or `set`,"
    " `location` (RDS, ECS, DDS, Express, Agent, Other, dg), `region` `instance` `ip` `port` `gateway`"
    " `database` `sid` `dir` `home`, `user` or `credential`, `db=old` or `db=old:new` (as often as needed)"
    " or `objects=<JSON>`, `conflict` (fail, rename), `cross_uid` `cross_role` `name`, `start` (yes, no)."
    " A password is only ever typed in the form."
)
_NAMED = (
    "A restore is named by its task id, as the card shows it, by its name, by a part of that, or by its"
    " backup plan. Capitals, blanks around it and backticks do not matter."
)


@dataclass(frozen=True)
class Entry:
    """A command: how it is typed, what it does in a few words and in more, and lines to be typed so."""

    name: str
    usage: str
    does: str
    more: str
    examples: tuple[str, ...]
    #: It can be run as it is, without anything behind it.
    alone: bool = False


GUIDE = (
    Entry(
        "form",
        "/restore",
        "open the form and restore a database",
        "Three steps: what, where, and a last look at the whole. Nothing runs before you submit it.",
        ("/restore",),
    ),
    Entry(
        "plan",
        "/restore <plan>",
        "open the form with the plan found by name, id, engine or instance",
        "Any part of any of these will do; several words must all be found. If several plans match, the form"
        " offers them. A plan that is called like a command is found with `plan=`.",
        ("/restore orders-prod", "/restore mysql hangzhou", "/restore plan=list"),
    ),
    Entry(
        "plan=",
        "/restore plan=<plan> at=<time> …",
        "open the form filled in; nothing runs before you submit it",
        KEYS,
        (EXAMPLE,),
    ),
    Entry(
        "plans",
        "/restore plans [text]",
        "list backup plans with what can be restored, each with a button",
        "Ten at a time, with the times they can be restored to and their last backup.",
        ("/restore plans", "/restore plans mysql"),
        alone=True,
    ),
    Entry(
        "list",
        "/restore list [active|mine|plan <plan>|all]",
        "list restores: those under way, what you asked for, those of a plan, or all",
        "Ten at a time, the newest first: status, target, who asked, and the way to the thread. Without a"
        " word behind it those under way. A plan behind `active`, `mine` or `all` leaves only that plan's.",
        ("/restore list", "/restore list mine", "/restore list all", "/restore list plan orders-prod"),
        alone=True,
    ),
    Entry(
        "status",
        "/restore status <id or name>",
        "show how far a restore is, whoever created it",
        f"The card, with its buttons, for you alone; DBS is asked once more. {_NAMED} A task made in the"
        " console or elsewhere is found by its id.",
        ("/restore status s102h7rf5anq", "/restore status orders-prod"),
    ),
    Entry(
        "watch",
        "/restore watch <task id>",
        "follow a task in this channel too, wherever it was created",
        "A card and its thread are posted here and kept up to date, as for a restore asked for here. Once per"
        " channel; several channels can watch one task.",
        ("/restore watch s102h7rf5anq",),
    ),
    Entry(
        "unwatch",
        "/restore unwatch [id or name]",
        "stop watching a task in this channel",
        "Without an id: the only one watched here. A restore's own thread is told to the end.",
        ("/restore unwatch", "/restore unwatch s102h7rf5anq"),
        alone=True,
    ),
    Entry(
        "follow",
        "/restore follow <id or name>",
        "be told of a restore by direct message",
        f"Its card and every event come to your messages with the bot, once each. {_NAMED}",
        ("/restore follow s102h7rf5anq", "/restore follow orders-prod"),
    ),
    Entry(
        "unfollow",
        "/restore unfollow [id or name]",
        "be told of it by direct message no longer",
        "Without an id: the only one you follow.",
        ("/restore unfollow", "/restore unfollow s102h7rf5anq"),
        alone=True,
    ),
    Entry(
        "start",
        "/restore start <id or name>",
        "start a task that was created and waits for it",
        "At once, when the whole id or name is given; else you are asked. DBS cannot stop it again."
        f" {_NAMED}",
        ("/restore start s102h7rf5anq",),
    ),
    Entry(
        "again",
        "/restore again <id or name>",
        "open the form as that restore was",
        "All but the password is filled in, as far as it is known; nothing runs before you submit it."
        f" {_NAMED}",
        ("/restore again s102h7rf5anq",),
    ),
    Entry(
        "history",
        "/restore history [plan]",
        "list the restores that ended, how, and how long each stage took",
        "Ten at a time, the latest first, with those that were given up; with a plan, that plan's alone.",
        ("/restore history", "/restore history orders-prod"),
        alone=True,
    ),
    Entry(
        "help",
        "/restore help [command]",
        "show this list, or one command with examples",
        "Also for the form: `/restore help form`, `/restore help plan=`.",
        ("/restore help", "/restore help list"),
        alone=True,
    ),
)
#: Every form of the command and what it does. The README says the same.
COMMANDS = {entry.usage: entry.does for entry in GUIDE}
ENTRIES = {entry.name: entry for entry in GUIDE}
#: The words that are commands; the others name ways to open the form.
NAMES = tuple(entry.name for entry in GUIDE if entry.name not in {"form", "plan", "plan="})
#: What people look for who want to stop a restore.
_STOPPING = frozenset({"abort", "cancel", "kill", "stop"})
_NO_STOP = (
    "DBS has no call to stop a restore, so there is no such command. One that was created and not started can"
    " be given up, in the menu of its card: then nothing more is done about it."
)
_SHORTCUTS = ("list", "list mine", "plans", "history")


def nearest(word: str, names: Iterable[str] = NAMES) -> str | None:
    """The one that was probably meant."""
    return next(iter(get_close_matches(word.lower(), list(names), n=1, cutoff=ALIKE)), None)


# Help


def help_message(topic: str = "") -> Message:
    """All commands, or one in detail; for an unknown one the nearest."""
    word = topic.strip().strip("`").lower().removeprefix("/restore").strip()
    if not word:
        return _all()
    first = word.split()[0]
    name = first if first in ENTRIES else "plan=" if "=" in first else None
    if name:
        return _detail(ENTRIES[name])
    meant, said = nearest(first, ENTRIES), f"There is no command {code(shorten(first, _NAME_SHOWN))}."
    if first in _STOPPING:
        said, meant = _NO_STOP, None
    if meant is None:
        return prefixed(said, _all())
    return prefixed(f"{said} Did you mean {code(meant)}?", _detail(ENTRIES[meant]))


def _all() -> Message:
    intro = "Restore a database from an Alibaba Cloud DBS backup."
    lines = "\n".join(f"• {code(entry.usage)}: {entry.does}" for entry in GUIDE)
    example = f"For example {code(EXAMPLE)}\n`/restore help <command>` tells more of one."
    opener = {**button(LOOK, "Restore a database"), "style": "primary"}
    row = buttons(opener, *(run_button(each, f"/restore {each}", n) for n, each in enumerate(_SHORTCUTS)))
    text = f"{intro}\n{lines}\n{example}"
    return Message(text, (section(f"*{intro}*\n{lines}"), section(example), row))


def _detail(entry: Entry) -> Message:
    examples = "\n".join(code(each) for each in entry.examples)
    said = f"{code(entry.usage)}: {entry.does}\n{entry.more}"
    blocks: list[Block] = [section(said), section(f"*For example*\n{examples}")]
    if entry.alone and entry.name != "help":
        blocks.append(buttons(run_button(entry.name, f"/restore {entry.name}")))
    elif entry.name in {"form", "plan"}:
        blocks.append(buttons(button(LOOK, "Restore a database")))
    return Message(f"{said}\nFor example:\n{examples}", tuple(blocks))


# Wrong input


def usage(name: str, what: str = "Which one?") -> str:
    """For a command in which something is missing."""
    entry = ENTRIES[name]
    return f"{what} Type {code(entry.usage)}, for instance {code(entry.examples[-1])}."


def instead_of(word: str, rest: str) -> Message | None:
    """For a first word that is no command and no plan; None where nobody knows what was meant."""
    line = f"{word} {rest}".strip()
    if word.lower() in _STOPPING:
        offers = [run_button("list", "/restore list", 0), run_button("help start", "/restore help start", 1)]
        return suggestion(_NO_STOP, *offers, plan=line)
    meant = nearest(word)
    if meant is None:
        return None
    right = f"{meant} {rest}".strip()
    offer = run_button(right, f"/restore {right}", style="primary")
    return suggestion(unknown_word(f"/restore {word}", right), offer, plan=line)


def unknown_word(typed: str, right: str) -> str:
    """What was typed is none of the words there are, and what is."""
    meant = code(shorten(f"/restore {right}", 100))
    return f"There is no {code(shorten(typed, _NAME_SHOWN))}. Did you mean {meant}?"


def suggestion(said: str, *offers: Block, plan: str | None = None) -> Message:
    """What is so, or wrong, with buttons for what may be wanted; one may look for a plan of that name."""
    row = list(offers)
    if plan is not None and len(plan) <= VALUE_LIMIT:
        row.append(button(LOOK, f"Look for a plan “{shorten(plan, 40)}”", plan))
    return Message(said, (section(said), *([buttons(*row)] if row else [])))


def prefixed(said: str, message: Message) -> Message:
    return Message(f"{said}\n{message.text}", (section(said), *message.blocks))


# Buttons


def run_button(command: str, text: str, number: int = 0, *, style: str | None = None) -> Block:
    """`command` as typed, without `/restore`. Where it is long, what fits of it is as good as the whole."""
    made = button(f"{RUN}:{number}", text, command[:VALUE_LIMIT])
    return made | ({"style": style} if style else {})


def numbered(offers: Iterable[tuple[str, str]], first: int = 0) -> list[Block]:
    """Buttons of one message, each a command and its label."""
    numbers = count(first)
    return [run_button(command, label, next(numbers)) for command, label in offers]


def mistaken(mistakes: Iterable[str]) -> Message:
    """What is wrong in a command, and what would be right; not what was typed, it may be secret."""
    lines = "\n".join(f"• {escape(sentence)}" for sentence in mistakes)
    said = f":warning: This cannot be read, and nothing was done.\n{lines}\nFor example {code(EXAMPLE)}"
    return Message(f"{said}\n{KEYS}", (section(said), context(KEYS)))
