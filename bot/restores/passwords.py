"""Passwords people typed, held for as long as the request they belong to has no known outcome.

With a key they lie encrypted beside the request and survive a crash, else they are in memory alone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr

from bot.errors import ConfigurationError
from bot.restores.clock import utc_now
from bot.restores.ports import PasswordStore, SealedPassword

log = structlog.get_logger()

#: 15 minutes at most: `expire` is called at least once a minute.
KEPT = timedelta(minutes=14)

_HOW_TO_MAKE_ONE = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


def fernet(key: SecretStr | None) -> Fernet | None:
    """What `RESTOREBOT_SECRET_KEY` encrypts with. Raises `ConfigurationError`, which does not quote it."""
    if key is None:
        return None
    try:
        return Fernet(key.get_secret_value().strip())
    except ValueError:
        sentence = f"RESTOREBOT_SECRET_KEY is no Fernet key. This prints a new one: {_HOW_TO_MAKE_ONE}"
    raise ConfigurationError(sentence)


class Passwords:
    """A password per request nonce: dropped when the outcome is known, else when its time is over."""

    def __init__(
        self, store: PasswordStore, *, key: Fernet | None = None, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._store = store
        self._key = key
        self._now = now
        self._in_memory: dict[str, tuple[SecretStr, datetime]] = {}

    def keep(self, nonce: str, password: SecretStr) -> SealedPassword | None:
        """With a key: what is to be saved together with the request. Without: None, it is held from now on.

        One that is held already stays.
        """
        expires_at = self._now() + KEPT
        if self._key is None:
            self._forget_old()
            self._in_memory.setdefault(nonce, (password, expires_at))
            return None
        token = self._key.encrypt(password.get_secret_value().encode(errors="surrogatepass"))
        return SealedPassword(token.decode(), expires_at)

    async def get(self, nonce: str) -> SecretStr | None:
        if self._key is None:
            password, expires_at = self._in_memory.get(nonce, (None, self._now()))
            return password if self._holds(expires_at) else None
        sealed = await self._store.password(nonce)
        if sealed is None or not self._holds(sealed.expires_at):
            return None
        try:
            plain = self._key.decrypt(sealed.token)
        except InvalidToken:
            log.warning("a kept password was encrypted with another key", nonce=nonce)
            return None
        return SecretStr(plain.decode(errors="surrogatepass"))

    def drop(self, nonce: str) -> None:
        """Forget what is in memory; what was saved goes in the transaction that saves the outcome."""
        self._in_memory.pop(nonce, None)

    def in_memory(self, nonce: str) -> bool:
        """Whether an earlier submission left one there."""
        self._forget_old()
        return nonce in self._in_memory

    async def expire(self) -> None:
        """Forget those whose time is over. Without a key that is all an earlier process saved."""
        self._forget_old()
        now = self._now()
        await self._store.drop_passwords(now, now + KEPT if self._key else now)

    def _forget_old(self) -> None:
        self._in_memory = {nonce: kept for nonce, kept in self._in_memory.items() if self._holds(kept[1])}

    def _holds(self, expires_at: datetime) -> bool:
        """No time is further ahead than `KEPT`, unless the clock was set back since."""
        return timedelta(0) < expires_at - self._now() <= KEPT
