"""What the domain needs from outside, so that it imports neither a database nor HTTP nor Slack."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pydantic import SecretStr

from bot.restores.models import (
    BackupGateway,
    BackupPlan,
    BackupSet,
    Event,
    Following,
    Outgoing,
    PollResult,
    PrecheckReport,
    RequestState,
    RestoreRequest,
    RestoreSpec,
    RestoreTask,
    TrackedTask,
    Window,
)


class Dbs(Protocol):
    """Calls to DBS. `region` is where a call goes. Every method raises `DbsError`."""

    async def describe_regions(self, *, region: str) -> tuple[str, ...]: ...

    async def describe_backup_plans(
        self, *, region: str, backup_plan_id: str | None = None
    ) -> tuple[BackupPlan, ...]: ...

    async def describe_restorable_windows(
        self, backup_plan_id: str, *, region: str, begin: datetime, end: datetime
    ) -> tuple[Window, ...]: ...

    async def describe_backup_sets(self, backup_plan_id: str, *, region: str) -> tuple[BackupSet, ...]: ...

    async def describe_backup_gateways(self, *, region: str) -> tuple[BackupGateway, ...]: ...

    async def create_restore_task(
        self, spec: RestoreSpec, *, password: SecretStr | None, client_token: str
    ) -> str: ...

    async def start_restore_task(self, restore_task_id: str, *, region: str, client_token: str) -> None: ...

    async def describe_restore_tasks(
        self, ids: Collection[str], *, region: str
    ) -> dict[str, RestoreTask]: ...

    async def describe_plan_restore_tasks(
        self, backup_plan_id: str, *, region: str
    ) -> tuple[RestoreTask, ...]: ...

    async def describe_precheck(self, restore_task_id: str, *, region: str) -> PrecheckReport: ...


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
    """Requests. Each method is one transaction."""

    async def add_request(
        self,
        request: RestoreRequest,
        *,
        wanted: Callable[[], bool],
        password: SealedPassword | None = None,
        beside: Beside | None = None,
    ) -> RestoreRequest | None:
        """Save a request with its password, the link of its thread and its card to be posted.

        Gives what is saved under its nonce: `request` itself, or an earlier one, which stays as it is. None,
        and nothing is saved, if it is no longer `wanted` when the database is ready for it, or if it may not
        stand `beside` what is asked for then.
        """
        ...

    async def save_request(
        self, request: RestoreRequest, now: datetime, events: Sequence[Event] = ()
    ) -> None:
        """Record a step of a request; a task id that is new is followed from now on.

        When its creation has an outcome, its password is forgotten.
        """
        ...

    async def open_requests(self) -> list[RestoreRequest]:
        """Requests that still need something done, the one due first in front."""
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
        """Forget those whose time was over by `now`, and any that would outlive `latest`."""
        ...


class TaskStore(Protocol):
    """Tasks the poller follows. Each method is one transaction."""

    async def due_tasks(self, now: datetime, horizon: datetime) -> list[TrackedTask]:
        """Tasks due by `now`, and those due after `horizon`: a clock must have jumped."""
        ...

    async def next_poll_at(self) -> datetime | None: ...

    async def save_polls(self, results: Sequence[PollResult], now: datetime) -> None:
        """Snapshots, the events they mean and the messages these become, together or not at all."""
        ...


class Outbox(Protocol):
    """Messages decided and not yet proven posted, and cards that show an old state."""

    async def reclaim(self, due_at: datetime) -> None:
        """At start: what was being sent when the process died may have been posted."""
        ...

    async def claim(self, now: datetime, busy: Collection[str] = ()) -> list[Outgoing]:
        """The next message of every thread that has one due; new ones are marked as being sent.

        Threads in channels that are `busy` are left alone.
        """
        ...

    async def sent(self, message: Outgoing, ts: str, card_digest: str | None = None) -> None: ...

    async def defer(self, message: Outgoing, due_at: datetime) -> None:
        """Not now: `message` as it is to be claimed again, its attempts and doubt included."""
        ...

    async def park(self, message: Outgoing, reason: str) -> None: ...

    async def next_due_at(self, busy: Collection[str] = ()) -> datetime | None: ...

    async def stale_cards(self) -> list[Following]: ...

    async def card_shown(self, following: Following, card_digest: str) -> None: ...
