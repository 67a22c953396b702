"""Messages to be posted and cards to be edited."""

import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlite_utils import Database

from bot.restores.models import Event, Following, Link, Outgoing
from bot.restores.ports import FARTHEST
from bot.store.migrations import PENDING
from bot.store.queries import BEHIND, CARRIED, CLAIMABLE, NEXT_DUE, STALE, SWEEPABLE
from bot.store.rows import UNREADABLE_FOR, Row, epoch, following, outgoing, readable, time
from bot.store.workers import Workers, changed

CARD = "card"

#: Messages of one channel that are claimed together.
MESSAGES_A_CHANNEL = 10

#: What a guarded write asks for: the message is still with the worker that claimed it.
_HELD = "event_id = ? AND owner = ? AND state IN ('sending', 'uncertain')"


class Messages(Workers):
    """Implements the port `Outbox`."""

    async def reclaim(self, due_at: datetime, under_way: Collection[str] = ()) -> None:
        sql = f"""
            UPDATE outbox SET state = 'uncertain', due_at = ?
            WHERE {PENDING} AND state = 'sending' AND owner = ? AND event_id NOT IN {_LISTED}
        """  # noqa: S608 - made of constants alone
        await self._run(lambda db: db.execute(sql, [epoch(due_at), self._me(db), _json(under_way)]))

    async def claim(self, now: datetime, busy: Collection[str] = ()) -> list[Outgoing]:
        def work(db: Database) -> list[Outgoing]:
            me = self._me(db)
            due = _due(now)
            # Parked by a clock that was ahead: not for longer than what is deferred now.
            db.execute("UPDATE links SET parked = 0 WHERE parked > ?", [due["farthest"]])
            limits = {"busy": _json(busy), "most": MESSAGES_A_CHANNEL}
            rows = list(db.query(CLAIMABLE, {**due, "me": me, **limits}))
            carried = _carried(db, [row["event_id"] for row in rows])

            def read(row: Row) -> Outgoing:
                return outgoing({**row, "owner": me}, carried.get(row["event_id"], ()))

            messages, unread = readable(rows, read, "event_id")
            take = (
                "UPDATE outbox SET owner = ?, state = IIF(state = 'new', 'sending', state) WHERE event_id = ?"
            )
            db.conn.executemany(take, [(me, message.event_id) for message in messages])
            later = [(epoch(now + UNREADABLE_FOR), row["event_id"]) for row in unread]
            db.conn.executemany("UPDATE outbox SET due_at = ? WHERE event_id = ?", later)
            return messages

        return await self._run(work)

    async def sent(
        self,
        message: Outgoing,
        ts: str,
        card_digest: str | None = None,
        *,
        sweep_at: datetime | None = None,
    ) -> bool:
        def work(db: Database) -> bool:
            sql = f"UPDATE outbox SET state = 'sent', owner = NULL, ts = ?, sweep_at = ? WHERE {_HELD}"  # noqa: S608 - made of constants alone
            sweep = None if sweep_at is None else epoch(sweep_at)
            if not changed(db, sql, ts, sweep, message.event_id, message.owner):
                return False
            _works(db, message.following)
            if message.event is None:
                link_id = message.following.link.link_id
                db.execute("UPDATE links SET thread_ts = ? WHERE link_id = ?", [ts, link_id])
                _card_shown(db, message.following, ts, card_digest)
            return True

        return await self._run(work)

    async def defer(self, message: Outgoing, due_at: datetime) -> bool:
        sql = f"UPDATE outbox SET state = ?, owner = ?, due_at = ?, attempts = ? WHERE {_HELD}"  # noqa: S608 - made of constants alone
        state, owner = ("uncertain", message.owner) if message.uncertain else ("new", None)
        values = [state, owner, epoch(due_at), message.attempts, message.event_id, message.owner]

        def work(db: Database) -> bool:
            held = changed(db, sql, *values)
            link_id = message.following.link.link_id
            if any(db.query("SELECT 1 FROM links WHERE link_id = ? AND closed_at IS NOT NULL", [link_id])):
                tell_no_more(db, link_id)
            return held

        return await self._run(work)

    async def park(self, message: Outgoing, reason: str) -> bool:
        sql = f"UPDATE outbox SET state = 'parked', owner = NULL, note = ? WHERE {_HELD}"  # noqa: S608 - made of constants alone
        return await self._run(lambda db: changed(db, sql, reason, message.event_id, message.owner))

    async def next_due_at(self, busy: Collection[str] = ()) -> datetime | None:
        def work(db: Database) -> float | None:
            row = next(db.query(NEXT_DUE, {"me": self._me(db), "busy": _json(busy)}))
            at: float | None = row["at"]
            return at

        at = await self._run(work)
        return None if at is None else time(at)

    # Folding

    async def behind(self, message: Outgoing) -> list[Outgoing]:
        values = {"link_id": message.following.link.link_id, "event_id": message.event_id}
        rows = await self._run(lambda db: list(db.query(BEHIND, values)))
        others, unread = readable(rows, outgoing, "event_id")
        # Nothing is told before what came ahead of it.
        return others if not unread else others[: rows.index(unread[0])]

    async def fold(self, message: Outgoing, others: Sequence[Outgoing]) -> Outgoing | None:
        def work(db: Database) -> Outgoing | None:
            held = f"SELECT 1 FROM outbox WHERE {_HELD} AND state = 'sending'"  # noqa: S608 - made of constants alone
            ids = [other.event_id for other in others]
            new = f"SELECT COUNT(*) AS n FROM outbox WHERE state = 'new' AND event_id IN {_LISTED}"  # noqa: S608 - made of constants alone
            if not any(db.query(held, [message.event_id, message.owner])):
                return None
            if next(db.query(new, [_json(ids)]))["n"] != len(ids):
                return None
            fold = "UPDATE outbox SET state = 'folded', folded_into = ? WHERE"
            db.execute(f"{fold} event_id IN {_LISTED}", [message.event_id, _json(ids)])
            db.execute(f"{fold} folded_into IN {_LISTED}", [message.event_id, _json(ids)])
            carried = _carried(db, [message.event_id])[message.event_id]
            return message.evolve(carried=tuple(Event.model_validate_json(each) for each in carried))

        return await self._run(work) if others else message

    # Sweeps

    async def claim_sweeps(self, now: datetime, again_at: datetime) -> list[Outgoing]:
        def work(db: Database) -> list[Row]:
            rows = list(db.query(SWEEPABLE, _due(now)))
            later = [(epoch(again_at), row["event_id"]) for row in rows]
            db.conn.executemany("UPDATE outbox SET sweep_at = ? WHERE event_id = ?", later)
            return rows

        return readable(await self._run(work), outgoing, "event_id")[0]

    async def swept(self, message: Outgoing) -> None:
        sql = "UPDATE outbox SET sweep_at = NULL WHERE event_id = ?"
        await self._run(lambda db: db.execute(sql, [message.event_id]))

    # Links

    async def park_link(self, link: Link, reason: str, retry_at: datetime) -> bool:
        def work(db: Database) -> bool:
            db.execute(
                "UPDATE links SET parked = ?, parked_reason = ? WHERE link_id = ?",
                [epoch(retry_at), reason, link.link_id],
            )
            return any(db.query("SELECT 1 FROM links WHERE link_id = ? AND told_at IS NULL", [link.link_id]))

        return await self._run(work)

    async def told(self, link: Link, now: datetime) -> bool:
        sql = "UPDATE links SET told_at = ? WHERE link_id = ? AND told_at IS NULL"
        return await self._run(lambda db: changed(db, sql, epoch(now), link.link_id))

    async def resume_links(self, channel_id: str) -> None:
        sql = "UPDATE links SET parked = 0 WHERE channel_id = ? AND parked IS NOT NULL"
        await self._run(lambda db: db.execute(sql, [channel_id]))

    async def repost_card(self, link: Link, now: datetime) -> bool:
        """Its row is used again, which comes before all others of the thread."""

        def work(db: Database) -> bool:
            gone = "UPDATE links SET thread_ts = NULL, reposted = 1, card_shown = 0, card_digest = NULL"
            once = f"{gone} WHERE link_id = ? AND thread_ts = ? AND NOT reposted AND closed_at IS NULL"
            if not changed(db, once, link.link_id, link.thread_ts):
                return False
            db.execute(
                """
                UPDATE outbox SET event_id = ?, state = 'new', due_at = 0, created_at = ?, attempts = 0,
                    ts = NULL, owner = NULL, taken_over = 0, sweep_at = NULL
                WHERE link_id = ? AND event IS NULL
                """,
                [uuid.uuid4().hex, epoch(now), link.link_id],
            )
            return True

        return await self._run(work)

    async def stale_cards(
        self, now: datetime, waiting: Collection[int] = (), edited: Collection[int] = (), *, most: int
    ) -> list[Following]:
        turns = json.dumps({link_id: turn for turn, link_id in enumerate(edited)})
        limits = {"waiting": _json(waiting), "turns": turns, "most": most}

        def work(db: Database) -> list[Following]:
            me = self._me(db)
            rows = list(db.query(STALE, {**_due(now), "me": me, **limits}))
            cards, unread = readable(rows, following, "link_id")
            take = "UPDATE links SET editor = ? WHERE link_id = ?"
            db.conn.executemany(take, [(me, card.link.link_id) for card in cards])
            # As it is until something new comes.
            leave = "UPDATE links SET card_shown = card_version WHERE link_id = ?"
            db.conn.executemany(leave, [(row["link_id"],) for row in unread])
            return cards

        return await self._run(work)

    async def card_shown(self, following: Following, card_digest: str) -> None:
        def work(db: Database) -> None:
            _works(db, following)
            _card_shown(db, following, following.link.thread_ts, card_digest)

        await self._run(work)


_LISTED = "(SELECT value FROM json_each(?))"


def changed_link(db: Database, link_id: int, events: Iterable[Event], now: datetime) -> None:
    """The card is out of date, and these events are to be told below it."""
    db.execute(
        "UPDATE links SET card_version = card_version + 1, changed_at = ? WHERE link_id = ?",
        [epoch(now), link_id],
    )
    for event in events:
        enqueue(db, link_id, event, now)


def enqueue(db: Database, link_id: int, event: Event | None, now: datetime) -> None:
    """A message that is due at once, whatever the clock of who will post it says."""
    row: Row = {
        "event_id": uuid.uuid4().hex,
        "link_id": link_id,
        "kind": event.kind.value if event else CARD,
        "event": event.model_dump_json() if event else None,
        "state": "new",
        "due_at": 0,
        "created_at": epoch(now),
    }
    db.table("outbox").insert(row)


def tell_no_more(db: Database, link_id: int) -> None:
    """What nobody has tried to post, or Slack surely did not take, is not told."""
    untold = "UPDATE outbox SET state = 'parked', note = 'unwatched' WHERE link_id = ? AND state = 'new'"
    db.execute(untold, [link_id])


def _carried(db: Database, event_ids: Sequence[str]) -> dict[str, list[str]]:
    carried: dict[str, list[str]] = {}
    for row in db.query(CARRIED, [_json(event_ids)]):
        carried.setdefault(row["folded_into"], []).append(row["event"])
    return carried


def _works(db: Database, following: Following) -> None:
    """The bot reached the thread: its link is not parked."""
    db.execute(
        "UPDATE links SET parked = NULL, parked_reason = NULL, told_at = NULL"
        " WHERE link_id = ? AND parked IS NOT NULL",
        [following.link.link_id],
    )


def _card_shown(db: Database, following: Following, ts: str | None, card_digest: str | None) -> None:
    """The card that stands at `ts`, unless another took its place since."""
    db.execute(
        "UPDATE links SET card_shown = ?, card_digest = COALESCE(?, card_digest), editor = NULL"
        " WHERE link_id = ? AND thread_ts = ?",
        [following.version if card_digest else 0, card_digest, following.link.link_id, ts],
    )


def _due(now: datetime) -> Row:
    return {"now": epoch(now), "farthest": epoch(now + FARTHEST)}


def _json(values: Collection[str] | Collection[int]) -> str:
    return json.dumps(list(values))
