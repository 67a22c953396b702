"""On which line of a TOML text something stands."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

_AT_LINE = re.compile(r"\(at line (\d+)")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|"(?:\\.|[^"\\\n])*"'
    r"|'''.*?'{3,5}|'[^'\n]*'|"
    r"#[^\n]*|(?P<opens>[\[{])|(?P<closes>[\]}])|(?P<ends>\n)|[^\"'#\[\]{}\n]+|.",
    re.DOTALL,
)

#: Keys from the top; a place within a list counts as the list.
Path = Sequence[str | int]


class TomlLines:
    """Finds lines, counted from 1, in a text that is TOML."""

    def __init__(self, text: str) -> None:
        self._first: dict[tuple[str | int, ...], int] = {}
        table: tuple[str, ...] = ()
        for line, statement in statements(text):
            content = tomllib.loads(statement)
            if statement.lstrip().startswith("["):
                table = max(_keys(content), key=len)
                found = [table[:depth] for depth in range(1, len(table) + 1)]
            else:
                found = [(*table, *keys) for keys in _keys(content)]
            for path in found:
                self._first.setdefault(path, line)

    def line_of(self, path: Path) -> int:
        """Where the key at `path` begins, or else its nearest parent that is there."""
        parents = (tuple(path[:depth]) for depth in range(len(path), 0, -1))
        return next((self._first[parent] for parent in parents if parent in self._first), 1)


def statements(text: str) -> Iterator[tuple[int, str]]:
    """The parts of a TOML text that can be read alone, each with its line: heads of tables, keys with values.

    Whatever is no TOML is parted somehow.
    """
    line, begin, depth = 1, 0, 0
    for token in _TOKEN.finditer(text):
        depth += bool(token["opens"]) - bool(token["closes"])
        if (token["ends"] and depth <= 0) or token.end() == len(text):
            statement = text[begin : token.end()]
            if statement.strip():
                yield line, statement
            line += statement.count("\n")
            begin, depth = token.end(), 0


def line_too_deep(text: str) -> int:
    """The line of the first value that is nested too deeply to be read."""
    for line, statement in statements(text):
        try:
            tomllib.loads(statement)
        except RecursionError:
            return line
        except tomllib.TOMLDecodeError:
            continue
    return 1


def line_of_error(text: str, error: tomllib.TOMLDecodeError) -> int:
    """The line a syntax error names; the last one for "at end of document"."""
    named = _AT_LINE.search(str(error))
    return int(named[1]) if named else text.rstrip("\n").count("\n") + 1


def _keys(content: dict[str, Any]) -> list[tuple[str, ...]]:
    """The path to every key, those of tables before what they hold; lists are not looked into."""
    found: list[tuple[str, ...]] = []
    left: list[tuple[tuple[str, ...], dict[str, Any]]] = [((), content)]
    for path, table in left:
        for key, value in table.items():
            found.append((*path, key))
            if isinstance(value, dict):
                left.append((found[-1], value))
    return found
