"""From a draft to the request that is saved, and back to what was wanted. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.restores.models import (
    DuplicateConflict,
    Frozen,
    Location,
    RestoreDraft,
    RestoreObject,
    RestorePoint,
    RestoreRequest,
    RestoreTask,
    Wish,
)
from bot.restores.requirements import LOCATIONS, ROWS, TABLE, Field, Given, Step, given

#: So many names stand for a list of databases.
_NAMED = 5
#: Compared as they are.
_AS_IS = (
    *(row.field for row in TABLE if row.step is Step.WHERE and row.field is not Field.USER_NAME),
    Field.DUPLICATE_CONFLICT,
    Field.CROSS_ALIYUN_ID,
    Field.CROSS_ROLE_NAME,
)
_CONFLICTS = {DuplicateConflict.FAIL: "fail", DuplicateConflict.RENAME: "rename what is restored"}


class Change(Frozen):
    """What is asked for otherwise than before. `was` None: nothing was said of it."""

    label: str
    was: datetime | str | None


def asked(draft: RestoreDraft, now: datetime) -> RestoreRequest:
    """The request a draft asks for; its task's name carries the mark no other has."""
    request = RestoreRequest(
        nonce=draft.nonce,
        spec=draft.spec,
        plan_name=draft.plan.name,
        engine=draft.plan.engine,
        source=draft.plan.source,
        start=draft.start,
        has_password=draft.password is not None,
        credential=draft.credential,
        channel_id=draft.channel_id,
        user_id=draft.user_id,
        language=draft.language,
        size=draft.size,
        created_at=now,
        due_at=now,
    )
    task_name = f"{draft.spec.task_name.strip()} {request.mark}"
    return request.evolve(spec=draft.spec.evolve(task_name=task_name))


def same(saved: RestoreRequest, wanted: RestoreRequest) -> bool:
    """Whether both ask for the same. "Latest" may have become a time since."""
    point = saved.spec.point if wanted.spec.point.latest else wanted.spec.point
    return (
        saved.spec == wanted.spec.evolve(point=point)
        and saved.start == wanted.start
        and saved.credential == wanted.credential
    )


def wish_of(request: RestoreRequest) -> Wish:
    """An earlier request as a wish: all but the password and the mark in the task's name.

    A stored credential brings its account with it. "Latest" that has become a time stays that time.
    """
    spec = request.spec
    target = spec.destination
    values = {field.value: value for field, value in given(spec).items()}
    return Wish.model_validate(
        values
        | {
            "account": spec.account,
            "latest": spec.point.latest,
            "port": None if target.port is None else str(target.port),
            "user_name": None if request.credential else target.user_name,
            "credential": request.credential,
            "task_name": spec.task_name.removesuffix(f" {request.mark}"),
            "start": request.start,
        }
    )


def wish_of_task(task: RestoreTask, account: str | None = None) -> Wish:
    """A restore nobody asked for here as a wish: as much as DBS tells of its task."""
    return Wish(
        plan=task.backup_plan_id or None,
        account=account,
        time=task.restore_time,
        # Of a restore to a time DBS names the set it begins with as well.
        backup_set_id=None if task.restore_time else task.backup_set_id,
        instance_id=task.destination_instance_id,
        region=task.destination_region,
        task_name=task.name or None,
    )


def changes(before: RestoreRequest, now: RestoreDraft) -> tuple[Change, ...]:
    """What a restore that repeats an earlier one asks for otherwise, in the order of the form."""
    found = []
    if (before.spec.account, before.spec.backup_plan_id) != (now.spec.account, now.spec.backup_plan_id):
        found.append(Change(label=ROWS[Field.PLAN].label, was=before.plan_name))
    if _in_seconds(before.spec.point) != _in_seconds(now.spec.point):
        found.append(Change(label=ROWS[Field.TIME].label, was=_point(before.spec.point)))
    old, new = given(before.spec), given(now.spec)
    differing = [each for each in _AS_IS if old[each] != new[each]]
    found += [Change(label=ROWS[each].label, was=_word(old[each])) for each in differing]
    account = before.credential or before.spec.destination.user_name
    if account != (now.credential or now.spec.destination.user_name):
        found.append(Change(label=ROWS[Field.USER_NAME].label, was=account))
    if _renames(before.spec.objects) != _renames(now.spec.objects):
        found.append(Change(label=ROWS[Field.OBJECTS].label, was=_objects(before.spec.objects)))
    name = before.spec.task_name.removesuffix(f" {before.mark}")
    if name != now.spec.task_name.strip():
        found.append(Change(label=ROWS[Field.TASK_NAME].label, was=name))
    if before.start != now.start:
        found.append(Change(label="Start", was="at once" if before.start else "not at once"))
    return tuple(found)


def _in_seconds(point: RestorePoint) -> RestorePoint:
    """As a form holds it."""
    return point.evolve(time=point.time and point.time.replace(microsecond=0))


def _point(point: RestorePoint) -> datetime | str:
    if point.time is not None:
        return point.time
    return f"backup set {point.backup_set_id}" if point.backup_set_id else "the latest"


def _word(value: Given) -> str | None:
    if isinstance(value, Location):
        return LOCATIONS[value]
    if isinstance(value, DuplicateConflict):
        return _CONFLICTS[value]
    return None if value is None else str(value)


def _renames(objects: Sequence[RestoreObject]) -> frozenset[tuple[str | None, ...]]:
    return frozenset(
        (
            each.db_name,
            each.schema_name,
            each.new_db_name or each.db_name,
            each.new_schema_name or each.schema_name,
        )
        for each in objects
    )


def _objects(objects: Sequence[RestoreObject]) -> str:
    named = [
        ".".join(filter(None, (each.db_name, each.schema_name)))
        + (f" → {each.new_db_name}" if each.new_db_name else "")
        for each in objects[:_NAMED]
    ]
    more = [f"{len(objects) - _NAMED} more"] if len(objects) > _NAMED else []
    return ", ".join([*named, *more]) or "everything in the backup"
