"""Restores as people look them up."""

from bot.restores.models import Following, Link, Stage
from tests import values


def restore(number: int = 1, **changes: object) -> Following:
    """One that runs, asked for by U1 in C1."""
    spec = values.spec(task_name=f"drill {number}")
    made = values.request(f"{number:032x}", spec=spec, restore_task_id=f"s1made{number:04}", user_id="U1")
    task = values.task(restore_task_id=f"s1made{number:04}", stages={Stage.FULL_DATA: 60})
    link = Link(
        link_id=number,
        channel_id="C1",
        thread_ts="1700000000.000100",
        nonce=made.nonce,
        restore_task_id=task.restore_task_id,
        user_id="U1",
    )
    return values.following(made, task, link=link).evolve(**changes)


def watched() -> Following:
    """One that nobody asked for here."""
    made = restore()
    link = made.link.evolve(nonce=None, user_id="U2")
    task = values.task(restore_task_id="s1made0001", name="from the console")
    return made.evolve(request=None, link=link, task=task)
