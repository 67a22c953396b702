"""The accounts of Alibaba Cloud that the bot has keys for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.errors import AccountNotConfigured
from bot.restores.ports import Dbs


@dataclass(frozen=True, slots=True)
class Account:
    """DBS as called with one account's key. `region` is asked for its backup plans."""

    name: str
    dbs: Dbs
    region: str


class Accounts:
    """By name, in the order in which they are configured."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._named = {account.name: account for account in accounts}

    def __iter__(self) -> Iterator[Account]:
        return iter(self._named.values())

    def __len__(self) -> int:
        return len(self._named)

    def __getitem__(self, name: str) -> Account:
        """Raises `AccountNotConfigured`: what was saved may name an account that is gone."""
        if name not in self._named:
            raise AccountNotConfigured(name)
        return self._named[name]
