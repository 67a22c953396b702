"""Passwords people typed, in memory alone, for as long as the request they belong to has no known outcome."""

import time
from collections.abc import Callable

from pydantic import SecretStr

#: 15 minutes at most: `expire` is called at least once a minute.
KEPT_SECONDS = 14 * 60.0


class Passwords:
    """A password per request nonce: dropped when the outcome is known, else when its time is over."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: dict[str, tuple[SecretStr, float]] = {}

    def keep(self, nonce: str, password: SecretStr) -> None:
        self._kept[nonce] = (password, self._monotonic() + KEPT_SECONDS)

    def get(self, nonce: str) -> SecretStr | None:
        self.expire()
        password, _ = self._kept.get(nonce, (None, 0.0))
        return password

    def drop(self, nonce: str) -> None:
        self._kept.pop(nonce, None)

    def expire(self) -> None:
        """Forget those whose time is over."""
        now = self._monotonic()
        self._kept = {nonce: kept for nonce, kept in self._kept.items() if kept[1] > now}
