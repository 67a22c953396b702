"""What somebody may decide about a restore as it is: to start it, or to give it up. Pure."""

from bot.restores.models import Following, RequestState, RestoreStatus

NO_TASK = "There is no task yet."
ORDERED = "Its start was ordered already."
STARTED = "It was started already."
LEFT = "It can be started in the DBS console alone: it was given up."
GIVEN_UP = "It was given up already."

_BEFORE_START = frozenset({RestoreStatus.INIT, RestoreStatus.CHECK_PASS})
#: What is given up may be over, or stand still; it does not move.
_MOVING = frozenset({RestoreStatus.RUNNING, RestoreStatus.SUCCEEDED})


def cannot_start(following: Following) -> str | None:
    """Why its start cannot be ordered; None if it can."""
    task = following.task
    if following.link.restore_task_id is None:
        return "There is no task to start yet."
    if task is None or not (task.status or task.reported):
        return "DBS has not said yet how far the task is. Try again in a moment."
    if task.state is RestoreStatus.STOP:
        return "It failed: DBS cannot start it again. Try again with a new restore."
    if task.state is RestoreStatus.SUCCEEDED:
        return "It succeeded: there is nothing to start."
    if task.state not in _BEFORE_START:
        return STARTED
    if task.precheck_failed:
        return "Its precheck failed: DBS cannot start it. Edit it and try again."
    if given_up(following):
        return LEFT
    return ORDERED if _is_ordered(following) else None


def cannot_give_up(following: Following) -> str | None:
    """Why it makes no sense to give it up; None if it does."""
    task = following.task
    if following.link.restore_task_id is None or task is None:
        return f"{NO_TASK} If none comes of it, its thread says so."
    if task.state is RestoreStatus.SUCCEEDED:
        return "It succeeded."
    if task.state not in _BEFORE_START | {RestoreStatus.STOP}:
        return "DBS is restoring. It has no call to stop a restore: nothing here could."
    if given_up(following):
        return GIVEN_UP
    if task.state in _BEFORE_START and _is_ordered(following) and not task.precheck_failed:
        return "Its start is ordered, and DBS has no call to take that back."
    return None


def given_up(following: Following) -> bool:
    """Whether nothing more is to be done about it; that is forgotten when it moves after all."""
    task = following.task
    if following.given_up_by is None or (task is not None and task.state in _MOVING):
        return False
    timeline = task.timeline if task else None
    moved_at = timeline.moved_at or timeline.started_at if timeline else None
    return not (moved_at and following.given_up_at and moved_at > following.given_up_at)


def _is_ordered(following: Following) -> bool:
    """Whether its request says so; of a task nobody asked for here nobody knows."""
    request = following.request
    return request is not None and (request.unfinished or request.state is RequestState.STARTED)
