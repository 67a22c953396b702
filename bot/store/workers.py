"""The workers that share the database, and what becomes of what one of them held.

Whatever a worker claims carries its id as owner. Only an id that stands in `workers` claims anything, so
nothing is ever held by a worker that nobody watches.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.store.connection import Connection
from bot.store.rows import epoch


class Workers:
    """Implements the port `WorkerStore`."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._id = ""

    async def beat(self) -> tuple[str, dict[str, int]]:
        def work(db: Database) -> tuple[str, dict[str, int]]:
            me = self._me(db)
            db.execute("UPDATE workers SET beat = beat + 1 WHERE worker_id = ?", [me])
            others = db.query("SELECT worker_id, beat FROM workers WHERE worker_id <> ?", [me])
            return me, {row["worker_id"]: row["beat"] for row in others}

        return await self._run(work)

    async def bury(self, worker_id: str, beat: int, due_at: datetime) -> bool:
        def work(db: Database) -> bool:
            me = self._me(db)
            dead = changed(db, "DELETE FROM workers WHERE worker_id = ? AND beat = ?", worker_id, beat)
            if dead:
                _release(db, worker_id, heir=me, due_at=due_at)
            return dead

        return await self._run(work)

    async def leave(self, due_at: datetime) -> None:
        def work(db: Database) -> None:
            db.execute("DELETE FROM workers WHERE worker_id = ?", [self._id])
            _release(db, self._id, heir=None, due_at=due_at)

        await self._run(work)

    def _me(self, db: Database) -> str:
        """The id of this worker: a new one when it was taken for dead, to whom nothing in flight belongs."""
        if not any(db.query("SELECT 1 FROM workers WHERE worker_id = ?", [self._id])):
            self._id = uuid.uuid4().hex
            db.execute("INSERT INTO workers (worker_id) VALUES (?)", [self._id])
        return self._id


def changed(db: Database, sql: str, *values: Any) -> bool:
    """Whether the statement changed a row."""
    return bool(db.execute(sql, values).rowcount)


def _release(db: Database, worker_id: str, *, heir: str | None, due_at: datetime) -> None:
    """What it was sending may have arrived, or may yet. The heir waits for that by its own clock."""
    db.execute(
        """
        UPDATE outbox SET state = 'uncertain', owner = ?, due_at = ?, taken_over = 1
        WHERE owner = ? AND state IN ('sending', 'uncertain')
        """,
        [heir, epoch(due_at), worker_id],
    )
    db.execute("UPDATE requests SET owner = NULL WHERE owner = ?", [worker_id])
    db.execute("UPDATE tasks SET owner = NULL WHERE owner = ?", [worker_id])
    db.execute("UPDATE links SET editor = NULL WHERE editor = ?", [worker_id])
