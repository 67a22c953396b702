"""Prechecks made readable: titles, DBS's messages without their Java, and what to change. Pure.

The vendor publishes no list of items. A row goes by words that an item's name, else its message, is likely to
hold; what no row knows is shown as DBS wrote it.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.restores.models import PrecheckItem, PrecheckReport
from bot.restores.names import cut
from bot.slack.message import Block, Message, context, section
from bot.slack.mrkdwn import TEXT_LIMIT, code, escape, shorten, verbatim, word

ITEMS_SHOWN = 8
_NAME_LIMIT, _MESSAGE_LIMIT = 80, 300
#: Of the whole of it: more would not be read, and the longest message does not fit.
_WHOLE_SHOWN, _WHOLE_LIMIT = 30, 1200
#: Of a message once it is harmless.
_ROOM = 2600

_CLASS = r"(?:[a-z_$][\w$]*\.)+[A-Z][\w$]*|[A-Z]\w*(?:Exception|Error)"
_THROWN = re.compile(rf'^\s*(?:Exception in thread "[^"]*"\s*)?(?:Caused by:\s*)?(?:{_CLASS})(?::\s*|\s*$)')
#: As many blanks as anybody writes: a row of any length would be looked through again from each of them.
_NESTED = re.compile(rf";?\s{{0,9}}nested exception is (?:{_CLASS})?:?\s*")
_CAUSE = re.compile(r"^\s*Caused by:")
_FRAME = re.compile(r"^\s*(?:at\s+[\w.$/<>]+\(.*\)?|\.\.\. \d+ (?:more|common frames omitted))\s*$")


class _Kind(NamedTuple):
    title: str
    names: str
    messages: str
    advice: str


_KINDS = (
    _Kind(
        "Privileges of the account",
        r"PRIV|PERMISSION|GRANT|AUTHORI[SZ]",
        r"privilege|permission denied|not authori[sz]ed",
        "Grant the account what it lacks and try again, or edit the restore and choose another account.",
    ),
    _Kind(
        "Account and password",
        r"PASSW|LOGIN|ACCOUNT|USER|CREDENTIAL",
        r"access denied|authentication|login failed|password",
        "Edit the restore: check the user name and type the password again, or choose a stored credential.",
    ),
    _Kind(
        "Backup gateway",
        r"GATEWAY|AGENT",
        r"gateway|heartbeat",
        "Edit the restore and choose a gateway with a recent heartbeat, or bring this one back.",
    ),
    _Kind(
        "Connection to the database",
        r"CONN|NETWORK|REACH|PING|TELNET|PORT\b",
        r"timed? ?out|refused|unreachable|communications link|no route|unknown host",
        "Check that the database lets DBS in and try again, or edit the restore and correct the address.",
    ),
    _Kind(
        "Version of the database",
        r"VERSION|ENGINE|COMPAT",
        r"version",
        "Edit the restore and choose a target whose engine and version fit the backup.",
    ),
    _Kind(
        "Space on the target",
        r"SPACE|DISK|STORAGE|CAPACITY|SIZE",
        r"no space|disk (?:is )?full|(?:not enough|insufficient|out of) (?:disk|space|storage)",
        "Make room on the target and try again, or edit the restore: fewer databases, or a larger target.",
    ),
    _Kind(
        "Names that exist already",
        r"CONFLICT|EXIST|DUPLICATE|SAME_?NAME|RENAME",
        r"already exist|duplicate|conflict",
        "Edit the restore: give the databases new names, or have what is restored renamed if a name exists.",
    ),
    _Kind(
        "Settings of the database",
        r"CHARSET|CHARACTER|COLLAT|SQL_?MODE|VARIABLE|PARAM|TIME_?ZONE|CASE",
        r"lower_case_table_names|character set|collation|sql_mode|time zone",
        "Change this setting of the target and try again, or edit the restore and choose another target.",
    ),
    _Kind(
        "Time to restore to",
        r"TIME|BINLOG|LOG|INCREMENT|RANGE",
        r"binlog|restorable|time range",
        "Edit the restore and choose a time within the restorable window, or a backup set.",
    ),
    _Kind(
        "Databases to restore",
        r"OBJECT|TABLE|SCHEMA|DATABASE|DB_?NAME",
        r"unknown database|does(?:n.t| not) exist|no such",
        "Edit the restore and choose the databases anew, as they are named in the backup.",
    ),
    _Kind(
        "The backup",
        r"BACKUP|SET\b",
        r"backup set|expired",
        "Edit the restore and choose another backup set, or a time.",
    ),
)
_GENERAL = "Put right what DBS names and try again, or edit the restore."
_ICONS = {
    "finish": ":white_check_mark:",
    "failed": ":x:",
    "warning": ":warning:",
    "running": ":hourglass_flowing_sand:",
    "init": ":white_circle:",
}
_TO_COME = frozenset({"init", "running"})


def cleaned(said: str) -> str:
    """What DBS said without names and traces of exceptions; all of it if that leaves nothing."""
    lines = [line for line in said.splitlines() if line.strip() and not _FRAME.match(line)]
    kept: list[str] = []
    for line in lines:
        bare = line
        while (shorter := _THROWN.sub("", bare, count=1)) != bare:
            bare = shorter
        bare = _NESTED.sub(": ", bare).strip()
        if not bare or (_CAUSE.match(line) and any(bare in earlier for earlier in kept)):
            continue
        kept.append(bare)
    return "\n".join(kept) or said.strip()


def readable(said: str) -> str:
    """The same on one line."""
    return " ".join(cleaned(said).split())


def title(item: PrecheckItem) -> str:
    """What the item is about, as mrkdwn; its name as DBS wrote it if nothing more is known."""
    kind, name = _kind(item), code(cut(item.item or item.name, _NAME_LIMIT))
    return f"*{kind.title}* ({name})" if kind else f"*{name}*"


def advice(item: PrecheckItem) -> str:
    kind = _kind(item)
    return kind.advice if kind else _GENERAL


def failed_items(items: Sequence[PrecheckItem]) -> str:
    """Failed items, each with what DBS said and what to change."""
    told = [_failed(item) for item in items[:ITEMS_SHOWN]]
    if len(items) > ITEMS_SHOWN:
        told.append(f"… and {len(items) - ITEMS_SHOWN} more.")
    return "\n".join(told) or "DBS names no item."


def done(report: PrecheckReport) -> int:
    """How many items are done, well or not."""
    return sum(item.state not in _TO_COME for item in report.items)


def precheck_message(report: PrecheckReport | None) -> Message:
    """Every item, with all that DBS said of it, those that failed first: for a dialog, which holds it."""
    if report is None or not report.items:
        return Message(text=":information_source: DBS has told nothing of its precheck so far.")
    items = sorted(report.items, key=lambda item: not item.failed)
    left = len(items) - _WHOLE_SHOWN
    heading = (
        f"The precheck as DBS tells it: {word(report.status)}, {done(report)} of {len(items)} items done"
    )
    blocks: list[Block] = [section(heading), *map(_whole, items[:_WHOLE_SHOWN])]
    blocks += [context(f"… and {left} more items.")] if left > 0 else []
    said = ", ".join(f"{word(item.item or item.name)} {word(item.state)}" for item in items)
    return Message(text=shorten(f"{heading}: {said}", TEXT_LIMIT), blocks=tuple(blocks))


def _kind(item: PrecheckItem) -> _Kind | None:
    """The check's own name tells more than that of its group, and that more than its message."""
    for name in filter(None, (item.item, item.name)):
        for kind in _KINDS:
            if re.search(kind.names, name, re.IGNORECASE):
                return kind
    said = item.message or ""
    return next((kind for kind in _KINDS if re.search(kind.messages, said, re.IGNORECASE)), None)


def _failed(item: PrecheckItem) -> str:
    said = verbatim(readable(item.message), _MESSAGE_LIMIT) if item.message else "DBS gave no reason."
    return f"• {title(item)}\n{said}\n{advice(item)}"


def _head(item: PrecheckItem) -> str:
    line = f"{_ICONS.get(item.state, ':grey_question:')} {title(item)}"
    if item.state not in _ICONS:
        line += f": DBS says {code(cut(item.state, _NAME_LIMIT))}"
    return line


def _whole(item: PrecheckItem) -> Block:
    """With its message to the letter; how much of one that is too long was left out."""
    lines = [_head(item)]
    if said := (item.message or "").strip():
        shown = said[:_WHOLE_LIMIT]
        while len(escape(shown)) > _ROOM:
            shown = shown[: len(shown) // 2]
        left = len(said) - len(shown)
        lines.append(verbatim(shown, _WHOLE_LIMIT))
        lines += [f"_cut here: {left:,} more characters_"] if left else []
    return section("\n".join(lines))
