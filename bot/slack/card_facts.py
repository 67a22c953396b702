"""From where to where, back to when, for whom: the facts of a restore, as its card tells them. Pure."""

from datetime import datetime, timedelta

from bot.restores.models import (
    Destination,
    DuplicateConflict,
    Following,
    RestoreObject,
    RestoreRequest,
    RestoreTask,
)
from bot.restores.names import cut, one_line
from bot.restores.pace import WAITING_FACTOR, rests
from bot.slack.mrkdwn import begun, code, duration, time, user, word

OBJECTS_SHOWN = 10
_LONGEST_NAME = 200
_FIELD_LIMIT = 1000
_OBJECTS_LIMIT = 800


def card_title(following: Following) -> str:
    """What a restore is called everywhere: `orders-prod → rm-target`, as plain text on one line.

    A task nobody asked for here has its own name, else that of its plan, else its id.
    """
    request, task = following.request, following.task
    if request:
        gateway = request.spec.destination.backup_gateway_id
        through = f" through gateway {gateway}" if gateway else ""
        return f"{request.plan_name} → {target_name(following)}{through}"
    own, plan = (one_line(task.name), one_line(task.plan_name)) if task else ("", "")
    there = target_name(following)
    of_plan = f"{plan} → {there}" if plan and there else plan
    return own or of_plan or following.link.restore_task_id or "Restore"


def target_name(following: Following) -> str:
    """The instance that is restored to, else where it listens; empty where that is not known."""
    if following.request:
        return _address(following.request.spec.destination)
    return one_line((following.task and following.task.destination_instance_id) or "")


def card_facts(following: Following) -> list[str]:
    """Fields, each a heading with what stands below it."""
    request, task = following.request, following.task
    facts = _asked(request, task) if request else _unasked(task)
    return [begun(fact, _FIELD_LIMIT) for fact in [*facts, *_people(following)]]


def footer(following: Following, when: str) -> str:
    task_id, request = following.link.restore_task_id, following.request
    parts = (
        when,
        f"task {code(cut(task_id, _LONGEST_NAME))}" if task_id else None,
        code(cut(request.spec.task_name, _LONGEST_NAME)) if request else None,
    )
    return " · ".join(filter(None, parts))


def freshness(following: Following, every: timedelta | None) -> str:
    """When it was so, and how often that is looked at."""
    task, at = following.task, time(following.changed_at)
    if task is None:
        return f"As of {at}"
    if task.ended or following.silent or every is None or following.link.closed_at:
        return f"Checked {at}"
    if not rests(task):
        return f"Checked {at}, then every {duration(every)}"
    return f"Checked {at}, then every {duration(every * WAITING_FACTOR)}, after an hour every 5 min"


def _asked(request: RestoreRequest, task: RestoreTask | None) -> list[str]:
    source = f"*From*\n{_name(request.plan_name)} ({word(cut(request.engine, _LONGEST_NAME))})"
    if request.source:
        source += f"\n{_name(request.source)}"
    objects = _objects(request.spec.objects)
    if request.spec.duplicate_conflict is DuplicateConflict.RENAME:
        objects += "\nrenamed if the name exists"
    point = request.spec.point
    resolved = task.restore_time if point.latest and task else None
    return [
        source,
        f"*To*\n{_target(request.spec.destination)}",
        f"*Back to*\n{_point(point.time or resolved, point.backup_set_id)}",
        f"*Databases*\n{objects}",
    ]


def _unasked(task: RestoreTask | None) -> list[str]:
    """What DBS itself tells of a task that nobody asked for here."""
    if task is None:
        return []
    plan = task.plan_name or task.backup_plan_id
    facts = {
        "Backup plan": plan and _name(plan),
        "To": _there(task),
        "Back to": _point(task.restore_time, task.backup_set_id) if _has_point(task) else "",
        "Created": task.created_at and time(task.created_at),
    }
    return [f"*{heading}*\n{value}" for heading, value in facts.items() if value]


def _has_point(task: RestoreTask) -> bool:
    return task.restore_time is not None or task.backup_set_id is not None


def _there(task: RestoreTask) -> str:
    where = f" in {word(cut(task.destination_region, _LONGEST_NAME))}" if task.destination_region else ""
    return f"{_name(task.destination_instance_id)}{where}" if task.destination_instance_id else ""


def _people(following: Following) -> list[str]:
    link, request = following.link, following.request
    people = [f"*Asked by*\n{user(request.user_id)}\n{time(request.created_at)}"] if request else []
    if link.nonce is None and link.user_id:
        people.append(f"*Watched here by*\n{user(link.user_id)}")
    return people


def _target(destination: Destination) -> str:
    target = _name(_address(destination))
    if destination.region:
        target += f" in {word(cut(destination.region, _LONGEST_NAME))}"
    for label, value in (
        ("through gateway", destination.backup_gateway_id),
        ("database", destination.database_name),
        ("SID", destination.oracle_sid),
        ("as", destination.user_name),
    ):
        if value:
            target += f"\n{label} {_name(value)}"
    return target


def _address(destination: Destination) -> str:
    """The instance, else where it listens."""
    port = f":{destination.port}" if destination.port else ""
    return destination.instance_id or f"{destination.ip or ''}{port}"


def _point(at: datetime | None, backup_set_id: str | None) -> str:
    if backup_set_id is not None:
        return f"backup set {_name(backup_set_id)}" + (f", {time(at)}" if at else "")
    return time(at) if at is not None else "the latest restorable time"


def _objects(objects: tuple[RestoreObject, ...]) -> str:
    lines = [
        _name(item.db_name) + (f" → {_name(item.new_db_name)}" if item.new_db_name else "")
        for item in objects[:OBJECTS_SHOWN]
    ]
    while len("\n".join(lines)) > _OBJECTS_LIMIT:
        lines.pop()
    if len(objects) > len(lines):
        lines.append(f"and {len(objects) - len(lines)} more" if lines else f"{len(objects)} databases")
    return "\n".join(lines) or "all"


def _name(name: str) -> str:
    return code(cut(name, _LONGEST_NAME))
