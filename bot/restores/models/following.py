"""Following a restore: which thread is told what."""

from datetime import datetime
from enum import StrEnum

from bot.restores.models.backups import DEFAULT_ACCOUNT
from bot.restores.models.base import Frozen
from bot.restores.models.requests import RestoreRequest
from bot.restores.models.tasks import ENGLISH, PrecheckItem, RestoreTask, Stage


class EventKind(StrEnum):
    """What is worth a message in the thread."""

    UNSETTLED = "unsettled"
    CREATED = "created"
    REFUSED = "refused"
    NEVER_SENT = "never_sent"
    ABANDONED = "abandoned"
    START_REFUSED = "start_refused"
    PRECHECK_PASSED = "precheck_passed"
    PRECHECK_FAILED = "precheck_failed"
    STARTED = "started"
    DATA_PROGRESS = "data_progress"
    STAGE_DONE = "stage_done"
    PAUSED = "paused"
    RESUMED = "resumed"
    FAILED = "failed"
    FINISHED = "finished"
    OTHER_STATUS = "other_status"
    UNREPORTED = "unreported"
    REPORTED_AGAIN = "reported_again"
    DBS_SILENT = "dbs_silent"
    DBS_BACK = "dbs_back"
    STALLED = "stalled"
    MOVING_AGAIN = "moving_again"
    START_ORDERED = "start_ordered"
    GIVEN_UP = "given_up"


class Event(Frozen):
    """Something that happened to a restore. `text` is DBS's own words, where there are any.

    `user_id` is who did it, where a person did. `own`: it is the bot's own conclusion, and so are the words.
    """

    kind: EventKind
    stage: Stage | None = None
    percent: int | None = None
    seconds: float | None = None
    text: str | None = None
    own: bool = False
    items: tuple[PrecheckItem, ...] = ()
    user_id: str | None = None


class Told(Frozen):
    """An event of a restore, and when the bot learned of it."""

    at: datetime
    event: Event


class TrackedTask(Frozen):
    """A task the poller follows. `task` is what DBS last said of it, None before the first answer.

    `owner` is the worker that claimed it; `silent`: its thread was told that DBS does not answer. `due_at` is
    when it was to be looked at.
    """

    restore_task_id: str
    owner: str | None = None
    silent: bool = False
    account: str = DEFAULT_ACCOUNT
    region: str
    tracked_since: datetime
    due_at: datetime | None = None
    #: Of the backup that is restored, in bytes.
    size: int | None = None
    task: RestoreTask | None = None


class PollResult(Frozen):
    """What one look at a task changes.

    `task` is the new snapshot (None: nothing new), `next_poll_at` when to look again (None: never), `silent`
    whether its thread is now told that DBS does not answer (None: as before).
    """

    restore_task_id: str
    next_poll_at: datetime | None
    task: RestoreTask | None = None
    events: tuple[Event, ...] = ()
    silent: bool | None = None


class Link(Frozen):
    """Which channel thread follows which restore. `thread_ts` is None until the card is posted.

    `parked` is when it is tried again although Slack said that the bot cannot post there. `reposted`: its
    card was deleted and posted anew.

    `nonce` is that of the request whose own thread this is; a thread without one only watches a task.
    `user_id` is who asked for the restore, or to watch it, `language` (en, cn) theirs. `closed_at`: nothing
    more is told there.
    """

    link_id: int
    channel_id: str
    thread_ts: str | None
    nonce: str | None
    restore_task_id: str | None
    parked: datetime | None = None
    reposted: bool = False
    user_id: str | None = None
    language: str = ENGLISH
    closed_at: datetime | None = None

    @property
    def is_direct(self) -> bool:
        """Whether it is a conversation with one person alone."""
        return self.channel_id.startswith("D")


class Following(Frozen):
    """All that a card shows: the link, the request behind it and the task, as far as they exist.

    `changed_at` is when any of it last changed in the bot's eyes. `version` counts changes; `card_digest` is
    that of the card as last shown. `silent`: DBS does not answer for the task at the moment. `given_up_by` is
    who said that nothing more is to be done about it.
    """

    link: Link
    request: RestoreRequest | None
    task: RestoreTask | None
    version: int
    card_digest: str | None
    changed_at: datetime
    #: Where DBS is asked about it.
    account: str = DEFAULT_ACCOUNT
    region: str = ""
    silent: bool = False
    given_up_by: str | None = None
    given_up_at: datetime | None = None

    @property
    def ended(self) -> bool:
        """Whether its task is over, as far as DBS has said."""
        return self.task is not None and self.task.ended


class Scope(StrEnum):
    """Which restores are listed: what was given up before it ran is not active, it has ended."""

    ACTIVE = "active"
    ENDED = "ended"
    ALL = "all"


class Which(Frozen):
    """Restores to list, the newest first: of a person, and of a plan by its id or a part of its name."""

    scope: Scope
    user_id: str | None = None
    plan: str | None = None


class Page(Frozen):
    """Some of the restores there are, and how many there are in all."""

    restores: tuple[Following, ...]
    start: int
    total: int


class Outgoing(Frozen):
    """A message that is decided and not yet proven posted. `event` is None for the card itself.

    `uncertain`: an earlier attempt may have posted it; look before posting again. `carried` are the events
    folded into this message, told after its own. `owner` is the worker that claimed it; `taken_over`: from
    one that was taken for dead and may yet post it. `ts` is where it stands, once it was posted.
    """

    event_id: str
    following: Following
    event: Event | None
    attempts: int
    created_at: datetime
    uncertain: bool
    carried: tuple[Event, ...] = ()
    owner: str | None = None
    taken_over: bool = False
    ts: str | None = None
