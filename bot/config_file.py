"""Reading the file `RESTOREBOT_CONFIG`, which is TOML: every mistake in it is named with its line."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config import Account, Channel, Config, Credential, Form, Table
from bot.dbs.endpoints import endpoint
from bot.errors import ConfigurationError
from bot.restores.models import DEFAULT_ACCOUNT
from bot.toml_lines import TomlLines, line_of_error, line_too_deep

_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_NAME_RULE = "a name has up to 40 letters, digits, _ or -"
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{2,}")
_CHANNEL_RULE = "this is no channel id like C0123456789, which Slack shows among a channel's details"

T = TypeVar("T", bound=Table)


@dataclass(frozen=True)
class Reading:
    """What could be read of the file, and a sentence for every mistake in it."""

    config: Config = field(default_factory=Config)
    mistakes: tuple[str, ...] = ()

    def checked(self) -> Config:
        """Raises `ConfigurationError` with all mistakes."""
        if self.mistakes:
            raise ConfigurationError("\n".join(self.mistakes))
        return self.config


def read(path: Path | None, *, keys_in_environment: bool) -> Reading:
    """Read the file and look whether its secrets are where it says.

    `keys_in_environment`: the account `default` has its keys in ALIBABA_CLOUD_*.
    """
    if path is None:
        return Reading()
    try:
        text = path.read_bytes().decode("utf-8-sig")
        content = tomllib.loads(text)
    except OSError as error:
        return Reading(mistakes=(f"RESTOREBOT_CONFIG: {path} cannot be read ({error.strerror}).",))
    except tomllib.TOMLDecodeError as error:
        sentence = re.sub(r" \(at .*\)$", "", str(error))
        return Reading(mistakes=(f"{path}, line {line_of_error(text, error)}: {sentence}.",))
    except RecursionError:
        return Reading(mistakes=(f"{path}, line {line_too_deep(text)}: This is nested too deeply.",))
    except ValueError:
        return Reading(mistakes=(f"RESTOREBOT_CONFIG: {path} is no text in UTF-8.",))
    reader = _Reader(content)
    config = reader.config(keys_in_environment=keys_in_environment)
    lines = TomlLines(text)
    found = sorted((lines.line_of(place), sentence) for place, sentence in reader.mistakes)
    return Reading(config, tuple(f"{path}, line {line}: {sentence}" for line, sentence in found))


class _Reader:
    """Reads table by table, so that a mistake in one hides none in another."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content
        self.mistakes: list[tuple[Sequence[str | int], str]] = []

    def config(self, *, keys_in_environment: bool) -> Config:
        for unknown in self._content.keys() - Config.model_fields.keys():
            self._mistake((unknown,), _unknown(unknown, Config))
        accounts = dict(self._tables("accounts", Account, _NAME, _NAME_RULE))
        if keys_in_environment and DEFAULT_ACCOUNT in self._dict("accounts"):
            taken = "its keys are in ALIBABA_CLOUD_* already. Give this account another name."
            self._mistake(("accounts", DEFAULT_ACCOUNT), f"[accounts.{DEFAULT_ACCOUNT}] {taken}")
        config = Config(
            accounts=accounts,
            credentials=dict(self._tables("credentials", Credential, _NAME, _NAME_RULE)),
            channels=dict(self._tables("channels", Channel, _CHANNEL_ID, _CHANNEL_RULE)),
            form=self._table(("form",), self._content.get("form", {}), Form) or Form(),
        )
        self._check_channels(keys_in_environment=keys_in_environment)
        return config

    def _tables(self, name: str, kind: type[T], rule: re.Pattern[str], said: str) -> Iterator[tuple[str, T]]:
        tables = self._content.get(name, {})
        if not isinstance(tables, dict):
            self._mistake((name,), f"{name} is to be tables: [{name}.<name>].")
            return
        for key, content in tables.items():
            if not rule.fullmatch(key):
                self._mistake((name, key), f"[{name}.{key}]: {said}.")
            if table := self._table((name, key), content, kind):
                yield key, table

    def _table(self, place: tuple[str, ...], content: object, kind: type[T]) -> T | None:
        title = _title(place)
        if not isinstance(content, dict):
            self._mistake(place, f"{place[-1]} is to be a table: {title}.")
            return None
        before = len(self.mistakes)
        self._check_keys(place, content, kind)
        try:
            table = kind.model_validate(content)
        except ValidationError as error:
            for fault in _told_once(error.errors()):
                self._mistake((*place, *fault["loc"]), f"{title} {_sentence(fault, kind)}")
            return None
        self._check_values(place, table)
        return table if len(self.mistakes) == before else None

    def _check_keys(self, place: tuple[str, ...], content: Mapping[str, object], kind: type[Table]) -> None:
        title = _title(place)
        for keys in (*kind.ONE_OF, *kind.ONE_AT_MOST):
            given = [key for key in content if key in keys]
            if len(given) > 1:
                self._mistake((*place, given[1]), f"{title} takes only one of {' and '.join(keys)}.")
            if not given and keys in kind.ONE_OF:
                self._mistake(place, f"{title} needs one of {' and '.join(keys)}.")
        if kind is Channel and not content:
            self._mistake(place, f"{title} binds the channel to nothing. Name its accounts or plans.")

    def _check_values(self, place: tuple[str, ...], table: Table) -> None:
        """Whether an address is one, and the secrets are where it is said."""
        checks: dict[str, Callable[[], object]] = {key: secret.read for key, secret in table.secrets.items()}
        if isinstance(table, Account):
            checks["endpoint"] = partial(endpoint, table.region, table.endpoint)
        for key, check in checks.items():
            try:
                check()
            except ConfigurationError as error:
                self._mistake((*place, key), f"{_title(place)} {key}: {error.sentence}")

    def _check_channels(self, *, keys_in_environment: bool) -> None:
        """Also those that cannot be read: one mistake hides no other."""
        written = self._dict("accounts")
        known = {*written, *([DEFAULT_ACCOUNT] if keys_in_environment or not written else [])}
        for channel_id, channel in self._dict("channels").items():
            named = channel.get("accounts") if isinstance(channel, dict) else None
            names = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
            for name in dict.fromkeys(filter(None, names)):
                if name not in known:
                    place = ("channels", channel_id, "accounts")
                    self._mistake(place, f"[channels.{channel_id}] accounts: there is no account {name}.")

    def _dict(self, name: str) -> Mapping[str, object]:
        content = self._content.get(name)
        return content if isinstance(content, dict) else {}

    def _mistake(self, place: Sequence[str | int], sentence: str) -> None:
        self.mistakes.append((place, sentence))


#: What pydantic finds, in words for who writes the file.
_FAULTS = {
    "missing": "is missing",
    "string_type": 'is to be a text: "…"',
    "string_too_short": "is empty",
    "bool_type": "is to be true or false",
    "tuple_type": 'is to be a list of texts: ["…", "…"]',
    "too_short": "is an empty list",
}


_PATTERNS = {
    "region": "is no region like cn-hangzhou",
    "user_name": "has blanks or control characters, is empty, or is longer than 128 characters",
}


def _title(place: Sequence[str]) -> str:
    return f"[{'.'.join(place)}]"


def _told_once(faults: list[ErrorDetails]) -> list[ErrorDetails]:
    """A list all of whose texts are wrong counts as an empty one, too."""
    within = {fault["loc"][0] for fault in faults if len(fault["loc"]) > 1}
    return [fault for fault in faults if len(fault["loc"]) > 1 or fault["loc"][0] not in within]


def _sentence(fault: ErrorDetails, kind: type[Table]) -> str:
    key, *within = fault["loc"]
    key = str(key)
    if fault["type"] == "extra_forbidden":
        return _unknown(key, kind)
    if fault["type"] == "string_pattern_mismatch":
        return f"{key} {_PATTERNS[key]}."
    which = "".join(f": text {number + 1}" for number in within if isinstance(number, int))
    return f"{key}{which} {_FAULTS.get(fault['type'], fault['msg'])}."


def _unknown(key: str, kind: type[Table]) -> str:
    meant = get_close_matches(key, kind.model_fields, n=1)
    known = f"Did you mean {meant[0]}?" if meant else f"Known are {', '.join(kind.model_fields)}."
    return f"{key} is not known here. {known}"
