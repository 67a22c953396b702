"""Block Kit's layout blocks: the table of what each takes, and how a list of blocks is checked and completed.

Limits as in docs.slack.dev/reference/block-kit/blocks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.elements import Rule, element_in
from bot.sandbox.slack.ids import new_block_id
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
)
from bot.sandbox.slack.wire import Json

__all__ = ["Problem", "check_blocks", "elements_of", "find_element", "with_ids"]


@dataclass(frozen=True)
class Block:
    fields: Fields
    surfaces: frozenset[str] = frozenset({"message", "modal"})
    rules: tuple[Rule, ...] = ()


_ID: Fields = {"type": Required(anything), "block_id": string(255)}
_MESSAGES_ONLY = frozenset({"message"})
_SLACK_FILE = shape({"id": string(255), "url": string(3000)})
_PICTURE: Fields = {
    "type": Required(one_of("image")),
    "image_url": string(3000),
    "slack_file": _SLACK_FILE,
    "alt_text": Required(string(2000)),
}


def _one_image_source(block: Json, pointer: str) -> Iterator[Problem]:
    if ("image_url" in block) == ("slack_file" in block):
        yield Problem("must provide exactly one of image_url and slack_file", pointer)


def _text_or_fields(block: Json, pointer: str) -> Iterator[Problem]:
    if "text" not in block and "fields" not in block:
        yield Problem("must define one of: text, fields", pointer)


def _accessory(value: Any, pointer: str) -> Iterator[Problem]:
    check = shape(_PICTURE) if _type(value) == "image" else element_in("section")
    yield from check(value, pointer)


def _context_element(value: Any, pointer: str) -> Iterator[Problem]:
    match _type(value):
        case "image":
            yield from shape(_PICTURE)(value, pointer)
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
    "rich_text": Block({**_ID, "elements": Required(array(anything, 1000))}),
    "markdown": Block({**_ID, "text": Required(string(12_000))}, _MESSAGES_ONLY),
}


def check_blocks(blocks: Sequence[Json], surface: str, pointer: str) -> list[Problem]:
    """Everything wrong with the blocks on a surface, "message" or "modal"; `pointer` is the list's own."""
    problems: list[Problem] = []
    for index, block in enumerate(blocks):
        problems += _check_block(block, surface, f"{pointer}/{index}")
    return problems + list(_doubles(blocks, pointer))


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """The same blocks with a block_id and action_ids where they came without."""
    return [_with_ids(block) for block in blocks]


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    match block["type"]:
        case "actions":
            return list(block["elements"])
        case "section":
            accessory = block.get("accessory")
            return [accessory] if accessory and accessory["type"] != "image" else []
        case "input":
            return [block["element"]]
        case _:
            return []


def find_element(blocks: Sequence[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The block and the element with these ids."""
    for block in blocks:
        if block["block_id"] == block_id:
            for element in elements_of(block):
                if element["action_id"] == action_id:
                    return block, element
    return None


def _check_block(block: Any, surface: str, pointer: str) -> Iterator[Problem]:
    kind = _type(block)
    known = BLOCKS.get(str(kind))
    if known is None or surface not in known.surfaces:
        yield Problem(f"unsupported type: {kind}", f"{pointer}/type")
        return
    problems = list(check_fields(block, known.fields, pointer))
    yield from problems
    if not problems:
        for rule in known.rules:
            yield from rule(block, pointer)


def _doubles(blocks: Sequence[Any], pointer: str) -> Iterator[Problem]:
    """block_ids are unique in the list, action_ids within their block."""
    yield from _repeated("block_id", blocks, pointer)
    for index, block in enumerate(blocks):
        elements = block.get("elements") if isinstance(block, dict) else None
        if isinstance(elements, list) and block["type"] == "actions":
            yield from _repeated("action_id", elements, f"{pointer}/{index}/elements")


def _repeated(name: str, items: Sequence[Any], pointer: str) -> Iterator[Problem]:
    ids = [item.get(name) if isinstance(item, dict) else None for item in items]
    for index, each in enumerate(ids):
        if each is not None and each in ids[:index]:
            yield Problem(f'`{name}`: "{each}" already exists', f"{pointer}/{index}/{name}")


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
