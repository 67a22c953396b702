"""The emoji there are, by Slack's names: those the page can show."""

import json
from functools import cache
from pathlib import Path


@cache
def known_emoji() -> frozenset[str]:
    table = Path(__file__).parent / "page" / "emoji.json"
    return frozenset(json.loads(table.read_text(encoding="utf-8")))
