"""The shapes of the fixtures around the local DBS that are functions."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bot.sandbox.dbs import BackupPlan

#: Sends a signed request; the answer as it came.
Raw = Callable[..., Awaitable[httpx.Response]]
#: Calls an action; the body of its answer.
Ask = Callable[..., Awaitable[dict[str, Any]]]
#: The parameters of a restore.
Order = Callable[..., dict[str, str]]
#: A plan by its name.
Plan = Callable[[str], BackupPlan]
#: Creates a task; its id.
Create = Callable[..., Awaitable[str]]
#: A task by its id.
Look = Callable[[str], Awaitable[dict[str, Any]]]
#: Orders a fault; the fault.
Ordered = Callable[..., Awaitable[dict[str, Any]]]


def progress(task: dict[str, Any]) -> dict[str, int]:
    """How far each stage of a task is, in percent."""
    return {name: value for name, value in task.items() if name.endswith("Progress")}
