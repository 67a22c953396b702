"""Rules over several fields of one interactive element."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from bot.sandbox.slack.schema import Problem
from bot.sandbox.slack.wire import Json

Rule = Callable[[Json, str], Iterator[Problem]]


def options_of(element: Json) -> list[Json]:
    """All options an element lists itself, groups flattened."""
    grouped = (
        option for group in element.get("option_groups") or () for option in group.get("options") or ()
    )
    return [*(element.get("options") or ()), *grouped]


def options_or_groups(element: Json, pointer: str) -> Iterator[Problem]:
    if ("options" in element) == ("option_groups" in element):
        yield Problem("must provide exactly one of options and option_groups", pointer)


def initial_listed(element: Json, pointer: str) -> Iterator[Problem]:
    """What is chosen at the start must be one of the options, the same in every field."""
    listed = options_of(element)
    if "initial_option" in element and element["initial_option"] not in listed:
        yield Problem("initial_option must be one of the options", f"{pointer}/initial_option")
    for index, option in enumerate(element.get("initial_options") or ()):
        if option not in listed:
            yield Problem("initial_options must be among the options", f"{pointer}/initial_options/{index}")


def distinct_values(element: Json, pointer: str) -> Iterator[Problem]:
    values = [option.get("value") for option in options_of(element)]
    if len(set(values)) < len(values):
        yield Problem("option values must be unique", f"{pointer}/options")


def min_below_max(element: Json, pointer: str) -> Iterator[Problem]:
    if element.get("min_length", 0) > element.get("max_length", 3000):
        yield Problem("min_length must not be greater than max_length", f"{pointer}/min_length")


def bounds_in_order(element: Json, pointer: str) -> Iterator[Problem]:
    """A number's bounds, and what it starts from between them."""
    least = Decimal(element.get("min_value", "-Infinity"))
    most = Decimal(element.get("max_value", "Infinity"))
    if least > most:
        yield Problem("min_value must not be greater than max_value", f"{pointer}/min_value")
    elif "initial_value" in element and not least <= Decimal(element["initial_value"]) <= most:
        yield Problem("initial_value must be between min_value and max_value", f"{pointer}/initial_value")


def few_enough_chosen(element: Json, pointer: str) -> Iterator[Problem]:
    """No more than `max_selected_items` are chosen at the start."""
    most = element.get("max_selected_items")
    for name, value in element.items():
        if name.startswith("initial_") and most is not None and len(value) > most:
            yield Problem(f"no more than {most} items allowed", f"{pointer}/{name}")
