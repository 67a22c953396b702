"""How long is waited for what, while a person looks on: much longer here than anywhere.

A busy machine is no reason for a test to fail. One that is about such a wait makes it short.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest

from bot.restores import catalog, loop, poller
from bot.sandbox.slack import route, triggers
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
    triggers: ("LIFETIME_SECONDS",),
    views: ("POSTING_CHECKED_WITHIN_SECONDS", "SAVED_WITHIN_SECONDS"),
    workspace: ("ASKED_FOR_SECONDS",),
    zones: ("ASKED_FOR_SECONDS",),
}


@contextmanager
def unhurried() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module, names in WAITS.items():
            for name in names:
                patch.setattr(module, name, getattr(module, name) * FACTOR)
        yield
