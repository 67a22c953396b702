"""What somebody may decide about a restore as it is: to start it, or to give it up. Pure."""

from enum import StrEnum

from bot.restores.models import Following, RequestState, RestoreStatus, RestoreTask


class Obstacle(StrEnum):
    """Why something cannot be done about a restore, as people are told."""

    NO_TASK = "There is no task yet."
    NOTHING_TO_START = "There is no task to start yet."
    NOTHING_TO_GIVE_UP = "There is no task yet. If none comes of it, its thread says so."
    UNHEARD = "DBS has not said yet how far the task is. Try again in a moment."
    FAILED = "It failed: DBS cannot start it again. Try again with a new restore."
    SUCCEEDED = "It succeeded."
    DONE = "It succeeded: there is nothing to start."
    STARTED = "It was started already."
    RUNNING = "DBS is restoring. It has no call to stop a restore: nothing here could."
    PRECHECK_FAILED = "Its precheck failed: DBS cannot start it. Edit it and try again."
    ORDERED = "Its start was ordered already."
    STANDS = "Its start is ordered, and DBS has no call to take that back."
    NOT_OFFERED = "This channel does not restore this backup plan. Start it in one that does."
    LEFT = "It can be started in the DBS console alone: it was given up."
    GIVEN_UP = "It was given up already."


_BEFORE_START = frozenset({RestoreStatus.INIT, RestoreStatus.CHECK_PASS})
#: What is given up waits, or failed.
_AT_REST = _BEFORE_START | {RestoreStatus.STOP}
_MOVED = frozenset({RestoreStatus.RUNNING, RestoreStatus.PAUSE, RestoreStatus.STOP, RestoreStatus.SUCCEEDED})


def cannot_start(following: Following) -> Obstacle | None:
    """Why its start cannot be ordered; None if it can."""
    task = following.task
    if following.link.restore_task_id is None:
        return Obstacle.NOTHING_TO_START
    if task is None or not (task.status or task.reported):
        return Obstacle.UNHEARD
    if task.state is RestoreStatus.STOP:
        return Obstacle.FAILED
    if task.state is RestoreStatus.SUCCEEDED:
        return Obstacle.DONE
    if task.state not in _BEFORE_START:
        return Obstacle.STARTED
    if task.precheck_failed:
        return Obstacle.PRECHECK_FAILED
    if given_up(following):
        return Obstacle.LEFT
    return Obstacle.ORDERED if _is_ordered(following) else None


def cannot_give_up(following: Following) -> Obstacle | None:
    """Why it makes no sense to give it up; None if it does."""
    task = following.task
    if following.link.restore_task_id is None or task is None:
        return Obstacle.NOTHING_TO_GIVE_UP
    if task.state is RestoreStatus.SUCCEEDED:
        return Obstacle.SUCCEEDED
    if task.state not in _AT_REST:
        return Obstacle.RUNNING
    if given_up(following):
        return Obstacle.GIVEN_UP
    if task.state in _BEFORE_START and _is_ordered(following) and not task.precheck_failed:
        return Obstacle.STANDS
    return None


def given_up(following: Following) -> bool:
    """Whether nothing more is to be done about it."""
    task = following.task
    return following.given_up_by is not None and (task is None or task.state in _AT_REST)


def taken_up(task: RestoreTask) -> bool:
    """Whether it was started after all, as news of a task show that was given up: that is then forgotten.

    It may have failed already by the time it is looked at. What has ended is not looked at any more.
    """
    return task.state in _MOVED


def _is_ordered(following: Following) -> bool:
    """Whether its request says so; of a task nobody asked for here nobody knows."""
    request = following.request
    return request is not None and (request.unfinished or request.state is RequestState.STARTED)
