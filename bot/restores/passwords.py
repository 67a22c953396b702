"""Passwords people typed, in memory alone, for as long as the request they belong to has no known outcome."""

import time
from collections.abc import Callable

from pydantic import SecretStr

KEPT_SECONDS = 15 * 60.0


class Passwords:
    """A password per request nonce, dropped when the outcome is known, and by itself after 15 minutes."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: dict[str, tuple[SecretStr, float]] = {}

    def keep(self, nonce: str, password: SecretStr) -> None:
        self._kept[nonce] = (password, self._monotonic() + KEPT_SECONDS)

    def get(self, nonce: str) -> SecretStr | None:
        self._expire()
        password, _ = self._kept.get(nonce, (None, 0.0))
        return password

    def drop(self, nonce: str) -> None:
        self._kept.pop(nonce, None)
        self._expire()

    def _expire(self) -> None:
        now = self._monotonic()
        for nonce in [nonce for nonce, (_, until) in self._kept.items() if until <= now]:
            del self._kept[nonce]
