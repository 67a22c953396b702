"""Slack's own markup: escaping, times in the reader's zone, quotes. Pure."""

import re
from datetime import UTC, datetime, timedelta

from bot.restores.clock import written
from bot.restores.names import one_line

#: `chat.update` refuses a longer text.
TEXT_LIMIT = 4000
SECTION_LIMIT = 3000

_FENCE = "```"
_HARMLESS = re.compile(r"[\w.,()/→ -]*")


def escape(text: str) -> str:
    """Text of others, made harmless: no mention, link or channel comes to life."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: str) -> str:
    """A name to the letter, on one line: nothing in it is markup."""
    return "`" + escape(one_line(text)).replace("`", "'") + "`"


def word(text: str) -> str:
    """A word of others within a sentence: as code if anything in it could be markup."""
    return text if _HARMLESS.fullmatch(text) else code(text)


def verbatim(text: str, limit: int = 1000) -> str:
    """Somebody's own words to the letter, set apart; cut at `limit` characters."""
    shown = escape(shorten(text.strip(), limit)).replace("```", "'''")
    return f"```\n{shown}\n```"


def shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def begun(text: str, limit: int) -> str:
    """The beginning of a long text; a quote that is cut is closed, lest it swallow what follows."""
    if len(text) <= limit:
        return text
    beginning = shorten(text, limit - len(_FENCE) - 1)
    return f"{beginning}\n{_FENCE}" if beginning.count(_FENCE) % 2 else beginning


def user(user_id: str) -> str:
    return f"<@{user_id}>"


def time(at: datetime) -> str:
    """A moment in each reader's own zone; in UTC where Slack cannot."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{written(at)}>"


def clock(at: datetime) -> str:
    """The time alone, in each reader's own zone: of a moment whose day is beyond doubt."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at.astimezone(UTC):%H:%M} UTC>"


def duration(span: timedelta) -> str:
    """`45 s`, `12 min 5 s`, `3 h 20 min`, `2 d 4 h`: the two largest units."""
    seconds = max(0, round(span.total_seconds()))
    for size, name, smaller, smaller_name in (
        (86400, "d", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if seconds >= size:
            rest = seconds % size // smaller
            return f"{seconds // size} {name}" + (f" {rest} {smaller_name}" if rest else "")
    return f"{seconds} s"


def size(count: int) -> str:
    """Bytes as people say them, in powers of 1000."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:  # noqa: PLR2004 - the next unit begins there
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} TB"


def bar(percent: int, cells: int = 12) -> str:
    full = percent * cells // 100
    return "█" * full + "░" * (cells - full)
