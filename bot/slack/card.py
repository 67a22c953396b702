"""The card: the thread's root message, rendered from the store alone. Pure."""

from bot.restores.models import (
    Destination,
    DuplicateConflict,
    Following,
    RequestState,
    RestoreObject,
    RestorePoint,
    RestoreRequest,
    RestoreStatus,
    RestoreTask,
    Stage,
)
from bot.restores.names import one_line
from bot.slack.message import Block, Message, context, fields, header, section
from bot.slack.mrkdwn import (
    TEXT_LIMIT,
    bar,
    code,
    duration,
    shorten,
    time,
    user,
    verbatim,
    word,
)

STAGE_NAMES = {
    Stage.STRUCTURE_BEFORE: "Structure",
    Stage.FULL_DATA: "Data",
    Stage.STRUCTURE_AFTER: "Indexes",
    Stage.INCREMENTAL: "Logs",
    Stage.PHYSICAL_FULL: "Full backup",
    Stage.PHYSICAL_INCREMENT: "Increments",
    Stage.PHYSICAL_FULL_AND_INCREMENT: "Full + incr.",
    Stage.PHYSICAL: "Backup",
    Stage.DATABASE_ONLINE: "Online",
}

OBJECTS_SHOWN = 10


def card(following: Following) -> Message:
    """What is known of a restore: status, stages, from where to where, who asked, and since when it is so."""
    link = following.link
    return restore_card(
        following.request,
        following.task,
        link.restore_task_id,
        f"unchanged since {time(following.changed_at)}",
    )


def card_digest(following: Following) -> str:
    """Equal for cards that say the same, since whenever."""
    return restore_card(following.request, following.task, following.link.restore_task_id, "").digest


def restore_card(
    request: RestoreRequest | None, task: RestoreTask | None, restore_task_id: str | None, when: str
) -> Message:
    """A card for a request, a task or both; `when` says how fresh it is."""
    title = _title(request, task, restore_task_id)
    status = _status(request, task)
    blocks: list[Block] = [header(one_line(title)), section(status)]
    if task and task.stages:
        blocks.append(section(_bars(task)))
    facts = _facts(request) if request else _bare_facts(task)
    if facts:
        blocks.append(fields(facts))
    blocks.append(context(_footer(request, restore_task_id, when)))
    return Message(text=shorten(f"{word(title)}: {status}", TEXT_LIMIT), blocks=tuple(blocks))


def _status(request: RestoreRequest | None, task: RestoreTask | None) -> str:
    """The status in one or two lines, as DBS gave it."""
    if task is None:
        return _before_dbs_spoke(request)
    if not (task.status or task.reported):
        return f"{_before_dbs_spoke(request)}\n:grey_question: DBS does not list this task."
    line = _task_line(task, request)
    if request and request.state is RequestState.CREATED and request.start and request.error:
        line += (
            f"\n:hourglass_flowing_sand: DBS has not taken the order to start yet\n{verbatim(request.error)}"
        )
    if not task.reported:
        line += "\n:grey_question: DBS no longer lists this task; this is what it last said."
    return line


def _before_dbs_spoke(request: RestoreRequest | None) -> str:
    if request is None:
        return ":hourglass_flowing_sand: *No status from DBS yet*"
    match request.state:
        case RequestState.REFUSED:
            return f":no_entry: *Refused*, no task was created\n{verbatim(request.error or '')}"
        case RequestState.ABANDONED:
            return ":no_entry: *No task was created.* Please submit the restore again."
        case RequestState.CREATED | RequestState.STARTED | RequestState.START_REFUSED:
            return ":hourglass_flowing_sand: *Created*, no status from DBS yet"
        case _ if request.doubt_told:
            return ":grey_question: *Unknown whether DBS created the task.* It will not be created twice."
        case _ if request.error:
            waiting = ":hourglass_flowing_sand: *DBS has not taken this yet*, trying again"
            return f"{waiting}\n{verbatim(request.error)}"
        case _:
            return ":hourglass_flowing_sand: *Creating the restore task*"


def _task_line(task: RestoreTask, request: RestoreRequest | None) -> str:
    match task.state:
        case RestoreStatus.INIT if task.precheck_failed:
            return ":x: *Precheck failed*, nothing was restored"
        case RestoreStatus.INIT:
            return ":hourglass_flowing_sand: *Precheck not finished*"
        case RestoreStatus.CHECK_PASS if request and not _starts(request):
            return ":white_circle: *Precheck passed, not started.* Start it in the DBS console."
        case RestoreStatus.CHECK_PASS:
            return ":large_blue_circle: *Precheck passed*"
        case RestoreStatus.RUNNING:
            return ":large_blue_circle: *Running*"
        case RestoreStatus.PAUSE:
            return ":double_vertical_bar: *Paused*"
        case RestoreStatus.STOP:
            words = verbatim(task.error_message) if task.error_message else "DBS gave no reason."
            return f":red_circle: *Failed*\n{words}"
        case RestoreStatus.SUCCEEDED:
            took = f" in {duration(task.took)}" if task.took is not None else ""
            return f":white_check_mark: *Finished*{took}"
        case _:
            return f":grey_question: DBS says {code(task.status)}"


def _starts(request: RestoreRequest) -> bool:
    return request.start and request.state is not RequestState.START_REFUSED


def _title(request: RestoreRequest | None, task: RestoreTask | None, restore_task_id: str | None) -> str:
    if request:
        destination = request.spec.destination
        gateway = destination.backup_gateway_id
        return f"{request.plan_name} → {_address(destination)}" + (
            f" through gateway {gateway}" if gateway else ""
        )
    return (task.name if task else "") or restore_task_id or "Restore"


def _address(destination: Destination) -> str:
    """The instance, else where it listens."""
    port = f":{destination.port}" if destination.port else ""
    return destination.instance_id or f"{destination.ip or ''}{port}"


def _bars(task: RestoreTask) -> str:
    width = max(len(STAGE_NAMES[stage]) for stage in task.stages)
    lines = [
        f"{STAGE_NAMES[stage]:<{width}}  {bar(task.stages[stage])} {task.stages[stage]:>3} %"
        for stage in Stage
        if stage in task.stages
    ]
    return "```" + "\n".join(lines) + "```"


def _facts(request: RestoreRequest) -> list[str]:
    destination = request.spec.destination
    source = f"*From*\n{code(request.plan_name)} ({word(request.engine)})"
    if request.source:
        source += f"\n{code(request.source)}"
    target = f"*To*\n{code(_address(destination))}"
    if destination.region:
        target += f" in {word(destination.region)}"
    for label, value in (
        ("through gateway", destination.backup_gateway_id),
        ("database", destination.database_name),
        ("SID", destination.oracle_sid),
        ("as", destination.user_name),
    ):
        if value:
            target += f"\n{label} {code(value)}"
    return [
        source,
        target,
        f"*Back to*\n{_point(request.spec.point)}",
        f"*Databases*\n{_objects(request.spec.objects)}{_conflict(request.spec.duplicate_conflict)}",
        f"*Asked by*\n{user(request.user_id)}",
        f"*Requested*\n{time(request.created_at)}",
    ]


def _bare_facts(task: RestoreTask | None) -> list[str]:
    """What DBS itself tells of a task that nobody asked for here."""
    facts = {
        "Backup plan": task and task.backup_plan_id,
        "To": task and task.destination_instance_id,
        "Region": task and task.destination_region,
    }
    return [f"*{name}*\n{code(value)}" for name, value in facts.items() if value]


def _point(point: RestorePoint) -> str:
    if point.time is not None:
        return time(point.time)
    if point.backup_set_id is not None:
        return f"backup set {code(point.backup_set_id)}"
    return "the latest restorable time"


def _objects(objects: tuple[RestoreObject, ...]) -> str:
    lines = [
        code(item.db_name) + (f" → {code(item.new_db_name)}" if item.new_db_name else "")
        for item in objects[:OBJECTS_SHOWN]
    ]
    if len(objects) > OBJECTS_SHOWN:
        lines.append(f"and {len(objects) - OBJECTS_SHOWN} more")
    return shorten("\n".join(lines), 1900) or "all"


def _conflict(policy: DuplicateConflict) -> str:
    return "\nrenamed if the name exists" if policy is DuplicateConflict.RENAME else ""


def _footer(request: RestoreRequest | None, restore_task_id: str | None, when: str) -> str:
    task = f"Task {code(restore_task_id)}" if restore_task_id else None
    name = code(request.spec.task_name) if request else None
    return " · ".join(filter(None, (task, name, when)))
