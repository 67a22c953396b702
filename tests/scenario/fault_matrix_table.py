"""The fault matrix as people read it; `python -m tests.scenario.fault_matrix_table` prints it."""

from collections.abc import Callable, Iterable
from itertools import groupby

from bot.sandbox.dbs.faults import KINDS as KINDS_OF_DBS
from bot.sandbox.slack.faults import KINDS as KINDS_OF_SLACK
from tests.scenario.fault_matrix import (
    BY_HAND,
    DBS,
    DBS_CALLS,
    DEAF,
    ENVELOPES,
    SLACK,
    SLACK_CALLS,
    TWICE,
    Row,
)


def markdown() -> str:
    """The table of the README: rows that say the same are one."""
    titles = {kind.name: kind.title[0].lower() + kind.title[1:] for kind in (*KINDS_OF_DBS, *KINDS_OF_SLACK)}

    def kind(row: Row) -> str:
        code = row.order.get("code")
        return f"`{row.name}` ({titles[row.name]}" + (f": `{code}`)" if code else ")")

    def call(row: Row) -> str:
        return f"`{row.name}`"

    lines = [
        *_lines("DBS: ", DBS, kind, ", "),
        *_lines("DBS, any fault of ", DBS_CALLS, call, ", "),
        *_lines("Slack: ", SLACK, kind, ", "),
        *_lines("Slack, any fault of ", SLACK_CALLS, call, ", "),
        *_lines("`duplicate_envelope` of ", ENVELOPES[TWICE], call, ", "),
        *_lines("`deaf_socket` for ", ENVELOPES[DEAF], call, ", "),
        *(_line(f"Slack: {name}", row) for name, row in BY_HAND.items()),
    ]
    return "\n".join(["| fault | creation | polling | delivery |", "|---|---|---|---|", *lines])


def _lines(start: str, rows: Iterable[Row], name: Callable[[Row], str], between: str) -> Iterable[str]:
    for _, alike in groupby(rows, key=lambda row: (row.creation, row.polling, row.delivery)):
        same = list(alike)
        yield _line(start + between.join(map(name, same)), same[0])


def _line(name: str, row: Row) -> str:
    return f"| {name} | {row.creation.words} | {row.polling.words} | {row.delivery.words} |"


if __name__ == "__main__":
    print(markdown())  # noqa: T201 - what it is for
