"""The walk over a list of blocks: checking it, completing it with ids, finding what stands in it."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.sandbox.slack.block_kit.rules import distinct_block_ids, parts_of
from bot.sandbox.slack.block_kit.schema import Check, Problem, State, array, fits, one_kind
from bot.sandbox.slack.block_kit.tables import BLOCKS, ELEMENTS, SUGGESTIONS
from bot.sandbox.slack.ids import new_block_id
from bot.sandbox.slack.wire import Json


def check_blocks(blocks: Any, surface: str | None, pointer: str, most: int = 100) -> list[Problem]:
    """Everything wrong with a list of up to `most` blocks whose own pointer this is.

    `surface` is "message", "modal", "home", or None for any of them.
    """
    problems = list(array(_block_on(surface), most, 0)(blocks, pointer))
    return [*problems, *distinct_block_ids(blocks, pointer)] if isinstance(blocks, list) else problems


def check_options(answer: Any) -> list[Problem]:
    """The problems of an answer to an external select's question."""
    return list(SUGGESTIONS(answer, ""))


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """The same blocks with a block_id and action_ids where they came without."""
    return [_with_ids(block) for block in blocks]


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    return [part for _, part in parts_of(block) if _is_interactive(part)]


def find_element(blocks: Sequence[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The block and the element with these ids."""
    for block in blocks:
        if block["block_id"] == block_id:
            for element in elements_of(block):
                if element["action_id"] == action_id:
                    return block, element
    return None


def state_of(element: Json) -> State | None:
    """How an interactive element appears in `view.state.values`; None when it keeps no value."""
    return ELEMENTS[element["type"]].state


def may_start_from(element: Json, value: Any) -> bool:
    """Whether the element, which keeps a value, could start from this one."""
    kind = ELEMENTS[element["type"]]
    started = {**element, kind.state.initial: value} if kind.state else element
    return not any(kind(started, ""))


def _is_interactive(part: Json) -> bool:
    kind = ELEMENTS.get(part["type"])
    return kind is not None and "action_id" in kind.fields


def _block_on(surface: str | None) -> Check:
    """A block that may stand on this surface, and so may its elements."""
    well_made = one_kind(BLOCKS, surface)

    def check(block: Any, pointer: str) -> Iterator[Problem]:
        flaws = list(well_made(block, pointer))
        yield from flaws or _misplaced(block, surface, pointer)

    return check


def _misplaced(block: Json, surface: str | None, pointer: str) -> Iterator[Problem]:
    for path, part in parts_of(block):
        kind = ELEMENTS.get(part["type"])
        if kind and not fits(kind.surfaces, surface):
            yield Problem(f"unsupported type: {part['type']}", f"{pointer}{path}/type")


def _with_ids(block: Json) -> Json:
    complete = {**block, "block_id": block.get("block_id") or new_block_id()}
    for name in ("accessory", "element"):
        if name in block:
            complete[name] = _with_action_id(block[name])
    if "elements" in block:
        complete["elements"] = [_with_action_id(part) for part in block["elements"]]
    return complete


def _with_action_id(part: Json) -> Json:
    if not _is_interactive(part):
        return part
    return {**part, "action_id": part.get("action_id") or new_block_id()}
