"""The store on SQLite. Each public method is one transaction."""

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from sqlite_utils import Database

from bot.restores.models import (
    Event,
    Following,
    Outgoing,
    PollResult,
    RestoreRequest,
    TrackedTask,
)
from bot.restores.ports import CREATION_OPEN, Beside, SealedPassword
from bot.store.connection import Connection
from bot.store.queries import CLAIMABLE, CURRENT, FOLLOWING, NEXT_DUE
from bot.store.rows import Row, epoch, following, outgoing, request_row, time, tracked

CARD = "card"


class SqliteStore:
    """Implements the ports `RequestStore`, `PasswordStore`, `TaskStore` and `Outbox`."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

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
            if not wanted():
                return None
            known = _request(db, request.nonce)
            if known is not None:
                return known
            if beside is not None and not beside.allowed(asked_since(db, beside.since)):
                return None
            add(db)
            return request

        def asked_since(db: Database, since: datetime) -> list[Following]:
            sql = f"{FOLLOWING} WHERE links.created_at >= ? ORDER BY link_id"
            return [following(row) for row in db.query(sql, [epoch(since)])]

        def add(db: Database) -> None:
            db.table("requests").insert(request_row(request))
            at = epoch(request.created_at)
            link: Row = {
                "channel_id": request.channel_id,
                "nonce": request.nonce,
                "created_at": at,
                "changed_at": at,
            }
            link_id = db.table("links").insert(link).last_pk
            _enqueue(db, int(link_id or 0), None, request.created_at)
            if password is not None:
                _keep(db, request.nonce, password)

        return await self._run(work)

    async def save_request(
        self, request: RestoreRequest, now: datetime, events: Sequence[Event] = ()
    ) -> None:
        def work(db: Database) -> None:
            db.table("requests").update(request.nonce, request_row(request))
            if request.state not in CREATION_OPEN:
                db.execute("DELETE FROM passwords WHERE nonce = ?", [request.nonce])
            if request.restore_task_id:
                _track(db, request, now)
            for link_id in _links(db, "nonce", request.nonce):
                _changed(db, link_id, events, now)

        await self._run(work)

    async def open_requests(self) -> list[RestoreRequest]:
        sql = "SELECT request FROM requests WHERE open ORDER BY due_at"
        rows = await self._run(lambda db: list(db.query(sql)))
        return [RestoreRequest.model_validate_json(row["request"]) for row in rows]

    async def request(self, nonce: str) -> RestoreRequest | None:
        return await self._run(lambda db: _request(db, nonce))

    async def following(self, restore_task_id: str) -> Following | None:
        sql = f"{FOLLOWING} WHERE links.restore_task_id = ? ORDER BY link_id LIMIT 1"
        rows = await self._run(lambda db: list(db.query(sql, [restore_task_id])))
        return following(rows[0]) if rows else None

    async def current(self, since: datetime) -> list[Following]:
        rows = await self._run(lambda db: list(db.query(CURRENT, [epoch(since)])))
        return [following(row) for row in rows]

    # Passwords

    async def password(self, nonce: str) -> SealedPassword | None:
        sql = "SELECT token, expires_at FROM passwords WHERE nonce = ?"
        rows = await self._run(lambda db: list(db.query(sql, [nonce])))
        return next((SealedPassword(row["token"], time(row["expires_at"])) for row in rows), None)

    async def drop_passwords(self, now: datetime, latest: datetime) -> None:
        sql = "DELETE FROM passwords WHERE expires_at <= ? OR expires_at > ?"
        await self._run(lambda db: db.execute(sql, [epoch(now), epoch(latest)]))

    # Tasks

    async def due_tasks(self, now: datetime, horizon: datetime) -> list[TrackedTask]:
        sql = "SELECT * FROM tasks WHERE next_poll_at <= ? OR next_poll_at > ? ORDER BY next_poll_at"
        rows = await self._run(lambda db: list(db.query(sql, [epoch(now), epoch(horizon)])))
        return [tracked(row) for row in rows]

    async def next_poll_at(self) -> datetime | None:
        return await self._earliest("SELECT MIN(next_poll_at) AS at FROM tasks")

    async def save_polls(self, results: Sequence[PollResult], now: datetime) -> None:
        def work(db: Database) -> None:
            for result in results:
                _save_poll(db, result, now)

        await self._run(work)

    # Outbox

    async def reclaim(self, due_at: datetime) -> None:
        sql = "UPDATE outbox SET state = 'uncertain', due_at = ? WHERE state = 'sending'"
        await self._run(lambda db: db.execute(sql, [epoch(due_at)]))

    async def claim(self, now: datetime, busy: Collection[str] = ()) -> list[Outgoing]:
        def work(db: Database) -> list[Row]:
            rows = list(db.query(CLAIMABLE, [epoch(now), json.dumps(list(busy))]))
            fresh = [(row["event_id"],) for row in rows if row["outbox_state"] == "new"]
            db.conn.executemany("UPDATE outbox SET state = 'sending' WHERE event_id = ?", fresh)
            return rows

        return [outgoing(row) for row in await self._run(work)]

    async def sent(self, message: Outgoing, ts: str, card_digest: str | None = None) -> None:
        def work(db: Database) -> None:
            db.execute("UPDATE outbox SET state = 'sent', ts = ? WHERE event_id = ?", [ts, message.event_id])
            if message.event is None:
                link_id = message.following.link.link_id
                db.execute("UPDATE links SET thread_ts = ? WHERE link_id = ?", [ts, link_id])
                _card_shown(db, message.following, card_digest)

        await self._run(work)

    async def defer(self, message: Outgoing, due_at: datetime) -> None:
        sql = "UPDATE outbox SET state = ?, due_at = ?, attempts = ? WHERE event_id = ?"
        state = "uncertain" if message.uncertain else "new"
        values = [state, epoch(due_at), message.attempts, message.event_id]
        await self._run(lambda db: db.execute(sql, values))

    async def park(self, message: Outgoing, reason: str) -> None:
        sql = "UPDATE outbox SET state = 'parked', note = ? WHERE event_id = ?"
        await self._run(lambda db: db.execute(sql, [reason, message.event_id]))

    async def next_due_at(self, busy: Collection[str] = ()) -> datetime | None:
        return await self._earliest(NEXT_DUE, json.dumps(list(busy)))

    async def stale_cards(self) -> list[Following]:
        sql = f"{FOLLOWING} WHERE card_shown < card_version AND thread_ts IS NOT NULL"
        return [following(row) for row in await self._run(lambda db: list(db.query(sql)))]

    async def card_shown(self, following: Following, card_digest: str) -> None:
        await self._run(lambda db: _card_shown(db, following, card_digest))

    async def _earliest(self, sql: str, *values: str) -> datetime | None:
        rows = await self._run(lambda db: list(db.query(sql, values)))
        return None if rows[0]["at"] is None else time(rows[0]["at"])


def _request(db: Database, nonce: str) -> RestoreRequest | None:
    row = next(db.query("SELECT request FROM requests WHERE nonce = ?", [nonce]), None)
    return None if row is None else RestoreRequest.model_validate_json(row["request"])


def _keep(db: Database, nonce: str, password: SealedPassword) -> None:
    row: Row = {"nonce": nonce, "token": password.token, "expires_at": epoch(password.expires_at)}
    db.table("passwords").insert(row)


def _track(db: Database, request: RestoreRequest, now: datetime) -> None:
    """From the moment its id is known a task is polled, and its request's thread follows it."""
    at = epoch(now)
    db.execute(
        "INSERT INTO tasks (restore_task_id, account, region, tracked_since, next_poll_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [request.restore_task_id, request.spec.account, request.spec.region, at, at],
    )
    db.execute(
        "UPDATE links SET restore_task_id = ? WHERE nonce = ?", [request.restore_task_id, request.nonce]
    )


def _save_poll(db: Database, result: PollResult, now: datetime) -> None:
    next_poll_at = None if result.next_poll_at is None else epoch(result.next_poll_at)
    task_id = result.restore_task_id
    db.execute("UPDATE tasks SET next_poll_at = ? WHERE restore_task_id = ?", [next_poll_at, task_id])
    if result.task is None:
        return
    db.execute(
        "UPDATE tasks SET status = ?, snapshot = ? WHERE restore_task_id = ?",
        [result.task.status, result.task.model_dump_json(), task_id],
    )
    for link_id in _links(db, "restore_task_id", task_id):
        _changed(db, link_id, result.events, now)


def _links(db: Database, column: str, value: str) -> list[int]:
    sql = f"SELECT link_id FROM links WHERE {column} = ?"  # noqa: S608 - the column is named in this module
    return [row["link_id"] for row in db.query(sql, [value])]


def _changed(db: Database, link_id: int, events: Iterable[Event], now: datetime) -> None:
    """The card is out of date, and these events are to be told below it."""
    db.execute(
        "UPDATE links SET card_version = card_version + 1, changed_at = ? WHERE link_id = ?",
        [epoch(now), link_id],
    )
    for event in events:
        _enqueue(db, link_id, event, now)


def _enqueue(db: Database, link_id: int, event: Event | None, now: datetime) -> None:
    row: Row = {
        "event_id": uuid.uuid4().hex,
        "link_id": link_id,
        "kind": event.kind.value if event else CARD,
        "event": event.model_dump_json() if event else None,
        "state": "new",
        "due_at": epoch(now),
        "created_at": epoch(now),
    }
    db.table("outbox").insert(row)


def _card_shown(db: Database, following: Following, card_digest: str | None) -> None:
    db.execute(
        "UPDATE links SET card_shown = ?, card_digest = COALESCE(?, card_digest) WHERE link_id = ?",
        [following.version if card_digest else 0, card_digest, following.link.link_id],
    )
