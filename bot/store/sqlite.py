"""The store on SQLite. Each public method is one transaction."""

import asyncio
import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlite_utils import Database

from bot.restores.models import (
    Earlier,
    Event,
    Following,
    PollResult,
    RequestState,
    RestoreRequest,
    TrackedTask,
)
from bot.restores.ports import CREATION_OPEN, Beside, SealedPassword
from bot.restores.possible import taken_up
from bot.restores.progress import diff
from bot.store.homes import OpenedHomes
from bot.store.outbox import changed_link, enqueue
from bot.store.queries import ASKED, CURRENT, DUE_TASKS, ENDED, NEXT_POLL
from bot.store.roster import RosterTables, links_of, request_in, request_of
from bot.store.rows import (
    UNREADABLE_FOR,
    Row,
    earlier,
    epoch,
    following,
    readable,
    request_row,
    seen,
    time,
    tracked,
)
from bot.store.workers import changed

#: Tasks a worker takes at a time: the others leave some for it, and it for them.
TASKS_A_ROUND = 1000


class SqliteStore(RosterTables, OpenedHomes):
    """Implements all ports of the store."""

    # Requests

    async def add_request(
        self,
        request: RestoreRequest,
        *,
        wanted: Callable[[], bool],
        password: SealedPassword | None = None,
        beside: Beside | None = None,
    ) -> RestoreRequest | None:
        def work(db: Database) -> RestoreRequest | None:
            known = request_of(db, request.nonce)
            if known is not None:
                return known
            if not wanted():
                return None
            if beside is not None and not beside.allowed(asked_since(db, beside.since)):
                return None
            add(db)
            return request

        def asked_since(db: Database, since: datetime) -> list[Following]:
            return readable(db.query(ASKED, [epoch(since)]), following, "link_id")[0]

        def add(db: Database) -> None:
            db.table("requests").insert(request_row(request) | {"owner": self._me(db)})
            at = epoch(request.created_at)
            link: Row = {
                "channel_id": request.channel_id,
                "nonce": request.nonce,
                "user_id": request.user_id,
                "language": request.language,
                "created_at": at,
                "changed_at": at,
            }
            link_id = db.table("links").insert(link).last_pk
            enqueue(db, int(link_id or 0), None, request.created_at)
            if password is not None:
                _keep(db, request.nonce, password)

        return await self._run(work)

    async def save_request(
        self, request: RestoreRequest, now: datetime, events: Sequence[Event] = ()
    ) -> bool:
        def work(db: Database) -> bool:
            sql = "SELECT 1 FROM requests WHERE nonce = ? AND IFNULL(owner = ?, ? IS NULL)"
            if not any(db.query(sql, [request.nonce, request.owner, request.owner])):
                return False
            over: Row = {} if request.unfinished else {"owner": None}
            db.table("requests").update(request.nonce, request_row(request) | over)
            if request.state not in CREATION_OPEN:
                db.execute("DELETE FROM passwords WHERE nonce = ?", [request.nonce])
            is_new = bool(request.restore_task_id) and _track(db, request, now)
            for link_id in links_of(db, request.nonce, request.restore_task_id):
                changed_link(db, link_id, () if is_new else events, now)
            if is_new:
                # Who watched the task before knows of it; its request's thread of nothing that came since.
                for event in (*events, *_happened(db, request)):
                    enqueue(db, links_of(db, request.nonce, None)[0], event, now)
            return True

        return await self._run(work)

    async def claim_requests(self, now: datetime) -> list[RestoreRequest]:
        def work(db: Database) -> list[RestoreRequest]:
            me = self._me(db)
            sql = "SELECT nonce, request FROM requests WHERE open AND owner IS NULL"
            free, _ = readable(list(db.query(sql)), request_in, "nonce")
            for request in free:
                _claimed(db, request, me, now)
            return [request.evolve(owner=me) for request in _open(db, me)]

        return await self._run(work)

    async def open_requests(self) -> list[RestoreRequest]:
        return await self._run(lambda db: _open(db, self._me(db)))

    async def request(self, nonce: str) -> RestoreRequest | None:
        return await self._run(lambda db: request_of(db, nonce))

    async def following(self, restore_task_id: str) -> Following | None:
        return await self.thread("links.restore_task_id = ?", [restore_task_id])

    async def current(self, since: datetime) -> list[Following]:
        rows = await self._run(lambda db: list(db.query(CURRENT, [epoch(since)])))
        # There may be very many: neither the database nor anybody else waits until they are read.
        current, _ = await asyncio.to_thread(readable, rows, following, "link_id")
        return current

    # Passwords

    async def password(self, nonce: str) -> SealedPassword | None:
        sql = "SELECT token, expires_at FROM passwords WHERE nonce = ?"
        rows = await self._run(lambda db: list(db.query(sql, [nonce])))
        return next((SealedPassword(row["token"], time(row["expires_at"])) for row in rows), None)

    async def drop_passwords(self, now: datetime, latest: datetime) -> None:
        sql = """
            DELETE FROM passwords WHERE (expires_at <= ? OR expires_at > ?)
            AND nonce IN (SELECT nonce FROM requests WHERE owner IS NULL OR owner = ?)
        """
        await self._run(lambda db: db.execute(sql, [epoch(now), epoch(latest), self._me(db)]))

    # Tasks

    async def due_tasks(
        self, now: datetime, horizon: datetime, busy: Collection[tuple[str, str]] = ()
    ) -> list[TrackedTask]:
        def work(db: Database) -> list[TrackedTask]:
            values: Row = {
                "me": self._me(db),
                "now": epoch(now),
                "horizon": epoch(horizon),
                "busy": _busy(busy),
                "most": TASKS_A_ROUND,
            }
            due = sorted(db.query(DUE_TASKS, values), key=lambda row: row["next_poll_at"])
            tasks, unread = readable(due, tracked, "restore_task_id")
            later = [(epoch(now + UNREADABLE_FOR), row["restore_task_id"]) for row in unread]
            put_off = "UPDATE tasks SET owner = NULL, next_poll_at = ? WHERE restore_task_id = ?"
            db.conn.executemany(put_off, later)
            return tasks

        return await self._run(work)

    async def next_poll_at(self, busy: Collection[tuple[str, str]] = ()) -> datetime | None:
        def work(db: Database) -> float | None:
            at: float | None = next(db.query(NEXT_POLL, {"me": self._me(db), "busy": _busy(busy)}))["at"]
            return at

        at = await self._run(work)
        return None if at is None else time(at)

    async def save_polls(
        self, results: Sequence[PollResult], now: datetime, owner: str | None = None
    ) -> bool:
        def work(db: Database) -> bool:
            held = [_save_poll(db, result, now, owner) for result in results]
            return all(held)

        return await self._run(work)

    async def earlier(self, account: str, backup_plan_id: str, most: int) -> tuple[Earlier, ...]:
        sql = """
            SELECT snapshot FROM tasks WHERE account = ? AND backup_plan_id = ? AND ended_at IS NOT NULL
            ORDER BY ended_at DESC LIMIT ?
        """
        # Not every restore is a lesson: some failed.
        rows = await self._run(lambda db: list(db.query(sql, [account, backup_plan_id, 4 * most])))
        return tuple(found for row in rows if (found := earlier(row)) is not None)[:most]

    # History

    async def prune(self, before: datetime, most: int) -> int:
        def work(db: Database) -> int:
            ended = list(db.query(ENDED, [epoch(before), most]))
            for row in ended:
                _forget(db, row)
            return len(ended)

        return await self._run(work)


def _keep(db: Database, nonce: str, password: SealedPassword) -> None:
    row: Row = {"nonce": nonce, "token": password.token, "expires_at": epoch(password.expires_at)}
    db.table("passwords").insert(row)


def _track(db: Database, request: RestoreRequest, now: datetime) -> bool:
    """From the moment its id is known a task is polled, and its request's thread follows it.

    Whether this is that moment. Somebody may have watched the task before, and not any more.
    """
    at = epoch(now)
    spec = request.spec
    db.execute(
        """
        INSERT INTO tasks
            (restore_task_id, account, region, backup_plan_id, size, tracked_since, next_poll_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET size = COALESCE(size, excluded.size),
            next_poll_at = IIF(ended_at IS NULL, IFNULL(next_poll_at, excluded.next_poll_at), NULL)
        """,
        [request.restore_task_id, spec.account, spec.region, spec.backup_plan_id, request.size, at, at],
    )
    follow = "UPDATE links SET restore_task_id = ? WHERE nonce = ? AND restore_task_id IS NULL"
    return changed(db, follow, request.restore_task_id, request.nonce)


def _happened(db: Database, request: RestoreRequest) -> tuple[Event, ...]:
    """What was seen of its task before anybody knew that it is its own."""
    sql = "SELECT snapshot FROM tasks WHERE restore_task_id = ?"
    task = seen(next(db.query(sql, [request.restore_task_id])))
    return diff(None, task) if task else ()


def _open(db: Database, me: str) -> list[RestoreRequest]:
    sql = "SELECT nonce, request FROM requests WHERE open AND (owner IS NULL OR owner = ?) ORDER BY due_at"
    return readable(db.query(sql, [me]), request_in, "nonce")[0]


def _save_poll(db: Database, result: PollResult, now: datetime, owner: str | None) -> bool:
    """What a look at a task changes, if it is still held; whether it was."""
    next_poll_at = None if result.next_poll_at is None else epoch(result.next_poll_at)
    task_id = result.restore_task_id
    # What nobody follows any more since it was claimed stays that way.
    freed = """
        UPDATE tasks SET next_poll_at = IIF(next_poll_at IS NULL, NULL, ?), owner = NULL,
            silent = COALESCE(?, silent)
        WHERE restore_task_id = ? AND IFNULL(owner = ?, ? IS NULL)
    """
    if not changed(db, freed, next_poll_at, result.silent, task_id, owner, owner):
        return False
    if result.task is not None:
        ended_at = epoch(now) if result.task.ended else None
        db.execute(
            "UPDATE tasks SET status = ?, snapshot = ?, ended_at = ? WHERE restore_task_id = ?",
            [result.task.status, result.task.model_dump_json(), ended_at, task_id],
        )
        if taken_up(result.task):
            again = "UPDATE tasks SET given_up_by = NULL, given_up_at = NULL WHERE restore_task_id = ?"
            db.execute(f"{again} AND given_up_by IS NOT NULL", [task_id])
    if result.task is not None or result.events:
        for link_id in links_of(db, None, task_id):
            changed_link(db, link_id, result.events, now)
    return True


def _forget(db: Database, row: Row) -> None:
    """A thread's link with all that hangs on it."""
    db.execute("DELETE FROM outbox WHERE link_id = ?", [row["link_id"]])
    db.execute("DELETE FROM links WHERE link_id = ?", [row["link_id"]])
    db.execute("DELETE FROM passwords WHERE nonce = ?", [row["nonce"]])
    db.execute("DELETE FROM requests WHERE nonce = ?", [row["nonce"]])
    followed = "SELECT 1 FROM links WHERE links.restore_task_id = tasks.restore_task_id"
    db.execute(
        f"DELETE FROM tasks WHERE restore_task_id = ? AND NOT EXISTS ({followed})",  # noqa: S608 - made of constants alone
        [row["restore_task_id"]],
    )


def _claimed(db: Database, request: RestoreRequest, me: str, now: datetime) -> None:
    """The next owner's clock may be another, and the last call of the one before may be under way."""
    match request.state:
        case RequestState.CREATING:
            request = request.evolve(doubt_at=now)
        case RequestState.CREATED:
            request = request.evolve(made_at=now)
    request = request.evolve(due_at=now)
    db.table("requests").update(request.nonce, request_row(request) | {"owner": me})


def _busy(busy: Collection[tuple[str, str]]) -> str:
    return json.dumps([list(place) for place in busy])
