"""Accounts of target databases whose passwords are kept outside: chosen by name, read when they are used."""

from collections.abc import Mapping

from pydantic import SecretStr

from bot.config import Credential
from bot.errors import ConfigurationError, CredentialMissing


class Credentials:
    """The stored credentials, by name. No password is kept here: one that changes is used as it is now."""

    def __init__(
        self, stored: Mapping[str, Credential] | None = None, *, typing_allowed: bool = True
    ) -> None:
        self._stored = stored or {}
        self._typing_allowed = typing_allowed

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._stored))

    @property
    def typing_allowed(self) -> bool:
        """Whether a password may be typed in Slack."""
        return self._typing_allowed

    def user_name(self, name: str) -> str:
        """Raises `CredentialMissing`."""
        return self._named(name).user_name

    def password(self, name: str) -> SecretStr:
        """The password as it is now, read from its variable or file. Raises `CredentialMissing`."""
        secret = self._named(name).secret("password")
        try:
            if secret is not None:
                return secret.read()
            reason = "nothing says where it is."
        except ConfigurationError as error:
            reason = error.sentence
        raise CredentialMissing(
            f"The password of the stored credential {name} cannot be read: {reason}"
            " Have it put right, or choose another, and submit again."
        )

    def _named(self, name: str) -> Credential:
        if name not in self._stored:
            raise CredentialMissing(
                f"The stored credential {name} is not configured any more. Choose another and submit again."
            )
        return self._stored[name]
