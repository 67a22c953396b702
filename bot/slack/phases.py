"""How far a restore is, for all that shows it. Pure."""

from enum import Enum, auto

from bot.restores.models import Following, RequestState, RestoreRequest, RestoreStatus, RestoreTask, Stage
from bot.restores.progress import DONE

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


class Phase(Enum):
    CREATING = auto()  # DBS has not said yet that there is a task
    REFUSED = auto()  # there is no task: DBS said no
    ABANDONED = auto()  # there is no task: the password is gone
    CREATED = auto()  # there is a task, of which DBS has said nothing yet
    PRECHECK = auto()
    PRECHECK_FAILED = auto()
    PASSED = auto()  # the precheck; it starts by itself
    WAITING = auto()  # for somebody to start it
    RUNNING = auto()
    PAUSED = auto()
    FAILED = auto()
    FINISHED = auto()
    OTHER = auto()  # in a status no page documents


_OF_STATUS = {
    RestoreStatus.INIT: Phase.PRECHECK,
    RestoreStatus.RUNNING: Phase.RUNNING,
    RestoreStatus.PAUSE: Phase.PAUSED,
    RestoreStatus.STOP: Phase.FAILED,
    RestoreStatus.SUCCEEDED: Phase.FINISHED,
    RestoreStatus.OTHER: Phase.OTHER,
}
_OF_REQUEST = {
    RequestState.REFUSED: Phase.REFUSED,
    RequestState.ABANDONED: Phase.ABANDONED,
    RequestState.SUBMITTED: Phase.CREATING,
    RequestState.CREATING: Phase.CREATING,
}


def phase(following: Following) -> Phase:
    request, task = following.request, following.task
    if task is None or not task.status:
        return _OF_REQUEST.get(request.state, Phase.CREATED) if request else Phase.CREATED
    if task.precheck_failed:
        return Phase.PRECHECK_FAILED
    if task.state is RestoreStatus.CHECK_PASS:
        return Phase.PASSED if request and starts(request) else Phase.WAITING
    return _OF_STATUS[task.state]


def starts(request: RestoreRequest) -> bool:
    """Whether DBS is to start the task, or was told to."""
    return request.start and request.state is not RequestState.START_REFUSED


def standing(task: RestoreTask) -> tuple[Stage, int] | None:
    """The stage it is in, and the percent of it that is done; None where DBS reports no stages."""
    stages = [(stage, task.stages[stage]) for stage in Stage if stage in task.stages]
    return next(((stage, done) for stage, done in stages if done < DONE), stages[-1] if stages else None)


def standing_in_words(task: RestoreTask) -> str:
    """`data 60 %`; empty where DBS reports no stages."""
    stands = standing(task)
    return f"{STAGE_NAMES[stands[0]].lower()} {stands[1]} %" if stands else ""
