"""What can be said of a draft before DBS hears of it: one sentence for each field that is wrong. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime

from bot.restores.clock import written
from bot.restores.models import RestoreDraft, Window
from bot.restores.requirements import Field, Need, need

TIME = "time"
TASK_NAME = "task_name"
TASK_NAME_LENGTH = 100
POINT = "choice"

_INSTANCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,127}")
_ACCOUNT = re.compile(r"\S{1,128}")


def problems(draft: RestoreDraft) -> dict[str, str]:
    """The sentences, keyed by a `Field` value, `POINT`, `TIME` or `TASK_NAME`. Empty: nothing is wrong."""
    found = {**dict(_malformed(draft)), **dict(_missing(draft))}
    if draft.spec.point.latest and not draft.windows:
        found[POINT] = "This plan has no restorable time. Choose a backup set."
    time = draft.spec.point.time
    unknown = draft.more_windows and time is not None and time < draft.windows[0].begin
    if time is not None and not unknown and (sentence := _outside(time, draft.windows)):
        found[TIME] = sentence
    if not draft.spec.task_name.strip():
        found[TASK_NAME] = "Give the task a name."
    elif len(draft.spec.task_name) > TASK_NAME_LENGTH:
        found[TASK_NAME] = f"A task name has at most {TASK_NAME_LENGTH} characters."
    if Field.OBJECTS not in found and (sentence := _clashing(draft)):
        found[Field.OBJECTS] = sentence
    return found


_SENTENCES = {
    Field.REGION: "Choose the region of the target.",
    Field.INSTANCE_ID: "Give the id of the target instance.",
    Field.DATABASE_NAME: "{engine} needs the name of the database to connect to.",
    Field.ORACLE_SID: "Oracle needs the SID of the target instance.",
    Field.USER_NAME: "Give the account to connect to the target with.",
    Field.PASSWORD: "Give the password of that account.",
    Field.OBJECTS: "Name at least one database to restore.",
}


def _missing(draft: RestoreDraft) -> list[tuple[str, str]]:
    spec = draft.spec
    given = {Field.PASSWORD: draft.password, Field.OBJECTS: spec.objects}
    return [
        (field, _SENTENCES.get(field, "Fill in this field.").format(engine=draft.plan.engine))
        for field in Field
        if need(field, spec.destination.location, draft.plan.engine) is Need.REQUIRED
        and not given.get(field, getattr(spec.destination, field, None))
    ]


def _malformed(draft: RestoreDraft) -> list[tuple[str, str]]:
    destination = draft.spec.destination
    rules = (
        (Field.INSTANCE_ID, destination.instance_id, _INSTANCE_ID, "This is not the id of an instance."),
        (
            Field.USER_NAME,
            destination.user_name,
            _ACCOUNT,
            "An account has no blanks, and at most 128 characters.",
        ),
    )
    return [
        (field, sentence) for field, value, rule, sentence in rules if value and not rule.fullmatch(value)
    ]


def _outside(time: datetime, windows: tuple[Window, ...]) -> str | None:
    """Why a time cannot be restored to, with the nearest times that can; None if it can."""
    if any(time in window for window in windows):
        return None
    if not windows:
        return "This plan has no restorable time. Choose a backup set."
    before = max((window.end for window in windows if window.end < time), default=None)
    after = min((window.begin for window in windows if window.begin > time), default=None)
    nearest = " or ".join(written(edge) for edge in (before, after) if edge is not None)
    return f"{written(time)} cannot be restored. Nearest restorable time: {nearest}."


def _clashing(draft: RestoreDraft) -> str | None:
    """Two databases cannot get one name on the target, and one cannot be restored twice."""
    sources = [item.db_name for item in draft.spec.objects]
    targets = [item.new_db_name or item.db_name for item in draft.spec.objects]
    for names, sentence in (
        (sources, "{name} is named twice."),
        (targets, "Two databases would both be called {name} on the target."),
    ):
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            return sentence.format(name=twice)
    unknown = [name for name in sources if draft.plan.databases and name not in draft.plan.databases]
    if unknown:
        return f"Not in this plan: {_listed(unknown)}. It has {_listed(draft.plan.databases)}, one per line."
    return None


def _listed(names: Iterable[str], most: int = 10) -> str:
    quoted = [f"“{name}”" for name in names]
    return ", ".join(quoted[:most]) + (" …" if len(quoted) > most else "")
