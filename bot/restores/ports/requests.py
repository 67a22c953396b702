"""What the store keeps of requests, and of their passwords."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.restores.models import (
    Event,
    Following,
    RequestState,
    RestoreRequest,
)

#: States in which a request may still have to be sent to DBS, with its password.
CREATION_OPEN = frozenset({RequestState.SUBMITTED, RequestState.CREATING})


@dataclass(frozen=True, slots=True)
class SealedPassword:
    """A password as it may be written down, and when it is to be forgotten."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """Whether a request may join those that were asked for `since` then, told in the moment it is saved."""

    since: datetime
    allowed: Callable[[Sequence[Following]], bool]


class RequestStore(Protocol):
    """Requests. Each method is one transaction. A request is its worker's from submission to the end."""

    async def add_request(
        self,
        request: RestoreRequest,
        *,
        wanted: Callable[[], bool],
        password: SealedPassword | None = None,
        beside: Beside | None = None,
    ) -> RestoreRequest | None:
        """Save a request with its password, the link of its thread and its card; this worker owns it.

        Gives what is saved under its nonce: `request` itself, or an earlier one, which stays as it is. None,
        and nothing is saved, if it is no longer `wanted` when the database is ready for it, or if it may not
        stand `beside` what is asked for then.
        """
        ...

    async def save_request(
        self, request: RestoreRequest, now: datetime, events: Sequence[Event] = ()
    ) -> bool:
        """Record a step of a request; a task id that is new is followed from now on.

        When its creation has an outcome, its password is forgotten. False, and nothing is recorded, if
        `request` was claimed by an owner that no longer holds it.
        """
        ...

    async def claim_requests(self, now: datetime) -> list[RestoreRequest]:
        """Open requests of this worker and of nobody, which are its own and due from now on.

        A new owner knows neither the clock nor the last call of the one before: the doubt begins anew.
        """
        ...

    async def open_requests(self) -> list[RestoreRequest]:
        """Requests that still need something done, but by no other worker; the one due first in front."""
        ...

    async def request(self, nonce: str) -> RestoreRequest | None: ...

    async def following(self, restore_task_id: str) -> Following | None: ...

    async def current(self, since: datetime) -> list[Following]:
        """Restores that have not ended, and those asked for since then."""
        ...


class PasswordStore(Protocol):
    """Sealed passwords of requests whose outcome is not known. Each method is one transaction."""

    async def password(self, nonce: str) -> SealedPassword | None: ...

    async def drop_passwords(self, now: datetime, latest: datetime) -> None:
        """Forget those whose time was over by `now`, and any that would outlive `latest`.

        Those of other workers, whose clock may be another, are left to them.
        """
        ...
