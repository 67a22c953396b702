"""What happened between two looks at a task. Pure."""

from collections.abc import Mapping

from bot.restores.models import Event, EventKind, RestoreStatus, RestoreTask, Stage

#: The stages that carry the data itself: their quarters are worth a message.
DATA_STAGES = frozenset(
    {Stage.FULL_DATA, Stage.PHYSICAL_FULL, Stage.PHYSICAL_FULL_AND_INCREMENT, Stage.PHYSICAL}
)
QUARTERS = (25, 50, 75)
DONE = 100


def furthest(before: Mapping[Stage, int], after: Mapping[Stage, int]) -> dict[Stage, int]:
    """How far each stage ever was: one that DBS leaves out of an answer has not gone back to nothing."""
    if before == after:
        return dict(before)
    return {
        stage: max(before.get(stage, 0), after.get(stage, 0))
        for stage in Stage
        if stage in before or stage in after
    }


def diff(before: RestoreTask | None, after: RestoreTask) -> tuple[Event, ...]:
    """The events between two snapshots of one task, in the order in which they happened.

    `before` is None when the task was never seen. Of several quarters passed at once the highest is told.
    """
    reporting = _reporting(before, after)
    if not after.reported:
        return tuple(reporting)
    if before and not before.status:
        before = None  # DBS never listed it until now
    was = before.state if before else RestoreStatus.INIT
    events: list[Event] = [
        *reporting,
        *_precheck(before, after),
        *_started(before, after),
        *_moving_again(before, after),
        *_stages(before, after),
    ]
    state = after.state
    if state is not was or (state is RestoreStatus.OTHER and before and before.status != after.status):
        match state:
            case RestoreStatus.PAUSE:
                events.append(Event(kind=EventKind.PAUSED))
            case RestoreStatus.RUNNING if was is RestoreStatus.PAUSE:
                events.append(Event(kind=EventKind.RESUMED))
            case RestoreStatus.STOP:
                events.append(Event(kind=EventKind.FAILED, text=after.error_message))
            case RestoreStatus.SUCCEEDED:
                seconds = after.took.total_seconds() if after.took else None
                events.append(Event(kind=EventKind.FINISHED, seconds=seconds))
            case RestoreStatus.OTHER:
                events.append(Event(kind=EventKind.OTHER_STATUS, text=after.status))
            case _:
                pass
    return tuple(events)


def _reporting(before: RestoreTask | None, after: RestoreTask) -> list[Event]:
    if after.reported == (before is None or before.reported):
        return []
    kind = EventKind.REPORTED_AGAIN if after.reported else EventKind.UNREPORTED
    return [Event(kind=kind)]


def _precheck(before: RestoreTask | None, after: RestoreTask) -> list[Event]:
    """Passed when DBS says `check_pass` or that all items finished; failed when it reports a failed one."""
    failed_before = before is not None and before.precheck_failed
    if after.precheck_failed and not failed_before and after.precheck:
        failed = tuple(item for item in after.precheck.items if item.failed)
        return [Event(kind=EventKind.PRECHECK_FAILED, items=failed)]
    if _precheck_passed(after) and not (before is not None and _precheck_passed(before)):
        items = after.precheck.items if after.precheck else ()
        return [Event(kind=EventKind.PRECHECK_PASSED, items=items)]
    return []


def _precheck_passed(task: RestoreTask) -> bool:
    return task.state is RestoreStatus.CHECK_PASS or (task.precheck is not None and task.precheck.passed)


def _started(before: RestoreTask | None, after: RestoreTask) -> list[Event]:
    not_yet = {RestoreStatus.INIT, RestoreStatus.CHECK_PASS}
    moving = {RestoreStatus.RUNNING, RestoreStatus.PAUSE}
    began = any(percent > 0 for percent in after.stages.values())
    if (before is None or before.state in not_yet) and (after.state in moving or (after.ended and began)):
        return [Event(kind=EventKind.STARTED)]
    return []


def _moving_again(before: RestoreTask | None, after: RestoreTask) -> list[Event]:
    stalled = before is not None and before.timeline is not None and before.timeline.stalled
    still = after.timeline is not None and after.timeline.stalled
    moves = stalled and not still and after.state is RestoreStatus.RUNNING
    return [Event(kind=EventKind.MOVING_AGAIN)] if moves else []


def _stages(before: RestoreTask | None, after: RestoreTask) -> list[Event]:
    events = []
    for stage in Stage:
        now = after.stages.get(stage, 0)
        then = before.stages.get(stage, 0) if before else 0
        if now <= then:
            continue
        if now >= DONE:
            events.append(Event(kind=EventKind.STAGE_DONE, stage=stage))
        elif stage in DATA_STAGES:
            passed = [quarter for quarter in QUARTERS if then < quarter <= now]
            if passed:
                events.append(
                    Event(
                        kind=EventKind.DATA_PROGRESS,
                        stage=stage,
                        percent=passed[-1],
                    )
                )
    return events
