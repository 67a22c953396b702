"""What stands in a command: words, then `key=value` pairs, as people and their phones type them. Pure.

A value goes on to the next `key=`, blanks included. Between quotes, straight or curly, everything is meant as
it stands; a quote doubled there is one of the text. A JSON list is taken as it stands, too.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_QUOTES = '"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}'
_STRAIGHT = str.maketrans(dict.fromkeys(_QUOTES, '"'))
#: As it stands, and as keyboards for Chinese and Japanese write it.
EQUALS = "=\N{FULLWIDTH EQUALS SIGN}"
#: Quotes open where a value or a part of it begins.
_START = rf"(?<![^\s{EQUALS}:])"
_TOKEN = re.compile(
    rf"{_START}[{_QUOTES}](?P<quoted>([^{_QUOTES}]|(?P<twice>[{_QUOTES}])(?P=twice))*+)[{_QUOTES}]"
    rf"|(?P<open>{_START}[{_QUOTES}])"
    rf"|(?<!\S)-*(?P<key>[^\W\d][\w-]*)\s*[{EQUALS}]"
    rf"|\s+|[^\s{EQUALS}:{_QUOTES}]+|.",
    re.DOTALL,
)
_QUOTE, _TWICE = re.compile(f"[{_QUOTES}]"), re.compile(rf"([{_QUOTES}])\1")
_PLAIN = re.compile(r"[\w.@/+%#\\:,-]+")
_JSON = json.JSONDecoder()


@dataclass(frozen=True)
class Piece:
    """Some text; `literal` if it stood between quotes or is a JSON list."""

    text: str
    literal: bool = False

    @property
    def blank(self) -> bool:
        return not self.literal and self.text.isspace()


@dataclass(frozen=True)
class Value:
    """What stands behind a key, or before the first, without the blanks around it."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def loose(self) -> str:
        """The text without what stood between quotes."""
        return "".join('""' if piece.literal else piece.text for piece in self.pieces)

    def parts(self) -> tuple[str, ...]:
        """What the colons outside of quotes part."""
        found: list[list[Piece]] = [[]]
        for piece in self.pieces:
            if piece.text == ":" and not piece.literal:
                found.append([])
            else:
                found[-1].append(piece)
        return tuple(value_of(pieces).text for pieces in found)


def value_of(pieces: list[Piece]) -> Value:
    solid = [number for number, piece in enumerate(pieces) if not piece.blank]
    return Value(tuple(pieces[solid[0] : solid[-1] + 1]) if solid else ())


def pairs(text: str) -> tuple[tuple[str | None, Value], ...]:
    """Keys, in lower case, with their values, in order; the key None for words that stand before the first.

    Raises `ValueError` with a sentence when a quote is not closed.
    """
    found: list[tuple[str | None, list[Piece]]] = [(None, [])]
    for piece in _pieces(text):
        if isinstance(piece, str):
            found.append((piece, []))
        else:
            found[-1][1].append(piece)
    values = [(key, value_of(pieces)) for key, pieces in found]
    return tuple((key, value) for key, value in values if key is not None or value.pieces)


def _pieces(text: str) -> Iterator[Piece | str]:
    """Pieces of values, and keys as bare texts."""
    at, begins = 0, False
    while token := _TOKEN.match(text, at):
        listed = _json_list(text, at) if begins else None
        if listed:
            yield listed
            at, begins = at + len(listed.text), False
            continue
        at = token.end()
        begins = token["key"] is not None or (begins and token[0].isspace())
        if token["open"]:
            raise ValueError(f"A quote is opened and never closed: {token['open']}")
        if token["key"]:
            yield token["key"].lower().replace("-", "_")
        elif token["quoted"] is not None:
            yield Piece(_TWICE.sub(r"\1", token["quoted"]), literal=True)
        else:
            yield Piece(token[0])


def _json_list(text: str, at: int) -> Piece | None:
    """The JSON list that begins here; with a phone's quotes if it is none with straight ones."""
    if not text.startswith("[", at):
        return None
    for candidate in (text, text.translate(_STRAIGHT)):
        try:
            _, end = _JSON.raw_decode(candidate, at)
        except (ValueError, RecursionError):
            continue
        return Piece(candidate[at:end], literal=True)
    return None


def quoted(text: str, *, marks: str = "") -> str:
    """The text as a value, between quotes only if need be: these `marks` mean something outside of them."""
    if _PLAIN.fullmatch(text) and not set(marks) & set(text):
        return text
    return '"' + _QUOTE.sub(r"\g<0>\g<0>", text) + '"'
