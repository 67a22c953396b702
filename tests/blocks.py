"""Pieces of Block Kit that messages and views of tests are built from."""

from typing import Any

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str = "A") -> Json:
    return {"text": plain(text), "value": text.lower()}
