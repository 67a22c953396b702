"""What a restore will do, in plain words and as it is sent. Pure."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import SecretStr

from bot.dbs.parameters import plain, restore_task
from bot.restores.asking import Change, asked
from bot.restores.models import (
    Destination,
    DuplicateConflict,
    Location,
    RestoreDraft,
    RestoreObject,
    RestorePoint,
    RestoreRequest,
)
from bot.restores.quick import written
from bot.restores.requirements import ROWS, Field
from bot.slack.forms.point import both, latest
from bot.slack.forms.state import FormState
from bot.slack.message import Block, context, section
from bot.slack.mrkdwn import SECTION_LIMIT, code, escape, time, user, word

MASK = "••••••••"
OBJECTS_SHOWN = 20
#: Of texts longer than that the end is not shown: a view has room for a hundred blocks.
_LONGEST_SHOWN = 45_000
#: Each location as it stands before its address.
_PLACES = {
    Location.RDS: "RDS instance",
    Location.ECS: "the database on ECS instance",
    Location.DDS: "MongoDB instance",
    Location.EXPRESS: "the database on Express Connect, VPN or smart gateway",
    Location.AGENT: "the database at",
    Location.OTHER: "the database at public address",
    Location.DG: "the database behind the Database Gateway",
}
#: What a fenced block adds to its text.
_FENCE = 8


def what_line(state: FormState) -> str:
    """Step one in a line."""
    if state.plan is None:
        return "No plan is chosen."
    return f"*{word(state.plan.name)}* ({word(state.plan.engine)}) as of {_point(state.point, state)}"


def in_words(
    state: FormState, draft: RestoreDraft, user_name: str | None, objects: str | None = None
) -> list[Block]:
    """The whole restore, as one would say it to a colleague. `objects` say why they are not known."""
    spec, target = draft.spec, draft.spec.destination
    place = _target(target, state.labels.get(target.backup_gateway_id or ""))
    lines = [f"Restores {what_line(state)}", f"to {place}{_as(user_name, draft.credential)}."]
    lines.append(f"Databases: {objects or _objects(spec.objects)}.")
    renames = spec.duplicate_conflict is DuplicateConflict.RENAME
    lines.append(
        "If a name exists on the target, what is restored gets another name."
        if renames
        else "If a name exists on the target, the restore fails and changes nothing there."
    )
    lines.append(
        "Starts when its precheck has passed." if draft.start else "Is created and prechecked, *not started*."
    )
    return [section("\n".join(lines))]


def repeated(before: RestoreRequest, changed: Sequence[Change]) -> list[Block]:
    """That this was asked for before, by whom, and what is different now."""
    asked_for = f"what {user(before.user_id)} asked for, {time(before.created_at)}"
    if not changed:
        return [section(f":repeat: *As it was*: the same as {asked_for}.")]
    lines = [f"• {each.label} (was {_was(each.was)})" for each in changed]
    return [section("\n".join([f":pencil2: *Changed* from {asked_for}:", *lines]))]


def _was(value: datetime | str | None) -> str:
    if isinstance(value, datetime):
        return both(value)
    return code(value) if value else "not given"


def as_sent(
    draft: RestoreDraft,
    user_name: str | None,
    password: str | None,
    now: datetime,
    *,
    with_account: bool = False,
) -> list[Block]:
    """The parameters of CreateRestoreTask, and the command that fills the form so again."""
    lines = [f"{name} = {value}" for name, value in parameters(draft, user_name, password, now).items()]
    command = written(draft, with_account=with_account)
    if len(command) <= _LONGEST_SHOWN:
        pasting = context("The same again, to paste into a channel (the password is never part of it):")
        pasted = [pasting, *_fenced(command)]
    else:
        pasted = [context("The command for the same again would be too long to paste.")]
    return [context("Will be sent to DBS as CreateRestoreTask:"), *_fenced("\n".join(lines)), *pasted]


def parameters(
    draft: RestoreDraft, user_name: str | None, password: str | None, now: datetime
) -> dict[str, str]:
    """By DBS's names; `password` is what stands for it, None if there is none.

    The latest time is the one it is now; it is looked up again when the task is created.
    """
    request = asked(draft, now)
    spec = request.spec.evolve(destination=request.spec.destination.evolve(user_name=user_name))
    is_latest = spec.point.latest
    if is_latest:
        spec = spec.evolve(point=RestorePoint(time=latest(draft.windows) or now))
    secret = SecretStr(password) if password else None
    sent = plain(restore_task(spec, password=secret, client_token=request.client_token))
    if is_latest:
        time = ROWS[Field.TIME].parameter
        sent[time] = f"{sent[time]}  (the latest now; looked up again when the task is created)"
    return sent | {"RegionId": spec.region}


def _point(point: RestorePoint, state: FormState) -> str:
    if point.time is not None:
        return both(point.time)
    if point.backup_set_id is not None:
        label = state.labels.get(point.backup_set_id)
        return f"backup set {code(point.backup_set_id)}" + (f" ({word(label)})" if label else "")
    at = latest(state.windows)
    return "the latest restorable time" + (f", now {both(at)}" if at is not None else "")


def _target(target: Destination, gateway: str | None) -> str:
    """`gateway` is its entry in the list, which begins with its name."""
    instance = target.instance_id and code(target.instance_id)
    address = target.ip and code(f"{target.ip}:{target.port}" if target.port else target.ip)
    named = gateway.split(" · ")[0].removeprefix("⚠ ") if gateway else None
    place = [
        f"*{_PLACES[target.location]}*",
        instance,
        address,
        f"port {target.port}" if target.port and not target.ip else "",
        f"in {word(target.region)}" if target.region else "",
    ]
    parts = [
        " ".join(filter(None, place)),
        f"through gateway {code(named or target.backup_gateway_id)}" if target.backup_gateway_id else "",
        f"database {code(target.database_name)}" if target.database_name else "",
        f"SID {code(target.oracle_sid)}" if target.oracle_sid else "",
        f"files to {code(target.restore_dir)}" if target.restore_dir else "",
        f"programs in {code(target.restore_home)}" if target.restore_home else "",
    ]
    return ", ".join(filter(None, parts))


def _as(user_name: str | None, credential: str | None) -> str:
    if credential:
        account = f"{code(user_name)}, " if user_name else ""
        return f", as {account}stored credential {code(credential)}"
    return f", as {code(user_name)}" if user_name else ""


def _objects(objects: tuple[RestoreObject, ...]) -> str:
    if not objects:
        return "everything in the backup"
    shown = [_object(each) for each in objects[:OBJECTS_SHOWN]]
    more = [f"and {len(objects) - OBJECTS_SHOWN} more"] if len(objects) > OBJECTS_SHOWN else []
    return ", ".join([*shown, *more])


def _object(each: RestoreObject) -> str:
    old = ".".join(filter(None, (each.db_name, each.schema_name)))
    new = ".".join(filter(None, (each.new_db_name or each.db_name, each.new_schema_name or each.schema_name)))
    return code(old) if old == new else f"{code(old)} → {code(new)}"


def _fenced(text: str) -> list[Block]:
    """Text to the letter, in as many blocks as it takes."""
    left = len(text) - _LONGEST_SHOWN
    shown = f"{text[:_LONGEST_SHOWN]}… and {left} more characters" if left > 0 else text
    harmless = escape(shown).replace("```", "'''")
    room = SECTION_LIMIT - _FENCE
    pieces = [harmless[start : start + room] for start in range(0, len(harmless), room)]
    return [section(f"```\n{piece}\n```") for piece in pieces]
