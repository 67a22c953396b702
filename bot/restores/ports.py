"""What the domain needs from outside, so that it imports neither a database nor HTTP nor Slack."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import SecretStr

from bot.restores.models import (
    BackupGateway,
    BackupPlan,
    BackupSet,
    Earlier,
    Event,
    Following,
    JobError,
    Link,
    Outgoing,
    Page,
    PollResult,
    PrecheckReport,
    RequestState,
    RestoreRequest,
    RestoreSpec,
    RestoreTask,
    Told,
    TrackedTask,
    Which,
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

    async def describe_job_error(
        self, task_id: str, *, region: str, language: str = "en"
    ) -> JobError | None: ...


#: Nothing is put off further than this; what seems to be was by a worker whose clock is ahead, and is due.
FARTHEST = timedelta(minutes=10)

#: States in which a request may still have to be sent to DBS, with its password.
CREATION_OPEN = frozenset({RequestState.SUBMITTED, RequestState.CREATING})


@dataclass(frozen=True, slots=True)
class SealedPassword:
    """A password as it may be written down, and when it is to be forgotten."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Watching:
    """A task as DBS just described it, and who wants to be told of it where. `size` in bytes, where known."""

    task: RestoreTask
    account: str
    region: str
    channel_id: str
    user_id: str
    language: str = "en"
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Whether a request may join those that were asked for `since` then, told in the moment it is saved."""

    since: datetime
    allowed: Callable[[Sequence[Following]], bool]


class WorkerStore(Protocol):
    """The processes that share the database, each a worker with an id. Each method is one transaction.

    A worker whose id is gone is given a new one before it claims anything.
    """

    async def beat(self) -> tuple[str, dict[str, int]]:
        """Show that this worker lives: its id, and the beats of the others by theirs."""
        ...

    async def bury(self, worker_id: str, beat: int, due_at: datetime) -> bool:
        """Take over what a worker held whose last beat this was. False: it has beaten since, or is gone.

        Messages it was sending are this worker's from now on, and in doubt until `due_at`.
        """
        ...

    async def leave(self, due_at: datetime) -> None:
        """The end of this worker: what it holds is anyone's, what it was sending after `due_at`."""
        ...


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


class TaskStore(Protocol):
    """Tasks the poller follows. Each method is one transaction."""

    async def due_tasks(
        self, now: datetime, horizon: datetime, busy: Collection[tuple[str, str]] = ()
    ) -> list[TrackedTask]:
        """Claim tasks due by `now`, and those due after `horizon`: a clock must have jumped.

        1,000 at most, the longest due first. Those whose account and region are `busy` are left alone; of the
        others this worker looks at none, so what it still holds of them is claimed again.
        """
        ...

    async def earlier(self, account: str, backup_plan_id: str, most: int = 20) -> tuple[Earlier, ...]:
        """What earlier restores of a plan tell of how long one takes, the latest first."""
        ...

    async def next_poll_at(self, busy: Collection[tuple[str, str]] = ()) -> datetime | None:
        """When the next task is due that this worker may claim."""
        ...

    async def save_polls(
        self, results: Sequence[PollResult], now: datetime, owner: str | None = None
    ) -> bool:
        """Snapshots, the events they mean and the messages these become, together or not at all.

        The tasks are free again. `owner` is the one that claimed them: of what it no longer holds nothing is
        saved. Whether it still held them all.
        """
        ...


class Roster(Protocol):
    """Restores as people look them up, watch them and decide about them. Each method is one transaction.

    A restore is told of by its own thread; one that nobody asked for here by the first that watches it.
    """

    async def page(self, which: Which, start: int = 0, most: int = 10) -> Page: ...

    async def named(self, text: str, most: int = 10) -> tuple[Following, ...]:
        """Those whose task id or name is or holds this text; whole ones in front, then the newest."""
        ...

    async def link(self, link_id: int) -> Following | None: ...

    async def link_at(self, channel_id: str, thread_ts: str) -> Following | None:
        """The restore whose card stands there."""
        ...

    async def link_in(self, channel_id: str, restore_task_id: str) -> Following | None:
        """The open thread of a task in this channel."""
        ...

    async def watched(self, channel_id: str, most: int = 100) -> tuple[Following, ...]:
        """What is told in this channel because somebody wanted to watch it, the newest first."""
        ...

    async def log(self, link_id: int) -> tuple[Told, ...]:
        """What a thread was told, or is to be told, in order."""
        ...

    async def watch(self, watching: Watching, now: datetime) -> tuple[Following, bool]:
        """Follow a task in a channel from now on, below a card; whether it was not followed there before."""
        ...

    async def unwatch(self, link_id: int, now: datetime) -> bool:
        """Nothing more is told in a thread that only watches; whether it was told until now."""
        ...

    async def order_start(self, nonce: str, user_id: str, now: datetime) -> bool:
        """The task of this request is to be started; False if it is, or cannot be. Its threads are told."""
        ...

    async def start_ordered(self, restore_task_id: str, user_id: str, now: datetime) -> bool:
        """DBS took the order to start a task nobody asked for here: its threads are told.

        False if they were told before.
        """
        ...

    async def give_up(self, restore_task_id: str, user_id: str, now: datetime) -> bool:
        """Nothing more is to be done about a task; False if that was said before. Its threads are told."""
        ...

    async def look_now(self, restore_task_id: str, now: datetime) -> bool:
        """The task is due at once; False if it is not looked at any more."""
        ...


class Outbox(Protocol):
    """Messages decided and not yet proven posted, and cards that show an old state.

    What concludes a claimed message says whether its owner still held it; if not, nothing is changed.
    """

    async def reclaim(self, due_at: datetime, under_way: Collection[str] = ()) -> None:
        """What this worker was sending may have been posted, but for what it knows to be `under_way`."""
        ...

    async def claim(self, now: datetime, busy: Collection[str] = ()) -> list[Outgoing]:
        """The next message of threads that have one due, some of each channel; new ones are being sent.

        Threads in channels that are `busy` are left alone, and those of which another worker holds a message.
        """
        ...

    async def sent(
        self,
        message: Outgoing,
        ts: str,
        card_digest: str | None = None,
        *,
        sweep_at: datetime | None = None,
    ) -> bool:
        """It is posted; its link works. `sweep_at`: when to look whether it was posted once more."""
        ...

    async def defer(self, message: Outgoing, due_at: datetime) -> bool:
        """Not now: `message` as it is to be claimed again, its attempts and doubt included.

        In doubt it stays with this worker, by whose clock the wait counts.
        """
        ...

    async def park(self, message: Outgoing, reason: str) -> bool:
        """Never: Slack will not have it."""
        ...

    async def next_due_at(self, busy: Collection[str] = ()) -> datetime | None:
        """When the next message or sweep is due that this worker may claim."""
        ...

    async def behind(self, message: Outgoing) -> list[Outgoing]:
        """The messages of its thread that follow it and that nobody has tried to post, in order."""
        ...

    async def fold(self, message: Outgoing, others: Sequence[Outgoing]) -> Outgoing | None:
        """`message`, being sent for the first time, as it carries `others`, which are then no messages.

        None if it is no longer held, may have been posted, or one of them is not new any more.
        """
        ...

    async def claim_sweeps(self, now: datetime, again_at: datetime) -> list[Outgoing]:
        """Posted messages that may stand there twice. Each comes again at `again_at` unless `swept`."""
        ...

    async def swept(self, message: Outgoing) -> None: ...

    async def park_link(self, link: Link, reason: str, retry_at: datetime) -> bool:
        """The bot cannot post there: no message of it is claimed before `retry_at`.

        Whether the person has not been told since the link last worked.
        """
        ...

    async def told(self, link: Link, now: datetime) -> bool:
        """The person is told that the link is parked. False: they were told before."""
        ...

    async def resume_links(self, channel_id: str) -> None:
        """What is parked in this channel is tried at once."""
        ...

    async def repost_card(self, link: Link, now: datetime) -> bool:
        """The card was deleted: it is posted anew, before all that is still to be told.

        False if it was posted anew before, or stands elsewhere by now.
        """
        ...

    async def stale_cards(self, now: datetime, waiting: Collection[int] = ()) -> list[Following]:
        """Cards that no other worker edits; they are this worker's to edit until `card_shown`.

        A few, the longest out of date first; none of links that are parked, or `waiting` by their ids.
        """
        ...

    async def card_shown(self, following: Following, card_digest: str) -> None:
        """The card shows this, whoever edits it: one that is older is edited again. Its link works."""
        ...


@dataclass(frozen=True, slots=True)
class Home:
    """A person's App Home: when they last opened it, and the digest of what it shows, if anything."""

    user_id: str
    opened_at: datetime
    digest: str | None
    language: str


class Homes(Protocol):
    """App Homes that were opened. Each method is one transaction."""

    async def home_opened(self, user_id: str, now: datetime, language: str, *, empty: bool) -> None:
        """It is kept current from now on. `empty`: nothing is shown there, whatever was before."""
        ...

    async def open_homes(self, since: datetime) -> list[Home]:
        """Those opened since then, the last one in front."""
        ...

    async def home_shown(self, user_id: str, digest: str) -> None: ...

    async def forget_home(self, user_id: str) -> None: ...


class History(Protocol):
    """Restores that ended."""

    async def prune(self, before: datetime, most: int) -> int:
        """Forget restores that ended and did not change since, so many at most, in one transaction."""
        ...
