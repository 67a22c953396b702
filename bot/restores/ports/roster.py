"""What the store keeps for people who look restores up and follow them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.restores.models import (
    ENGLISH,
    Following,
    Page,
    RestoreTask,
    Told,
    Which,
)


@dataclass(frozen=True, slots=True)
class Watching:
    """A task as DBS just described it, and who wants to be told of it where. `size` in bytes, where known."""

    task: RestoreTask
    account: str
    region: str
    channel_id: str
    user_id: str
    language: str = ENGLISH
    size: int | None = None


class Watched(NamedTuple):
    """A thread that tells of a task, and whether it does so only from now on."""

    following: Following
    is_new: bool


class Roster(Protocol):
    """Restores as people look them up, watch them and decide about them. Each method is one transaction.

    A restore is told of by its own thread; one that nobody asked for here by the first that watches it.
    """

    async def page(self, which: Which, start: int, most: int) -> Page: ...

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

    async def ordered_by(self, restore_task_id: str) -> str | None:
        """Who ordered the start of a task last, as any thread of it was told."""
        ...

    async def watch(self, watching: Watching, now: datetime) -> Watched:
        """Follow a task in a channel from now on, below a card, unless it is followed there already."""
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

    async def give_up(
        self, restore_task_id: str, user_id: str, now: datetime, *, wanted: Callable[[Following], bool]
    ) -> bool:
        """Nothing more is to be done about a task, if that is `wanted` of it as it is now.

        False if not, or if that was said before. Its threads are told.
        """
        ...

    async def look_now(self, restore_task_id: str, now: datetime) -> bool:
        """The task is due at once; False if it is not looked at any more."""
        ...


@dataclass(frozen=True, slots=True)
class Home:
    """A person's App Home, and the digest of what it shows, if anything."""

    user_id: str
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
