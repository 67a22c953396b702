"""The table of requirements as people read it in the README. Pure."""

from collections.abc import Iterable, Mapping

from bot.restores.models import Engine, Location
from bot.restores.requirements import LOCATIONS, TABLE, Need, Requirement

_WORDS = {Need.REQUIRED: "required", Need.EITHER: "either", Need.OPTIONAL: "optional", Need.HIDDEN: "–"}  # noqa: RUF001 - a dash
_ONE_OF_TWO = "One of the two, never both."
_CROSS_ACCOUNT = "Where the plan backs up another account's database."
_MARKS = "¹²³⁴⁵⁶⁷⁸⁹"


def markdown() -> str:
    """Parameters by locations in Markdown, with a note for what depends on the engine."""
    notes: list[str] = []
    head = ("in the form", "in a command", "parameter", *(f"`{location}`" for location in LOCATIONS))
    lines = [_line(head), f"{'|---' * len(head)}|", *(_line(_cells(row, notes)) for row in TABLE)]
    places = ", ".join(f"`{location}`: {words}" for location, words in LOCATIONS.items())
    said = [f"{mark} {note}" for mark, note in zip(_MARKS, notes, strict=False)]
    return "\n".join([*lines, "", "\\\n".join([*said, f"{places}."])])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Requirement, notes: list[str]) -> list[str]:
    key = f"`{row.key}=`" if row.key else "never"
    return [row.label, key, f"`{row.parameter}`", *(_cell(row, location, notes) for location in LOCATIONS)]


def _cell(row: Requirement, location: Location, notes: list[str]) -> str:
    """The strongest need there is, and the mark of a note if that is not all."""
    engines_by_need: dict[Need, list[Engine]] = {}
    for engine in Engine:
        engines_by_need.setdefault(row.rule(location, engine), []).append(engine)
    strongest, *weaker = sorted(engines_by_need, key=list(Need).index)
    note = _note(row, engines_by_need, strongest, weaker)
    if note is None:
        return _WORDS[strongest]
    if note not in notes:
        notes.append(note)
    return f"{_WORDS[strongest]} {_MARKS[notes.index(note)]}"


def _note(
    row: Requirement, engines: Mapping[Need, list[Engine]], strongest: Need, weaker: list[Need]
) -> str | None:
    if weaker == [Need.HIDDEN]:
        return f"{_listed(engines[strongest])} only."
    if weaker:
        return " ".join(f"{need.capitalize()} for {_listed(engines[need])}." for need in weaker)
    if strongest is Need.EITHER:
        return _ONE_OF_TWO
    return _CROSS_ACCOUNT if row.cross_account else None


def _listed(engines: list[Engine]) -> str:
    return " and ".join(filter(None, (", ".join(engines[:-1]), engines[-1])))
