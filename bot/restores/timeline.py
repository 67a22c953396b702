"""How far a task is. A stand-in until the real one is here."""

from bot.restores.models import RestoreTask


def overall(task: RestoreTask) -> float:
    if task.timeline and task.timeline.marks:
        return task.timeline.marks[-1].done
    return sum(task.stages.values()) / (100 * len(task.stages)) if task.stages else 0.0
