"""Rows and the values of the domain they stand for."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import structlog
from pydantic import ValidationError

from bot.restores.models import (
    DEFAULT_ACCOUNT,
    Earlier,
    Event,
    Following,
    Link,
    Outgoing,
    RestoreRequest,
    RestoreTask,
    Told,
    TrackedTask,
)
from bot.restores.timeline import lesson

log = structlog.get_logger()

Row = dict[str, Any]
T = TypeVar("T")

#: How long what cannot be read is left alone.
UNREADABLE_FOR = timedelta(minutes=5)


def readable(rows: Iterable[Row], read: Callable[[Row], T], key: str) -> tuple[list[T], list[Row]]:
    """What could be read of rows, and the others: one that another version wrote stops none beside it."""
    found: list[T] = []
    others = []
    for row in rows:
        try:
            found.append(read(row))
        except ValidationError:
            others.append(row)
            _unreadable(key, row[key])
    return found, others


@lru_cache(maxsize=1000)
def _unreadable(key: str, value: object) -> None:
    """Said once for each row."""
    log.warning("left alone: this version cannot read what another one wrote", **{key: value})


def request_row(request: RestoreRequest) -> Row:
    return {
        "nonce": request.nonce,
        "client_token": request.client_token,
        "task_name": request.spec.task_name,
        "state": request.state.value,
        "restore_task_id": request.restore_task_id,
        "open": int(request.unfinished),
        "due_at": epoch(request.due_at),
        "request": request.model_dump_json(),
    }


def following(row: Row) -> Following:
    request = row["request"]
    return Following(
        link=Link(
            link_id=row["link_id"],
            channel_id=row["channel_id"],
            thread_ts=row["thread_ts"],
            nonce=row["nonce"],
            restore_task_id=row["restore_task_id"],
            parked=_time(row["parked"]),
            reposted=bool(row["reposted"]),
            user_id=row["user_id"],
            language=row["language"],
            closed_at=_time(row["closed_at"]),
        ),
        request=None if request is None else RestoreRequest.model_validate_json(request),
        task=seen(row),
        version=row["card_version"],
        card_digest=row["card_digest"],
        changed_at=time(row["changed_at"]),
        account=row["account"] or DEFAULT_ACCOUNT,
        region=row["region"] or "",
        silent=bool(row["dbs_silent"]),
        given_up_by=row["given_up_by"],
        given_up_at=_time(row["given_up_at"]),
    )


def outgoing(row: Row, carried: Sequence[str] = ()) -> Outgoing:
    event = row["event"]
    return Outgoing(
        event_id=row["event_id"],
        following=following(row),
        event=None if event is None else Event.model_validate_json(event),
        carried=tuple(Event.model_validate_json(each) for each in carried),
        attempts=row["attempts"],
        created_at=time(row["decided_at"]),
        uncertain=row["outbox_state"] == "uncertain",
        owner=row["owner"],
        taken_over=bool(row["taken_over"]),
        ts=row["ts"],
    )


def seen(row: Row) -> RestoreTask | None:
    """The task as DBS last told of it."""
    snapshot = row["snapshot"]
    return None if snapshot is None else RestoreTask.model_validate_json(snapshot)


def earlier(row: Row) -> Earlier | None:
    """What an earlier restore tells of later ones, if anything."""
    task = seen(row)
    return lesson(task) if task else None


def told(row: Row) -> Told:
    return Told(at=time(row["created_at"]), event=Event.model_validate_json(row["event"]))


def epoch(time: datetime) -> float:
    return time.timestamp()


def time(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def _time(epoch: float | None) -> datetime | None:
    return None if epoch is None else time(epoch)


def tracked(row: Row) -> TrackedTask:
    return TrackedTask(
        restore_task_id=row["restore_task_id"],
        owner=row["owner"],
        silent=bool(row["silent"]),
        account=row["account"],
        region=row["region"],
        tracked_since=time(row["tracked_since"]),
        size=row["size"],
        due_at=time(row["next_poll_at"]),
        task=seen(row),
    )
