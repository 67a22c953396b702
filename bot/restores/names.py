"""Names as people and servers take them. Pure."""

import re

#: Line breaks, other control characters, and those that turn the direction of what follows.
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
    r"\N{LEFT-TO-RIGHT EMBEDDING}-\N{RIGHT-TO-LEFT OVERRIDE}"
    r"\N{LEFT-TO-RIGHT ISOLATE}-\N{POP DIRECTIONAL ISOLATE}]+"
)


def folded(name: str | None) -> str | None:
    """Equal for names that are one to servers that mind neither case nor blanks at the end."""
    return None if name is None else name.strip().casefold()


def one_line(name: str) -> str:
    """A name that can stand in a sentence: what would break the line or turn it is a blank."""
    return _CONTROL.sub(" ", name).strip()


def cut(name: str, longest: int) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"
