"""Envelopes are struck by faults under any of their names, and asked once."""

from random import Random

import pytest

from bot.sandbox.slack import LocalWorkspace
from bot.sandbox.slack.faults import copies


@pytest.mark.parametrize("target", ["*", "interactive", "shortcut"])
def test_an_interactive_envelope_is_struck_once_under_whichever_of_its_names(target: str) -> None:
    faults = LocalWorkspace().faults
    fault = faults.add("deaf_socket", target, times=1)
    fate = copies(faults)
    assert fate({"type": "interactive", "payload": {"type": "shortcut"}}) == 0
    assert fate({"type": "interactive", "payload": {"type": "shortcut"}}) == 1
    assert fault.hits == 1


def test_a_fault_by_chance_is_decided_once_for_each_envelope() -> None:
    faults = LocalWorkspace().faults
    fate = copies(faults)
    faults.add("deaf_socket", probability=0.5, seed=1)
    dice = Random(1)  # as seeded above
    wanted = [0 if dice.random() < 0.5 else 1 for _ in range(20)]
    assert [fate({"type": "interactive", "payload": {"type": "view_submission"}}) for _ in wanted] == wanted


@pytest.mark.parametrize("target", ["view_submission", "events_api"])
def test_an_envelope_of_another_kind_is_left_alone(target: str) -> None:
    faults = LocalWorkspace().faults
    fault = faults.add("deaf_socket", target, times=1)
    assert copies(faults)({"type": "interactive", "payload": {"type": "block_actions"}}) == 1
    assert fault.hits == 0
