"""Restores as people look them up, watch them and decide about them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlite_utils import Database

from bot.restores.models import (
    Event,
    EventKind,
    Following,
    Page,
    RequestState,
    RestoreRequest,
    Told,
    Which,
)
from bot.restores.ports import Watched, Watching
from bot.store.outbox import Messages, changed_link, enqueue, tell_no_more
from bot.store.queries import COUNT, FOLLOWING, NAMED, PAGE
from bot.store.rows import Row, epoch, following, readable, request_row, told
from bot.store.workers import changed

#: States of a request whose task somebody may still order to start.
_STARTABLE = frozenset({RequestState.CREATED, RequestState.START_REFUSED})


class RosterTables(Messages):
    """Implements the port `Roster`."""

    # Looking up

    async def page(self, which: Which, start: int, most: int) -> Page:
        values: Row = {
            "scope": which.scope.value,
            "user_id": which.user_id,
            "plan": which.plan,
            "start": start,
            "most": most,
        }

        def work(db: Database) -> tuple[list[Row], int]:
            return list(db.query(PAGE, values)), next(db.query(COUNT, values))["n"]

        rows, total = await self._run(work)
        return Page(restores=tuple(readable(rows, following, "link_id")[0]), start=start, total=total)

    async def named(self, text: str, most: int = 10) -> tuple[Following, ...]:
        return await self._followings(NAMED, {"text": text, "most": most})

    async def link(self, link_id: int) -> Following | None:
        return await self.thread("links.link_id = ?", [link_id])

    async def link_at(self, channel_id: str, thread_ts: str) -> Following | None:
        return await self.thread("links.channel_id = ? AND links.thread_ts = ?", [channel_id, thread_ts])

    async def link_in(self, channel_id: str, restore_task_id: str) -> Following | None:
        where = "links.channel_id = ? AND links.restore_task_id = ? AND links.closed_at IS NULL"
        return await self.thread(where, [channel_id, restore_task_id])

    async def watched(self, channel_id: str, most: int = 100) -> tuple[Following, ...]:
        sql = (
            f"{FOLLOWING} WHERE links.channel_id = ? AND links.nonce IS NULL AND links.closed_at IS NULL"
            " ORDER BY link_id DESC LIMIT ?"
        )
        return await self._followings(sql, [channel_id, most])

    async def _followings(self, sql: str, values: Sequence[object] | Row) -> tuple[Following, ...]:
        rows = await self._run(lambda db: list(db.query(sql, values)))
        return tuple(readable(rows, following, "link_id")[0])

    async def thread(self, where: str, values: Sequence[object]) -> Following | None:
        return await self._run(lambda db: one(db, where, values))

    async def log(self, link_id: int) -> tuple[Told, ...]:
        sql = "SELECT * FROM outbox WHERE link_id = ? AND event IS NOT NULL ORDER BY sequence"
        rows = await self._run(lambda db: list(db.query(sql, [link_id])))
        return tuple(readable(rows, told, "event_id")[0])

    async def ordered_by(self, restore_task_id: str) -> str | None:
        return await self._run(lambda db: _ordered_by(db, restore_task_id))

    # Watching

    async def watch(self, watching: Watching, now: datetime) -> Watched:
        def work(db: Database) -> tuple[Row, bool]:
            here = [watching.channel_id, watching.task.restore_task_id]
            sql = f"{FOLLOWING} WHERE links.channel_id = ? AND links.restore_task_id = ?"
            known = next(db.query(f"{sql} AND links.closed_at IS NULL", here), None)
            if known is not None:
                return known, False
            _followed(db, watching, now)
            link: Row = {
                "channel_id": watching.channel_id,
                "restore_task_id": watching.task.restore_task_id,
                "user_id": watching.user_id,
                "language": watching.language,
                "created_at": epoch(now),
                "changed_at": epoch(now),
            }
            link_id = int(db.table("links").insert(link).last_pk or 0)
            enqueue(db, link_id, None, now)
            return next(db.query(f"{FOLLOWING} WHERE links.link_id = ?", [link_id])), True

        row, is_new = await self._run(work)
        return Watched(following(row), is_new)

    async def unwatch(self, link_id: int, now: datetime) -> bool:
        def work(db: Database) -> bool:
            close = """
                UPDATE links SET closed_at = ?, changed_at = ?, card_version = card_version + 1
                WHERE link_id = ? AND nonce IS NULL AND closed_at IS NULL
            """
            if not changed(db, close, epoch(now), epoch(now), link_id):
                return False
            tell_no_more(db, link_id)
            # What nobody follows is not polled.
            db.execute(
                """
                UPDATE tasks SET next_poll_at = NULL
                WHERE restore_task_id = (SELECT restore_task_id FROM links WHERE link_id = ?)
                AND NOT EXISTS (
                    SELECT 1 FROM links
                    WHERE links.restore_task_id = tasks.restore_task_id AND closed_at IS NULL
                )
                """,
                [link_id],
            )
            return True

        return await self._run(work)

    # Deciding

    async def order_start(self, nonce: str, user_id: str, now: datetime) -> bool:
        def work(db: Database) -> bool:
            request = request_of(db, nonce)
            if request is None or request.unfinished or request.state not in _STARTABLE:
                return False
            left = "SELECT 1 FROM tasks WHERE restore_task_id = ? AND given_up_by IS NOT NULL"
            if any(db.query(left, [request.restore_task_id])):
                return False
            ordered = request.evolve(
                state=RequestState.CREATED,
                start=True,
                error=None,
                attempts=0,
                due_at=now,
                orders=request.orders + 1,
            )
            db.table("requests").update(nonce, request_row(ordered) | {"owner": None})
            _tell(
                db, nonce, request.restore_task_id, Event(kind=EventKind.START_ORDERED, user_id=user_id), now
            )
            return True

        return await self._run(work)

    async def start_ordered(self, restore_task_id: str, user_id: str, now: datetime) -> bool:
        def work(db: Database) -> bool:
            if _ordered_by(db, restore_task_id) is not None:
                return False
            event = Event(kind=EventKind.START_ORDERED, user_id=user_id)
            _tell(db, None, restore_task_id, event, now)
            return True

        return await self._run(work)

    async def give_up(
        self, restore_task_id: str, user_id: str, now: datetime, *, wanted: Callable[[Following], bool]
    ) -> bool:
        def work(db: Database) -> bool:
            current = one(db, "links.restore_task_id = ?", [restore_task_id])
            if current is None or not wanted(current):
                return False
            sql = "UPDATE tasks SET given_up_by = ?, given_up_at = ? WHERE restore_task_id = ?"
            db.execute(sql, [user_id, epoch(now), restore_task_id])
            _tell(db, None, restore_task_id, Event(kind=EventKind.GIVEN_UP, user_id=user_id), now)
            return True

        return await self._run(work)

    async def look_now(self, restore_task_id: str, now: datetime) -> bool:
        sql = "UPDATE tasks SET next_poll_at = MIN(next_poll_at, ?) WHERE restore_task_id = ?"
        due = f"{sql} AND next_poll_at IS NOT NULL"
        return await self._run(lambda db: changed(db, due, epoch(now), restore_task_id))


def one(db: Database, where: str, values: Sequence[object]) -> Following | None:
    """A restore by its own thread, or else by the first that watches it."""
    sql = f"{FOLLOWING} WHERE {where} ORDER BY links.nonce IS NULL, link_id LIMIT 1"
    row = next(db.query(sql, values), None)
    return None if row is None else following(row)


def request_of(db: Database, nonce: str) -> RestoreRequest | None:
    row = next(db.query("SELECT request FROM requests WHERE nonce = ?", [nonce]), None)
    return None if row is None else request_in(row)


def request_in(row: Row) -> RestoreRequest:
    return RestoreRequest.model_validate_json(row["request"])


def links_of(db: Database, nonce: str | None, restore_task_id: str | None) -> list[int]:
    """The threads that are told of a restore: its own, and those that watch its task."""
    sql = "SELECT link_id FROM links WHERE (nonce = ? OR restore_task_id = ?) AND closed_at IS NULL"
    return [row["link_id"] for row in db.query(sql, [nonce, restore_task_id])]


def _ordered_by(db: Database, restore_task_id: str) -> str | None:
    sql = """
        SELECT outbox.event ->> '$.user_id' AS user_id FROM outbox JOIN links USING (link_id)
        WHERE links.restore_task_id = ? AND outbox.kind = ? ORDER BY outbox.sequence DESC LIMIT 1
    """
    row = next(db.query(sql, [restore_task_id, EventKind.START_ORDERED.value]), None)
    return None if row is None else str(row["user_id"])


def _tell(db: Database, nonce: str | None, restore_task_id: str | None, event: Event, now: datetime) -> None:
    for link_id in links_of(db, nonce, restore_task_id):
        changed_link(db, link_id, [event], now)


def _followed(db: Database, watching: Watching, now: datetime) -> None:
    """A task that is watched is polled, from now on or again, unless it is over."""
    task, at = watching.task, epoch(now)
    due = None if task.ended else at
    row: Row = {
        "restore_task_id": task.restore_task_id,
        "account": watching.account,
        "region": watching.region,
        "backup_plan_id": task.backup_plan_id,
        "size": watching.size,
        "status": task.status,
        "snapshot": task.model_dump_json(),
        "tracked_since": at,
        "next_poll_at": due,
        "ended_at": min(at, epoch(task.finished_at or now)) if task.ended else None,
    }
    known = "SELECT ended_at FROM tasks WHERE restore_task_id = ?"
    found = next(db.query(known, [task.restore_task_id]), None)
    if found is None:
        db.table("tasks").insert(row)
    elif found["ended_at"] is None:
        again = "UPDATE tasks SET next_poll_at = IFNULL(next_poll_at, ?) WHERE restore_task_id = ?"
        db.execute(again, [at, task.restore_task_id])
