"""The processes that share a database."""

from datetime import datetime
from typing import Protocol


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
