"""The file `RESTOREBOT_CONFIG`: accounts, stored credentials, what a channel may restore, the form.

It holds no secret itself, only where each one is found.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.errors import ConfigurationError

Text = Annotated[str, Field(min_length=1)]
UserName = Annotated[str, Field(pattern=r"^[^\s\x00-\x1f\x7f]{1,128}$")]
Texts = Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is found: an environment variable, or a file, read anew each time."""

    env: str | None = None
    file: str | None = None

    def read(self) -> SecretStr:
        """The secret; of a file without a byte order mark and its last line break.

        Raises `ConfigurationError`, never with the secret in it.
        """
        value = self._from_file(self.file) if self.file else os.environ.get(self.env or "", "")
        if not value:
            where = f"the file {self.file} is empty" if self.file else f"the variable {self.env} is not set"
            raise ConfigurationError(f"{where}.")
        return SecretStr(value)

    @staticmethod
    def _from_file(file: str) -> str:
        try:
            text = Path(file).read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise ConfigurationError(f"the file {file} cannot be read ({error.strerror}).") from None
        except ValueError:
            raise ConfigurationError(f"the file {file} is no text in UTF-8.") from None
        return text.removesuffix("\n").removesuffix("\r")


class Table(BaseModel):
    """A table of the file: known keys of the right type, some of which stand for each other."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    ONE_OF: ClassVar[tuple[tuple[str, ...], ...]] = ()
    ONE_AT_MOST: ClassVar[tuple[tuple[str, ...], ...]] = ()

    @property
    def secrets(self) -> Mapping[str, Secret]:
        """Where its secrets are found, by the key that says so."""
        return {
            key: Secret(**{key.rpartition("_")[2]: value})
            for key, value in self
            if key.endswith(("_env", "_file")) and value
        }

    def secret(self, name: str) -> Secret | None:
        return next((found for key, found in self.secrets.items() if key.rpartition("_")[0] == name), None)


class Credential(Table):
    """`[credentials.<name>]`: an account of target databases."""

    ONE_OF = (("password_env", "password_file"),)

    user_name: UserName
    password_env: Text | None = None
    password_file: Text | None = None


class Account(Table):
    """`[accounts.<name>]`: an account of Alibaba Cloud; `region` is asked for its backup plans."""

    ONE_OF = (
        ("access_key_id", "access_key_id_env"),
        ("access_key_secret_env", "access_key_secret_file"),
    )
    ONE_AT_MOST = (("security_token_env", "security_token_file"),)

    region: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    access_key_id: Text | None = None
    access_key_id_env: Text | None = None
    access_key_secret_env: Text | None = None
    access_key_secret_file: Text | None = None
    security_token_env: Text | None = None
    security_token_file: Text | None = None
    endpoint: Text | None = None


class Channel(Table):
    """`[channels.<id>]`: what a channel may restore. With both keys a plan must satisfy both."""

    accounts: Texts | None = None
    #: Ids or names.
    plans: Texts | None = None


class Form(Table):
    """`[form]`"""

    #: Whether a password may be typed in Slack.
    typed_passwords: bool = True


class Config(Table):
    """All of the file; without one everything is empty."""

    accounts: Mapping[str, Account] = {}
    credentials: Mapping[str, Credential] = {}
    channels: Mapping[str, Channel] = {}
    form: Form = Form()
