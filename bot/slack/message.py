"""A message: its text, for notifications and screen readers, and its blocks."""

from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from typing import Any

from bot.slack.mrkdwn import SECTION_LIMIT, shorten

Block = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """`text` tells the whole story by itself; `blocks` may be empty."""

    text: str
    blocks: tuple[Block, ...] = field(default=())

    @property
    def digest(self) -> str:
        """Equal for messages that look the same."""
        return sha256(dumps([self.text, self.blocks], sort_keys=True).encode()).hexdigest()


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(shorten(text, SECTION_LIMIT))}


def fields(texts: list[str]) -> Block:
    return {"type": "section", "fields": [mrkdwn(shorten(text, 2000)) for text in texts]}


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(shorten(text, SECTION_LIMIT))]}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(shorten(text, 150))}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
