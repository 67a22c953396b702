"""Which restore a command means, and what to answer when that is not clear."""

import asyncio
import re
from collections.abc import Callable, Sequence

from bot.errors import DbsError
from bot.restores.accounts import Account
from bot.restores.meant import alike, is_whole, name_in
from bot.restores.models import Following, RestoreTask, Scope, Which
from bot.slack import guide
from bot.slack.message import Message
from bot.slack.mrkdwn import code, escape, shorten
from bot.slack.offers import candidates
from handlers.calls import Call

#: Task ids look so; nothing else is worth asking DBS about.
_ID = re.compile(r"[A-Za-z0-9]{3,64}")
_SCANNED = 100
_NAME_SHOWN = 80
#: What the button beside a restore says.
LABELS = {
    "status": "Status",
    "watch": "Watch here",
    "unwatch": "Stop watching",
    "follow": "Follow",
    "unfollow": "Unfollow",
    "start": "Start",
    "again": "Restore again",
}


def spellings(name: str) -> tuple[str, ...]:
    """As typed; then as an id that was typed with capitals, or with blanks within."""
    typed = (name, name.lower(), re.sub(r"\s+", "", name).lower())
    return tuple(dict.fromkeys(each for each in typed if each))


def ids_in(text: str) -> tuple[str, ...]:
    """What may be a task id in it."""
    return tuple(each for each in spellings(name_in(text)) if _ID.fullmatch(each))


async def here(call: Call, following: Following) -> Following:
    """As this channel follows it, where it does."""
    task_id = following.link.restore_task_id
    known = await call.desk.register.here(call.channel_id, task_id) if task_id else None
    return known or following


async def found(call: Call) -> tuple[Following, ...]:
    """The restores that are called so: one if its whole id or name was given."""
    for name in spellings(name_in(call.text)):
        if followings := await call.desk.register.find(name):
            return tuple(await asyncio.gather(*(here(call, each) for each in followings)))
    return ()


async def at_dbs(call: Call) -> tuple[Account, RestoreTask] | None:
    """A task that is followed nowhere, as DBS describes it. Raises `DbsError`."""
    for task_id in ids_in(call.text):
        if located := await call.desk.catalog.located(task_id):
            return located
    return None


async def active(call: Call, fits: Callable[[Following], bool] = lambda _: True) -> list[Following]:
    """Restores that are under way and fit, the newest first."""
    page = await call.desk.register.page(Which(scope=Scope.ACTIVE), 0, _SCANNED)
    return list(await asyncio.gather(*(here(call, each) for each in page.restores if fits(each))))


async def latest(call: Call) -> tuple[Following, ...]:
    """Restores in any state, the newest first."""
    return (await call.desk.register.page(Which(scope=Scope.ALL), 0, _SCANNED)).restores


async def missing(call: Call, command: str, fitting: Sequence[Following], otherwise: str) -> Message:
    """Nothing was named: what could be."""
    said, viewer = guide.usage(command), await call.viewer()
    return candidates(said, fitting, command, LABELS[command], viewer=viewer, otherwise=otherwise)


async def several(call: Call, command: str, followings: Sequence[Following]) -> Message:
    if len(followings) == 1:
        said = f"One restore is called like {shown(call)}. Is it this one?"
    else:
        said = f"{len(followings)} restores are called like {shown(call)}. Which one do you mean?"
    return candidates(said, followings, command, LABELS[command], viewer=await call.viewer())


async def nothing(call: Call, command: str, known: Sequence[Following] | None = None) -> Message:
    """Nothing is called so: what may be meant, of the `known` or else of those under way."""
    said = f"No restore here is called {shown(call)}"
    said += ", and DBS lists no restore task of that id." if ids_in(call.text) else "."
    return await instead(call, command, said, known)


async def silent(call: Call, command: str, error: DbsError) -> Message:
    """Nothing here is called so, and DBS did not say whether it knows it."""
    said = f":warning: No restore here is called {shown(call)}, and DBS could not be asked."
    return await instead(call, command, f"{said} {escape(error.sentence)}")


async def instead(call: Call, command: str, said: str, known: Sequence[Following] | None = None) -> Message:
    """Something is not there: what is called nearly like it, or the lists to look in."""
    near = alike(name_in(call.text), await active(call) if known is None else known)
    if near:
        said = f"{said} Did you mean {'this one' if len(near) == 1 else 'one of these'}?"
        return candidates(said, near, command, LABELS[command], viewer=await call.viewer())
    offers = guide.numbered([("list", "Restores under way"), ("list all", "All restores")])
    return guide.suggestion(said, *offers)


def whole(call: Call, following: Following) -> bool:
    return any(is_whole(following, name) for name in spellings(name_in(call.text)))


def shown(call: Call) -> str:
    return code(shorten(name_in(call.text), _NAME_SHOWN))
