"""What was seen of a task over time. Pure."""

from bot.restores.models import RestoreTask, Stage


def stage_seconds(task: RestoreTask) -> dict[Stage, float]:
    """How long each stage took that is done; when all are, in all as long as DBS says the task took."""
    if task.timeline is None:
        return {}
    seen = {
        stage: (times.done_at - times.began_at).total_seconds()
        for stage, times in task.timeline.stages.items()
        if times.done_at is not None
    }
    total = sum(seen.values())
    if task.took is None or total <= 0 or len(seen) < len(task.stages):
        return seen
    return {stage: seconds * task.took.total_seconds() / total for stage, seconds in seen.items()}


def overall(task: RestoreTask) -> float:
    if task.timeline and task.timeline.marks:
        return task.timeline.marks[-1].done
    return sum(task.stages.values()) / (100 * len(task.stages)) if task.stages else 0.0
