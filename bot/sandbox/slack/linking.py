"""What a person typed, as Slack's client sends it: escaped, with people and channels linked."""

import re
from collections.abc import Iterable

from bot.sandbox.slack.records import Channel, User

_GROUPS = {f"@{name}": f"<!{name}>" for name in ("here", "channel", "everyone")}


def linked(text: str, users: Iterable[User], channels: Iterable[Channel]) -> str:
    """& < > are escaped; "@ben", "@Ben Okoro", "@here" and "#general" become links, longest name first."""
    escaped = _escaped(text)
    links = {_escaped(name): link for name, link in _links(users, channels)}
    names = "|".join(re.escape(name) for name in sorted(links, key=len, reverse=True))
    return re.sub(rf"(?<![\w@#&])(?:{names})(?![\w-])", lambda found: links[found[0]], escaped)


def _links(users: Iterable[User], channels: Iterable[Channel]) -> Iterable[tuple[str, str]]:
    yield from _GROUPS.items()
    for user in users:
        yield f"@{user.real_name}", f"<@{user.id}>"
        yield f"@{user.name}", f"<@{user.id}>"
    for channel in channels:
        if not channel.is_im:
            yield f"#{channel.name}", f"<#{channel.id}|{channel.name}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
