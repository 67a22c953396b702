"""Homes whose turns are taken by hand, and what people see of them."""

from bot.sandbox.slack import Person
from bot.slack.homes import OpenHomes
from tests.scenario.delivering import Desk, Worker

PUBLISH = "views.publish"


def of(worker: Worker) -> OpenHomes:
    return OpenHomes(worker.client, worker.store, worker.store, now=worker.now)


def alice_of(desk: Desk) -> Person:
    return desk.workspace.person("alice")


def look(homes: OpenHomes, person: Person, *, empty: bool = True) -> None:
    """Open a Home."""
    homes.opened(person.id, "en", empty=empty)


def shown(person: Person) -> str:
    """All that somebody's Home says."""
    return str(person.home["blocks"]) if person.home else ""
