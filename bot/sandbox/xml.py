"""JSON values written as XML, the way Alibaba Cloud's gateway writes them."""

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

# XML 1.0 has no way to write these.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A name may hold more than these, but DBS names nothing so; what is no name becomes one.
_UNNAMEABLE = re.compile(r"[^A-Za-z0-9_.-]")


def document(root: str, body: object) -> str:
    """A whole document. A list is its element once for each entry, null an empty one."""
    return f"<?xml version='1.0' encoding='UTF-8'?>{''.join(_elements(root, body))}"


def _elements(name: str, value: object) -> Iterator[str]:
    if isinstance(value, list):
        for entry in value:
            yield from _elements(name, entry)
        return
    name = _named(name)
    yield f"<{name}>"
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from _elements(key, child)
    elif isinstance(value, bool):
        yield str(value).lower()
    elif value is not None:
        yield escape(_UNWRITABLE.sub("", str(value)))
    yield f"</{name}>"


def _named(key: str) -> str:
    name = _UNNAMEABLE.sub("_", key)
    return name if name[:1].isalpha() else f"_{name}"
