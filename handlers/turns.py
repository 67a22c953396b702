"""What is shown in a view is what came of the last thing done in it, however late its listener is."""

import time
from asyncio import Lock
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from weakref import WeakValueDictionary

MOST_KEPT = 1000


class Turns:
    """Listeners run side by side: an earlier one may find out later what to show, and must not.

    Turns are numbered upwards, also from one start of the bot to the next.
    """

    def __init__(self) -> None:
        self._numbers = count(int(time.time() * 1000))
        self._done: OrderedDict[str, int] = OrderedDict()
        self._written: OrderedDict[str, int] = OrderedDict()
        self._writing: WeakValueDictionary[str, Lock] = WeakValueDictionary()

    def begin(self, view_id: str) -> int:
        """Something was done in the view; what was done there before is not to be shown any more."""
        turn = next(self._numbers)
        _keep(self._done, view_id, turn)
        return turn

    def is_last(self, view_id: str, turn: int) -> bool:
        """Whether nothing newer was done in the view, or written into it."""
        return max(self._done.get(view_id, turn), self._written.get(view_id, turn)) <= turn

    def untouched(self, view_id: str, since: int) -> bool:
        """Whether nothing was done in the view itself after that turn."""
        return self._done.get(view_id, since) <= since

    @asynccontextmanager
    async def writing(self, view_id: str, turn: int) -> AsyncIterator[bool]:
        """Whether this turn may write into the view, one at a time: what is sent later arrives later."""
        lock = self._writing.setdefault(view_id, Lock())
        async with lock:
            allowed = self.is_last(view_id, turn)
            if allowed:
                _keep(self._written, view_id, turn)
            yield allowed


def _keep(turns: OrderedDict[str, int], view_id: str, turn: int) -> None:
    turns[view_id] = turn
    turns.move_to_end(view_id)
    while len(turns) > MOST_KEPT:
        turns.popitem(last=False)
