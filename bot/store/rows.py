"""Rows and the values of the domain they stand for."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.restores.models import (
    Event,
    Following,
    Link,
    Outgoing,
    RestoreRequest,
    RestoreTask,
    TrackedTask,
)

Row = dict[str, Any]


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
            parked=None if row["parked"] is None else time(row["parked"]),
            parked_reason=row["parked_reason"],
            told_at=None if row["told_at"] is None else time(row["told_at"]),
            reposted=bool(row["reposted"]),
        ),
        request=None if request is None else RestoreRequest.model_validate_json(request),
        task=_task(row["snapshot"]),
        version=row["card_version"],
        card_digest=row["card_digest"],
        changed_at=time(row["changed_at"]),
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


def _task(snapshot: str | None) -> RestoreTask | None:
    return None if snapshot is None else RestoreTask.model_validate_json(snapshot)


def epoch(time: datetime) -> float:
    return time.timestamp()


def time(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def tracked(row: Row) -> TrackedTask:
    return TrackedTask(
        restore_task_id=row["restore_task_id"],
        owner=row["owner"],
        silent=bool(row["silent"]),
        account=row["account"],
        region=row["region"],
        tracked_since=time(row["tracked_since"]),
        task=_task(row["snapshot"]),
    )
