"""On which line of a TOML text something stands."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

_AT_LINE = re.compile(r"\(at line (\d+)")

#: Keys from the top; a place within a list counts as the list.
Path = Sequence[str | int]


class TomlLines:
    """Finds lines, counted from 1, in a text that is TOML."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._read: dict[int, dict[str, Any] | None] = {}

    def line_of(self, path: Path) -> int:
        """Where the key at `path` begins, or else its nearest parent that is there.

        It is the first line after the longest beginning of the text that does without it.
        """
        _, content = self._beginning(len(self._lines))
        wanted = path[: _depth(content, path)]
        if not wanted:
            return 1
        counts = range(len(self._lines) + 1)
        holding = bisect_left(
            counts, len(wanted), key=lambda count: _depth(self._beginning(count)[1], wanted)
        )
        return self._beginning(holding - 1)[0] + 1

    def _beginning(self, count: int) -> tuple[int, dict[str, Any]]:
        """The longest one of at most so many lines that is TOML: what ends amid a value is not."""
        while True:
            if count not in self._read:
                self._read[count] = self._parsed(count)
            if (content := self._read[count]) is not None:
                return count, content
            count -= 1

    def _parsed(self, count: int) -> dict[str, Any] | None:
        try:
            return tomllib.loads("\n".join(self._lines[:count]))
        except tomllib.TOMLDecodeError:
            return None


def line_of_error(text: str, error: tomllib.TOMLDecodeError) -> int:
    """The line a syntax error names; the last one for "at end of document"."""
    named = _AT_LINE.search(str(error))
    return int(named[1]) if named else text.rstrip("\n").count("\n") + 1


def _depth(content: object, path: Path) -> int:
    """How many steps of the path there are."""
    for depth, step in enumerate(path):
        if not isinstance(content, dict) or step not in content:
            return depth
        content = content[step]
    return len(path)
