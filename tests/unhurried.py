"""How long is waited for what, while a person looks on: much longer here than anywhere.

A busy machine is no reason for a test to fail, unless it proves promise 8, which is about these waits.
"""

from types import ModuleType

import pytest

from bot.restores import catalog, loop, poller
from bot.sandbox.slack import route
from bot.slack import workspace, zones
from handlers import answering, commands, desk, options, plans, press, repeating, restarting, views

FACTOR = 5
WAITS: dict[ModuleType, tuple[str, ...]] = {
    answering: ("DBS_WITHIN_SECONDS", "CONCLUDED_WITHIN_SECONDS"),
    catalog: ("RENEWAL_SECONDS",),
    commands: ("PLANS_WITHIN_SECONDS",),
    desk: ("PLAN_WITHIN", "BEFORE_ANSWER", "FROM_STORE"),
    loop: ("PATIENCE_SECONDS",),
    options: ("ANSWERED_WITHIN_SECONDS",),
    plans: ("SETS_WITHIN_SECONDS",),
    poller: ("JOB_ERRORS_WITHIN",),
    press: ("REMEMBERED_WITHIN_SECONDS",),
    repeating: ("REMEMBERED_WITHIN_SECONDS",),
    restarting: ("DESCRIBED_WITHIN_SECONDS", "REMEMBERED_WITHIN_SECONDS"),
    route: ("ACK_SECONDS",),
    views: ("POSTING_CHECKED_WITHIN_SECONDS", "SAVED_WITHIN_SECONDS"),
    workspace: ("ASKED_FOR_SECONDS",),
    zones: ("ASKED_FOR_SECONDS",),
}


#: As they are anywhere else.
TRUE = {(module, name): getattr(module, name) for module, names in WAITS.items() for name in names}


def wait(patch: pytest.MonkeyPatch, factor: int) -> None:
    """From now on `factor` times as long as anywhere else."""
    for (module, name), true in TRUE.items():
        patch.setattr(module, name, true * factor)
