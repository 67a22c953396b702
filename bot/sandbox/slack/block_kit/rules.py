"""What binds several fields together, for the tables to name. A rule is asked once each field is right."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from bot.sandbox.slack.block_kit.schema import Check, Problem
from bot.sandbox.slack.wire import Json


def exactly_one(one: str, other: str) -> Check:
    def rule(value: Json, pointer: str) -> Iterator[Problem]:
        if (one in value) == (other in value):
            yield Problem(f"must provide exactly one of {one} and {other}", pointer)

    return rule


def at_least_one(*names: str) -> Check:
    def rule(value: Json, pointer: str) -> Iterator[Problem]:
        if not any(name in value for name in names):
            yield Problem(f"must define one of: {', '.join(names)}", pointer)

    return rule


def in_order(least: str, most: str) -> Check:
    def rule(value: Json, pointer: str) -> Iterator[Problem]:
        if least in value and most in value and value[least] > value[most]:
            yield Problem(f"{least} must not be greater than {most}", f"{pointer}/{least}")

    return rule


def number_in_bounds(element: Json, pointer: str) -> Iterator[Problem]:
    """A number's bounds, and what it starts from between them."""
    least = Decimal(element.get("min_value", "-Infinity"))
    most = Decimal(element.get("max_value", "Infinity"))
    if least > most:
        yield Problem("min_value must not be greater than max_value", f"{pointer}/min_value")
    elif "initial_value" in element and not least <= Decimal(element["initial_value"]) <= most:
        yield Problem("initial_value must be between min_value and max_value", f"{pointer}/initial_value")


def options_of(element: Json) -> list[Json]:
    """All options an element lists itself, groups flattened."""
    groups = element.get("option_groups") or ()
    grouped = (option for group in groups for option in group.get("options") or ())
    return [*(element.get("options") or ()), *grouped]


def initial_listed(element: Json, pointer: str) -> Iterator[Problem]:
    """What is chosen at the start must be one of the options, the same in every field."""
    listed = options_of(element)
    if "initial_option" in element and element["initial_option"] not in listed:
        yield Problem("initial_option must be one of the options", f"{pointer}/initial_option")
    for index, option in enumerate(element.get("initial_options") or ()):
        if option not in listed:
            yield Problem("initial_options must be among the options", f"{pointer}/initial_options/{index}")


def distinct_values(element: Json, pointer: str) -> Iterator[Problem]:
    values = [option["value"] for option in options_of(element)]
    if len(set(values)) < len(values):
        yield Problem("option values must be unique", f"{pointer}/options")


def not_too_many(element: Json, pointer: str) -> Iterator[Problem]:
    """No more than `max_selected_items` are chosen at the start."""
    most = element.get("max_selected_items")
    for name, value in element.items():
        if name.startswith("initial_") and most is not None and len(value) > most:
            yield Problem(f"no more than {most} items allowed", f"{pointer}/{name}")


def distinct_action_ids(block: Json, pointer: str) -> Iterator[Problem]:
    yield from _repeated("action_id", block["elements"], f"{pointer}/elements")


def distinct_block_ids(blocks: Sequence[Any], pointer: str) -> Iterator[Problem]:
    yield from _repeated("block_id", blocks, pointer)


def inputs_need_submit(view: Json, pointer: str) -> Iterator[Problem]:
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        yield Problem("missing required field: submit (the view has an input block)", pointer)


def one_focus(view: Json, pointer: str) -> Iterator[Problem]:
    focused = [part for block in view["blocks"] for _, part in parts_of(block) if part.get("focus_on_load")]
    if len(focused) > 1:
        yield Problem("only one element can have focus_on_load", pointer)


def parts_of(block: Json) -> Iterator[tuple[str, Json]]:
    """What stands in a block, interactive or not, each with the path to it."""
    for name in ("accessory", "element"):
        if name in block:
            yield f"/{name}", block[name]
    for index, part in enumerate(block.get("elements", ())):
        yield f"/elements/{index}", part


def _repeated(name: str, items: Sequence[Any], pointer: str) -> Iterator[Problem]:
    seen = set()
    for index, item in enumerate(items):
        each = item.get(name) if isinstance(item, dict) else None
        if not isinstance(each, str):
            continue
        if each in seen:
            yield Problem(f'`{name}`: "{each}" already exists', f"{pointer}/{index}/{name}")
        seen.add(each)
