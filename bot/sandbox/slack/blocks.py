"""Block Kit's layout blocks: the table of what each takes, and how a list of blocks is checked and completed.

Limits as in docs.slack.dev/reference/block-kit/blocks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.element_rules import Rule
from bot.sandbox.slack.elements import ELEMENTS, SURFACES, element_in
from bot.sandbox.slack.ids import new_block_id
from bot.sandbox.slack.rich_text import RICH_TEXT
from bot.sandbox.slack.schema import (
    Fields,
    Problem,
    Required,
    any_text,
    anything,
    array,
    boolean,
    check_fields,
    one_of,
    plain_text,
    shape,
    string,
    url,
)
from bot.sandbox.slack.wire import Json

__all__ = ["Problem", "check_blocks", "elements_of", "find_element", "with_ids"]


@dataclass(frozen=True)
class Block:
    fields: Fields
    surfaces: frozenset[str] = SURFACES
    rules: tuple[Rule, ...] = ()


_ID: Fields = {"type": Required(anything), "block_id": string(255)}
_MESSAGES_ONLY = frozenset({"message"})
_SLACK_FILE = shape({"id": string(255), "url": url})
_PICTURE: Fields = {
    "type": Required(one_of("image")),
    "image_url": url,
    "slack_file": _SLACK_FILE,
    "alt_text": Required(string(2000)),
}


def _one_image_source(block: Json, pointer: str) -> Iterator[Problem]:
    if ("image_url" in block) == ("slack_file" in block):
        yield Problem("must provide exactly one of image_url and slack_file", pointer)


def _text_or_fields(block: Json, pointer: str) -> Iterator[Problem]:
    if "text" not in block and "fields" not in block:
        yield Problem("must define one of: text, fields", pointer)


def _picture(value: Json, pointer: str) -> Iterator[Problem]:
    problems = list(check_fields(value, _PICTURE, pointer))
    yield from problems or _one_image_source(value, pointer)


def _accessory(value: Any, pointer: str) -> Iterator[Problem]:
    check = _picture if _type(value) == "image" else element_in("section")
    yield from check(value, pointer)


def _context_element(value: Any, pointer: str) -> Iterator[Problem]:
    match _type(value):
        case "image":
            yield from _picture(value, pointer)
        case "plain_text" | "mrkdwn":
            yield from any_text(3000)(value, pointer)
        case other:
            yield Problem(f"unsupported type: {other}", f"{pointer}/type")


def _type(value: Any) -> Any:
    return value.get("type") if isinstance(value, dict) else None


BLOCKS: dict[str, Block] = {
    "section": Block(
        {
            **_ID,
            "text": any_text(3000),
            "fields": array(any_text(2000), 10),
            "accessory": _accessory,
            "expand": boolean,
        },
        rules=(_text_or_fields,),
    ),
    "divider": Block(_ID),
    "header": Block({**_ID, "text": Required(plain_text(150))}),
    "context": Block({**_ID, "elements": Required(array(_context_element, 10))}),
    "actions": Block({**_ID, "elements": Required(array(element_in("actions"), 25))}),
    "image": Block(
        {**_ID, **_PICTURE, "title": plain_text(2000)},
        rules=(_one_image_source,),
    ),
    "input": Block(
        {
            **_ID,
            "label": Required(plain_text(2000)),
            "element": Required(element_in("input")),
            "hint": plain_text(2000),
            "optional": boolean,
            "dispatch_action": boolean,
        },
    ),
    "rich_text": Block(RICH_TEXT),
    "markdown": Block({**_ID, "text": Required(string(12_000))}, _MESSAGES_ONLY),
}


def check_blocks(blocks: Sequence[Any], surface: str | None, pointer: str) -> list[Problem]:
    """Everything wrong with the blocks on a surface: "message", "modal", "home", or None for any of them.

    `pointer` is the list's own.
    """
    problems: list[Problem] = []
    for index, block in enumerate(blocks):
        problems += _check_block(block, surface, f"{pointer}/{index}")
    return problems + list(_doubles(blocks, pointer))


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """The same blocks with a block_id and action_ids where they came without."""
    return [_with_ids(block) for block in blocks]


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    return [element for _, element in _placed_elements(block)]


def find_element(blocks: Sequence[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The block and the element with these ids."""
    for block in blocks:
        if block["block_id"] == block_id:
            for element in elements_of(block):
                if element["action_id"] == action_id:
                    return block, element
    return None


def _placed_elements(block: Json) -> list[tuple[str, Json]]:
    """The interactive elements of a block, each with the pointer to it from the block."""
    match block["type"]:
        case "actions":
            return [(f"/elements/{index}", element) for index, element in enumerate(block["elements"])]
        case "section":
            accessory = block.get("accessory")
            return [("/accessory", accessory)] if accessory and accessory["type"] != "image" else []
        case "input":
            return [("/element", block["element"])]
        case _:
            return []


def _check_block(block: Any, surface: str | None, pointer: str) -> Iterator[Problem]:
    kind = _type(block)
    known = BLOCKS.get(str(kind))
    if known is None or not _fits(known.surfaces, surface):
        yield Problem(f"unsupported type: {kind}", f"{pointer}/type")
        return
    problems = list(check_fields(block, known.fields, pointer))
    yield from problems
    if problems:
        return
    for rule in known.rules:
        yield from rule(block, pointer)
    for path, element in _placed_elements(block):
        if not _fits(ELEMENTS[element["type"]].surfaces, surface):
            yield Problem(f"unsupported type: {element['type']}", f"{pointer}{path}/type")


def _fits(surfaces: frozenset[str], surface: str | None) -> bool:
    return surface is None or surface in surfaces


def _doubles(blocks: Sequence[Any], pointer: str) -> Iterator[Problem]:
    """block_ids are unique in the list, action_ids within their block."""
    yield from _repeated("block_id", blocks, pointer)
    for index, block in enumerate(blocks):
        elements = block.get("elements") if _type(block) == "actions" else None
        if isinstance(elements, list):
            yield from _repeated("action_id", elements, f"{pointer}/{index}/elements")


def _repeated(name: str, items: Sequence[Any], pointer: str) -> Iterator[Problem]:
    seen = set()
    for index, item in enumerate(items):
        each = item.get(name) if isinstance(item, dict) else None
        if not isinstance(each, str):
            continue
        if each in seen:
            yield Problem(f'`{name}`: "{each}" already exists', f"{pointer}/{index}/{name}")
        seen.add(each)


def _with_ids(block: Json) -> Json:
    complete = {**block, "block_id": block.get("block_id") or new_block_id()}
    match block["type"]:
        case "actions":
            complete["elements"] = [_with_action_id(element) for element in block["elements"]]
        case "input":
            complete["element"] = _with_action_id(block["element"])
        case "section" if "accessory" in block and block["accessory"]["type"] != "image":
            complete["accessory"] = _with_action_id(block["accessory"])
    return complete


def _with_action_id(element: Json) -> Json:
    return {**element, "action_id": element.get("action_id") or new_block_id()}
