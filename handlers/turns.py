"""Of several choices made in quick succession in one view, only what came of the last is shown."""

from collections import OrderedDict
from itertools import count

MOST_KEPT = 1000


class Turns:
    """Choices are handled side by side: an earlier one may find out later what to show, and must not."""

    def __init__(self) -> None:
        self._numbers = count()
        self._last: OrderedDict[str, int] = OrderedDict()

    def begin(self, view_id: str) -> int:
        turn = next(self._numbers)
        self._last[view_id] = turn
        self._last.move_to_end(view_id)
        while len(self._last) > MOST_KEPT:
            self._last.popitem(last=False)
        return turn

    def is_last(self, view_id: str, turn: int) -> bool:
        return self._last.get(view_id, turn) == turn
