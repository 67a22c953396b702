"""Ids, timestamps and hashes in Slack's shapes."""

import secrets
import string
from collections.abc import Callable

_UPPER = string.ascii_uppercase + string.digits
_ANY = string.ascii_letters + string.digits


def new_id(prefix: str) -> str:
    """An id like `V0ABCDEF123`; the prefix tells the kind (C channel, D direct message, V view)."""
    return f"{prefix}0{_pick(_UPPER, 9)}"


def new_block_id() -> str:
    """What Slack calls a block or an action that came without a name."""
    return _pick(_ANY, 5)


def new_secret() -> str:
    return secrets.token_hex(16)


class Timestamps:
    """Message timestamps: unique, increasing, and close to the real time."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0

    def next(self) -> str:
        """The next `ts`, such as `"1712345678.000100"` (epoch seconds, microseconds)."""
        self._last = max(int(self._now() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


def _pick(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
