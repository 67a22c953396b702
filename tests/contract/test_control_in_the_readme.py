"""The README names every address of the control API, with its methods, and no other."""

import re
from pathlib import Path

from bot.sandbox import Sandbox
from bot.sandbox.slack.web_api import METHODS

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_every_control_address_has_its_row_with_its_methods() -> None:
    served: dict[str, set[str]] = {}
    for route in Sandbox().workspace.app().router.routes():
        address = route.resource.canonical if route.resource else ""
        if address.startswith("/control/"):
            served.setdefault(address.removesuffix("/{fault}"), set()).add(route.method)
    rows = re.findall(r"^\| ([^|]*?)(/control/[a-z/]+)` \|", README, re.MULTILINE)
    told = {address: set(re.findall(r"[A-Z]+", methods)) for methods, address in rows}
    assert told == {address: methods - {"HEAD"} for address, methods in served.items()}


def test_the_number_of_methods_is_told_as_it_is() -> None:
    assert f"{len(METHODS)} methods of the Web API" in README
