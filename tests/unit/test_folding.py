"""Which messages of a thread are told as one."""

from datetime import timedelta

import pytest

from bot.restores.folding import LATE, MOST, late, pile
from bot.restores.models import Event, EventKind, Outgoing
from tests import values


def message(event_id: str = "e1", /, **changes: object) -> Outgoing:
    made = Outgoing(
        event_id=event_id,
        following=values.following(values.request()),
        event=Event(kind=EventKind.STARTED),
        attempts=0,
        created_at=values.NOON,
        uncertain=False,
    )
    return made.evolve(**changes)


def ids(messages: tuple[Outgoing, ...]) -> list[str]:
    return [each.event_id for each in messages]


@pytest.mark.parametrize(
    ("changes", "waited", "expected"),
    [
        ({}, timedelta(), False),
        ({}, LATE - timedelta(seconds=1), False),
        ({}, LATE, True),
        ({}, timedelta(hours=-1), False),
        ({"attempts": 1}, timedelta(), True),
        ({"attempts": 1, "uncertain": True}, LATE, False),
        ({"event": None, "attempts": 1}, LATE, False),
    ],
)
def test_a_message_that_waited_or_failed_is_late_unless_it_may_be_posted_already(
    changes: dict[str, object], waited: timedelta, expected: bool
) -> None:
    assert late(message(**changes), values.NOON + waited) is expected


def test_all_that_is_behind_is_folded_in_order() -> None:
    assert ids(pile(message(), [message("e2"), message("e3")])) == ["e2", "e3"]


def test_nothing_behind_is_nothing_to_fold() -> None:
    assert pile(message(), []) == ()


def test_nothing_is_folded_beyond_what_may_be_posted_already() -> None:
    behind = [message("e2"), message("e3", uncertain=True), message("e4")]
    assert ids(pile(message(), behind)) == ["e2"]


def test_nothing_is_folded_beyond_a_card() -> None:
    assert ids(pile(message(), [message("card", event=None), message("e2")])) == []


@pytest.mark.parametrize("carried", [0, 5, MOST])
def test_a_message_carries_so_many_and_leaves_the_rest_to_the_next(carried: int) -> None:
    head = message(carried=(Event(kind=EventKind.STARTED),) * carried)
    behind = [message(f"e{number}") for number in range(2 * MOST)]
    taken = pile(head, behind)
    assert len(taken) == max(0, MOST - 1 - carried)
    assert ids(taken) == ids(tuple(behind))[: len(taken)]
